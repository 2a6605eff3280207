"""One JSON object of a request, checked key by key with Discord's own error codes and sentences."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from sandbox.errors import FormErrors, Json, Path
from sandbox.ids import is_snowflake

INTEGER = re.compile(r"-?[0-9]{1,30}")
WEB = ("http", "https")


class Form:
    """Collects problems in `errors`, each under its key below `path`; `check()` raises them all at once.

    The reading methods return the value, or an empty one where it is absent or wrong.
    """

    def __init__(self, value: object, path: Path = (), errors: FormErrors | None = None) -> None:
        self.errors = errors or FormErrors()
        self.path = path
        self.body: Json = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.error("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")

    def error(self, code: str, message: str, *keys: str | int) -> None:
        """Add a problem at the keys below this object; without keys it is the object itself."""
        self.errors.add((*self.path, *keys), code, message)

    def missing(self, *keys: str | int) -> None:
        self.error("BASE_TYPE_REQUIRED", "This field is required", *keys)

    def check(self) -> None:
        self.errors.check()

    # Objects and lists inside

    def part(self, key: str) -> "Form":
        return self._inner(self.body.get(key), key)

    def parts(self, key: str, most: int, fewest: int = 0) -> list["Form"]:
        return [self._inner(entry, key, index) for index, entry in enumerate(self.items(key, most, fewest))]

    def _inner(self, value: object, *keys: str | int) -> "Form":
        return Form(value, (*self.path, *keys), self.errors)

    def items(self, key: str, most: int, fewest: int = 0) -> list[object]:
        return checked_list(self.errors, (*self.path, key), self.body.get(key), most, fewest)

    # Single values

    def text(self, key: str, longest: int, shortest: int = 0) -> str:
        value = self.body.get(key)
        if value is None or value == "":
            if shortest:
                self.missing(key)
            return ""
        if not isinstance(value, str):
            self.error("STRING_TYPE_CONVERT", f'Could not interpret "{_short(value)}" as string.', key)
            return ""
        if len(value) > longest or len(value.strip()) < shortest:
            self.error(*_bad_length(longest, shortest), key)
        return value

    def integer(self, key: str, low: int, high: int, default: int = 0) -> int:
        """Return a whole number; Discord reads one written as text, too."""
        value = self.body.get(key)
        if value is None:
            return default
        text = "" if isinstance(value, bool) or not isinstance(value, int | str) else str(value)
        if not INTEGER.fullmatch(text):
            self.error("NUMBER_TYPE_COERCE", f'Value "{_short(value)}" is not int.', key)
            return default
        number = int(text)
        if number > high:
            self.error("NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.", key)
        elif number < low:
            self.error("NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.", key)
        return number

    def number(self, key: str) -> float | None:
        value = self.body.get(key)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        self.error("NUMBER_TYPE_COERCE", f'Value "{_short(value)}" is not a number.', key)
        return None

    def snowflake(self, key: str) -> str:
        """Return an id as text, whichever way it was sent."""
        return self._snowflake(self.body.get(key), key)

    def snowflakes(self, key: str, most: int) -> list[str]:
        return [self._snowflake(entry, key, index) for index, entry in enumerate(self.items(key, most))]

    def _snowflake(self, value: object, *keys: str | int) -> str:
        if value is None:
            self.missing(*keys)
        elif not is_snowflake(value):
            self.error("NUMBER_TYPE_COERCE", f'Value "{_short(value)}" is not snowflake.', *keys)
        return str(value)

    def choice(self, key: str, allowed: tuple[int, ...], default: int | None = None) -> int | None:
        """Return one of the allowed numbers. With a default an empty value stands for it."""
        value = self.body.get(key)
        return self._choice(value if default is None else value or default, allowed, key)

    def choices(self, key: str, allowed: tuple[int, ...], most: int) -> None:
        for index, value in enumerate(self.items(key, most)):
            self._choice(value, allowed, key, index)

    def _choice(self, value: object, allowed: tuple[int, ...], *keys: str | int) -> int | None:
        if type(value) is int and value in allowed:
            return value
        shown = ", ".join(str(number) for number in allowed)
        self.error("BASE_TYPE_CHOICES", f"Value must be one of {{{shown}}}.", *keys)
        return None

    def timestamp(self, key: str) -> None:
        value = self.body.get(key)
        if value is None:
            return
        try:
            datetime.fromisoformat(value)
        except (TypeError, ValueError):
            message = f'Could not parse "{_short(value)}". Should be ISO8601.'
            self.error("DATE_TIME_TYPE_PARSE", message, key)

    def emoji(self, key: str) -> None:
        if self.body.get(key) is None:
            return
        emoji = self.part(key)
        emoji.text("name", 100)
        if emoji.body.get("id") is not None:
            emoji.snowflake("id")
        elif not emoji.body.get("name"):
            emoji.error("COMPONENT_INVALID_EMOJI", "Invalid emoji")

    def link(self, key: str, longest: int, schemes: tuple[str, ...] = WEB) -> str:
        address = self.text(key, longest)
        if not address:
            return ""
        try:
            parts = urlsplit(address)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in schemes:
            quoted = ", ".join(f"'{scheme}'" for scheme in schemes)
            message = f'Scheme "{_short(parts.scheme)}" is not supported. Scheme must be one of ({quoted}).'
            self.error("URL_TYPE_INVALID_SCHEME", message, key)
        elif not parts.netloc or any(sign.isspace() for sign in address):
            self.error("URL_TYPE_INVALID_URL", "Not a well formed URL.", key)
        return address

    def overwrites(self) -> list[Json]:
        """Return `permission_overwrites` as they are stored: bits as text. Raises at once."""
        entries = [
            {
                "id": entry.snowflake("id"),
                "type": entry.integer("type", 0, 1),
                "allow": str(entry.integer("allow", 0, 2**60)),
                "deny": str(entry.integer("deny", 0, 2**60)),
            }
            for entry in self.parts("permission_overwrites", 100)
        ]
        self.check()
        return entries


def checked_list(errors: FormErrors, path: Path, value: object, most: int, fewest: int = 0) -> list[object]:
    if value is None:
        value = []
    if not isinstance(value, list):
        errors.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return []
    if not fewest <= len(value) <= most:
        errors.add(path, *_bad_length(most, fewest))
    return value


def _bad_length(longest: int, shortest: int) -> tuple[str, str]:
    if shortest:
        return "BASE_TYPE_BAD_LENGTH", f"Must be between {shortest} and {longest} in length."
    return "BASE_TYPE_MAX_LENGTH", f"Must be {longest} or fewer in length."


def _short(value: object) -> str:
    return str(value)[:100]
