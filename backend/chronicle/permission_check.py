"""Explain a permission decision: the roles that were checked in order, and which one decided."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from chronicle.channel_rights import CHANNEL
from chronicle.models import Chronicle, Server, ServerMember, ServerRole
from chronicle.principal import ADMINISTRATOR, IN_A_CHRONICLE, Principal, standing_of
from chronicle.rights import ABOUT, can, names_for
from contract.actions import ACTIONS
from contract.permissions import Link, PermissionExplained
from contract.translation import N_, _
from discordauth.models import CustomUser
from rules.errors import Invalid, NotFound

# What somebody must be able to see to ask about it; a role is the server's own.
_SEEN = {"character": "character.view", "channel": "channel.view", "roll": "roll.view"}
_SHUT = {"chronicle_archived": N_("Archived chronicle"), "server_resting": N_("Resting server")}


def explain_permission(
    asking: Principal,
    place: Server | Chronicle,
    user_id: UUID,
    action: str,
    thing: Any = None,
) -> PermissionExplained:
    """For a member, in a server or in a chronicle.

    `thing` is the character, channel, role or roll that the action is about. Each link of the chain names who spoke
    (`platform`, `owner`, a role, the thing itself, or nobody), about which permission, and what it said. About oneself
    everyone may ask. Raises NotFound, NotAllowed, Invalid (no such action, or nothing named that it is about).
    """
    can(asking, "server.view" if isinstance(place, Server) else "chronicle.view", place).require()
    if user_id != asking.id:
        can(asking, "server.why", place).require()
    user = _member(place, user_id)
    kind = kind_of(action, thing)
    if kind and thing is None:
        raise Invalid.field(kind, _("Choose what this action is about ({kind}).", kind=kind))
    if kind in _SEEN:
        can(asking, _SEEN[kind], thing).require()
    names = sorted(names_for(action, thing if kind else None))
    principal = Principal.for_user(user)
    decision = can(principal, action, thing if kind else _place_for(action, place))
    chain = _chain(user, place, names, kind, action, thing)
    if decision.code in _SHUT:
        chain.append(_link("chronicle", _(_SHUT[decision.code]), decision.code, "yes"))
    return PermissionExplained(
        user=user.as_person(),
        action=action,
        words=ACTIONS[action],
        allowed=bool(decision),
        reason=decision.reason,
        chain=chain,
    )


def kind_of(action: str, thing: Any = None) -> str:
    """Return what an action is about: `character`, `channel`, `role`, `roll`, or "" for the server or chronicle itself.

    To roll may be about a character, or about nobody's.
    """
    if action == "roll.make":
        return "character" if thing is not None else ""
    return ABOUT.get(action, "")


def _place_for(action: str, place: Server | Chronicle) -> Server | Chronicle:
    if action == "roll.make" and isinstance(place, Server):
        raise Invalid.field("chronicle", _("Choose a chronicle or a character."))
    return place


def _member(place: Server | Chronicle, user_id: UUID) -> CustomUser:
    server_id = place.id if isinstance(place, Server) else place.server_id
    rows = ServerMember.objects.filter(server_id=server_id, user_id=user_id).select_related("user")
    member = rows.first()
    if member is None:
        raise NotFound(_("This person isn’t a member here."))
    return member.user


def _chain(
    user: CustomUser, place: Server | Chronicle, names: Iterable[str], kind: str, action: str, thing: Any
) -> list[Link]:
    server_id = place.id if isinstance(place, Server) else place.server_id
    chronicle_id = None if isinstance(place, Server) else place.id
    chain: list[Link] = []
    if user.is_superuser:
        chain.append(_link("platform", _("Platform admin"), "everything", "allow"))
    if Server.objects.filter(pk=server_id, owner_id=user.pk).exists():
        chain.append(_link("owner", _("Owner of the server"), "everything", "allow"))
    held = standing_of(user.pk, server_id)
    roles = _asked(held, chronicle_id)
    if (link := _first(roles, ADMINISTRATOR)) is not None:
        chain.append(link)
    chain += [_first(roles, name) or _link("nobody", _("No role"), name, "absent") for name in names]
    if kind == "channel":
        return chain + _of_channel(held, thing, action)
    if kind == "role":
        return chain + _of_role(user, thing)
    if kind:
        return chain + (_of_roll if kind == "roll" else _of_character)(user, thing)
    return chain


def _asked(held: Iterable[ServerRole], chronicle_id: UUID | None) -> list[ServerRole]:
    """Return the roles in the order in which they are checked: the chronicle's, then the server's from the highest."""
    rows = [role for role in held if role.chronicle_id in (None, chronicle_id)]
    return sorted(rows, key=lambda role: role.chronicle_id is None)


def _first(roles: list[ServerRole], name: str) -> Link | None:
    for role in roles:
        counts = role.chronicle_id is None or name in IN_A_CHRONICLE
        if counts and role.permissions.get(name) in ("allow", "deny"):
            return _by_role(role, name, role.permissions[name])
    return None


def _by_role(role: ServerRole, name: str, says: str, by: str = "role") -> Link:
    return Link(
        by=by,
        name=role.name,
        permission=name,
        says=says,
        role=role.pk,
        position=role.position,
        chronicle=role.chronicle_id,
    )


def _link(kind: str, name: str, permission: str, says: str) -> Link:
    return Link(by=kind, name=name, permission=permission, says=says)


def _of_character(user: CustomUser, character: Any) -> list[Link]:
    says = "yes" if character.owner_id == user.pk else "no"
    chain = [_link("character", _("Its player"), "owner", says)]
    if character.locked:
        chain.append(_link("character", _("Locked by a storyteller"), "locked", "yes"))
    return chain


def _of_roll(user: CustomUser, roll: Any) -> list[Link]:
    owner_id = roll.character.owner_id if roll.character_id else None
    return [
        _link("roll", _("Visible to"), "visibility", roll.visibility),
        _link("roll", _("Rolled by"), "roller", "yes" if roll.roller_id == user.pk else "no"),
        _link("roll", _("The character's player"), "owner", "yes" if owner_id == user.pk else "no"),
    ]


def _of_channel(held: list[ServerRole], channel: Any, action: str) -> list[Link]:
    """Return the links of the channel's own document, role by role; see `chronicle.channel_rights`."""
    chain = [_link("channel", _("Private channel"), "private", "yes" if channel.is_private else "no")]
    for name in dict.fromkeys(("view_channel", CHANNEL[action])):
        says = {str(role.pk): channel.permissions.get(str(role.pk), {}).get(name) for role in held}
        spoke = next((role for role in held if says[str(role.pk)] in ("allow", "deny")), None)
        chain.append(
            _by_role(spoke, name, str(says[str(spoke.pk)]), "channel")
            if spoke
            else _link("channel", _("No role in this channel"), name, "absent")
        )
    return chain


def _of_role(user: CustomUser, role: ServerRole) -> list[Link]:
    """Compare ranks; roles of a chronicle have no rank among the server's roles."""
    if role.chronicle_id:
        return []
    below = Principal.for_user(user).rank(role.server_id) > role.position
    says = _("below their highest") if below else _("not below their highest")
    return [Link(by="position", name=role.name, permission="position", says=says, position=role.position)]
