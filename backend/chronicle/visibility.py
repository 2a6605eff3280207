"""Visibility levels and storyteller checks: the part of `chronicle.rights` that needs no action. Import from there."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from chronicle.models import Chronicle
from chronicle.principal import SEES_ALL, STORYTELLER, VIEW_SERVER, Principal
from contract.translation import _
from rules.errors import NotFound
from rules.visibility import PRIVATE, PUBLIC, SECRET, TABLE, Level

STORYTELLER_ONLY = frozenset({STORYTELLER})


@dataclass(frozen=True, slots=True)
class StreamRef:
    """A stream as rights need it: `server_id` is None for a user's own stream."""

    kind: str
    id: UUID
    server_id: UUID | None = None

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def chronicle_id(self) -> UUID | None:
        return self.id if self.kind == "chronicle" else None


def stream_ref(name: str) -> StreamRef:
    """Parse `"chronicle:<uuid>"` as a client sends it; at most one query. Raises NotFound."""
    kind, _colon, text = name.partition(":")
    try:
        stream_id = UUID(text)
    except ValueError:
        raise NotFound(_("There’s no such stream.")) from None
    if kind == "user":
        return StreamRef(kind, stream_id)
    if kind == "server":
        return StreamRef(kind, stream_id, stream_id)
    server_id = Chronicle.objects.filter(pk=stream_id).values_list("server_id", flat=True).first()
    if kind != "chronicle" or server_id is None:
        raise NotFound(_("There’s no such stream."))
    return StreamRef(kind, stream_id, server_id)


def level(
    principal: Principal, owner_id: UUID | None, server_id: UUID | None, chronicle_id: UUID | None
) -> Level:
    """Return the visibility level of this principal for something of `owner_id` in that chronicle and server."""
    permissions = principal.permissions(server_id, chronicle_id)
    if principal.is_platform_admin or SEES_ALL & permissions:
        return SECRET
    if principal.id is not None and principal.id == owner_id:
        return PRIVATE
    return TABLE if VIEW_SERVER in permissions else PUBLIC


def _server_of(played: Any) -> UUID | None:
    return played.chronicle.server_id if played.chronicle_id else None


def character_level(principal: Principal, character: Any) -> Level:
    return level(principal, character.owner_id, _server_of(character), character.chronicle_id)


def is_storyteller_of(principal: Principal, played: Any) -> bool:
    """Return whether the principal is a storyteller where this character, roll or other thing is played.

    An observer sees as much, and is none.
    """
    held = principal.permissions(_server_of(played), played.chronicle_id)
    return principal.is_platform_admin or STORYTELLER in held


def rows_with_permission(
    principal: Principal, wanted: Set[str], server_id: UUID | None = None, *, path: str = "chronicle__"
) -> Q:
    """Build a filter for rows whose chronicle grants one of these permissions, in one server or in all.

    `path` leads from a row to its chronicle; empty for chronicles themselves.
    """
    held = principal.load() if server_id is None else {server_id: principal.permissions(server_id)}
    inside = {pk: permissions for place in held for pk, permissions in principal.inside(place).items()}
    condition = Q(
        **{f"{path}server_id__in": [pk for pk, permissions in held.items() if permissions & wanted]}
    )
    if refused := [pk for pk, permissions in inside.items() if not permissions & wanted]:
        condition &= ~Q(**{f"{path}id__in": refused})
    return condition | Q(
        **{f"{path}id__in": [pk for pk, permissions in inside.items() if permissions & wanted]}
    )


def is_storyteller_in_server(principal: Principal, server_id: UUID) -> bool:
    """Return whether the principal is a storyteller of the server, or of one of its chronicles."""
    held = [principal.permissions(server_id), *principal.inside(server_id).values()]
    return any(STORYTELLER in permissions for permissions in held)


def is_storyteller_anywhere(principal: Principal) -> bool:
    return principal.is_platform_admin or any(
        is_storyteller_in_server(principal, server_id) for server_id in principal.load()
    )


def roll_level(principal: Principal, roll: Any) -> Level:
    """Return PRIVATE for the roller, SECRET for storytellers of the chronicle, TABLE for its members."""
    return level(principal, roll.roller_id, _server_of(roll), roll.chronicle_id)


def sees_roll(principal: Principal, roll: Any) -> bool:
    """Return whether the principal sees the roll; a private roll is seen by its roller alone."""
    if principal.id is not None and principal.id == roll.roller_id:
        return True
    wanted = {"public": TABLE, "storyteller": SECRET}.get(roll.visibility)
    return wanted is not None and roll_level(principal, roll) >= wanted
