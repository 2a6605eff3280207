"""Operations as a client sends them: `[{"path", "op", "value"}, …]`."""

import re
from typing import Any

from rules.errors import Invalid
from rules.traits import Operation

PATH = re.compile(r"[a-z0-9_]{1,40}(\.[a-z0-9_]{1,40}){0,4}", re.ASCII)
OPS = ("set", "adjust", "add", "remove", "text")
MAX_OPERATIONS = 200


def operations(value: Any, name: str = "changes") -> list[Operation]:
    """Raises Invalid, naming the row. Values are judged by the traits."""
    if not isinstance(value, list):
        raise Invalid.field(name, "A list of changes is expected.")
    if len(value) > MAX_OPERATIONS:
        raise Invalid(f"At most {MAX_OPERATIONS} changes at once.", code="too_many")
    return [_operation(row, f"{name}.{number}") for number, row in enumerate(value)]


def _operation(row: Any, place: str) -> Operation:
    if not isinstance(row, dict):
        raise Invalid.field(place, "A change is an object with path, op and value.")
    path, op = row.get("path"), row.get("op", "set")
    if not isinstance(path, str) or not PATH.fullmatch(path):
        raise Invalid.field(f"{place}.path", "The path of a trait is expected, such as health.superficial.")
    if op not in OPS:
        raise Invalid.field(f"{place}.op", f"The op must be one of: {', '.join(OPS)}.")
    return Operation(path, op, row.get("value"))


def base_version(value: Any) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise Invalid.field("base_version", "A whole number is expected.")
    return value
