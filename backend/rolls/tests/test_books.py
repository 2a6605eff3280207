"""What the books say of a roll, through the services: what is asked for, refused, and what follows for the sheet."""

from typing import Any

import pytest
from django.db import transaction

from haven.models import Character
from haven.registry import SPLATS
from haven.tests.kit import at, cause, change, make, of, principal, sets
from rolls import services
from rolls.roll_input import build
from rolls.sheet import Sheet
from rolls.systems import SYSTEMS
from rolls.tests.kit import again, answer_to, check, everything, roll
from rules.dice.source import listed
from rules.errors import GameError, Invalid, Unprocessable
from rules.notices import Notice
from rules.traits import Operation
from testing.notices import sentences
from testing.personas import World
from testing.rolled import words_of

CRIPPLED, INCAPACITATED = 6, 7


def hurt(world: World, damage: int, splat: str = "vampire20th", **more: int) -> Character:
    wanted = {"strength": 3, "brawl": 0, "stamina": 3, "dexterity": 4, "athletics": 3, **more}
    return make(world, "Hurt", splat=splat, operations=sets(**wanted, **{"health.lethal": damage}))


def dice(character: Character, pool: str | int, **options: Any) -> int:
    asked = SYSTEMS["wod20"].asked.read(options)
    found: int = build(pool, asked, Sheet(character)).pool()["dice"]
    return found


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        ("willpower", 6),
        ("courage", 3),
        ("stamina", 3),
        ("stamina + 2", 5),
        ("self-control", 3),
        ("morality", 7),
        ("courage + willpower", 9),
        ("dexterity + athletics", 2),
        ("strength + willpower", 4),
    ],
)
def test_play_18_wounds_touch_actions_alone(world: World, pool: str, expected: int) -> None:
    owl = hurt(world, CRIPPLED, willpower=6, courage=3, self_control=3)
    assert dice(owl, pool) == expected


@pytest.mark.parametrize("pool", ["rage", "gnosis", "rage + gnosis"])
def test_play_18_wounds_leave_rage_and_gnosis_alone(world: World, pool: str) -> None:
    wolf = hurt(world, CRIPPLED, "werewolf20th", rage=4, gnosis=4)
    assert dice(wolf, pool) == (8 if "+" in pool else 4)


@pytest.mark.parametrize(
    ("splat", "pool", "expected"),
    [
        ("mage20th", "arete", 6),
        ("mage20th", "arete + willpower", 12),
        ("wraith20th", "pathos", 6),
        ("werewolf20th", "glory", 6),
        ("werewolf20th", "rank", 5),
        ("changeling20th", "glamour", 6),
        ("demon20th", "faith + conviction", 11),
        ("demon20th", "torment", 6),
        ("mage20th", "dexterity + arete", 5),
    ],
)
def test_play_18_wounds_leave_other_ratings_alone(world: World, splat: str, pool: str, expected: int) -> None:
    traits = SPLATS[splat].traits
    asked = {name for name in pool.split(" + ") if name not in ("dexterity", "athletics")}
    kinds = {"pool": "", "rollover": ".permanent", "counter": "", "dots": ""}
    parts = {name + kinds[traits[name].kind]: 5 if name in ("rank", "conviction") else 6 for name in asked}
    assert dice(hurt(world, CRIPPLED, splat, **parts), pool) == expected


def test_play_18_a_background_is_no_action(world: World) -> None:
    contacts = Operation("backgrounds", "add", {"name": "Contacts", "rating": 4})
    lore = Operation("secondary_abilities", "add", {"name": "Lore", "rating": 5})
    owl = hurt(world, CRIPPLED)
    change(world, owl, contacts, lore)
    owl.refresh_from_db()
    assert dice(owl, "contacts") == 4
    assert dice(owl, "lore + athletics") == 3


def test_play_19_the_incapacitated_roll_no_initiative(world: World) -> None:
    owl = hurt(world, INCAPACITATED)
    for given in ({}, {"rating": 5}):
        with pytest.raises(Unprocessable, match="Incapacitated: no action"), transaction.atomic():
            check(world, "initiative", owl, dice=[], **given)


