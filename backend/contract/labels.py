"""Labels in events, rolls and answers: they are kept in English, and translated where they are shown.

A field of an answer that holds such a text is a `Label`. The JSON doors translate it as they write the answer; who
shows a model itself calls `translated`. Some traits have a word of their own in an edition, or in one place of a sheet:
the answer that holds their labels has the edition in a field `WordsOf`, a trait's path or slug in one of `PathOfLabel`.
"""

import re
from functools import cache
from typing import Annotated, TypeVar, get_args

from pydantic import BaseModel, Field

from contract.base import Answer, Json
from contract.translation import ENGLISH, language, named
from contract.values import value_in_words

PartT = TypeVar("PartT", bound=Answer)


class _Translated:
    """Marks a field whose texts are translated where they are shown."""


class _Context:
    """Marks a field that says in whose words: an edition, or the path of a trait."""


TRANSLATED, CONTEXT = _Translated(), _Context()
Label = Annotated[str, TRANSLATED]
WordsOf = Annotated[
    str, CONTEXT, Field(description="The edition whose words the labels are; empty where that is the same.")
]
PathOfLabel = Annotated[str, CONTEXT]
# What stands between the names of which a label is made: `Disciplines: Dominate`, `Strength 3 + Brawl (Grappling) 1`.
BETWEEN = re.compile(r"(^\d+ |: |, | [+−] | \(|\)| ?[+−-]?\d+)")


def label(text: str, *contexts: str) -> str:
    """Return a declared label in the current language, or one made of declared names and what players typed.

    `contexts`, such as the path of its trait and the edition, may have words of their own.
    """
    if language() == ENGLISH:
        return text
    slugs = [context.partition(".")[0] for context in contexts]
    whole = named(text, *slugs)
    if whole != text:
        return whole
    parts = BETWEEN.split(text)
    return "".join(part if number % 2 else named(part, *slugs) for number, part in enumerate(parts))


def labels_of(model: type[BaseModel]) -> frozenset[str]:
    """Return the names of the fields that hold labels."""
    return _marked(model, TRANSLATED)


@cache
def _marked(model: type[BaseModel], mark: object) -> frozenset[str]:
    fields = model.model_fields.items()
    return frozenset(
        name for name, field in fields if mark in field.metadata or _holds(field.annotation, mark)
    )


def _holds(annotation: object, mark: object) -> bool:
    return any(inner is mark or _holds(inner, mark) for inner in get_args(annotation))


def labels_in(part: BaseModel) -> dict[str, object]:
    """Return those of its fields that hold labels, translated."""
    if not (names := labels_of(type(part))):
        return {}
    values = vars(part)
    contexts = [str(values[name]) for name in _marked(type(part), CONTEXT)]
    return {name: _shown(values[name], *contexts) for name in names}


def _shown(value: object, *contexts: str) -> object:
    """Return the value of such a field with every text in it translated; a dictionary has them by path."""
    if isinstance(value, str):
        return label(value, *contexts)
    if isinstance(value, dict):
        return {path: _shown(part, str(path), *contexts) for path, part in value.items()}
    return [_shown(part, *contexts) for part in value] if isinstance(value, list | tuple) else value


def translated(part: PartT) -> PartT:
    """Return the same with all its labels in the current language."""
    return part if language() == ENGLISH else _translated(part)


def _translated(part: PartT) -> PartT:
    labels = labels_in(part)
    inside = {name: _inside(value) for name, value in vars(part).items() if name not in labels}
    return part.model_copy(update=labels | inside)


def _inside(value: object) -> object:
    if isinstance(value, Answer):
        return _translated(value)
    return [_inside(part) for part in value] if isinstance(value, list) else value


def edition_of_splat(splat: str) -> str:
    """`vampire20th` → `20th`"""
    found = re.search(r"\d+th$", splat)
    return found[0] if found else ""


class Labelled(Answer):
    """Labels by path, of a character of this edition."""

    labels: dict[str, Label]
    edition: WordsOf = ""
    choices: Annotated[
        list[str],
        Field(description="Paths whose values are words of a list, such as a clan: those are translated."),
    ] = []

    def label_of(self, path: str) -> str:
        """What the path is called in the current language."""
        return label(self.labels.get(path) or path, path, self.edition)

    def in_words(self, path: str, value: Json) -> str:
        """A value of this path in the current language; empty for none."""
        return value_in_words(value, path in self.choices)
