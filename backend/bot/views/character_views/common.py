"""Which character a body means."""

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request

from bot.acting import Acting, player
from bot.facts import mapping, text
from haven.services import Reference
from rules.errors import Invalid
from rules.text import clean

MAX_REFERENCE = 100


def scope_of(acting: Acting) -> str:
    """Keys of two people never meet."""
    return f"bot:{acting.principal.id}"


def body(request: Request) -> Mapping[str, Any]:
    """Raises Invalid when it is no object."""
    return mapping(request.data, "body")


def reference(acting: Acting, document: Mapping[str, Any], *, deleted: bool = False) -> Reference:
    """`character` (id, name, or null for the default), `player` (Discord id, for storytellers), `splat`."""
    named = document.get("character")
    return Reference(
        text=None if named is None else text(named, "character", MAX_REFERENCE),
        server=acting.server,
        owner_id=player(document["player"]) if document.get("player") else None,
        splats=splats(document.get("splat")),
        deleted=deleted,
        channel_id=acting.channel_id,
    )


def splats(value: Any) -> tuple[str, ...]:
    """One slug, several separated by commas, or none for any."""
    if not value:
        return ()
    if not isinstance(value, str) or len(value) > 500:
        raise Invalid.field("splat", "The name of a character type is expected.")
    return tuple(clean(part, 30) for part in value.split(","))


def text_mode(acting: Acting) -> dict[str, bool]:
    """Told with every answer, so that a reply suits a screen reader without another question."""
    wanted = bool(acting.user and acting.user.preferences["text_mode"])
    return {"text_mode": True} if wanted else {}
