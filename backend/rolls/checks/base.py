"""What every check is made of, and how its options are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rolls.asking import Sheet
from rolls.chances import Chances
from rules.dice.base import Check, Problems
from rules.dice.source import Source
from rules.text import clean

Options = Mapping[str, Any]
Run = Callable[[Source], Check]
Outlook = Callable[[], Chances | None]


@dataclass(frozen=True)
class Prepared:
    """Ready to roll: the state and the options are judged, no die has fallen. `dice` is the size of its pool."""

    run: Run
    outlook: Outlook
    slug_of: Callable[[Check], str] = lambda check: "passed" if check.passed else "failed"
    dice: int = 0


@dataclass(frozen=True)
class Kind:
    """`needs` are traits that a character must have; without any, nobody's sheet is needed either."""

    label: str
    prepare: Callable[[Options, Sheet], Prepared]
    options: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    # The dice that it belongs to, "" for those of the character.
    system: str = ""
    # Whom it means when nobody is named: characters with these.
    prefers: tuple[str, ...] = ()


def given(options: Options, **starts: Any) -> dict[str, Any]:
    return {name: start if options.get(name) is None else options[name] for name, start in starts.items()}


def whole(options: Options, name: str, low: int, high: int, start: int) -> int:
    value: Any = start if options.get(name) is None else options[name]
    problems = Problems()
    problems.whole(name, value, low, high)
    problems.settle()
    found: int = value
    return found


def flag(options: Options, name: str) -> bool:
    problems = Problems()
    problems.flag(name, value := options.get(name) or False)
    problems.settle()
    return bool(value)


def passed_or_failed(check: Check) -> str:
    return "passed" if check.passed else "failed"


def all_held(check: Check) -> str:
    """Of checks that always do what they are for: whether the Blood was roused without Hunger."""
    return "failed" if any(one.passed is False for one in check.steps) else "passed"


def label_slug(check: Check) -> str:
    return clean(check.label, 40).lower().replace(" ", "_")


def certain() -> None:
    """No dice, no chances."""
    return