@pytest.mark.parametrize(
    ("damage", "pool"),
    [
        (CRIPPLED, "strength + brawl"),
        (CRIPPLED, 5),
        (INCAPACITATED, "dexterity + athletics"),
        (INCAPACITATED, 10),
        (0, "strength - 3"),
        (0, 0),
    ],
)
def test_play_19_no_die_is_rolled_for_what_cannot_be_done(world: World, damage: int, pool: str | int) -> None:
    owl = hurt(world, damage)
    before = everything()
    with pytest.raises((Invalid, Unprocessable)) as caught, transaction.atomic():
        roll(world, owl, system="wod20", pool=pool, dice=[])
    allows = " With the house rule “Wounds and the last die”, one die always stays."
    assert caught.value.detail.removesuffix(allows).endswith(
        ("that action isn’t possible.", "no action is possible.", "so the action isn’t possible.")
    )
    assert everything() == before


def test_wounds_can_be_left_out(world: World) -> None:
    assert dice(hurt(world, INCAPACITATED), 5, wounded=False) == 5


def test_a_house_rule_leaves_one_die(world: World) -> None:
    world.chronicle.settings = {"rules": {"last_die": "one"}}
    world.chronicle.save()
    owl = hurt(world, CRIPPLED)
    assert roll(world, owl, system="wod20", pool="strength", dice=[8]).roll.pool["dice"] == 1


def test_play_22_nightmare_rises_by_itself(world: World) -> None:
    fae = make(world, "Fae", splat="changeling20th")
    done = roll(world, fae, system="wod20", pool=3, options={"nightmare": 1}, dice=[2, 3, 10])
    assert at(fae, "nightmare.temporary") == 1
    assert done.change is not None


def test_play_23_a_botch_offers_no_second_roll(world: World) -> None:
    owl = make(world, "Owl", splat="vampire20th")
    shown = answer_to(world, roll(world, owl, system="wod20", pool=3, dice=[1, 2, 3]))
    assert (shown["strategies"], shown["roll"]["rights"]["reroll"]) == ([], False)


def test_a_merit_or_a_house_rule_offers_one_and_says_so(world: World) -> None:
    lucky = make(world, "Lucky", splat="vampire20th", operations=[*sets(), *_merit("Luck")])
    first = roll(world, lucky, system="wod20", pool=3, dice=[1, 2, 3])
    assert [way["label"] for way in answer_to(world, first)["strategies"]] == ["Roll again (Luck)"]
    assert again(world, first, dice=[7, 8, 9], strategy="all").roll.successes == 3
    world.chronicle.settings = {"rules": {"roll_again": "once"}}
    world.chronicle.save()
    owl = make(world, "Owl", splat="vampire20th")
    ways = answer_to(world, roll(world, owl, system="wod20", pool=1, dice=[1]))["strategies"]
    assert [way["label"] for way in ways] == ["Roll again (house rule)"]
    assert "again" not in answer_to(world, first)["roll"]["options"]


def _merit(name: str) -> list[Any]:
    return [Operation("merits", "add", {"name": name, "rating": 3})]


def test_play_24_a_check_keeps_the_difficulty_that_counted(world: World) -> None:
    owl = make(world, "Owl", splat="vampire20th", operations=sets(conscience=3))
    shown = answer_to(world, check(world, "degeneration", owl, dice=[5, 7, 1]))["roll"]
    assert (shown["difficulty"], shown["options"]["difficulty"]) == (8, 8)
    named = answer_to(world, check(world, "degeneration", owl, dice=[5, 7, 1], difficulty=6))["roll"]
    assert named["options"]["difficulty"] == 6


@pytest.mark.parametrize(
    ("splat", "names"),
    [
        ("werewolf20th", ["perception + primal-urge", "rituals", "enigmas"]),
        ("changeling20th", ["kenning", "gremayre", "enigmas"]),
        ("mage20th", ["cosmology", "art", "research", "esoterica", "meditation", "martial arts"]),
        ("wraith20th", ["bureaucracy", "persuasion", "meditation", "enigmas"]),
    ],
)
def test_play_20_the_abilities_of_each_game_can_be_rolled(world: World, splat: str, names: list[str]) -> None:
    character = make(world, "Fresh", splat=splat)
    for name in names:
        built = build(f"strength + {name}", SYSTEMS["wod20"].asked.read({}), Sheet(character))
        wanted = name.split(" + ")[-1].replace("-", "_").replace(" ", "_")
        assert [line.trait for line in built.lines][-1] == wanted


