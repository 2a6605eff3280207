"""The exact odds of the 20th edition, of Chronicles of Darkness and of sums, against brute force and the engine."""

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import product
from math import sqrt
from types import ModuleType
from typing import Any

import pytest

from rules.dice import cod, general, wod20
from rules.dice.base import Die, Outcome, Rolled
from rules.dice.source import Source, seeded
from rules.errors import Invalid
from rules.odds import cod as cod_odds
from rules.odds import general as general_odds
from rules.odds import wod20 as wod20_odds
from rules.odds.base import Odds, Offer
from rules.tests.dice import brute_d10 as brute
from testing.fuzzing import FUZZ
from testing.notices import sentences

ROLLS = 30_000 if FUZZ == 1 else 200_000
# With a fixed seed a test passes or fails for good; by chance one number in two million would be so far off.
ERRORS = 5
YES_NO = (False, True)


@pytest.mark.parametrize("difficulty", range(2, 11))
@pytest.mark.parametrize("dice", [1, 2, 3])
def test_pools_of_the_20th_edition_are_exact(dice: int, difficulty: int) -> None:
    for specialty, no_botch, willpower, modifier in product(YES_NO, YES_NO, YES_NO, (-1, 0, 2)):
        options = wod20.Options(
            dice, difficulty, "Knives" * specialty, willpower, modifier, no_botch=no_botch
        )
        expected = brute.wod20_shares(
            dice,
            difficulty=difficulty,
            specialty=specialty,
            no_botch=no_botch,
            willpower=willpower,
            modifier=modifier,
        )
        assert counted(options) == expected


@pytest.mark.parametrize("dice", [1, 2, 3])
def test_a_one_that_takes_one_success_is_exact(dice: int) -> None:
    for difficulty, willpower, modifier in product((2, 6, 10), YES_NO, (-1, 0, 2)):
        options = wod20.Options(
            dice, difficulty, "Knives", willpower, modifier, ones=wod20.SUCCESSES, again="Luck"
        )
        rules = {"difficulty": difficulty, "willpower": willpower, "modifier": modifier}
        rules |= {"specialty": True, "no_botch": False, "ones_take_dice": False}
        assert counted(options) == brute.wod20_shares(dice, **rules)
        kept = Rolled(tuple(map(Die, (1, 10, 7))))
        again = wod20_odds.reroll_odds(options, kept, [0])
        expected = brute.wod20_shares(1, (10, 7), **rules)
        assert again.passed == pytest.approx(
            float(sum(share for (slug, _), share in expected.items() if slug == "success"))
        )


@pytest.mark.parametrize("specialty", YES_NO)
def test_four_dice_of_the_20th_edition_are_exact(specialty: bool) -> None:
    rules = {"difficulty": 6, "no_botch": False, "willpower": False, "modifier": 0}
    options = wod20.Options(4, 6, "Knives" * specialty, nightmare=2)
    assert counted(options) == brute.wod20_shares(4, specialty=specialty, **rules)


def counted(options: wod20.Options) -> dict[tuple[str, int], Any]:
    return wod20_odds.count_all(options, wod20.Count(0, 0, 0), options.dice).fractions()


def test_wounds_are_in_the_odds() -> None:
    assert wod20_odds.odds(wod20.Options(5, wound=4)) == wod20_odds.odds(wod20.Options(3))
    assert cod_odds.odds(cod.Options(5, wound=2)) == cod_odds.odds(cod.Options(3))


def test_repeating_dice_of_the_20th_edition_is_exact() -> None:
    options = wod20.Options(5, 6, "Knives", again="Luck")
    rolled = Rolled(tuple(map(Die, (1, 10, 7, 3, 1))))
    rules = {"difficulty": 6, "specialty": True, "no_botch": False, "willpower": False, "modifier": 0}
    for picked in [(0,), (0, 4), (1, 3), (0, 1, 2)]:
        kept = [die.value for index, die in enumerate(rolled.dice) if index not in picked]
        expected = brute.wod20_shares(len(picked), kept, **rules)
        odds = wod20_odds.reroll_odds(options, rolled, picked)
        passed = float(sum(share for (slug, _), share in expected.items() if slug == "success"))
        assert odds.passed == pytest.approx(passed)
        assert odds.mean == pytest.approx(
            float(sum(number * share for (_, number), share in expected.items()))
        )
    (offer,) = wod20_odds.offers(options, rolled)
    assert offer.odds == wod20_odds.odds(options)
    assert Offer.from_json(offer.as_json()) == offer


