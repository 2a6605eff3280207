"""The public description of a server. A mirror's name and icon are Discord's."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from chronicle.models import Server
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services.change import changing
from rules.errors import Conflict, Invalid
from rules.text import clean_lines, has_ink, one_line
from timeline.services import Cause

OF_DISCORD = frozenset({"name", "icon"})
MOST = {"name": 100, "description": 2000, "icon": 300, "banner_url": 300}
_is_address = URLValidator(schemes=["https"])


def describe_server(
    server: Server, values: Mapping[str, Any], *, principal: Principal, cause: Cause
) -> Server:
    """Any of `PROFILE`, all of it or nothing. Raises Invalid, naming each field; Conflict (`not_ours`)."""
    with changing(server, cause) as locked:
        can(principal, "server.manage", locked).require()
        mirrored = [] if locked.discord_id is None or locked.kept_at else sorted(OF_DISCORD & values.keys())
        if mirrored:
            raise Conflict(f"The {mirrored[0]} is Discord's: change it there.", code="not_ours")
        for name, value in _read(values).items():
            setattr(locked, name, value)
    return locked


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    fields: dict[str, list[str]] = {}
    for name, value in values.items():
        try:
            checked[name] = PROFILE[name](name, value)
        except Invalid as error:
            fields |= error.data["fields"]
    if fields:
        raise Invalid(" ".join(sentence for many in fields.values() for sentence in many), fields=fields)
    return checked


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid.field(name, "Text is expected.")
    text = clean_lines(value, MOST[name] + 1)
    if len(text) > MOST[name]:
        raise Invalid.field(name, f"At most {MOST[name]} characters.")
    return text


def name_of(value: Any, field: str = "name") -> str:
    text = one_line(value) if isinstance(value, str) else ""
    if not has_ink(text) or len(text) > MOST["name"]:
        raise Invalid.field(field, f"A server's name has 1 to {MOST['name']} characters.")
    return text


def _address(name: str, value: Any) -> str:
    """Validate a link; an empty text removes it."""
    text = _text(name, value)
    try:
        if text:
            _is_address(text)
    except ValidationError:
        raise Invalid.field(name, "An address that begins with https:// is expected.") from None
    return text


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid.field(name, "Yes or no is expected.")
    return value


PROFILE: dict[str, Callable[[str, Any], Any]] = {
    "name": lambda name, value: name_of(value, name),
    "description": _text,
    "icon": _address,
    "banner_url": _address,
    "is_private": _flag,
}
