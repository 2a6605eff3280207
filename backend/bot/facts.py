"""Reads single values of a body."""

import re
from collections.abc import Mapping
from typing import Any

from rules.errors import Invalid

DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)
MAX_ID = 1 << 63
MAX_TEXT = 4000


def mapping(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Invalid.field(path, "A JSON object is expected.")
    return value


def optional(value: Any, path: str) -> Mapping[str, Any]:
    return {} if value is None else mapping(value, path)


def snowflake(value: Any, path: str) -> str:
    """Discord's ids are text here; in a number of that size, digits get lost on the way."""
    if not isinstance(value, str) or not DIGITS.fullmatch(value) or int(value) >= MAX_ID:
        raise Invalid.field(path, "A Discord id, as text, is expected.")
    return value


def text(value: Any, path: str, most: int = MAX_TEXT) -> str:
    """None reads as empty."""
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most:
        raise Invalid.field(path, f"Text of at most {most} characters is expected.")
    return value