@pytest.mark.parametrize("again", [8, 9, 10, 11])
@pytest.mark.parametrize("target", [2, 6, 8, 9, 10])
def test_pools_of_chronicles_of_darkness_are_exact(target: int, again: int) -> None:
    for dice, rote in product((1, 2), YES_NO):
        odds = cod_odds.odds(cod.Options(dice, target=target, again=again, rote=rote))
        expected = brute.cod_shares(dice, target, again, rote, depth=16)
        assert {slug: odds.outcomes.get(slug, 0) for slug in expected} == pytest.approx(expected, abs=1e-6)
        assert sum(odds.successes) + odds.beyond == pytest.approx(1, abs=1e-12)
        assert odds.mean == pytest.approx(sum(n * share for n, share in enumerate(odds.successes)), abs=1e-8)


def test_three_dice_of_chronicles_of_darkness_are_exact() -> None:
    odds = cod_odds.odds(cod.Options(3, rote=True))
    expected = brute.cod_shares(3, 8, 10, True, depth=8)
    assert odds.outcomes == pytest.approx(expected, abs=1e-6)


def test_chance_dice_are_exact() -> None:
    plain = cod_odds.odds(cod.Options(0))
    assert plain.outcomes == pytest.approx({"dramatic_failure": 0.1, "failure": 0.8, "success": 0.1})
    throws = [
        1 if first == 1 else first if first == 10 else second
        for first, second in product(brute.D10, repeat=2)
    ]
    rote = cod_odds.odds(cod.Options(0, rote=True))
    assert rote.outcomes == pytest.approx(
        {
            "dramatic_failure": throws.count(1) / 100,
            "failure": sum(1 < value < 10 for value in throws) / 100,
            "success": throws.count(10) / 100,
        }
    )


def test_rolling_failures_again_is_as_good_as_a_rote() -> None:
    options = cod.Options(3)
    rolled = Rolled(tuple(map(Die, (9, 2, 3))))
    (offer,) = cod_odds.offers(options, rolled)
    assert offer.strategy.picked == (1, 2)
    fresh = brute.cod_shares(2, 8, 10, False, depth=12)
    assert "failure" not in offer.odds.outcomes
    assert offer.odds.mean == pytest.approx(1 + 2 / 3)
    assert offer.odds.successes[1] == pytest.approx(fresh["failure"], abs=1e-9)
    assert offer.odds.passed == pytest.approx(1)


def test_only_dice_that_may_be_rolled_again_have_reroll_odds() -> None:
    rolled = Rolled(tuple(map(Die, (9, 2, 3))))
    for picked in [(), (0,), (1, 1), (7,)]:
        with pytest.raises(Invalid):
            cod_odds.reroll_odds(cod.Options(3), rolled, picked)
    for picked in [(), (1, 1), (7,)]:
        with pytest.raises(Invalid):
            wod20_odds.reroll_odds(wod20.Options(3), rolled, picked)


def top(values: Iterable[int], keep: int) -> int:
    return sum(sorted(values)[-keep:])


