"""Small checks that write Discord's own error codes and sentences into a `FormErrors`."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sandbox.errors import FormErrors, Json
from sandbox.ids import is_snowflake

Path = tuple[str | int, ...]


def text(errors: FormErrors, path: Path, value: Any, longest: int, shortest: int = 0) -> str:
    """The value as text, "" where it is absent or wrong."""
    if value is None or value == "":
        if shortest:
            errors.add(path, "BASE_TYPE_REQUIRED", "This field is required")
        return ""
    if not isinstance(value, str):
        errors.add(path, "STRING_TYPE_CONVERT", f'Could not interpret "{_short(value)}" as string.')
        return ""
    if len(value) > longest or len(value.strip()) < shortest:
        _bad_length(errors, path, longest, shortest)
    return value


def _bad_length(errors: FormErrors, path: Path, longest: int, shortest: int) -> None:
    if shortest:
        errors.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {shortest} and {longest} in length.")
    else:
        errors.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {longest} or fewer in length.")


def items(errors: FormErrors, path: Path, value: Any, most: int, fewest: int = 0) -> list[Any]:
    if value is None:
        value = []
    if not isinstance(value, list):
        errors.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return []
    if len(value) > most or len(value) < fewest:
        _bad_length(errors, path, most, fewest)
    return value


def mapping(errors: FormErrors, path: Path, value: Any) -> Json:
    if isinstance(value, dict):
        return value
    errors.add(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    return {}


def integer(errors: FormErrors, path: Path, value: Any, low: int, high: int, default: int = 0) -> int:
    """Discord reads numbers written as text, too."""
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).lstrip("-").isdecimal():
        errors.add(path, "NUMBER_TYPE_COERCE", f'Value "{_short(value)}" is not int.')
        return default
    number = int(value)
    if number > high:
        errors.add(path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")
    elif number < low:
        errors.add(path, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
    return number


def number(errors: FormErrors, path: Path, value: Any) -> None:
    """None, or any finite number."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        errors.add(path, "NUMBER_TYPE_COERCE", f'Value "{_short(value)}" is not a number.')


def snowflakes(errors: FormErrors, path: Path, value: Any, most: int) -> list[str]:
    """Ids as text, whichever way they were sent."""
    listed = items(errors, path, value, most)
    for index, entry in enumerate(listed):
        if not is_snowflake(entry):
            errors.add((*path, index), "NUMBER_TYPE_COERCE", f'Value "{_short(entry)}" is not snowflake.')
    return [str(entry) for entry in listed]


def moment(errors: FormErrors, path: Path, value: Any) -> None:
    if value is None:
        return
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        errors.add(path, "DATE_TIME_TYPE_PARSE", f'Could not parse "{_short(value)}". Should be ISO8601.')


def emoji(errors: FormErrors, path: Path, value: Any) -> None:
    if value is None:
        return
    value = mapping(errors, path, value)
    text(errors, (*path, "name"), value.get("name"), 100)
    if value.get("id") is not None and not is_snowflake(value["id"]):
        errors.add((*path, "id"), "NUMBER_TYPE_COERCE", f'Value "{_short(value["id"])}" is not snowflake.')
    elif not value.get("name") and not value.get("id"):
        errors.add(path, "COMPONENT_INVALID_EMOJI", "Invalid emoji")


def choice(errors: FormErrors, path: Path, value: Any, allowed: tuple[int, ...]) -> bool:
    if type(value) is int and value in allowed:
        return True
    shown = ", ".join(str(number) for number in allowed)
    errors.add(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{shown}}}.")
    return False


def link(
    errors: FormErrors, path: Path, value: Any, *, schemes: tuple[str, ...] = ("http", "https"), longest: int
) -> str:
    address = text(errors, path, value, longest)
    if not address:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in schemes:
        quoted = ", ".join(f"'{scheme}'" for scheme in schemes)
        message = f'Scheme "{_short(parts.scheme)}" is not supported. Scheme must be one of ({quoted}).'
        errors.add(path, "URL_TYPE_INVALID_SCHEME", message)
    elif not parts.netloc or any(sign.isspace() for sign in address):
        errors.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    return address


def _short(value: object) -> str:
    return str(value)[:100]


def overwrites(body: Json) -> list[Json]:
    """Checked and in the stored form: bits as text."""
    errors = FormErrors()
    path: Path = ("permission_overwrites",)
    given = items(errors, path, body["permission_overwrites"], 100)
    for index, value in enumerate(given):
        entry = mapping(errors, (*path, index), value)
        snowflakes(errors, (*path, index), [entry.get("id")], 1)
        integer(errors, (*path, index, "type"), entry.get("type"), 0, 1)
        for key in ("allow", "deny"):
            integer(errors, (*path, index, key), entry.get(key), 0, 2**60)
    errors.check()
    return [
        {
            "id": str(e["id"]),
            "type": int(e.get("type") or 0),
            "allow": str(e.get("allow") or 0),
            "deny": str(e.get("deny") or 0),
        }
        for e in given
    ]
