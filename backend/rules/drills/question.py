"""Questions of a drill: drawn from a source of random numbers, stored as JSON, answered by the rules engine.

A stored question holds the facts and the options, never which option is right: that is worked out again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from contract.translation import _
from rules.dice.source import Source
from rules.drills import cod, h5, house, v5, w5, wod20
from rules.drills.base import BOOKS, LEVELS, Drill, Value, pick, shuffled
from rules.errors import Invalid, Unprocessable
from rules.json import Json, JsonObject

KINDS: Mapping[str, tuple[type[Drill], ...]] = {
    "v5": v5.KINDS,
    "w5": w5.KINDS,
    "h5": h5.KINDS,
    "wod20": wod20.KINDS,
    "cod": cod.KINDS,
}
SYSTEMS = tuple(KINDS)
# No house rules.
BOOK: Mapping[str, str] = MappingProxyType({})
# A question has at most so many options.
OPTIONS = 4


@dataclass(frozen=True)
class Question:
    """`choices` are the options in the order in which they are shown, one of them right."""

    system: str
    level: int
    drill: Drill
    choices: tuple[Value, ...]

    def document(self) -> JsonObject:
        return {
            "system": self.system,
            "level": self.level,
            "kind": self.drill.slug,
            "facts": self.drill.as_json(),
            "choices": list(self.choices),
        }

    def prompt(self) -> str:
        return self.drill.prompt()

    def options(self) -> list[str]:
        return [self.drill.show(choice) for choice in self.choices]

    def explanation(self) -> str:
        return self.drill.explanation()

    @property
    def page(self) -> str:
        """Where the rule stands, in the current language."""
        return _(BOOKS[self.system], pages=_(self.drill.pages))

    @cached_property
    def right(self) -> int:
        """The index of the right option."""
        return self.choices.index(self.drill.answer())


def kinds(system: str, level: int, rules: Mapping[str, str] = BOOK) -> list[type[Drill]]:
    """The kinds of question of a system at a level, and about house rules. Raises Invalid for what there is not."""
    if system not in KINDS:
        raise Invalid.field("system", _("There are no drills for this game yet."))
    if level not in LEVELS:
        raise Invalid.field("level", _("Levels go from 1 to 3."))
    by_the_book = [kind for kind in KINDS[system] if level in kind.levels]
    return [*by_the_book, *(kind for kind in house.KINDS.get(system, ()) if kind.rule in rules)]


def generate(system: str, level: int, source: Source, rules: Mapping[str, str] = BOOK) -> Question:
    """Draw a question. Its kind too; where the dice make no good question of that kind, another is drawn.

    `rules` are the house rules that differ from the book, as slug → value.
    """
    possible = kinds(system, level, rules)
    while True:
        kind = pick(source, possible)
        drill = (
            kind.under(rules[kind.rule], source)
            if issubclass(kind, house.UnderRule)
            else kind.make(level, source)
        )
        choices = _choices(drill, source) if drill else ()
        if drill and len(choices) > 1:
            return Question(system, level, drill, choices)


def _choices(drill: Drill, source: Source) -> tuple[Value, ...]:
    """The right answer and up to three others; numbers in order, anything else in none."""
    right = drill.answer()
    shown = {drill.show(right): right}
    for other in drill.others(source):
        if len(shown) == OPTIONS:
            break
        shown.setdefault(drill.show(other), other)
    numbers = sorted(value for value in shown.values() if isinstance(value, int))
    return tuple(numbers if len(numbers) == len(shown) else shuffled(source, shown.values()))


def read(document: Mapping[str, Json]) -> Question:
    """Read a stored question. Raises Unprocessable where the rules have changed since, so that it is none any more."""
    try:
        return _read(document)
    except (Invalid, KeyError, TypeError, ValueError) as error:
        raise Unprocessable(
            _("The rules have changed since this question was made, so it no longer counts."),
            "outdated_question",
        ) from error


def _read(document: Mapping[str, Json]) -> Question:
    system, level, facts, choices = (document[name] for name in ("system", "level", "facts", "choices"))
    if not isinstance(system, str) or not isinstance(level, int):
        raise TypeError("not a question")
    if not isinstance(facts, dict) or not isinstance(choices, list):
        raise TypeError("not a question")
    by_slug = {kind.slug: kind for kind in (*KINDS[system], *house.KINDS.get(system, ()))}
    kind = by_slug[str(document["kind"])]
    values = tuple(value for value in choices if isinstance(value, int | str))
    question = Question(system, level, kind.from_json(facts), values)
    if question.drill.answer() not in values:
        raise ValueError("the right answer is not among the options")
    return question
