"""Rolls as cards and as words."""

import io
import re
from typing import Any

import pytest
from PIL import Image

from contract.rolls import Chance, Chances, Consequence, Die, Group, GroupDie, RollAnswer, Step, Strategy
from rodbot.core.text import percent
from rodbot.dice import cards as dice_cards
from rodbot.dice import faces as dice_faces
from rodbot.dice.buttons import dice_options
from rodbot.dice.details import details
from rodbot.dice.pictures import every_picture, png
from tests.rodbot.contract import sample
from tests.rodbot.fake_rolls import BESTIAL, CHANCES, die, outcome, pool_lines, roll, strategy


def answer(**values: Any) -> RollAnswer:
    return sample(RollAnswer, roll=roll(**values))


def lines(of: RollAnswer, **emoji: str) -> list[str]:
    return (dice_cards.embed(of, emoji=emoji).description or "").splitlines()


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
        pool={"lines": pool_lines(("Strength", 2), ("Brawl", 2), ("Impaired", -2))},
        consequences=[consequence],
        note="Over the wall",
    )
    assert lines(shown) == [
        "## ☠ Bestial failure",
        "### ✦10 ◆8 ◇3 ☠1",
        "2 successes against difficulty 3, 1 missing",
        "**Hunger** 2 → 3",
        "> Over the wall",
    ]
    embed = dice_cards.embed(shown)
    assert embed.author.name == "Mira · Strength 2 + Brawl 2 − Impaired 2"
    assert "63 %" not in str(embed.to_dict())
    assert "63 % success" in details(shown)
    assert embed.colour is not None
    assert embed.colour.value == 0xCD0E0E


def test_the_same_in_words_has_no_shapes() -> None:
    shown = answer(outcome=outcome(**BESTIAL, successes=2), chances=CHANCES)
    words = dice_cards.text(shown)
    assert "Hunger dice: 1 bestial" in words
    assert words.startswith("Mira · Pool 4: Bestial failure\n")
    assert not set("✦◆◇☠○●✹▼▽▲✖☾✔✘") & set(words)


def test_a_hidden_difficulty_stays_hidden() -> None:
    shown = answer(difficulty=None, difficulty_hidden=True, outcome=outcome(margin=None))
    assert lines(shown)[0] == "## ✔ Success"
    assert "4 successes against a hidden difficulty" in lines(shown)


@pytest.mark.parametrize(
    ("system", "options"), [("wod20", {"difficulty": None, "specialty": "Duels"}), ("cod", {"target": None})]
)
def test_play_01_dice_that_count_by_a_hidden_difficulty_carry_no_mark(system: str, options: Any) -> None:
    dice = [die(value) for value in (10, 9, 6, 1)]
    uncounted = outcome(margin=None, successes=None)
    shown = answer(
        system=system, options=options, dice=dice, difficulty=None, difficulty_hidden=True, outcome=uncounted
    )
    assert lines(shown) == ["## ✔ Success", "### 10 9 6 1", "against a hidden difficulty"]
    assert "Dice: 10, 9, 6, 1" in dice_cards.text(shown)


@pytest.mark.parametrize(
    ("margin", "words"), [(0, "exactly enough"), (2, "2 more than needed"), (-3, "3 missing")]
)
def test_the_margin_is_told(margin: int, words: str) -> None:
    assert lines(answer(difficulty=3, outcome=outcome(margin=margin)))[2].endswith(words)


@pytest.mark.parametrize(
    ("values", "headline"),
    [
        ({"successes": 3}, "## ✔ 3 successes"),
        ({"successes": 1}, "## ✔ 1 success"),
        ({"successes": 0, "label": "Failure", "tone": "failure", "passed": False}, "## ✘ No successes"),
        ({"successes": 5, "label": "Exceptional success", "tone": "exceptional"}, "## ✦ Exceptional success"),
    ],
)
def test_without_a_difficulty_the_number_of_successes_is_the_outcome(
    values: dict[str, Any], headline: str
) -> None:
    shown = lines(answer(difficulty=None, outcome=outcome(margin=None, **values)))
    assert shown[0] == headline
    assert len(shown) == (3 if "Exceptional" in headline else 2)


