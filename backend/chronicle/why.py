"""Why somebody may do something, or may not: the chain of roles that were asked, and which one decided."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from chronicle.models import Chronicle, Server, ServerMember, ServerRole
from chronicle.principal import ADMINISTRATOR, IN_A_CHRONICLE, SEES_ALL, VIEW_SERVER, Principal, standing_of
from chronicle.rights import ABOUT_CHARACTERS, can, names_for
from discordauth.models import CustomUser
from rules.errors import Invalid, NotFound

# Of a character these decide, beside whose it is and whether it is locked.
_SIGHT = SEES_ALL | {VIEW_SERVER}


def why(
    asking: Principal,
    place: Server | Chronicle,
    user_id: UUID,
    action: str,
    character: Any = None,
) -> dict[str, Any]:
    """`{"user", "action", "allowed", "reason", "chain"}` for a member, in a server or in one of its chronicles.

    Each link of the chain names who spoke (`platform`, `owner`, a role, or nobody), about which permission, and
    what it said. About oneself everyone may ask. Raises NotFound, NotAllowed, Invalid (no such action).
    """
    can(asking, "server.view" if isinstance(place, Server) else "chronicle.view", place).require()
    if user_id != asking.id:
        can(asking, "server.why", place).require()
    user = _member(place, user_id)
    about = character if action in ABOUT_CHARACTERS else place
    if about is None:
        raise Invalid.field("character", "This action is about a character. Which one?")
    names = sorted(_SIGHT if action in ABOUT_CHARACTERS else names_for(action))
    decision = can(Principal.for_user(user), action, about)
    return {
        "user": user.as_json(),
        "action": action,
        "allowed": bool(decision),
        "reason": decision.reason,
        "chain": _chain(user, place, names, character if action in ABOUT_CHARACTERS else None),
    }


def _member(place: Server | Chronicle, user_id: UUID) -> CustomUser:
    server_id = place.id if isinstance(place, Server) else place.server_id
    rows = ServerMember.objects.filter(server_id=server_id, user_id=user_id).select_related("user")
    found = rows.first()
    if found is None:
        raise NotFound("This person is not a member here.")
    return found.user


def _chain(
    user: CustomUser, place: Server | Chronicle, names: Iterable[str], character: Any
) -> list[dict[str, Any]]:
    server_id = place.id if isinstance(place, Server) else place.server_id
    chronicle_id = None if isinstance(place, Server) else place.id
    chain: list[dict[str, Any]] = []
    if user.is_superuser:
        chain.append(_link("platform", "Platform admin", "everything", "allow"))
    if Server.objects.filter(pk=server_id, owner_id=user.pk).exists():
        chain.append(_link("owner", "Owner of the server", "everything", "allow"))
    roles = _asked(user, server_id, chronicle_id)
    if (link := _first(roles, ADMINISTRATOR)) is not None:
        chain.append(link)
    chain += [_first(roles, name) or _link("nobody", "No role", name, "absent") for name in names]
    return chain + (_of_character(user, character) if character is not None else [])


def _asked(user: CustomUser, server_id: UUID, chronicle_id: UUID | None) -> list[ServerRole]:
    """In the order in which they are asked: those of the chronicle, then those of the server from the highest."""
    rows = [one for one in standing_of(user.pk, server_id) if one.chronicle_id in (None, chronicle_id)]
    return sorted(rows, key=lambda one: one.chronicle_id is None)


def _first(roles: list[ServerRole], name: str) -> dict[str, Any] | None:
    for role in roles:
        counts = role.chronicle_id is None or name in IN_A_CHRONICLE
        if counts and role.permissions.get(name) in ("allow", "deny"):
            return _link("role", role.name, name, role.permissions[name]) | {
                "role": str(role.pk),
                "position": role.position,
                "chronicle": str(role.chronicle_id) if role.chronicle_id else None,
            }
    return None


def _link(kind: str, name: str, permission: str, says: str) -> dict[str, Any]:
    return {"by": kind, "name": name, "permission": permission, "says": says}


def _of_character(user: CustomUser, character: Any) -> list[dict[str, Any]]:
    says = "yes" if character.owner_id == user.pk else "no"
    chain = [_link("character", "Its player", "owner", says)]
    if character.locked:
        chain.append(_link("character", "Locked by a storyteller", "locked", "yes"))
    return chain
