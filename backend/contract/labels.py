"""Labels in events, rolls and answers: they are kept in English, and translated where they are shown.

A field of an answer that holds such a text is a `Label`. The JSON doors translate it as they write the answer; who
shows a model itself calls `translated`.
"""

import re
from functools import cache
from typing import Annotated, TypeVar, get_args

from pydantic import BaseModel

from contract.base import Answer
from contract.translation import ENGLISH, _, language

PartT = TypeVar("PartT", bound=Answer)


class _Translated:
    """Marks a field whose texts are translated where they are shown."""


TRANSLATED = _Translated()
Label = Annotated[str, TRANSLATED]
# What stands between the names of which a label is made: `Disciplines: Dominate`, `Strength 3 + Brawl (Grappling) 1`.
BETWEEN = re.compile(r"(^\d+ |: |, | [+−] | \(|\)| ?[+−-]?\d+)")


def label(text: str) -> str:
    """Return a declared label in the current language, or one made of declared names and what players typed."""
    if language() == ENGLISH:
        return text
    whole = _(text)
    if whole != text:
        return whole
    return "".join(part if number % 2 else _(part) for number, part in enumerate(BETWEEN.split(text)))


@cache
def labels_of(model: type[BaseModel]) -> frozenset[str]:
    """Return the names of the fields that hold labels."""
    fields = model.model_fields.items()
    return frozenset(
        name for name, field in fields if TRANSLATED in field.metadata or _holds_labels(field.annotation)
    )


def _holds_labels(annotation: object) -> bool:
    return any(inner is TRANSLATED or _holds_labels(inner) for inner in get_args(annotation))


def shown(value: object) -> object:
    """Return the value of such a field with every text in it translated."""
    if isinstance(value, str):
        return label(value)
    if isinstance(value, dict):
        return {name: shown(part) for name, part in value.items()}
    return [shown(part) for part in value] if isinstance(value, list | tuple) else value


def translated(part: PartT) -> PartT:
    """Return the same with all its labels in the current language."""
    return part if language() == ENGLISH else _translated(part)


def _translated(part: PartT) -> PartT:
    names = labels_of(type(part))
    return part.model_copy(
        update={name: shown(value) if name in names else _inside(value) for name, value in vars(part).items()}
    )


def _inside(value: object) -> object:
    if isinstance(value, Answer):
        return _translated(value)
    return [_inside(part) for part in value] if isinstance(value, list) else value