@pytest.mark.parametrize(
    ("pool", "line"),
    [
        ("manipulation + subterfuge", ("Rage over Willpower", -4)),
        ("charisma", ("Rage over Willpower", -4)),
        ("strength + brawl", None),
        ("rage", None),
    ],
)
def test_play_25_rage_over_willpower_is_a_named_line(
    world: World, pool: str, line: tuple[str, int] | None
) -> None:
    given = sets(rage=7, willpower=3, manipulation=4, subterfuge=3, charisma=5, strength=2)
    wolf = make(world, "Wolf", splat="werewolf20th", operations=given)
    built = build(pool, SYSTEMS["wod20"].asked.read({}), Sheet(wolf))
    lines = [(found.label, found.dice) for found in built.lines]
    assert (line in lines) if line else all(label != "Rage over Willpower" for label, _ in lines)
    free = build(pool, SYSTEMS["wod20"].asked.read({"rage_penalty": False}), Sheet(wolf))
    assert all(found.label != "Rage over Willpower" for found in free.lines)


@pytest.mark.parametrize(
    ("auspice", "breed", "rage", "gnosis"), [("Ahroun", "Lupus", 5, 5), ("Ragabash", "Metis", 1, 3)]
)
def test_play_28_rage_and_gnosis_begin_by_auspice_and_breed(
    world: World, auspice: str, breed: str, rage: int, gnosis: int
) -> None:
    wolf = make(world, "Wolf", splat="werewolf20th", operations=sets(auspice=auspice, breed=breed))
    assert at(wolf, "rage") == {"total": rage, "current": rage}
    assert at(wolf, "gnosis") == {"total": gnosis, "current": gnosis}
    given = make(world, "Other", splat="werewolf20th", operations=sets(auspice=auspice, rage=4))
    assert at(given, "rage.total") == 4


@pytest.mark.parametrize("pool", ["humanity", "willpower + humanity", "willpower"])
def test_play_29_willpower_and_humanity_are_rolled_without_hunger_and_reroll(world: World, pool: str) -> None:
    owl = make(world, "Owl", operations=sets(hunger=3))
    size = build(pool, SYSTEMS["v5"].asked.read({}), Sheet(owl)).pool()["dice"]
    done = roll(world, owl, pool=pool, dice=[2] * size)
    assert {die["kind"] for die in done.roll.rolled["dice"]} == {"regular"}
    assert answer_to(world, done)["strategies"] == []
    with pytest.raises(GameError), transaction.atomic():
        again(world, done, dice=[9])
    with pytest.raises(Invalid):
        roll(world, owl, pool=pool, options={"hunger": 2}, dice=[])


def test_other_pools_keep_their_hunger(world: World) -> None:
    owl = make(world, "Owl", operations=sets(hunger=3))
    built = build("resolve + humanity", SYSTEMS["v5"].asked.read({}).by_sheet(Sheet(owl).value), Sheet(owl))
    assert (built.options.hunger, built.options.plain) == (3, False)  # type: ignore[attr-defined]


@pytest.mark.parametrize("as_check", [True, False])
def test_play_30_a_ghoul_pays_a_rouse_check_in_health(world: World, as_check: bool) -> None:
    ghoul = make(world, "Ghoul", splat="ghoul5th")
    if as_check:
        done = check(world, "rouse", ghoul, dice=[])
    else:
        done = roll(world, ghoul, pool=2, options={"rouse": 1}, dice=[7, 8])
    assert at(ghoul, "health.aggravated") == 1
    body = answer_to(world, done)["roll"]
    steps = body["steps"] if as_check else body["attached"][0]["steps"]
    assert sentences([steps[0]["text"]]) == ["1 aggravated damage to Health."]
    assert steps[0]["dice"] == []


def test_play_31_desperation_joins_when_asked(world: World) -> None:
    hunter = make(world, "Hunter", splat="hunter5th", operations=sets(desperation=4))
    plain = roll(world, hunter, system="h5", pool=3, dice=[7, 3, 2])
    assert len(plain.roll.rolled["dice"]) == 3
    assert answer_to(world, plain)["roll"]["outcome"]["choices"] == ["add_desperation"]
    asked = roll(world, hunter, system="h5", pool=3, options={"desperation": True}, dice=[7] * 7)
    assert (asked.roll.pool["dice"], asked.roll.outcome["choices"]) == (7, [])
    two = roll(world, hunter, system="h5", pool=3, options={"desperation": 2}, dice=[7] * 5)
    assert two.roll.pool["dice"] == 5