def test_successes_of_the_20th_are_the_outcome_and_the_difficulty_stands_below() -> None:
    three = outcome(margin=None, successes=3)
    shown = answer(system="wod20", difficulty=7, options={"difficulty": 7}, dice=[die(8)] * 3, outcome=three)
    assert lines(shown) == ["## ✔ 3 successes", "### ◆8 ◆8 ◆8", "at difficulty 7"]


def test_dice_are_pictures_where_discord_has_one_of_each() -> None:
    emoji = {"die_success_8": "<:a:1>", "die_critical_10": "<:b:2>", "die_failure_3": "<:c:3>"}
    assert lines(answer(), **emoji)[1] == "### <:b:2> <:a:1> <:c:3> ☠1"
    assert lines(answer(dice=[die(8)] * 2, difficulty=3), **emoji)[1] == "### <:a:1> <:a:1>"
    many = lines(answer(dice=[die(8)] * 51), **emoji)[1]
    assert many.startswith("◆8 ◆8")


def test_every_die_has_a_picture_with_a_name_that_discord_takes() -> None:
    pictures = list(every_picture())
    names = {picture.name for picture in pictures}
    assert len(names) == len(pictures) < 100
    assert all(re.fullmatch(r"\w{2,32}", name, re.ASCII) for name in names)
    assert {"hunger_bestial_1", "rage_brutal_2", "die_counts_twice_10", "nightmare_nightmare_10"} <= names
    image = png(next(picture for picture in pictures if picture.name == "die_counts_twice_10"))
    with Image.open(io.BytesIO(image)) as drawn:
        assert drawn.size == (128, 128)
    assert len(image) < 256 * 1024


def test_what_was_rolled_again_is_told_from_and_to() -> None:
    shown = answer(rerolled=[2], before=[die(3)], dice=[die(8), die(10), die(9)])
    assert "Rolled again: ◇3 → ◆9" in lines(shown)
    assert "3 failure became 9 success" in dice_cards.text(shown)


def test_steps_values_and_attached_checks_have_their_lines() -> None:
    rouse = sample(Step, label="Rouse check", dice=[die(3)], passed=False, text="Hunger rises by 1.")
    check = roll(steps=[rouse], dice=[], title="Rouse check")
    found = {"rule": "Two dice less.", "disciplines": ["Auspex"], "page": "core 1"}
    shown = answer(attached=[check], value=found, outcome=outcome(margin=None))
    assert lines(shown)[2:] == [
        "Two dice less.",
        "Disciplines: Auspex",
        "-# Book: core 1",
        "Rouse check: ✘ ◇3 Hunger rises by 1.",
    ]
    assert "Rouse check: failed. 3 failure Hunger rises by 1." in dice_cards.text(shown)


def test_a_check_of_one_step_says_what_came_of_it() -> None:
    rouse = sample(Step, label="Rouse check", dice=[die(3)], passed=False, text="Hunger rises by 1.")
    failed = outcome(label="Rouse check", tone="failure", passed=False, successes=None, margin=None)
    shown = answer(kind="rouse", title="Rouse check", steps=[rouse], dice=[], outcome=failed)
    assert lines(shown) == ["## ✘ Hunger rises by 1", "◇3"]
    assert dice_cards.text(shown) == "Mira · Rouse check: Hunger rises by 1\n3 failure"


def test_dice_that_only_find_something_out_neither_win_nor_lose() -> None:
    steps = [
        sample(Step, label="Temperament", dice=[die(9)], passed=None, text="Intense"),
        sample(Step, label="Resonance", dice=[die(10)], passed=None, text="Sanguine"),
    ]
    found = outcome(label="Intense Sanguine", successes=None, margin=None)
    shown = answer(kind="resonance", title="Resonance", steps=steps, dice=[], outcome=found)
    assert lines(shown) == ["## Intense Sanguine", "Temperament: 9 Intense · Resonance: 10 Sanguine"]


def test_a_step_may_be_its_label_alone() -> None:
    step = sample(Step, label="Hunger slaked: 2", dice=[], passed=None, text="")
    slaked = outcome(label="Feeding", successes=None, margin=None)
    shown = answer(kind="slake", title="Feeding", steps=[step], dice=[], outcome=slaked)
    assert lines(shown) == ["## Feeding", "Hunger slaked: 2"]


