"""Who may do what, and why not: the one place that decides, for REST, pages, sockets and the bot API alike.

`can(principal, action, obj)` is pure once the principal's permissions are loaded. Characters are known by
their `owner_id`, `chronicle_id`, `chronicle.server_id` and `locked` only, as they live above this app.
A stranger gets a hidden decision, which reads like "there is no such thing".
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chronicle.models import Chronicle, Server
from chronicle.principal import (
    CREATE_CHARACTER,
    MANAGE_MEMBERS,
    MANAGE_ROLES,
    MANAGE_SERVER,
    STORYTELLER,
    VIEW_SERVER,
    Principal,
)
from rules.errors import NotAllowed, NotFound
from rules.visibility import PRIVATE, PUBLIC, SECRET, TABLE, Level


@dataclass(frozen=True, slots=True)
class Decision:
    allowed: bool
    reason: str = ""
    hidden: bool = False

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        if self.hidden:
            raise NotFound(self.reason)
        if not self.allowed:
            raise NotAllowed(self.reason)


YES = Decision(True)


def _no(reason: str) -> Decision:
    return Decision(False, reason)


def _hidden(what: str) -> Decision:
    return Decision(False, f"There is no such {what}.", hidden=True)


@dataclass(frozen=True, slots=True)
class StreamRef:
    """A stream as far as rights care: `server_id` is None for a user's own stream."""

    kind: str
    id: UUID
    server_id: UUID | None = None

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.id}"


def stream_ref(name: str) -> StreamRef:
    """`"chronicle:<uuid>"` as a client sends it; NotFound when it cannot be one. One query at most."""
    kind, _, text = name.partition(":")
    try:
        stream_id = UUID(text)
    except ValueError:
        raise NotFound("There is no such stream.") from None
    if kind == "user":
        return StreamRef(kind, stream_id)
    if kind == "server":
        return StreamRef(kind, stream_id, stream_id)
    server_id = Chronicle.objects.filter(pk=stream_id).values_list("server_id", flat=True).first()
    if kind != "chronicle" or server_id is None:
        raise NotFound("There is no such stream.")
    return StreamRef(kind, stream_id, server_id)


def level(principal: Principal, owner_id: UUID | None, server_id: UUID | None) -> Level:
    """How deep this principal sees into something of `owner_id` that is played in `server_id`."""
    permissions = principal.permissions(server_id)
    if principal.is_platform_admin or STORYTELLER in permissions:
        return SECRET
    if principal.id is not None and principal.id == owner_id:
        return PRIVATE
    return TABLE if VIEW_SERVER in permissions else PUBLIC


def _server_of(character: Any) -> UUID | None:
    return character.chronicle.server_id if character.chronicle_id else None


def character_level(principal: Principal, character: Any) -> Level:
    return level(principal, character.owner_id, _server_of(character))


@dataclass(frozen=True, slots=True)
class _Ask:
    """One question about a character, with what every answer needs."""

    principal: Principal
    character: Any
    level: Level
    trackers_only: bool
    field_level: Level

    @property
    def is_owner(self) -> bool:
        return self.principal.id is not None and self.principal.id == self.character.owner_id


def _view(ask: _Ask) -> Decision:
    return YES


def _history(ask: _Ask) -> Decision:
    if ask.level >= PRIVATE:
        return YES
    return _no("Only the player and the storytellers may see this character's history.")


def _edit(ask: _Ask) -> Decision:
    if ask.level < PRIVATE:
        return _no("This is another player's character.")
    if ask.level < SECRET and ask.character.locked and not ask.trackers_only:
        return _no("A storyteller has locked this character: only its trackers are yours to change for now.")
    if ask.field_level > ask.level:
        return _no("Only storytellers may see or change this trait.")
    return YES


def _delete(ask: _Ask) -> Decision:
    if ask.is_owner or ask.principal.is_platform_admin:
        return YES
    return _no("Only its player may delete a character or bring it back.")


def _propose(ask: _Ask) -> Decision:
    if ask.level >= PRIVATE:
        return YES
    return _no("Only the player and the storytellers may propose changes for this character.")


def _review(ask: _Ask) -> Decision:
    return YES if ask.level >= SECRET else _no("Only a storyteller may decide about this.")


def _lock(ask: _Ask) -> Decision:
    return YES if ask.level >= SECRET else _no("Only a storyteller may lock or unlock a character.")


_CHARACTER: dict[str, Callable[[_Ask], Decision]] = {
    "character.view": _view,
    "character.history": _history,
    "character.edit": _edit,
    "character.edit_field": _edit,
    "character.undo": _edit,
    "character.visibility": _edit,
    "character.delete": _delete,
    "character.restore": _delete,
    "character.lock": _lock,
    "character.propose": _propose,
    "character.review": _review,
}

