"""Rolls as cards and as words."""

from typing import Any

import pytest

from contract.rolls import Chance, Chances, Consequence, Die, Group, GroupDie, RollAnswer, Step, Strategy
from rodbot.dice import cards as dice_cards
from rodbot.dice import faces as dice_faces
from rodbot.dice.buttons import dice_options
from tests.rodbot.contract import sample
from tests.rodbot.fake_rolls import BESTIAL, CHANCES, die, outcome, roll, strategy


def answer(**values: Any) -> RollAnswer:
    return sample(RollAnswer, roll=roll(**values))


def fields(of: RollAnswer) -> dict[str, str]:
    return {field.name: field.value for field in dice_cards.embed(of).fields}


@pytest.mark.parametrize(
    ("system", "dice", "options", "drawn", "words"),
    [
        ("v5", [die(10), die(6), die(5)], {}, "✦10 ◆6 ◇5", "10 critical, 6 success, 5 failure"),
        ("v5", [die(1, "hunger"), die(2, "hunger"), die(10, "hunger")], {}, "☠1 ○2 ✹10", "1 bestial"),
        ("w5", [die(2, "rage"), die(3, "rage"), die(6, "rage")], {}, "▼2 ▽3 ▲6", "2 brutal"),
        ("h5", [die(1, "desperation"), die(9, "desperation")], {}, "✖1 ●9", "1 despair"),
        ("wod20", [die(1), die(6), die(10)], {"difficulty": 7}, "✖1 ◇6 ◆10", "1 cancels, 6 failure"),
        ("wod20", [die(1), die(10)], {"no_botch": True, "specialty": "Cats"}, "◇1 ✦10", "10 counts twice"),
        ("wod20", [die(10, "nightmare")], {}, "☾10", "10 nightmare"),
        ("cod", [die(8), die(10), die(7)], {}, "◆8 ✦10 ◇7", "10 rolls again"),
        ("cod", [die(9, "chance")], {"target": 8}, "◇9", "9 failure"),
        ("cod", [die(1, "chance")], {}, "✖1", "1 dramatic"),
        ("cod", [die(10)], {"again": 11}, "◆10", "10 success"),
        ("general", [die(17)], {}, "17", "17"),
    ],
)
def test_every_die_is_a_shape_and_a_word(
    system: str, dice: list[Die], options: dict[str, Any], drawn: str, words: str
) -> None:
    assert dice_faces.drawn(system, dice, options) == drawn
    assert words in dice_faces.in_words(system, dice, options)


def test_the_card_of_a_roll() -> None:
    consequence = sample(Consequence, changes={"hunger": (2, 3)}, labels={"hunger": "Hunger"})
    shown = answer(
        outcome=outcome(**BESTIAL, passed=False, successes=2, margin=-1),
        difficulty=3,
        chances=CHANCES,
        pool={"told": "Strength 2 + Brawl 2 − Impaired 2"},
        consequences=[consequence],
        note="Over the wall",
    )
    found = fields(shown)
    assert found["Dice"] == "✦10 ◆8 ◇3"
    assert found["Hunger dice"] == "☠1"
    assert found["Pool"] == "Strength 2 + Brawl 2 − Impaired 2"
    assert found["Result"] == "☠ **Bestial failure**\n2 successes against difficulty 3, 1 missing"
    assert found["Changes"] == "**Hunger** 2 → 3"
    assert found["Notes"] == "Over the wall"
    embed = dice_cards.embed(shown)
    assert embed.footer.text == ("Before the roll: 63 % success (8 % critical win, 4 % bestial failure)")
    assert embed.colour is not None
    assert embed.colour.value == 0xCD0E0E


def test_the_same_in_words_has_no_shapes() -> None:
    shown = answer(outcome=outcome(**BESTIAL, successes=2), chances=CHANCES)
    words = dice_cards.text(shown)
    assert "Hunger dice: 1 bestial" in words
    assert "Result: Bestial failure" in words
    assert "63 % success" in words
    assert not set("✦◆◇☠○●✹▼▽▲✖☾✔✘") & set(words)


def test_a_hidden_difficulty_stays_hidden() -> None:
    shown = answer(difficulty=None, difficulty_hidden=True, outcome=outcome(margin=None))
    assert "4 successes against a hidden difficulty" in fields(shown)["Result"]


@pytest.mark.parametrize(
    ("system", "options"), [("wod20", {"difficulty": None, "specialty": "Duels"}), ("cod", {"target": None})]
)
def test_play_01_dice_that_count_by_a_hidden_difficulty_carry_no_mark(system: str, options: Any) -> None:
    dice = [die(value) for value in (10, 9, 6, 1)]
    uncounted = outcome(margin=None, successes=None)
    shown = answer(
        system=system, options=options, dice=dice, difficulty=None, difficulty_hidden=True, outcome=uncounted
    )
    assert fields(shown)["Dice"] == "10 9 6 1"
    assert "Dice: 10, 9, 6, 1" in dice_cards.text(shown)
    assert "against a hidden difficulty" in fields(shown)["Result"]
    assert "success" not in fields(shown)["Result"].partition("\n")[2]


@pytest.mark.parametrize(
    ("margin", "words"), [(0, "exactly enough"), (2, "2 more than needed"), (-3, "3 missing")]
)
def test_the_margin_is_told(margin: int, words: str) -> None:
    assert fields(answer(difficulty=3, outcome=outcome(margin=margin)))["Result"].endswith(words)


