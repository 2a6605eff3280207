"""The table of dice systems, and which one a character plays by."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from functools import cache
from typing import Any

from contract.translation import _
from haven.models import Character
from haven.registry import SPLATS
from rules.dice import cod, d20, general, h5, v5, w5, wod20
from rules.dice.base import Operations, Outcome, Record, Rolled, Strategy, Verdict
from rules.errors import Invalid, Problems
from rules.json import JsonMapping
from rules.notices import Notice
from rules.odds import cod as cod_odds
from rules.odds import d20 as d20_odds
from rules.odds import general as general_odds
from rules.odds import h5 as h5_odds
from rules.odds import v5 as v5_odds
from rules.odds import w5 as w5_odds
from rules.odds import wod20 as wod20_odds
from rules.odds.base import Odds, Offer
from rules.options import Option, OptionSet, SheetWhole, declared, refuse_unknown
from rules.text import clean


@dataclass(frozen=True)
class System:
    """`dice` is the module of its rules, `distribution` that of its odds; `edition` is "" for dice of any.

    `marker` is the trait whose dice make these, among those of one edition. `short` names it before what an option
    does. In Discord it is the command group `group`, with `commands` (name → what it does) that roll.
    """

    slug: str
    label: str
    dice: Any
    distribution: Any
    edition: str = ""
    _: KW_ONLY
    marker: str = ""
    short: str = ""
    # A Willpower rolls again.
    willpower: bool = False
    # What a hidden difficulty is called among the options, and whether it decides which dice count: then the number of
    # successes would tell it, and so would the notices `telling`.
    hidden: str = "difficulty"
    by_die: bool = False
    telling: frozenset[str] = frozenset()
    # Only dice that failed are rolled again.
    rerolls_lost: bool = False
    group: str = ""
    about: str = ""
    commands: Mapping[str, str] = field(default_factory=dict)

    def odds(self, options: Record) -> Odds | None:
        """Return the odds; None for a general expression that is no plain sum."""
        found: Odds | None = self.distribution.odds(options)
        return found

    def offers(self, options: Record, rolled: Rolled) -> tuple[Offer, ...]:
        """Ways to roll again, each with its odds."""
        found: tuple[Offer, ...] = self.distribution.offers(options, rolled) if self.rerolls else ()
        return found

    def reroll_odds(self, options: Record, rolled: Rolled, picked: Sequence[int]) -> Odds:
        found: Odds = self.distribution.reroll_odds(options, rolled, picked)
        return found

    def why_no_odds(self, options: Record) -> Notice | None:
        """Why `odds` returns None, if it does."""
        found: Notice | None = self.distribution.why_none(options) if self.slug == "general" else None
        return found

    @property
    def rerolls(self) -> bool:
        """An expression of general dice says itself what is rolled again."""
        return hasattr(self.distribution, "reroll_odds")

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        found: Mapping[str, Verdict] = self.dice.VERDICTS
        return found

    @property
    def asked(self) -> type[OptionSet]:
        """The options of a roll."""
        found: type[OptionSet] = self.dice.RollOptions
        return found

    def options(self, data: JsonMapping) -> Record:
        found: Record = self.dice.Options.from_json(data)
        return found

    def judge(self, options: Record, rolled: Rolled) -> Outcome:
        found: Outcome = self.dice.judge(options, rolled.dice, rolled.choice)
        return found

    def first_outcome(self, options: Record, rolled: Rolled) -> Outcome:
        """The outcome before any choice about it."""
        found: Outcome = self.dice.judge(options, rolled.dice)
        return found

    def may_reroll(self, options: Record, rolled: Rolled) -> tuple[int, ...]:
        if not self.rerolls:
            return ()
        found: tuple[int, ...] = self.dice.may_reroll(options, rolled)
        return found

    def most_again(self, options: Record, rolled: Rolled) -> int:
        may = len(self.may_reroll(options, rolled))
        return min(3, may) if self.willpower else may

    def strategies(self, options: Record, rolled: Rolled) -> list[Strategy]:
        found: list[Strategy] = self.dice.strategies(options, rolled)
        return found

    def consequences(self, options: Record, rolled: Rolled, earlier: Rolled | None = None) -> Operations:
        if not hasattr(self.dice, "consequences"):  # general dice mean nothing to a sheet
            return ()
        found: Operations = self.dice.consequences(options, rolled, earlier)
        return found


FIFTH = "5th"
SYSTEMS: dict[str, System] = {
    system.slug: system
    for system in (
        System(
            "v5",
            "Vampire",
            v5,
            v5_odds,
            FIFTH,
            marker="hunger",
            willpower=True,
            group="v",
            about="Vampire: dice and blood",
            commands={"roll": "Roll a pool with Hunger"},
        ),
        System(
            "w5",
            "Werewolf",
            w5,
            w5_odds,
            FIFTH,
            marker="rage",
            willpower=True,
            group="w",
            about="Werewolf: dice and Rage",
            commands={
                "roll": "Roll a pool with Rage",
                "rite": "Roll for a rite with its participants",
            },
        ),
        System(
            "h5",
            "Hunter",
            h5,
            h5_odds,
            FIFTH,
            marker="desperation",
            willpower=True,
            group="h",
            about="Hunter: dice and Desperation",
            commands={"roll": "Roll a pool, with Desperation if you dare"},
        ),
        System(
            "wod20",
            "20th edition",
            wod20,
            wod20_odds,
            "20th",
            short="20th",
            by_die=True,
            telling=wod20.TELLING,
            group="dice",
            about="Dice of the 20th anniversary edition",
            commands={"roll": "Roll a pool against a difficulty"},
        ),
        System(
            "cod",
            "Chronicles of Darkness",
            cod,
            cod_odds,
            "cod",
            short="Chronicles",
            hidden="target",
            by_die=True,
            rerolls_lost=True,
            group="dice",
            about="Dice of Chronicles of Darkness",
            commands={"roll": "Roll a pool; below one die you roll a chance die"},
        ),
        System(
            "d20",
            "Fantasy",
            d20,
            d20_odds,
            "fantasy",
            short="d20",
            group="d20",
            about="Fantasy: a twenty-sided die",
            commands={"roll": "Roll a d20 with what your sheet adds"},
        ),
        System("general", "General dice", general, general_odds, commands={"general": "Roll any dice"}),
    )
}
DEFAULT = {"5th": "v5", "20th": "wod20", "cod": "cod", "fantasy": "d20"}


def system(slug: object) -> System:
    found = SYSTEMS.get(slug) if isinstance(slug, str) else None
    if found is None:
        named = ", ".join(SYSTEMS)
        raise Invalid.field(
            "system",
            _(
                "There are no dice called “{typed}”. Choose one of: {names}.",
                typed=clean(str(slug), 20),
                names=named,
            ),
        )
    return found


@cache
def options_for_any() -> tuple[Option, ...]:
    """Return the options of a roll of any system; those of one name are merged to the widest range. What only one
    command offers stays there: Discord takes 25.

    General dice stay out: what they add up to has no bounds like these.
    """
    found: dict[str, list[tuple[System, Option]]] = {}
    for system in SYSTEMS.values():
        for name, option in declared(system.asked).items():
            if system.edition and (option.first or option.anywhere) and not option.only:
                found.setdefault(name, []).append((system, option))
    return tuple(sorted(map(_widest, found.values()), key=lambda option: not option.first))


def options_to_ask() -> tuple[Option, ...]:
    """Return the options that a storyteller can fix when asking for a roll; those of the sheet are the player's."""
    return tuple(
        option for option in options_for_any() if not option.sheet and not isinstance(option, SheetWhole)
    )


