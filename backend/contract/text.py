"""Read input in which every value is text: a query, or a form.

pydantic's own mode for text knows no lists, which forms have.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import get_args, get_origin

from pydantic import BaseModel

YES_AND_NO = {"yes": True, "no": False, "true": True, "false": False, "on": True, "1": True, "0": False}
# Phones put a real minus before a number.
WHOLE = re.compile(r"[-−]?[0-9]{1,18}", re.ASCII)


def typed_fields(model: type[BaseModel], fields: Mapping[str, object]) -> dict[str, object]:
    """The fields with numbers, and yes or no, where the model has them; what is left empty is left out. A list may be
    one text with commas.

    Text that is no number stays text: the model refuses it, with its sentence. The character NUL is left out:
    PostgreSQL takes it in no text.
    """
    return {name: _typed(model, name, value) for name, value in fields.items() if value != ""}


def typed_with_empty(model: type[BaseModel], fields: Mapping[str, object]) -> dict[str, object]:
    """As `typed_fields`, with what is left empty: as null where the field may be null, else as an empty text."""
    empty = [name for name, value in fields.items() if value == ""]
    return typed_fields(model, fields) | {name: None if _clears(model, name) else "" for name in empty}


def _clears(model: type[BaseModel], name: str) -> bool:
    return type(None) in _kinds(model, name) and name in getattr(model, "clearable", (name,))


def _typed(model: type[BaseModel], name: str, value: object) -> object:
    if isinstance(value, Mapping):
        inner = next((kind for kind in _kinds(model, name) if issubclass(kind, BaseModel)), None)
        return typed_fields(inner, value) if inner else value
    kinds = _kinds(model, name)
    if list in kinds:
        parts = value.split(",") if isinstance(value, str) else value
        return [_plain(part, kinds) for part in parts] if isinstance(parts, list) else parts
    return _plain(value, kinds)


def _plain(value: object, kinds: frozenset[type]) -> object:
    if not isinstance(value, str):
        return value
    value = value.replace("\x00", "")
    if bool in kinds and value.lower() in YES_AND_NO:
        return YES_AND_NO[value.lower()]
    if int in kinds and WHOLE.fullmatch(text := value.strip()):
        return int(text.replace("−", "-"))
    return value


@lru_cache(maxsize=1024)
def _kinds(model: type[BaseModel], name: str) -> frozenset[type]:
    """The plain types that a field may hold."""
    field = model.model_fields.get(name)
    return frozenset(_leaves(field.annotation)) if field else frozenset()


def _leaves(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    if get_origin(annotation) is list:
        yield list
    for inner in get_args(annotation):
        yield from _leaves(inner)