def test_what_was_rolled_again_is_told_from_and_to() -> None:
    shown = answer(rerolled=[2], before=[die(3)], dice=[die(8), die(10), die(9)])
    assert fields(shown)["Rolled again"] == "◇3 → ◆9"
    assert "3 failure became 9 success" in dice_cards.text(shown)


def test_steps_values_and_attached_checks_have_their_lines() -> None:
    rouse = sample(Step, label="Rouse check", dice=[die(3)], passed=False, text="Hunger rises by 1.")
    check = roll(steps=[rouse], dice=[], title="Rouse check")
    shown = answer(
        attached=[check], value={"rule": "Two dice less.", "disciplines": ["Auspex"], "page": "core 1"}
    )
    found = fields(shown)
    assert found["Rouse check"] == "✘ ◇3 Hunger rises by 1."
    assert found["Rule"] == "Two dice less."
    assert found["Disciplines"] == "Auspex"
    assert "Rouse check: failed. 3 failure Hunger rises by 1." in dice_cards.text(shown)


def test_general_dice_show_what_does_not_count() -> None:
    dice = [sample(GroupDie, value=6, kept=True), sample(GroupDie, value=1)]
    group = Group(text="4d6kh3", total=12, dice=dice)
    shown = answer(system="general", groups=[group], outcome=outcome(successes=12, label="Total"))
    assert fields(shown)["4d6kh3"] == "6 (1) = 12"
    assert "**Total**\n12" in fields(shown)["Result"]


def test_nothing_that_people_typed_acts_or_makes_a_card_too_large() -> None:
    many = [die(n % 10 + 1) for n in range(1000)]
    shown = answer(
        note="@everyone **x** " * 40,
        title="<@5> `code`" * 40,
        name="[a](http://b)" * 30,
        dice=many,
        pool={"told": "x" * 5000},
    )
    embed = dice_cards.embed(shown)
    assert len(embed) <= 6000
    assert all(len(field.value or "") <= 1024 for field in embed.fields)
    assert "@everyone" not in str(embed.to_dict())
    assert len(dice_cards.text(shown)) <= 2000


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0 %"), (0.001, "under 1 %"), (0.634, "63 %"), (0.999, "over 99 %"), (1, "100 %")],
)
def test_odds_never_look_certain_when_they_are_not(share: float, words: str) -> None:
    assert dice_cards.percent(share) == words


def chances(win: float | None, mean: float | None, *outcomes: Chance) -> Chances:
    return sample(Chances, win=win, mean=mean, outcomes=outcomes)


def test_before_the_roll_names_what_matters_beside_success() -> None:
    """Case PLAY-35: of a total there is no chance to win."""
    total = sample(Chance, label="Total", tone="neutral", chance=1.0)
    assert dice_cards.odds_before(None) == ""
    assert dice_cards.odds_before(chances(0.5, 2.0)) == "Before the roll: 50 % success"
    assert dice_cards.odds_before(chances(None, None)) == ""
    assert dice_cards.odds_before(chances(1.0, 7.0, total)) == ""


@pytest.mark.parametrize(
    ("gain", "label"),
    [(0.08, "Hunt: 71 % (+8)"), (-0.02, "Hunt: 71 % (−2)"), (0, "Hunt: 71 %"), (None, "Hunt: 71 %")],
)
def test_a_button_says_what_it_would_do(gain: float | None, label: str) -> None:
    offered = strategy("hunt", "Hunt", []).model_copy(update={"gain": gain})
    assert dice_cards.offer(offered) == label


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.125, "13 %"), (0.625, "63 %"), (0.145, "15 %"), (0.5, "50 %"), (0.004, "under 1 %"), (0.124, "12 %")],
)
def test_play_37_chances_are_rounded_as_people_round(share: float, shown: str) -> None:
    assert dice_cards.percent(share) == shown


@pytest.mark.parametrize(("gain", "shown"), [(0.003, ""), (-0.004, ""), (0.005, " (+1)"), (0.125, " (+13)")])
def test_play_37_a_gain_below_half_a_point_is_not_told(gain: float, shown: str) -> None:
    offered = sample(Strategy, label="Hunt", odds=chances(0.5, None), gain=gain)
    assert dice_cards.offer(offered) == f"Hunt: 50 %{shown}"


def test_play_32_a_way_out_of_the_mess_tells_its_own_chance() -> None:
    odds = chances(0.1, None)
    offered = sample(Strategy, label="Avoid the mess", odds=odds, aim="no mess", chance=0.9)
    assert dice_cards.offer(offered) == "Avoid the mess: 90 % no mess"


def test_play_24_degeneration_marks_its_dice_by_the_difficulty_that_counted() -> None:
    step = sample(Step, label="Conscience against 8", dice=[die(5), die(7), die(1)], passed=False)
    shown = answer(system="wod20", kind="degeneration", steps=[step], options={"difficulty": 8}, dice=[])
    assert fields(shown)["Conscience against 8"] == "✘ ◇5 ◇7 ✖1"
    assert "5 failure, 7 failure, 1 cancels" in dice_cards.text(shown)


def test_the_menu_of_dice_has_each_choice_that_matters_and_no_value_twice() -> None:
    dice = [die(n % 10 + 1) for n in range(50)] + [die(1, "hunger")]
    of = roll(dice=dice, rerollable=list(range(50)))
    menu = dice_options(of)
    assert len(menu) <= 25
    assert len({value for value, _ in menu}) == len(menu)
    labels = [label for _, label in menu]
    assert labels == ["1: failure"] * 3 + ["6: success"] * 3 + ["10: critical"] * 3