def test_general_dice_show_what_does_not_count() -> None:
    dice = [sample(GroupDie, value=6, kept=True), sample(GroupDie, value=1)]
    group = Group(text="4d6kh3", total=12, dice=dice)
    total = outcome(successes=12, label="Total", tone="neutral", margin=None)
    shown = answer(system="general", groups=[group, group], outcome=total)
    assert lines(shown) == ["## Total: 12", "4d6kh3: 6 (1) = 12 · 4d6kh3: 6 (1) = 12"]


def test_nothing_that_people_typed_acts_or_makes_a_card_too_large() -> None:
    many = [die(n % 10 + 1) for n in range(1000)]
    shown = answer(
        note="@everyone **x** " * 40,
        title="<@5> `code`" * 40,
        name="[a](http://b)" * 30,
        dice=many,
        pool={"lines": pool_lines(("x" * 5000, 1))},
    )
    embed = dice_cards.embed(shown)
    assert len(embed) <= 6000
    assert len(embed.description or "") <= 4096
    assert len(embed.author.name or "") <= 256
    assert "@everyone" not in str(embed.to_dict())
    assert len(dice_cards.text(shown)) <= 2000


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0 %"), (0.001, "under 1 %"), (0.634, "63 %"), (0.999, "over 99 %"), (1, "100 %")],
)
def test_odds_never_look_certain_when_they_are_not(share: float, words: str) -> None:
    assert percent(share) == words


def chances(win: float | None, mean: float | None, *outcomes: Chance) -> Chances:
    return sample(Chances, win=win, mean=mean, outcomes=outcomes)


def test_play_35_of_a_total_there_is_no_chance_to_win() -> None:
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
    assert percent(share) == shown


@pytest.mark.parametrize(("gain", "shown"), [(0.003, ""), (-0.004, ""), (0.005, " (+1)"), (0.125, " (+13)")])
def test_play_37_a_gain_below_half_a_point_is_not_told(gain: float, shown: str) -> None:
    offered = sample(Strategy, label="Hunt", odds=chances(0.5, None), gain=gain)
    assert dice_cards.offer(offered) == f"Hunt: 50 %{shown}"


def test_what_is_won_and_stays_so_needs_no_number() -> None:
    offered = sample(Strategy, label="Reroll failures", odds=chances(1.0, None), gain=0.0)
    assert dice_cards.offer(offered) == "Reroll failures"


def test_play_32_a_way_out_of_the_mess_tells_its_own_chance() -> None:
    odds = chances(0.1, None)
    offered = sample(Strategy, label="Avoid the mess", odds=odds, aim="no mess", chance=0.9)
    assert dice_cards.offer(offered) == "Avoid the mess: 90 % no mess"


def test_play_24_degeneration_marks_its_dice_by_the_difficulty_that_counted() -> None:
    step = sample(Step, label="Conscience against 8", dice=[die(5), die(7), die(1)], passed=False)
    shown = answer(system="wod20", kind="degeneration", steps=[step], options={"difficulty": 8}, dice=[])
    assert "Conscience against 8: ◇5 ◇7 ✖1" in lines(shown)
    assert "5 failure, 7 failure, 1 cancels" in dice_cards.text(shown)


def test_the_menu_of_dice_has_each_choice_that_matters_and_no_value_twice() -> None:
    dice = [die(n % 10 + 1) for n in range(50)] + [die(1, "hunger")]
    of = roll(dice=dice, rerollable=list(range(50)))
    menu = dice_options(of)
    assert len(menu) <= 25
    assert len({value for value, _ in menu}) == len(menu)
    labels = [label for _, label in menu]
    assert labels == ["1: failure"] * 3 + ["6: success"] * 3 + ["10: critical"] * 3


def test_a_check_whose_steps_show_nothing_is_still_a_card() -> None:
    """A step without dice, text or mark, as of Willpower that is mended."""
    mended = outcome(label="Mended", successes=None, margin=None)
    step = sample(Step, label="", text="", passed=None)
    found = roll(kind="check", outcome=mended, dice=[], steps=[step])
    assert [line.words for line in dice_cards.lines(found)] == ["Mended"]
