"""What somebody asks `why` about: the character, channel, role or roll that an action needs, found for every door."""

from collections.abc import Callable, Mapping
from typing import Any

from chronicle.models import Chronicle, Server, ServerChannel
from chronicle.permission_check import kind_of
from chronicle.principal import Principal
from chronicle.services import get_role
from haven import selectors as characters
from rolls import selectors as rolls
from rules.errors import NotFound
from rules.text import clean

NAMED = ("character", "channel", "role", "roll")


def thing_of(who: Principal, server: Server, action: str, named: Mapping[str, Any]) -> Any:
    """None where none is named. `channel` is Discord's id, `role` ours or Discord's. Raises NotFound."""
    kind = kind_of(action, named.get("character"))
    meant = named.get(kind) if kind else None
    return _FIND[kind](who, server, str(meant)) if meant else None


def place_of(thing: Any, place: Server | Chronicle) -> Server | Chronicle:
    """Where it is played, if it is played anywhere."""
    found: Chronicle | None = None if isinstance(thing, ServerChannel) else getattr(thing, "chronicle", None)
    return found or place


def _channel(who: Principal, server: Server, meant: str) -> ServerChannel:
    row = ServerChannel.objects.filter(server=server, discord_id=clean(meant, 20)).first()
    if row is None:
        raise NotFound("There is no such channel.")
    return row


_FIND: dict[str, Callable[[Principal, Server, str], Any]] = {
    "character": lambda who, server, meant: characters.get(who, meant),
    "channel": _channel,
    "role": lambda who, server, meant: get_role(server, meant),
    "roll": lambda who, server, meant: rolls.get(who, meant),
}
