"""Frames from clients: read, checked, or refused with a sentence. No frame is trusted before it went through here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from rules.errors import Invalid

MAX_TEXT = 200
MAX_REF = 64
MAX_FEED = 20_000
STATUSES = ("online", "away")

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_TEXT


def _number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _status(value: Any) -> bool:
    return value in STATUSES


def _positions(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) <= MAX_FEED
        and all(_text(key) and _number(seq) for key, seq in value.items())
    )


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of one type of frame, each with its check."""

    required: dict[str, Check]
    optional: dict[str, Check]


SHAPES: dict[str, Shape] = {
    "heartbeat": Shape({}, {}),
    "subscribe": Shape({"stream": _text}, {"since": _number}),
    "unsubscribe": Shape({"stream": _text}, {}),
    "open": Shape({"id": _text}, {}),
    "close": Shape({"id": _text}, {}),
    "presence": Shape({"status": _status}, {}),
    "feed": Shape({}, {"since": _positions}),
    "posted": Shape({"positions": _positions}, {}),
}


@dataclass(frozen=True, slots=True)
class Frame:
    type: str
    body: dict[str, Any]
    ref: str | int | None


def parse(text: str) -> Frame:
    """Raises Invalid with code `bad_frame` (or `unknown_type`); its `data["ref"]` is the client's, when it had one."""
    try:
        body = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Invalid("This frame is not JSON.", code="bad_frame") from None
    if not isinstance(body, dict):
        raise Invalid("A frame is a JSON object.", code="bad_frame")
    ref = _ref(body)
    kind = body.get("type")
    shape = SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None:
        raise Invalid("There is no such type of frame.", code="unknown_type", ref=ref)
    return Frame(str(kind), _fields(body, shape, ref), ref)


def _ref(body: dict[str, Any]) -> str | int | None:
    ref = body.get("ref")
    if ref is None or (isinstance(ref, str) and len(ref) <= MAX_REF) or _number(ref):
        return ref
    raise Invalid(f"A ref is a text of at most {MAX_REF} characters, or a number.", code="bad_frame")


def _fields(body: dict[str, Any], shape: Shape, ref: str | int | None) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, check in (shape.required | shape.optional).items():
        value = body.get(name)
        if value is None and name in shape.optional:
            continue
        if not check(value):
            raise Invalid(f"The field “{name}” is missing or wrong.", code="bad_frame", ref=ref)
        fields[name] = value
    return fields