def test_play_31_desperation_joins_by_a_button(world: World) -> None:
    hunter = make(world, "Hunter", splat="hunter5th", operations=sets(desperation=2))
    plain = roll(world, hunter, system="h5", pool=3, dice=[2, 3, 2])
    by, why = principal(world, "mira"), cause(world, "mira")
    joined = services.choose(by, plain.roll.id, "add_desperation", why, listed([1, 8]))
    assert (joined.roll.pool["dice"], words_of(joined.roll.pool)) == (5, "Pool 3 + Desperation 2")
    assert joined.roll.outcome["choices"] == ["overreach", "despair"]
    assert joined.roll.mean == pytest.approx(
        roll(world, hunter, system="h5", pool=3, options={"desperation": True}, dice=[2] * 5).roll.mean
    )
    with pytest.raises(GameError), transaction.atomic():
        services.choose(by, plain.roll.id, "add_desperation", why, listed([1, 8]))


def test_a_house_rule_has_desperation_in_every_roll(world: World) -> None:
    world.chronicle.settings = {"rules": {"desperation": "always"}}
    world.chronicle.save()
    hunter = make(world, "Hunter", splat="hunter5th", operations=sets(desperation=2))
    ruled = roll(world, hunter, system="h5", pool=3, dice=[7] * 5).roll
    assert ruled.pool["dice"] == 5
    assert ruled.outcome["notices"] == [Notice("desperation_always", {}).as_json()]
    chosen = roll(world, hunter, system="h5", pool=3, options={"desperation": True}, dice=[7] * 5)
    assert chosen.roll.outcome["notices"] == []
    alone = roll(world, hunter, system="h5", pool=3, options={"desperation": False}, dice=[7] * 3)
    assert alone.roll.pool["dice"] == 3


def test_play_32_a_way_out_of_the_mess_tells_its_own_chance(world: World) -> None:
    owl = make(world, "Owl", operations=sets(hunger=1))
    messy = roll(world, owl, pool=4, options={"difficulty": 4}, dice=[10, 7, 3, 10])
    ways = {way["slug"]: way for way in answer_to(world, messy)["strategies"]}
    assert (ways["messy"]["aim"], ways["messy"]["chance"], ways["messy"]["gain"]) == ("no mess", 0.9, None)
    assert ways["failures"]["aim"] == ""
    assert ways["failures"]["chance"] == ways["failures"]["odds"]["win"]


def test_play_33_a_house_rule_turns_the_tests_and_their_chances(world: World) -> None:
    wolf = make(world, "Wolf", splat="werewolf5th", operations=sets(harano=1, hauglosk=1))
    world.chronicle.settings["rules"] = {"balance_tests": "holds"}
    world.chronicle.save()
    held = check(world, "harano", wolf, dice=[8, 2])
    assert (at(wolf, "harano"), held.roll.chances["win"]) == (1, 0.75)
    check(world, "harano", wolf, dice=[3, 2])
    assert at(wolf, "harano") == 2


def test_play_33_tests_and_shifts_change_the_sheet(world: World) -> None:
    wolf = make(world, "Wolf", splat="werewolf5th", operations=sets(rage=2, harano=1, hauglosk=1))
    check(world, "harano", wolf, dice=[8, 2])
    assert at(wolf, "harano") == 2
    check(world, "hauglosk", wolf, dice=[3, 2, 4])
    assert at(wolf, "hauglosk") == 1
    shifted = check(world, "shift", wolf, dice=[7, 2], form="Crinos")
    assert (at(wolf, "form"), at(wolf, "rage")) == ("Crinos", 1)
    assert shifted.roll.chances["win"] == 0.75
    lost = check(world, "rage", wolf, dice=[1])
    assert (at(wolf, "form"), at(wolf, "rage")) == ("Homid", 0)
    assert lost.roll.outcome["notices"] == [Notice("wolf_lost", {}).as_json()]


def test_play_34_a_discipline_with_three_powers_is_one_event(world: World) -> None:
    owl = make(world, "Owl")
    powers = [
        {"name": name, "level": level} for level, name in enumerate(("Cloud", "Compel", "Mesmerize"), 1)
    ]
    done = change(world, owl, of("disciplines", "add", {"name": "Dominate", "dots": 3, "powers": powers}))
    assert done.event is not None
    (entry,) = at(owl, "disciplines").values()
    assert [power["name"] for power in entry["powers"].values()] == ["Cloud", "Compel", "Mesmerize"]
    with pytest.raises(Invalid) as caught:
        change(world, owl, of("disciplines", "add", {"name": "Potence", "powers": [{"level": 9}]}))
    assert caught.value.data["fields"]