def _widest(same: list[tuple[System, Option]]) -> Option:
    first, *others = (option for _, option in same)
    start = first.start if all(option.start == first.start for option in others) else None
    return replace(first.widened(others), text=_text_for_any(same), start=start)


def _text_for_any(same: list[tuple[System, Option]]) -> str:
    """Join the texts, each with its systems; without where these are all of the 5th edition, which come first."""
    systems_of: dict[str, list[System]] = {}
    for system, option in same:
        systems_of.setdefault(option.text, []).append(system)
    fifth = [system for system in SYSTEMS.values() if system.edition == FIFTH]
    parts = [
        (
            text
            if systems[: len(fifth)] == fifth
            else f"{' and '.join(system.short or system.label for system in systems)}: {text}"
        )
        for text, systems in systems_of.items()
    ]
    return "; ".join(parts)


def judge_for_any(options: Mapping[str, object]) -> None:
    """Check options of a roll of unknown system: each must be valid for some system. Raises Invalid."""
    problems = Problems()
    for name, value in options.items():
        known = [
            declared(system.asked)[name] for system in SYSTEMS.values() if name in declared(system.asked)
        ]
        wrong = [sentence for option in known if (sentence := option.problem(value))]
        if not known:
            refuse_unknown({name: value}, {}, problems)
        elif value is not None and len(wrong) == len(known):
            problems.add(name, wrong[0])
    problems.settle()


def system_of(model: type[Character] | Character) -> System:
    """Return a character's system: the one whose marker is on its sheet, else the edition's first."""
    marked = (
        system
        for system in SYSTEMS.values()
        if system.edition == model.edition and system.marker in model.traits
    )
    return next(marked, SYSTEMS[DEFAULT[model.edition]])


def fits(system: System, model: type[Character] | Character) -> bool:
    """Whether a character may roll these dice: mortals any of their edition, others their own."""
    if not system.edition:
        return True
    markers = {other.marker for other in SYSTEMS.values() if other.edition == model.edition and other.marker}
    return system.edition == model.edition and (
        not system.marker or system.marker in model.traits or not markers & set(model.traits)
    )


def splats_of(system: System) -> tuple[str, ...]:
    return tuple(slug for slug, model in SPLATS.items() if fits(system, model))
