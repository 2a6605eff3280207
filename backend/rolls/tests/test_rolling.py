"""A roll: its pool, its dice, what it does to the sheet, what it tells."""

from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from haven.models import Character
from haven.services import Reference
from haven.tests.kit import at, change, make, of, sets
from rolls.models import Roll
from rolls.tests.kit import answer_to, ask, everything, roll
from rules.errors import Conflict, GameError, Invalid, NotAllowed, NotFound, Unprocessable
from rules.visibility import Level
from testing.notices import sentences
from testing.personas import World
from testing.rolled import words_of
from timeline.models import Event

BRUISER = sets(strength=3, brawl=2, hunger=2, blood_potency=2)


@contextmanager
def refused(kind: type[GameError], code: str | None = None) -> Any:
    before = everything()
    with pytest.raises(kind) as caught, transaction.atomic():
        yield caught
    assert code is None or caught.value.code == code
    assert everything() == before


@pytest.fixture
def owl(world: World) -> Any:
    return make(world, operations=[*BRUISER, of("brawl.specialties", "add", {"name": "Grappling"})])


def test_a_pool_of_traits_is_named_line_by_line(world: World, owl: Any) -> None:
    body = answer_to(world, roll(world, owl, pool="stren + braw.grapp + 2", dice=[6] * 8))["roll"]
    assert body["pool"]["dice"] == 8 == len(body["dice"])
    assert words_of(body["pool"]) == "Strength 3 + Brawl 2 + Grappling 1 + Bonus 2"
    assert [die["kind"] for die in body["dice"]].count("hunger") == 2
    assert body["outcome"]["slug"] == "success"
    assert body["outcome"]["successes"] == 8


def test_tracked_hunger_goes_with_the_roll_unless_it_is_named(world: World, owl: Any) -> None:
    def hunger(**options: Any) -> int:
        dice = roll(world, owl, dice=[6] * 5, options=options).roll.rolled["dice"]
        return [die["kind"] for die in dice].count("hunger")

    assert (hunger(), hunger(hunger=4), hunger(hunger=0)) == (2, 4, 0)


def test_nobody_knows_no_traits_and_nothing_changes(world: World) -> None:
    done = roll(world, pool=3, dice=[1, 2, 3, 4], options={"rouse": 1}, name="The Prince")
    assert done.change is None
    body = answer_to(world, done)["roll"]
    assert (body["character"], body["name"]) == (None, "The Prince")
    assert body["attached"][0]["outcome"]["passed"] is False
    with refused(Invalid):
        roll(world, pool="strength", dice=[])


def test_a_surge_adds_its_dice_and_costs_a_rouse_check(world: World, owl: Any) -> None:
    done = roll(world, owl, pool=3, dice=[6] * 5 + [2], options={"surge": True})
    assert words_of(done.roll.pool) == "Pool 3 + Blood surge 2"
    assert at(owl, "hunger") == 3
    body = answer_to(world, done)
    assert body["change"]["event"]["changes"] == {"hunger": [2, 3]}
    assert [part["kind"] for part in body["roll"]["attached"]] == ["rouse"]
    assert body["roll"]["consequences"][0]["changes"] == {"hunger": [2, 3]}


def test_checks_of_one_roll_are_one_change(world: World, owl: Any) -> None:
    before = Event.objects.count()
    done = roll(world, owl, pool=3, dice=[6] * 5 + [2, 3, 9], options={"surge": True, "rouse": 2})
    assert at(owl, "hunger") == 4
    assert Event.objects.count() == before + 2, "the change and the roll"
    assert done.roll.event_id == done.change.event.id


def test_at_hunger_5_nothing_is_roused_and_no_die_falls(world: World, owl: Any) -> None:
    change(world, owl, *sets(hunger=5))
    for options in ({"rouse": 1}, {"surge": True}):
        with refused(GameError):
            roll(world, owl, dice=[], options=options)


def test_hunger_5_offers_frenzy(world: World, owl: Any) -> None:
    change(world, owl, *sets(hunger=4))
    body = answer_to(world, roll(world, owl, pool=3, dice=[6, 6, 6, 2], options={"rouse": 1}))
    assert body["follow_ups"] == [{"check": "frenzy", "label": "Hunger frenzy", "options": {"difficulty": 4}}]


