"""The sentence for each way in which input can be wrong: one table, by pydantic's type of error.

A field whose sentence says more than the table can carry its own: `Field(json_schema_extra=sentence(N_("…")))`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from annotated_types import Ge, Le
from pydantic import BaseModel, JsonValue, ValidationError
from pydantic.fields import FieldInfo

from contract.lookup import quoted
from contract.translation import N_, _

Context = Mapping[str, Any]
Sentence = Callable[[str, Context], str]


def sentence(text: str, **data: int) -> dict[str, JsonValue]:
    """Return what a field carries as `json_schema_extra`, so that this sentence answers every wrong value of it."""
    return {"sentence": text, "filled_with": dict(data)}


def _words(text: str) -> Sentence:
    return lambda label, context: _(text, label=label, **context)


def _range(label: str, context: Context) -> str:
    low, high = context["low"], context["high"]
    if low is not None and high is not None:
        return _("{label} goes from {low} to {high}.", label=label, low=low, high=high)
    if low is not None:
        return _("{label} must be {low} or more.", label=label, low=low)
    return _("{label} must be {high} or less.", label=label, high=high)


WHOLE = _words(N_("{label} must be a whole number."))
FLAG = _words(N_("{label} must be yes or no."))
TEXT = _words(N_("{label} must be text."))
LIST = _words(N_("{label} must be a list."))
OBJECT = _words(N_("{label} must be a JSON object."))
ID = _words(N_("{label} must be an id."))
TIME = _words(N_("{label} must be a date and time."))
DAY = _words(N_("{label} must be a date."))
CLOCK = _words(N_("{label} must be a time of day."))
# For what has no sentence of its own: better than no answer at all.
OTHERWISE = _words(N_("{label} isn’t in the right format."))
SENTENCES: dict[str, Sentence] = {
    "missing": _words(N_("{label} is missing.")),
    "extra_forbidden": lambda label, context: _("There’s no field {label} here.", label=quoted(label)),
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_parsing_size": WHOLE,
    "int_from_float": WHOLE,
    "bool_type": FLAG,
    "bool_parsing": FLAG,
    "string_type": TEXT,
    "string_unicode": TEXT,
    "string_too_long": _words(N_("{label} can have up to {max_length} characters.")),
    "string_too_short": _words(N_("{label} is empty.")),
    "string_pattern_mismatch": OTHERWISE,
    "bytes_type": TEXT,
    "greater_than_equal": _range,
    "less_than_equal": _range,
    "too_long": _words(N_("{label}: at most {max_length} at once.")),
    "too_short": _words(N_("{label}: at least {min_length}.")),
    "literal_error": _words(N_("{label} must be one of: {choices}.")),
    "enum": _words(N_("{label} must be one of: {choices}.")),
    "list_type": LIST,
    "tuple_type": LIST,
    "set_type": LIST,
    "frozen_set_type": LIST,
    "dict_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "uuid_type": ID,
    "uuid_parsing": ID,
    "datetime_type": TIME,
    "datetime_parsing": TIME,
    "datetime_from_date_parsing": TIME,
    "date_type": DAY,
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY,
    "time_type": CLOCK,
    "time_parsing": CLOCK,
    "value_error": lambda label, context: str(context["error"]),
    "invalid-json-value": _words(N_("{label} must be a JSON value.")),
}


def problems(model: type[BaseModel], error: ValidationError) -> dict[str, list[str]]:
    """Every wrong field at once, by its path (`changes.0.path`), with its sentences."""
    found: dict[str, list[str]] = {}
    for detail in error.errors(include_url=False, include_input=False):
        field, path = _field_at(model, detail["loc"])
        sentences = found.setdefault(path or "body", [])
        sentence = _sentence(field, path, detail["type"], detail.get("ctx") or {})
        if sentence not in sentences:
            sentences.append(sentence)
    return found


def _sentence(field: FieldInfo | None, path: str, kind: str, context: Context) -> str:
    if kind != "missing" and (own := own_sentence(field)):
        return own
    name = path.rpartition(".")[2]
    label = name if kind == "extra_forbidden" else label_of(field, name)
    low, high = _bounds(field)
    choices = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
    return SENTENCES.get(kind, OTHERWISE)(label, {**context, "low": low, "high": high, "choices": choices})


def label_of(field: FieldInfo | None, name: str) -> str:
    return _((field.title if field else None) or name.replace("_", " ").capitalize() or "Body")


def _field_at(model: type[BaseModel], place: tuple[int | str, ...]) -> tuple[FieldInfo | None, str]:
    """The field that an error is about and its path, without the names that pydantic gives to parts of a union."""
    current: type[BaseModel] | None = model
    field: FieldInfo | None = None
    path: list[str] = []
    for part in place:
        known = current.model_fields.get(str(part)) if current else None
        if known is not None:
            field, current = known, _model_in(known.annotation)
            path.append(str(part))
        elif isinstance(part, int) or (current is not None and part is place[-1]):  # an unknown field
            path.append(str(part))
    return field, ".".join(path)


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The model that a field holds, directly, in a list or in a union."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for inner in get_args(annotation) if (model := _model_in(inner))), None)


def _bounds(field: FieldInfo | None) -> tuple[object, object]:
    limits = list(_limits(field)) if field else []
    low = next((limit.ge for limit in limits if isinstance(limit, Ge)), None)
    high = next((limit.le for limit in limits if isinstance(limit, Le)), None)
    return low, high


def _limits(part: object) -> Iterator[object]:
    """The limits in a field's annotation, however deep: `Annotated[int, Field(ge=1)] | None`."""
    for inner in _annotations(part):
        yield from inner.metadata if isinstance(inner, FieldInfo) else (inner,)


def own_sentence(field: FieldInfo | None) -> str:
    extras = [inner.json_schema_extra for inner in _annotations(field) if isinstance(inner, FieldInfo)]
    own = next((extra for extra in extras if isinstance(extra, dict) and "sentence" in extra), None)
    if own is None:
        return ""
    data = own["filled_with"]
    return _(str(own["sentence"]), **(data if isinstance(data, dict) else {}))


def _annotations(part: object) -> Iterator[object]:
    """The field itself and all that is written on its type, from the outside in."""
    yield part
    if isinstance(part, FieldInfo):
        yield from _annotations(part.annotation)
    for inner in (*getattr(part, "__metadata__", ()), *get_args(part)):
        yield from _annotations(inner)
