"""Questions about Willpower in Vampire, Werewolf and Hunter: which dice to roll again."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import ClassVar, Generic, Self, TypeVar

from contract.translation import N_, _
from rules.dice import fifth
from rules.dice.base import Die, Record, Rolled
from rules.dice.source import Source
from rules.drills.base import TRIES, Drill, Value, in_percent, joined, lying, pick, sentences, shuffled
from rules.odds.base import Odds

OptionsT = TypeVar("OptionsT", bound=Record)


@dataclass(frozen=True)
class Reroll(Drill, Generic[OptionsT]):
    """Which dice to roll again with Willpower. An option is the indexes of the dice, `0,2,5`; empty for none."""

    slug = "reroll"
    levels = (2, 3)
    parts = {"dice": Die}
    engine: ClassVar[ModuleType]
    chances: ClassVar[ModuleType]
    # The outcomes that count, by goal: the first on the second level, any on the third. None: every win.
    goals: ClassVar[dict[str, tuple[str, ...]]]

    options: OptionsT
    dice: tuple[Die, ...]
    goal: str
    picks: tuple[str, ...]

    @classmethod
    def draw(cls, level: int, source: Source) -> OptionsT:
        raise NotImplementedError

    @classmethod
    def make(cls, level: int, source: Source) -> Self | None:
        """Only where one pick is clearly the best."""
        for _attempt in range(TRIES):
            options = cls.draw(level, source)
            dice: tuple[Die, ...] = cls.engine.roll(options, source).dice
            goal = "win" if level == 2 else pick(source, tuple(cls.goals))
            found = cls(options, dice, goal, _picks(cls.engine, options, dice, source))
            if found.clear():
                return found
        return None

    def clear(self) -> bool:
        """Whether there is something to gain, and one pick is the best."""
        shares = sorted(self.shares.values(), reverse=True)
        return not self._share("") and len(shares) > 2 and shares[0] - shares[1] >= CLEARLY

    @cached_property
    def shares(self) -> dict[str, float]:
        """The chance of the goal after each pick."""
        return {picked: self._share(picked) for picked in self.picks}

    def _share(self, picked: str) -> float:
        if not picked:
            return float(self.engine.judge(self.options, self.dice).slug in self.goals[self.goal])
        indexes = [int(index) for index in picked.split(",")]
        odds: Odds = self.chances.reroll_odds(self.options, Rolled(self.dice), indexes)
        return sum(odds.outcomes.get(slug, 0.0) for slug in self.goals[self.goal])

    def answer(self) -> str:
        return max(self.picks, key=self.shares.__getitem__)

    def others(self, source: Source) -> Iterable[Value]:
        return self.picks

    def given(self) -> str:
        raise NotImplementedError

    def prompt(self) -> str:
        return sentences(self.given(), lying(self.dice), _(ASKED[self.goal]))

    def show(self, value: Value) -> str:
        if not value:
            return _("Reroll nothing")
        shown = (self.dice[int(index)] for index in str(value).split(","))
        return _("Reroll {values}", values=joined(sorted(die.value for die in shown)))

    def explanation(self) -> str:
        best = self.answer()
        second = max(share for picked, share in self.shares.items() if picked != best)
        return _(
            "That’s a chance of {best}; the next best option gives you {second}.",
            best=in_percent(self.shares[best]),
            second=in_percent(second),
        )


# A pick is the best when it is so much likelier than the next one.
CLEARLY = 0.02
ASKED = {
    "win": N_("You spend a point of Willpower. Which reroll gives you the best chance to win?"),
    "clean": N_(
        "You spend a point of Willpower. Which reroll gives you the best chance to win cleanly, without a mess?"
    ),
    "critical": N_(
        "You spend a point of Willpower. Which reroll gives you the best chance of a critical win?"
    ),
}


def _picks(engine: ModuleType, options: Record, dice: tuple[Die, ...], source: Source) -> tuple[str, ...]:
    """Picks of the strategies, of dice that already won, and of none; each shows other dice."""
    may: tuple[int, ...] = engine.may_reroll(options, Rolled(dice))
    failed = [index for index in may if dice[index].value < fifth.WINS]
    won = [index for index in may if fifth.WINS <= dice[index].value < 10]
    tens = [index for index in may if dice[index].value == 10]
    sets = [
        failed[: fifth.MOST_AGAIN],
        (failed + won)[: fifth.MOST_AGAIN],
        (tens + failed)[: fifth.MOST_AGAIN],
        won[: fifth.MOST_AGAIN],
        failed[:1],
        [],
    ]
    picks: dict[tuple[int, ...], str] = {}
    for indexes in sets:
        shown = tuple(sorted(dice[index].value for index in indexes))
        picks.setdefault(shown, ",".join(map(str, sorted(indexes))))
    return tuple(shuffled(source, list(picks.values())[:4]))
