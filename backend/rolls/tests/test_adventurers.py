"""Rolls of adventurers: a twenty-sided die with what their sheet adds."""

import pytest

from haven.models import Character
from haven.tests.kit import make, of, sets
from rolls.serializers import full
from rolls.tests.kit import roll
from rules.errors import Invalid
from testing.personas import World


def brenna(world: World) -> Character:
    operations = [
        *sets(strength=16, dexterity=8, proficiency=3, initiative=1),
        of("skills", "add", {"name": "Stealth", "level": 4}),
    ]
    return make(world, "Brenna", splat="fantasy", operations=operations)


@pytest.mark.parametrize(
    ("pool", "total"),
    [
        (5, 15),
        ("strength", 13),
        ("strength + proficiency + 2", 18),
        ("dexterity", 9),
        ("stealth", 14),
        ("initiative + dexterity", 10),
        ("strength - 4", 9),
    ],
)
def test_the_sheet_says_what_is_added(world: World, pool: object, total: int) -> None:
    done = roll(world, brenna(world), pool=pool, dice=[10], system=None)
    shown = full(done.roll, world.principal("mira"))
    assert (shown.system, shown.outcome.successes, shown.outcome.slug) == ("d20", total, "total")
    assert shown.chances is not None
    assert {each.tone for each in shown.chances.outcomes} == {"neutral"}, "there is nothing to win"


@pytest.mark.parametrize(
    ("advantage", "dice", "slug", "win"),
    [
        ("", [9], "failure", 0.5),
        ("advantage", [4, 20], "critical", 0.75),
        ("disadvantage", [12, 17], "success", 0.25),
        ("disadvantage", [1, 17], "fumble", 0.25),
    ],
)
def test_of_two_dice_one_counts_and_its_chance_is_known(
    world: World, advantage: str, dice: list[int], slug: str, win: float
) -> None:
    options = {"difficulty": 14} | ({"advantage": advantage} if advantage else {})
    done = roll(world, brenna(world), pool="strength", dice=dice, options=options, system=None)
    shown = full(done.roll, world.principal("mira"))
    assert shown.outcome.slug == slug
    assert shown.chances is not None
    assert shown.chances.win == pytest.approx(win)
    assert [die.value for die in shown.dice] == dice
    assert shown.title == "d20 + strength"


def test_a_difficulty_that_is_hidden_is_not_told(world: World) -> None:
    options = {"difficulty": 14}
    done = roll(
        world,
        brenna(world),
        pool=5,
        dice=[12],
        options=options,
        system=None,
        who="vesna",
        hide_difficulty=True,
    )
    shown = full(done.roll, world.principal("mira"))
    assert (shown.difficulty, shown.outcome.margin, shown.options["difficulty"]) == (None, None, None)


@pytest.mark.parametrize("options", [{"advantage": "luck"}, {"difficulty": 51}, {"hunger": 2}])
def test_options_that_there_are_not(world: World, options: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        roll(world, brenna(world), pool=5, dice=[10], options=options, system=None)
    assert list(caught.value.data["fields"]) == list(options)


def test_other_games_do_not_roll_it(world: World) -> None:
    with pytest.raises(Invalid):
        roll(world, make(world), pool=5, dice=[10], system="d20")
