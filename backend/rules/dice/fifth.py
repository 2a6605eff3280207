"""What the dice of Vampire, Werewolf and Hunter share: sixes win, tens pair up, Willpower rolls again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from contract.translation import N_
from rules.dice.base import REGULAR, Die, Operations, Outcome, Record, Rolled, Strategy, Verdict
from rules.errors import Problems
from rules.options import Flag, OptionSet, Text, Whole, declare

# A die of this much or more is a success (core 117).
WINS = 6
# Willpower rolls up to three dice again, once (core 122).
MOST_AGAIN = 3

# Pools of these traits alone are `plain`: no Hunger or Rage dice, and Willpower rolls nothing again (core 122, 205).
PLAIN = frozenset({"willpower", "humanity"})

Choose = Callable[[Die], bool]


@dataclass(frozen=True, kw_only=True)
class RollOptions(OptionSet):
    """The options that rolls of all three have."""

    difficulty: int | None = declare(Whole("Difficulty", "Successes needed", 0, 50, first=True))
    modifier: int = declare(Whole("Modifier", "Dice to add or take away", -50, 50, start=0, first=True))
    specialty: str = declare(Text("Specialty", "A specialty that helps", 100, start="", anywhere=True))
    impaired: bool | None = declare(
        Flag("Impaired", "Is the character Impaired? The sheet decides if left out")
    )


def tally(dice: Iterable[Die]) -> tuple[int, bool]:
    """Successes, and whether tens paired up: each pair of tens is two successes more (core 120)."""
    values = [die.value for die in dice]
    tens = values.count(10)
    return len([value for value in values if value >= WINS]) + tens // 2 * 2, tens >= 2


def goal(difficulty: int | None) -> int:
    """A win needs one success at least: so a difficulty of 0 or none is met like 1, and 0 only shows in the margin."""
    return max(1, difficulty or 0)


def margin(successes: int, difficulty: int | None) -> int | None:
    return None if difficulty is None else successes - difficulty


def judge(options: Record, pool: int, *names: str, by: type[RollOptions]) -> Problems:
    """Collect problems of a roll's options. A pool may be negative before specialty and bonuses are added."""
    problems = Problems()
    problems.whole("pool", pool, -50, 50)
    by.judge(problems, options, "difficulty", none=True)
    by.judge(problems, options, "specialty", *names)
    return problems


def indexes(dice: Iterable[Die], choose: Choose) -> tuple[int, ...]:
    return tuple(index for index, die in enumerate(dice) if choose(die))


def lost(die: Die) -> bool:
    return die.kind == REGULAR and die.value < WINS


def plain_win(die: Die) -> bool:
    return die.kind == REGULAR and WINS <= die.value < 10


def regular(die: Die) -> bool:
    return die.kind == REGULAR


def offer(found: Iterable[Strategy]) -> list[Strategy]:
    """Drop strategies without dice, and those that pick the same dice as an earlier one."""
    seen: dict[frozenset[int], Strategy] = {}
    for strategy in found:
        if strategy.picked:
            seen.setdefault(frozenset(strategy.picked), strategy)
    return list(seen.values())


def common_strategies(rolled: Rolled) -> list[Strategy]:
    """Failures first; then, for pairs of tens, successes that are no tens too."""
    failures = indexes(rolled.dice, lost)
    wins = indexes(rolled.dice, plain_win)
    return [
        Strategy("failures", N_("Reroll failures"), failures[:MOST_AGAIN], N_("The first dice that failed")),
        Strategy(
            "criticals",
            N_("Hunt for criticals"),
            (failures + wins)[:MOST_AGAIN],
            N_("Failures, then dice that aren’t tens"),
        ),
    ]


def outcome(
    verdicts: Mapping[str, Verdict],
    slug: str,
    successes: int,
    difficulty: int | None,
    *,
    choices: tuple[str, ...] = (),
    operations: Operations = (),
    offers: tuple[str, ...] = (),
) -> Outcome:
    found = verdicts[slug]
    return Outcome(
        slug=slug,
        label=found.label,
        tone=found.tone,
        colour=found.colour,
        passed=found.passed,
        successes=successes,
        margin=margin(successes, difficulty),
        choices=choices,
        operations=operations,
        offers=offers,
    )
