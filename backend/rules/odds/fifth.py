"""The exact odds that Vampire, Werewolf and Hunter share; each gives its faces and its rule."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rules.dice.base import Die, Record, Rolled, Strategy, Verdict
from rules.odds.base import Odds, Offer
from rules.odds.states import (
    NOTHING,
    REGULAR,
    Counts,
    Face,
    Judge,
    Merge,
    Tally,
    check_picked,
    check_reroll,
    laid,
    rolled_again,
    tally,
    with_dice,
)

OptionsT = TypeVar("OptionsT", bound=Record)


@dataclass(frozen=True)
class System(Generic[OptionsT]):
    """`pool` returns regular and special dice; `rule` the outcome of a state, `counted` its successes."""

    special: str
    faces: tuple[Face, ...]
    merge: Merge
    verdicts: Mapping[str, Verdict]
    pool: Callable[[OptionsT], tuple[int, int]]
    rule: Callable[[OptionsT, int, bool, int, str], str]
    counted: Callable[[int, int, str], int]
    mark: Callable[[Iterable[Die]], int]
    may_reroll: Callable[[OptionsT, Rolled], tuple[int, ...]]
    strategies: Callable[[OptionsT, Rolled], list[Strategy]]

    def judge(self, options: OptionsT, choice: str) -> Judge:
        def judged(successes: int, pair: bool, marks: int) -> tuple[str, int]:
            counted = self.counted(successes, marks, choice)
            return self.rule(options, counted, pair, marks, choice), counted

        return judged

    def count(self, options: OptionsT, choice: str = "", reroll: str = "") -> Tally:
        """Count every throw of the pool by outcome and successes, in whole numbers."""
        check_reroll(reroll)
        regular, special = self.pool(options)
        judge = self.judge(options, choice)
        counts = with_dice(NOTHING, REGULAR, regular, self.merge, spare=bool(reroll))
        counts = with_dice(counts, self.faces, special, self.merge)
        if reroll:
            counts = rolled_again(counts, judge, self.verdicts, reroll)
        return tally(counts, judge)

    def count_reroll(
        self, options: OptionsT, rolled: Rolled, picked: Sequence[int], choice: str = ""
    ) -> Tally:
        """Count every throw of the picked dice, with the other dice as they are."""
        chosen = check_picked(picked, self.may_reroll(options, rolled))
        lying = [die for index, die in enumerate(rolled.dice) if index not in chosen]
        counts: Counts = laid((die.value for die in lying), self.mark(lying))
        for index in chosen:
            faces = self.faces if rolled.dice[index].kind == self.special else REGULAR
            counts = with_dice(counts, faces, 1, self.merge)
        return tally(counts, self.judge(options, choice))

    def odds(self, options: OptionsT, choice: str = "", reroll: str = "") -> Odds:
        """The odds before the roll; `reroll` spends Willpower on up to three failed dice: "always", or "if_lost"."""
        return self.count(options, choice, reroll).odds(self.verdicts)

    def reroll_odds(self, options: OptionsT, rolled: Rolled, picked: Sequence[int], choice: str = "") -> Odds:
        """The odds of rolling the picked dice again. Raises Invalid for dice that may not be rolled again."""
        return self.count_reroll(options, rolled, picked, choice).odds(self.verdicts)

    def offers(self, options: OptionsT, rolled: Rolled) -> tuple[Offer, ...]:
        """Each strategy with its odds."""
        return tuple(
            Offer(strategy, self.reroll_odds(options, rolled, strategy.picked))
            for strategy in self.strategies(options, rolled)
        )
