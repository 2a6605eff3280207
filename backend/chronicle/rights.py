"""Permission checks for every door: REST, pages, sockets and the bot API. The one place that decides.

`can(principal, action, obj)` is pure once the principal's permissions are loaded. Characters are known by
their `owner_id`, `chronicle_id`, `chronicle.server_id` and `locked` only, as they live above this app.
A stranger gets a hidden decision, which reads like "there is no such thing".
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chronicle import read_only
from chronicle.channel_rights import CHANNEL, MANAGES_CHANNELS, about_channel
from chronicle.conversation_rights import CONVERSATION, about_conversation
from chronicle.decision import YES, Decision, hidden, no
from chronicle.message_rights import MESSAGE
from chronicle.models import Chronicle, Server, ServerRole
from chronicle.principal import (
    ADMINISTRATOR,
    CREATE_CHARACTER,
    INVITE_MEMBERS,
    MANAGE_CHANNELS,
    MANAGE_CHRONICLES,
    MANAGE_MEMBERS,
    MANAGE_MESSAGES,
    MANAGE_ROLES,
    MANAGE_SERVER,
    NONE,
    RUN_CONFLICTS,
    SEES_ALL,
    STORYTELLER,
    VIEW_SERVER,
    Principal,
)
from chronicle.roll_rights import ROLL
from chronicle.scene_rights import SCENE
from chronicle.stage_rights import about_stage
from chronicle.visibility import (
    STORYTELLER_ONLY,
    StreamRef,
    character_level,
    is_storyteller_in_server,
    is_storyteller_of,
    level,
    roll_level,
    rows_with_permission,
    sees_roll,
    stream_ref,
)
from contract.translation import N_, _
from rules.errors import Invalid
from rules.visibility import PRIVATE, PUBLIC, TABLE, Level

__all__ = [
    "ABOUT",
    "ACTIONS",
    "STORYTELLER_ONLY",
    "Decision",
    "StreamRef",
    "can",
    "character_level",
    "is_storyteller_in_server",
    "is_storyteller_of",
    "level",
    "roll_level",
    "rows_with_permission",
    "sees_roll",
    "stream_ref",
]


@dataclass(frozen=True, slots=True)
class _Ask:
    """A question about a character, with everything that its answer depends on."""

    principal: Principal
    character: Any
    level: Level
    trackers_only: bool
    field_level: Level

    @property
    def is_owner(self) -> bool:
        return self.principal.id is not None and self.principal.id == self.character.owner_id

    @property
    def is_storyteller(self) -> bool:
        return is_storyteller_of(self.principal, self.character)


def _view(ask: _Ask) -> Decision:
    return YES


def _history(ask: _Ask) -> Decision:
    if ask.level >= PRIVATE:
        return YES
    return no(_("Only its player and the storytellers can see this character’s history."))


def _edit(ask: _Ask) -> Decision:
    if ask.is_storyteller:
        return YES
    if not ask.is_owner:
        return no(_("That’s another player’s character."))
    if ask.character.locked and not ask.trackers_only:
        return no(_("A storyteller has locked this character, so you can only change its trackers for now."))
    if ask.field_level > PRIVATE:
        return no(_("Only storytellers can see or change this trait."))
    return YES


def _speak(ask: _Ask) -> Decision:
    """A locked sheet changes nothing about this, as with rolls: its player still plays."""
    if ask.is_owner or ask.is_storyteller:
        return YES
    return no(_("That’s another player’s character."))


def _delete(ask: _Ask) -> Decision:
    if ask.is_owner or ask.principal.is_platform_admin:
        return YES
    return no(_("Only its player can delete or restore a character."))


def _propose(ask: _Ask) -> Decision:
    if ask.is_owner or ask.is_storyteller:
        return YES
    return no(_("Only its player and the storytellers can request changes to this character."))


def _review(ask: _Ask) -> Decision:
    return YES if ask.is_storyteller else no(_("Only a storyteller can decide this."))


def _lock(ask: _Ask) -> Decision:
    return YES if ask.is_storyteller else no(_("Only a storyteller can lock or unlock a character."))


_CHARACTER: dict[str, Callable[[_Ask], Decision]] = {
    "character.view": _view,
    "character.history": _history,
    "character.edit": _edit,
    "character.edit_field": _edit,
    "character.undo": _edit,
    "character.move": _edit,
    "character.visibility": _edit,
    "character.speak": _speak,
    "character.delete": _delete,
    "character.restore": _delete,
    "character.lock": _lock,
    "character.propose": _propose,
    "character.review": _review,
}

_LEADS = frozenset({MANAGE_CHRONICLES, MANAGE_SERVER})
_ROLE: dict[str, frozenset[str]] = {
    "role.edit": frozenset({MANAGE_ROLES, MANAGE_SERVER}),
    "role.grant": frozenset({MANAGE_ROLES, MANAGE_MEMBERS, MANAGE_SERVER}),
}

# Action → the permissions of which one is enough, and the sentence for those who have none of them.
_SERVER: dict[str, tuple[frozenset[str], str]] = {
    "server.view": (frozenset({VIEW_SERVER}), ""),
    "server.manage": (frozenset({MANAGE_SERVER}), N_("You need permission to manage this server.")),
    "server.roles": (
        frozenset({MANAGE_ROLES, MANAGE_SERVER}),
        N_("You need permission to manage this server’s roles."),
    ),
    "server.members": (
        frozenset({MANAGE_MEMBERS, MANAGE_SERVER}),
        N_("You need permission to manage this server’s members."),
    ),
    "server.channels": (
        frozenset({MANAGE_CHANNELS, MANAGE_SERVER}),
        N_("You need permission to manage this server’s channels."),
    ),
    "server.delete": (
        frozenset({ADMINISTRATOR}),
        N_("Only this server’s administrators can delete or restore it."),
    ),
    "server.promote": (
        frozenset({ADMINISTRATOR}),
        N_("Only this server’s administrators can choose its moderators and administrators."),
    ),
    "server.invite": (
        frozenset({INVITE_MEMBERS, MANAGE_MEMBERS, MANAGE_SERVER, STORYTELLER}),
        N_("You need permission to invite people."),
    ),
    "server.why": (
        frozenset({MANAGE_ROLES, MANAGE_MEMBERS, MANAGE_SERVER, STORYTELLER}),
        N_("Only storytellers and server managers can check other people’s permissions."),
    ),
    "chronicle.create": (_LEADS, N_("You need permission to manage this server’s chronicles.")),
    "chronicle.lead": (
        _LEADS,
        N_("Only the lead storyteller and those who manage the server’s chronicles can do this."),
    ),
    "chronicle.view": (frozenset({VIEW_SERVER}), ""),
    "chronicle.manage": (
        frozenset({STORYTELLER, MANAGE_CHRONICLES, MANAGE_SERVER}),
        N_("Only storytellers and server managers can change a chronicle."),
    ),
    "chronicle.characters": (SEES_ALL, N_("Only storytellers can see all characters of a chronicle.")),
    "chronicle.notes": (frozenset({STORYTELLER}), N_("Only storytellers can read their notes.")),
    "chronicle.tell": (frozenset({STORYTELLER}), N_("Only a storyteller of this chronicle can do this.")),
    "chronicle.honour": (
        frozenset({STORYTELLER}),
        N_("Only a storyteller of this chronicle can confirm badges and help."),
    ),
    "character.create": (frozenset({CREATE_CHARACTER}), N_("You can’t create characters in this server.")),
    "roll.request": (frozenset({STORYTELLER}), N_("Only a storyteller can ask players for rolls.")),
    "conflict.run": (frozenset({RUN_CONFLICTS, STORYTELLER}), N_("Only a storyteller can run a conflict.")),
    "episode.run": (frozenset({STORYTELLER}), N_("Only a storyteller can plan and run episodes.")),
    "episode.answer": (frozenset({VIEW_SERVER}), ""),
    "campaign.run": (
        frozenset({STORYTELLER}),
        N_("Only a storyteller of this chronicle decides what the public sees."),
    ),
}


# What an action is about, where it is not about a server or a chronicle. A character or none, for roll.make.
ABOUT = {
    **dict.fromkeys(_CHARACTER, "character"),
    **dict.fromkeys(CHANNEL, "channel"),
    **dict.fromkeys(_ROLE, "role"),
    **dict.fromkeys(ROLL, "roll"),
}
ACTIONS = (*ABOUT, "roll.make", *_SERVER)


def names_for(action: str, thing: Any = None) -> frozenset[str]:
    """Return the permissions of which one is enough for the action. Raises Invalid."""
    if action in _ROLE:
        return _LEADS if thing is not None and thing.chronicle_id else _ROLE[action]
    if action in CHANNEL:
        moderating = {MANAGE_MESSAGES} if action == "channel.moderate" else NONE
        return MANAGES_CHANNELS | {VIEW_SERVER} | moderating
    if action in ABOUT or action == "roll.make":
        return SEES_ALL | {VIEW_SERVER}
    if action not in _SERVER:
        raise Invalid.field(
            "action", _("There’s no such action. Choose one of: {actions}.", actions=", ".join(ACTIONS))
        )
    enough = _SERVER[action][0]
    barred = action == "server.members" and thing is not None and not moderators_manage_members(thing)
    return enough - {MANAGE_MEMBERS} if barred else enough


# What changes something that is played; looking on, and deleting what is one's own, is always possible.
_PLAYS = frozenset(
    {
        *(
            f"character.{verb}"
            for verb in ("edit", "edit_field", "undo", "move", "visibility", "restore", "lock")
        ),
        *("character.propose", "character.review", "character.create", "character.speak"),
        *("roll.make", "roll.reroll", "roll.request", "chronicle.tell", "conflict.run"),
        *("episode.run", "episode.answer"),
        *("scene.open", "scene.play", "scene.run"),
    }
)


def can(
    principal: Principal,
    action: str,
    obj: Any = None,
    *,
    trackers_only: bool = False,
    field_level: Level = PUBLIC,
) -> Decision:
    """Decide whether the principal may perform the action, including whether its chronicle is read-only.

    `obj` is a character, a Chronicle, a Server, a ServerRole, a ServerChannel, a roll, or a StreamRef; for
    character.create the chronicle, or None; for roll.make the character, the chronicle where nobody's sheet is meant,
    or None in a direct message.
    `trackers_only`: all traits to be changed are trackers; `field_level`: the level of the most secret one.
    """
    decision = _can(principal, action, obj, trackers_only, field_level)
    if not decision or action not in _PLAYS or obj is None or isinstance(obj, Server):
        return decision
    reason = read_only.read_only_reason(obj if isinstance(obj, Chronicle) else obj.chronicle)
    return Decision(False, reason[1], code=reason[0]) if reason else decision


def _can(principal: Principal, action: str, obj: Any, trackers_only: bool, field_level: Level) -> Decision:
    if action in _CHARACTER:
        return _about_character(principal, action, obj, trackers_only, field_level)
    if action in ROLL:
        return ROLL[action](principal, obj) if sees_roll(principal, obj) else hidden("roll")
    if action in CHANNEL:
        return about_channel(principal, action, obj)
    if action in CONVERSATION:
        return about_conversation(principal, action, obj)
    if action in MESSAGE:
        return MESSAGE[action](principal, obj)
    if action in SCENE:
        return SCENE[action](principal, obj)
    if action == "campaign.produce":
        return about_stage(principal, obj)
    if action in _ROLE:
        return _about_role(principal, action, obj)
    if action == "roll.make":
        return _make_roll(principal, obj)
    if action == "stream.subscribe":
        return _subscribe(principal, obj)
    if action == "progress.reset":
        return YES if principal.is_admin else no(_("Only admins of this platform can reset progress."))
    if action == "character.create" and obj is None:
        return no(_("Sign in to create a character.")) if principal.is_anonymous else YES
    return _about_server(principal, action, obj)


def _about_character(
    principal: Principal, action: str, character: Any, trackers_only: bool, field_level: Level
) -> Decision:
    seen = character_level(principal, character)
    if seen < TABLE:
        return hidden("character")
    return _CHARACTER[action](_Ask(principal, character, seen, trackers_only, field_level))


def _make_roll(principal: Principal, obj: Any) -> Decision:
    if principal.id is None:
        return no(_("Sign in to roll."))
    if obj is None:
        return YES
    if isinstance(obj, Chronicle):
        seen = VIEW_SERVER in principal.permissions(obj.server_id) or principal.is_platform_admin
        return YES if seen else hidden("chronicle")
    held = character_level(principal, obj)
    if held < TABLE:
        return hidden("character")
    mine = principal.id == obj.owner_id or is_storyteller_of(principal, obj)
    return YES if mine else no(_("That’s another player’s character."))


def _about_server(principal: Principal, action: str, obj: Server | Chronicle) -> Decision:
    enough, sentence = _SERVER[action]
    if action == "server.members" and not moderators_manage_members(obj):
        enough = enough - {MANAGE_MEMBERS}
    permissions = _held(principal, obj)
    if principal.is_platform_admin or enough & permissions:
        return YES
    if VIEW_SERVER not in permissions:
        return hidden("chronicle" if isinstance(obj, Chronicle) else "server")
    if principal.is_closed(obj.server_id if isinstance(obj, Chronicle) else obj.id):
        return Decision(False, _(read_only.DELETED), code="server_deleted")
    return no(_(sentence))


def moderators_manage_members(server: Any) -> bool:
    """Return whether moderators add and remove members there: they do unless the server's admins say otherwise."""
    return bool(server.settings.get("moderators_manage_members", True))


def _held(principal: Principal, obj: Server | Chronicle) -> frozenset[str]:
    if isinstance(obj, Chronicle):
        return principal.permissions(obj.server_id, obj.id)
    return principal.permissions(obj.id)


def _about_role(principal: Principal, action: str, role: ServerRole) -> Decision:
    """Refuse changes to roles at or above the principal's own highest role.

    The roles of a chronicle stand beside that order: they are for who leads the chronicle.
    """
    held = principal.permissions(role.server_id, role.chronicle_id)
    if VIEW_SERVER not in held and not principal.is_platform_admin:
        return hidden("role")
    if not held & (_LEADS if role.chronicle_id else _ROLE[action]):
        return no(_("You need permission to manage these roles."))
    if role.chronicle_id is None and principal.rank(role.server_id) <= role.position:
        return no(_("“{name}” is as high as your own highest role, or higher.", name=role.name))
    return YES


def _subscribe(principal: Principal, stream: StreamRef) -> Decision:
    if stream.kind == "user":
        # Their own rolls come here, which are nobody else's: no platform admin's either.
        allowed = principal.is_system or principal.id == stream.id
    else:
        allowed = VIEW_SERVER in principal.permissions(stream.server_id)
    return YES if allowed else hidden("stream")
