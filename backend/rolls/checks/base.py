"""The types of which every check is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from haven.models import Character
from rolls.chances import Chances
from rolls.sheet import Sheet
from rules.dice.base import Check
from rules.dice.source import Source
from rules.options import OptionSet, Value, Values, declared
from rules.text import clean

Asked = TypeVar("Asked", bound=OptionSet)
Run = Callable[[Source], Check]
Outlook = Callable[[], Chances | None]


@dataclass(frozen=True)
class Prepared:
    """A check that is ready to roll: state and options are valid. `dice` is the size of its pool."""

    run: Run
    outlook: Outlook
    slug_of: Callable[[Check], str] = lambda check: "passed" if check.passed else "failed"
    dice: int = 0


@dataclass(frozen=True)
class Kind(Generic[Asked]):
    """`text` says in up to 100 characters what it is; `needs` are traits that a character must have. Without any,
    nobody's sheet is needed either.
    """

    label: str
    text: str
    prepare: Callable[[Asked, Sheet], Prepared]
    options: type[Asked]
    needs: tuple[str, ...] = ()
    # The dice that it belongs to, "" for those of the character.
    system: str = ""
    # Whom it means when nobody is named: characters with these.
    prefers: tuple[str, ...] = ()
    # And those whose class says so, whatever their traits.
    also: Callable[[type[Character]], bool] | None = None
    # The slash command, in a group or by itself; "" for one that is written by hand.
    command: str = ""
    # Where the command is offered, "" for the edition of its dice.
    edition: str = ""
    # Who sees it if nothing else is said.
    visibility: str = "public"

    def ready(self, given: Mapping[str, object], sheet: Sheet) -> Prepared:
        """Raises Invalid, Unprocessable."""
        return self.prepare(self.options.read(given).by_sheet(sheet.value), sheet)

    def kept(self, given: Values) -> dict[str, Value | None]:
        """The options to keep with the roll: what was given, and the difficulty that counted if none was."""
        difficulty = declared(self.options).get("difficulty")
        start = {"difficulty": difficulty.start} if difficulty else {}
        return {name: value for name, value in start.items() if value is not None} | dict(given)


def passed_or_failed(check: Check) -> str:
    return "passed" if check.passed else "failed"


def all_held(check: Check) -> str:
    """Return `failed` if any Rouse check failed, for checks that take effect anyway."""
    return "failed" if any(step.passed is False for step in check.steps) else "passed"


def label_slug(check: Check) -> str:
    return clean(check.label, 40).lower().replace(" ", "_")


def certain() -> None:
    """A check without dice has no chances."""
    return