def test_a_failed_consequence_leaves_no_roll(world: World, owl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **more: Any) -> None:
        raise Unprocessable("The sheet refuses.")

    monkeypatch.setattr("rolls.services.common.apply", broken)
    with refused(Unprocessable):
        roll(world, owl, pool=3, dice=[6, 6, 6, 2], options={"rouse": 1})


def test_play_08_disciplines_that_somebody_may_not_see_are_not_listed(world: World, owl: Any) -> None:
    change(world, owl, of("disciplines", "add", {"name": "Dominate", "dots": 3}))
    Character.objects.filter(pk=owl.pk).update(visibility={"disciplines": int(Level.SECRET)})
    for typed in ("dom", "nothing"):
        with pytest.raises(Invalid) as caught, transaction.atomic():
            roll(world, owl, pool="strength", dice=[], options={"discipline": typed})
        assert "Dominate" not in str(caught.value.as_json())


def test_a_discipline_brings_its_dice_and_the_bonus_of_the_blood(world: World, owl: Any) -> None:
    change(world, owl, of("disciplines", "add", {"name": "Dominate", "dots": 3}))
    done = roll(world, owl, pool="strength", dice=[6] * 7, options={"discipline": "dom"})
    assert words_of(done.roll.pool) == "Strength 3 + Dominate 3 + Blood Potency 2 1"


def test_impairment_follows_the_pool(world: World, owl: Any) -> None:
    change(world, owl, *sets(health__superficial=4))

    def lines(pool: Any, **options: Any) -> str:
        done = roll(world, owl, pool=pool, dice=[6] * 10, options={"difficulty": 1, **options})
        return words_of(done.roll.pool)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rolls.tests.kit.listed", lambda dice: lambda sides: 6)
        assert lines("strength + brawl") == "Strength 3 + Brawl 2 − Impaired (Health) 2"
        assert lines("wits + occult") == "Wits 1 + Occult"
        assert lines("strength", impaired=False) == "Strength 3"
        assert lines(5, impaired=True) == "Pool 5 − Impaired 2"
        assert lines(5) == "Pool 5"
        bare = roll(world, owl, pool=5, dice=[6] * 5)
        assert "Health is impaired" in sentences(bare.roll.outcome["notices"])[0]


def test_wounds_and_willpower_of_the_20th(world: World) -> None:
    cain = make(world, "Cain", splat="vampire20th", operations=sets(strength=4, health__lethal=4))
    left = at(cain, "willpower.current")
    done = roll(
        world, cain, system="wod20", pool="strength + 2", dice=[3, 3, 3, 3], options={"willpower": True}
    )
    assert words_of(done.roll.pool).startswith("Strength 4 + Bonus 2 − ")
    assert len(done.roll.rolled["dice"]) == 4
    assert done.roll.outcome["successes"] == 1
    assert at(cain, "willpower.current") == left - 1
    change(world, cain, *sets(willpower__current=0))
    with refused(Invalid):
        roll(world, cain, system="wod20", pool=3, dice=[], options={"willpower": True})


def test_dice_of_a_werewolf_and_of_a_hunter(world: World) -> None:
    wolf = make(world, "Wolf", splat="werewolf5th", operations=sets(rage=3))
    kinds = [die["kind"] for die in roll(world, wolf, system=None, dice=[6] * 5).roll.rolled["dice"]]
    assert kinds.count("rage") == 3
    hunter = make(world, "Hunter", splat="hunter5th", operations=sets(desperation=2))
    done = roll(world, hunter, system=None, options={"desperation": True}, dice=[6] * 7)
    assert done.roll.system == "h5"
    assert (done.roll.pool["dice"], words_of(done.roll.pool)) == (7, "Pool 5 + Desperation 2")


def test_a_failure_with_a_desperation_one_is_despair_on_the_sheet(world: World) -> None:
    hunter = make(world, "Hunter", splat="hunter5th", operations=sets(desperation=1))
    done = roll(world, hunter, system="h5", pool=2, options={"desperation": True}, dice=[2, 3, 1])
    assert done.roll.slug == "despair"
    assert at(hunter, "despair") is True


def test_general_dice_and_cod(world: World) -> None:
    done = roll(world, system="general", pool="2d6 + 3", dice=[4, 5], options={"difficulty": 10})
    body = answer_to(world, done)["roll"]
    assert (body["outcome"]["slug"], body["outcome"]["successes"], body["title"]) == (
        "success",
        12,
        "2d6 + 3",
    )
    assert body["groups"][0]["total"] == 9
    chance = roll(world, system="cod", pool=2, dice=[10], options={"penalty": 3})
    assert chance.roll.rolled["dice"][0]["kind"] == "chance"