@pytest.mark.parametrize(
    ("text", "sizes", "worth"),
    [
        ("1d6", [6], sum),
        ("2d6 + 1d4 - 1", [6, 6, 4], lambda v: sum(v) - 1),
        ("3d4 - 2d6", [4, 4, 4, 6, 6], lambda v: v[0] + v[1] + v[2] - v[3] - v[4]),
        ("-(1d4 + 2)", [4], lambda v: -v[0] - 2),
        ("2 * 2d3 + 1d2 * 3", [3, 3, 2], lambda v: 2 * (v[0] + v[1]) + 3 * v[2]),
        ("0 * 1d6 + 1d4", [4], sum),
        ("d% + 1d10", [100, 10], sum),
        ("4d6mi2", [6] * 4, lambda v: sum(max(2, face) for face in v)),
        ("3d6ma4 - 1", [6] * 3, lambda v: sum(min(4, face) for face in v) - 1),
        ("2d6ro1", [6] * 4, lambda v: sum(v[n + 2] if v[n] == 1 else v[n] for n in (0, 1))),
        ("2d6rr<3", [4] * 2, lambda v: sum(v) + 4),
        ("2 * 3d6p<3", [6] * 3, lambda v: 2 * sum(face for face in v if face >= 3)),
        ("3d6k>4", [6] * 3, lambda v: sum(face for face in v if face > 4)),
        ("4d6>=5", [6] * 4, lambda v: sum(face >= 5 for face in v)),
        ("(3d6>=5) - (2d4==1)", [6, 6, 6, 4, 4], lambda v: sum(f >= 5 for f in v[:3]) - v[3:].count(1)),
        ("3d6mi3>=3", [6] * 3, lambda v: 3),
        ("4d6kh3", [6] * 4, lambda v: top(v, 3)),
        ("4d6pl1", [6] * 4, lambda v: top(v, 3)),
        ("2d10kl1", [10] * 2, min),
        ("3d4ph1 + 2", [4] * 3, lambda v: sum(v) - max(v) + 2),
        ("2d4kh5", [4] * 2, sum),
    ],
)
def test_sums_are_exact(text: str, sizes: list[int], worth: Callable[[Any], int]) -> None:
    totals = Counter(worth(values) for values in product(*(range(1, size + 1) for size in sizes)))
    every = sum(totals.values())
    odds = general_odds.odds(general.Options(text, difficulty=5, modifier=1))
    assert odds is not None
    shares = {odds.least + n: share for n, share in enumerate(odds.successes) if share}
    assert shares == pytest.approx({total + 1: ways / every for total, ways in totals.items()})
    reached = sum(ways for total, ways in totals.items() if total + 1 >= 5) / every
    assert odds.outcomes.get("success", 0) == pytest.approx(reached)
    assert odds.passed == pytest.approx(reached)
    assert odds.mean == pytest.approx(sum(total * ways for total, ways in totals.items()) / every + 1)


@pytest.mark.parametrize(
    "text",
    [
        "1d6 * 1d6",
        "1d6 / 2",
        "(1d6, 1d8)kh1",
        "4d6ro1kh3",
        "2d6ra6",
    ],
)
def test_dice_that_are_not_added_up_have_no_odds_and_say_so(text: str) -> None:
    options = general.Options(text)
    assert general_odds.odds(options) is None
    assert sentences(filter(None, [general_odds.why_none(options)])) == [
        "There are no exact odds for this: its dice are not added up one by one."
    ]


@pytest.mark.parametrize("text", ["300d6", "90d900", "40d100kh20", "1d100e>1", "2d1000mi2", "300d10e10"])
def test_play_16_too_many_dice_are_named_as_the_reason(text: str) -> None:
    options = general.Options(text)
    assert general_odds.odds(options) is None
    assert sentences(filter(None, [general_odds.why_none(options)])) == [
        "These are too many dice for exact odds."
    ]


@pytest.mark.parametrize(
    ("text", "mean", "shares"),
    [
        # A six comes with 7/6 of a sum, again and again: 3.5 · 6/5 a die.
        ("2d6e6", 8.4, {2: 1 / 36, 7: 4 / 36}),
        ("1d6e6", 4.2, {5: 1 / 6, 6: 0, 7: 1 / 36, 13: 1 / 216, 19: 1 / 6**4}),
        ("1d2e2", 3.0, {1: 1 / 2, 3: 1 / 4, 5: 1 / 8}),
        ("1d6e6>=5", 0.4, {0: 4 / 6, 1: 1 / 6 + 4 / 36, 2: 1 / 36 + 4 / 216}),
    ],
)
def test_play_16_explosions_without_end_are_a_series(
    text: str, mean: float, shares: dict[int, float]
) -> None:
    options = general.Options(text)
    odds = general_odds.odds(options)
    assert odds is not None
    assert general_odds.why_none(options) is None
    assert sum(odds.successes) == pytest.approx(1, abs=1e-12)
    assert odds.mean == pytest.approx(mean, abs=1e-9)
    for number, share in shares.items():
        assert odds.successes[number - odds.least] == pytest.approx(share, abs=1e-12), number