# Action → the permissions of which one is enough, and the sentence for those who have none of them.
_SERVER: dict[str, tuple[frozenset[str], str]] = {
    "server.view": (frozenset({VIEW_SERVER}), ""),
    "server.manage": (frozenset({MANAGE_SERVER}), "You need the right to manage this server."),
    "server.roles": (
        frozenset({MANAGE_ROLES, MANAGE_SERVER}),
        "You need the right to manage this server's roles.",
    ),
    "server.members": (
        frozenset({MANAGE_MEMBERS, MANAGE_SERVER}),
        "You need the right to manage this server's members.",
    ),
    "chronicle.view": (frozenset({VIEW_SERVER}), ""),
    "chronicle.manage": (
        frozenset({STORYTELLER, MANAGE_SERVER}),
        "Only storytellers and those who manage the server may change a chronicle.",
    ),
    "chronicle.characters": (
        frozenset({STORYTELLER}),
        "Only storytellers may see all characters of a chronicle.",
    ),
    "character.create": (frozenset({CREATE_CHARACTER}), "You may not create characters in this server."),
    "roll.request": (frozenset({STORYTELLER}), "Only a storyteller may ask players for rolls."),
}


def _roll_level(principal: Principal, roll: Any) -> Level:
    """PRIVATE for who rolled, SECRET for the storytellers of its chronicle, TABLE for its members."""
    server_id = roll.chronicle.server_id if roll.chronicle_id else None
    return level(principal, roll.roller_id, server_id)


def sees_roll(principal: Principal, roll: Any) -> bool:
    """A private roll is seen by who rolled alone."""
    if principal.id is not None and principal.id == roll.roller_id:
        return True
    wanted = {"public": TABLE, "storyteller": SECRET}.get(roll.visibility)
    return wanted is not None and _roll_level(principal, roll) >= wanted


def _reroll(principal: Principal, roll: Any) -> Decision:
    owner_id = roll.character.owner_id if roll.character_id else None
    if principal.id is not None and principal.id in (roll.roller_id, owner_id):
        return YES
    return _no("Only who rolled, or whose character it is, may decide about this roll.")


def _reveal(principal: Principal, roll: Any) -> Decision:
    if principal.id == roll.roller_id or _roll_level(principal, roll) >= SECRET:
        return YES
    return _no("Only who rolled and the storytellers may reveal this roll.")


def _strike(principal: Principal, roll: Any) -> Decision:
    alone = not roll.chronicle_id and principal.id == roll.roller_id
    if alone or (roll.chronicle_id and _roll_level(principal, roll) >= SECRET):
        return YES
    return _no("Only a storyteller may strike a roll from the statistics.")


_ROLL: dict[str, Callable[[Principal, Any], Decision]] = {
    "roll.view": lambda principal, roll: YES,
    "roll.reroll": _reroll,
    "roll.reveal": _reveal,
    "roll.strike": _strike,
}


def can(
    principal: Principal,
    action: str,
    obj: Any = None,
    *,
    trackers_only: bool = False,
    field_level: Level = PUBLIC,
) -> Decision:
    """May this principal do that?

    `obj` is a character, a Chronicle, a Server, a roll, or a StreamRef; for character.create the chronicle, or None;
    for roll.make the character, the chronicle where nobody's sheet is meant, or None in a direct message.
    `trackers_only`: all traits to be changed are trackers; `field_level`: the level of the most secret one.
    """
    if action in _CHARACTER:
        return _about_character(principal, action, obj, trackers_only, field_level)
    if action in _ROLL:
        return _ROLL[action](principal, obj) if sees_roll(principal, obj) else _hidden("roll")
    if action == "roll.make":
        return _make_roll(principal, obj)
    if action == "stream.subscribe":
        return _subscribe(principal, obj)
    if action == "character.create" and obj is None:
        return _no("Sign in to create a character.") if principal.is_anonymous else YES
    return _about_server(principal, action, obj)


def _about_character(
    principal: Principal, action: str, character: Any, trackers_only: bool, field_level: Level
) -> Decision:
    seen = character_level(principal, character)
    if seen < TABLE:
        return _hidden("character")
    return _CHARACTER[action](_Ask(principal, character, seen, trackers_only, field_level))


def _make_roll(principal: Principal, obj: Any) -> Decision:
    if principal.id is None:
        return _no("Sign in to roll.")
    if obj is None:
        return YES
    if isinstance(obj, Chronicle):
        seen = VIEW_SERVER in principal.permissions(obj.server_id) or principal.is_platform_admin
        return YES if seen else _hidden("chronicle")
    held = character_level(principal, obj)
    if held < TABLE:
        return _hidden("character")
    return YES if held >= PRIVATE else _no("This is another player's character.")


def _about_server(principal: Principal, action: str, obj: Server | Chronicle) -> Decision:
    enough, sentence = _SERVER[action]
    server_id = obj.server_id if isinstance(obj, Chronicle) else obj.id
    permissions = principal.permissions(server_id)
    if principal.is_platform_admin or enough & permissions:
        return YES
    if VIEW_SERVER not in permissions:
        return _hidden("chronicle" if isinstance(obj, Chronicle) else "server")
    return _no(sentence)


def _subscribe(principal: Principal, stream: StreamRef) -> Decision:
    if stream.kind == "user":
        allowed = principal.is_platform_admin or principal.id == stream.id
    else:
        allowed = VIEW_SERVER in principal.permissions(stream.server_id)
    return YES if allowed else _hidden("stream")