def test_the_default_is_meant_when_nobody_is_named(world: World, owl: Any) -> None:
    meant = Reference(None, world.server)
    done = roll(world, dice=[6] * 5, reference=meant)
    assert done.roll.character == owl
    assert done.chosen == "Night Owl (the only one that fits)"
    make(world, "Barn Owl")
    with refused(Conflict, "ambiguous"):  # case PLAY-41: a question, no roll of nobody
        roll(world, dice=[], reference=meant)
    assert roll(world, dice=[3], system="general", pool="1d4", reference=meant).roll.character is None
    with refused(NotFound):
        roll(world, dice=[], reference=Reference("Nobody", world.server))


def test_dice_of_another_game_are_refused(world: World, owl: Any) -> None:
    for system in ("w5", "h5", "wod20"):
        with refused(Invalid, "wrong_splat"):
            roll(world, owl, system=system, dice=[])
    assert roll(world, owl, system="general", pool="1d4", dice=[3]).roll.successes == 3


def test_who_may_roll(world: World, owl: Any) -> None:
    assert roll(world, owl, who="vesna", dice=[6] * 5).roll.roller == world.vesna
    with refused(NotAllowed):
        roll(world, owl, who="jonas", dice=[])
    with refused(NotFound):
        roll(world, owl, who="sam", dice=[])
    with refused(NotFound):
        roll(world, who="sam", dice=[])
    with refused(NotAllowed):
        roll(world, who="nobody", dice=[], chronicle=None)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"pool": 51}, "pool"),
        ({"pool": 10**400}, "pool"),
        ({"pool": True}, "pool"),
        ({"pool": "strength +"}, "pool"),
        ({"pool": "x" * 201}, "pool"),
        ({"pool": None}, "pool"),
        ({"options": {"hunger": 6}}, "hunger"),
        ({"options": {"rage": 1}}, "rage"),
        ({"options": {"difficulty": "4"}}, "difficulty"),
        ({"options": {"rouse": 6}}, "rouse"),
        ({"options": {"modifier": 51}}, "modifier"),
        ({"options": {"surge": "yes"}}, "surge"),
        ({"options": {"level": "two"}}, "level"),
        ({"note": "x" * 301}, "note"),
        ({"name": "x" * 51}, "name"),
        ({"visibility": "secret"}, "visibility"),
        ({"hide_difficulty": "yes"}, "hide_difficulty"),
        ({"options": []}, "options"),
        ({"system": "v6"}, "system"),
        ({"system": "wod20", "options": {"difficulty": 11}}, "difficulty"),
        ({"system": "cod", "pool": 31}, "pool"),
        ({"system": "general", "pool": "1000d6"}, "pool"),
        ({"system": "general", "pool": 5}, "pool"),
    ],
)
def test_what_is_wrong_is_named(world: World, owl: Any, more: dict[str, Any], field: str) -> None:
    with refused(Invalid) as caught:
        roll(world, None if "system" in more else owl, dice=[], **more)
    assert list(caught.value.data["fields"]) == [field]


def test_the_system_is_that_of_the_character(world: World, owl: Any) -> None:
    assert roll(world, owl, system=None, dice=[6] * 5).roll.system == "v5"
    assert roll(world, system=None, dice=[6] * 5).roll.system == "v5", "that of the chronicle"
    with refused(Invalid):
        roll(world, system=None, dice=[], chronicle=None)


def test_chances_are_kept_with_the_roll(world: World) -> None:
    found = roll(world, pool=1, dice=[6], options={"difficulty": 1}).roll
    assert found.chances["win"] == 0.5
    assert found.mean == 0.5
    assert Roll.objects.get().chances["outcomes"] == {"total_failure": 0.5, "success": 0.5}


def test_odds_are_told_without_a_roll(world: World, owl: Any) -> None:
    from rolls import services
    from rolls.tests.kit import asker

    found = services.odds(asker(world, "mira"), ask(world, owl, pool="strength", options={"hunger": 0}))
    assert found.chances
    assert found.with_reroll
    assert (found.pool.dice, found.chances.win) == (3, 0.875)
    assert (found.with_reroll.win or 0) > 0.875
    assert not Roll.objects.exists()