def test_the_largest_sums_still_end() -> None:
    odds = general_odds.odds(general.Options("60d20"))
    assert odds is not None
    assert odds.mean == pytest.approx(630)
    assert odds.deviation == pytest.approx(sqrt(60 * (20**2 - 1) / 12))
    assert sum(odds.successes) == pytest.approx(1)


def test_the_largest_pools_add_up() -> None:
    large = [
        wod20_odds.odds(wod20.Options(50, 6, "Knives")),
        cod_odds.odds(cod.Options(30, 30, 0, "Knives", True, True, 2, 8)),
    ]
    for odds in large:
        assert sum(odds.outcomes.values()) == pytest.approx(1)
        assert sum(odds.successes) + odds.beyond == pytest.approx(1)
        assert all(share >= 0 for share in odds.successes)
        assert Odds.from_json(odds.as_json()).mean == odds.mean


@pytest.mark.parametrize(
    ("system", "odds", "options"),
    [
        (wod20, wod20_odds, wod20.Options(12, 7, "Knives", modifier=-2, nightmare=3, wound=4)),
        (cod, cod_odds, cod.Options(6, bonus=2, penalty=1, again=8, rote=True, target=9)),
        (general, general_odds, general.Options("2d10kh1 - 1", difficulty=6)),
        (general, general_odds, general.Options("2d6e6 + 1d4", difficulty=9)),
        (general, general_odds, general.Options("3d6ro1mi2 - 2", difficulty=9)),
        (general, general_odds, general.Options("(6d10e10>=7) + 1", difficulty=4)),
        (general, general_odds, general.Options("4d6rr<3e6k>4", modifier=2)),
    ],
)
def test_the_engine_rolls_what_the_odds_say(system: ModuleType, odds: ModuleType, options: Any) -> None:
    engine = Engine(system, options)
    outcomes: Counter[str] = Counter()
    totals: Counter[int] = Counter()
    source = seeded(5)
    for _ in range(ROLLS):
        outcome = engine.rolled(source)
        outcomes[outcome.slug] += 1
        totals[outcome.successes] += 1
    chances = odds.odds(options)
    assert_near(outcomes, chances.outcomes)
    assert_near(totals, dict(enumerate(chances.successes, chances.least)))
    mean = sum(number * times for number, times in totals.items()) / ROLLS
    assert abs(mean - chances.mean) <= ERRORS * chances.deviation / sqrt(ROLLS)


class Engine:
    """Rolls and judges. The same faces in the same order mean the same, so the engine plays each course once."""

    # Of large pools hardly any course comes twice.
    MOST = 20_000

    def __init__(self, system: ModuleType, options: Any) -> None:
        self.system, self.options = system, options
        # By the faces so far: the sides of the next die, as the engine asks for it, or what it comes to.
        self.known: dict[tuple[int, ...], int | Outcome] = {}

    def rolled(self, source: Source) -> Outcome:
        faces: tuple[int, ...] = ()
        while isinstance(found := self.known.get(faces), int):
            faces += (source(found),)
        return found or self._played(faces, source)

    def _played(self, begun: tuple[int, ...], source: Source) -> Outcome:
        waiting, faces, asked = list(reversed(begun)), [], []

        def draw(sides: int) -> int:
            asked.append(sides)
            faces.append(waiting.pop() if waiting else source(sides))
            return faces[-1]

        outcome: Outcome = self.system.judge(self.options, self.system.roll(self.options, draw).dice)
        if len(self.known) < self.MOST:
            self.known |= {tuple(faces[:number]): sides for number, sides in enumerate(asked)}
            self.known[tuple(faces)] = outcome
        return outcome


def assert_near(found: Counter[Any], expected: dict[Any, float]) -> None:
    assert set(found) <= set(expected)
    for key, share in expected.items():
        error = sqrt(share * (1 - share) / ROLLS)
        # One throw of a number that hardly ever falls is no sign of anything.
        assert abs(found[key] / ROLLS - share) <= max(ERRORS * error, 2 / ROLLS), key
