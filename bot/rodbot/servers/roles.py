"""`/server role …` and `/server why`: roles that were made here, and why a member may or may not do something."""

import re
from collections.abc import Callable
from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from contract import endpoints, servers
from contract.actions import ACTIONS
from contract.permissions import ExplainPermission, PermissionExplained
from contract.servers import Role, Roles, RoleValues
from rodbot.characters.names import character_names
from rodbot.core.calls import call
from rodbot.core.completion import choices, completion, matching
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.options import Option, Short, Values, command, field_option, input_of
from rodbot.core.reply import Reply
from rodbot.core.respond import Work
from rodbot.core.text import MESSAGE, clip, escape, join_lines

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

group = app_commands.Group(name="role", description="Roles of this server, below your own highest")
PERMISSIONS = Literal[
    "manage_server",
    "manage_roles",
    "manage_members",
    "manage_chronicles",
    "manage_channels",
    "invite_members",
    "storyteller",
    "observe",
    "run_conflicts",
    "create_character",
    "view_server",
]


async def _role_names(interaction: Interaction, _: str | None, query: str) -> list[tuple[str, str]]:
    roles = await call(interaction, endpoints.LIST_ROLES, servers.GetServer())
    return matching([(str(role.id), role.name) for role in roles.results], query)


async def _actions(interaction: Interaction, current: str) -> list[Choice[str]]:
    return choices(matching(ACTIONS.items(), current))


ROLE_NAMES = completion(_role_names, "roles")
WHICH = Option("role", Short, "Which role", True, ROLE_NAMES)
USER = Option("user", discord.User, "Whom", True)


def _listed(roles: Roles) -> Reply:
    return Reply(content=clip(join_lines([_line(role) for role in roles.results], MESSAGE, 60), MESSAGE))


def _line(role: Role) -> str:
    states = sorted(role.permissions.items())
    permissions = [f"{'not ' if state == 'deny' else ''}{name}" for name, state in states]
    mark = "◇" if role.system or role.discord_id else "◆"
    summary = escape(", ".join(permissions) or "nothing", 300)
    return f"{mark} {escape(role.name, 60)} ({role.position}; held by {role.members}): {summary}"


async def _list(interaction: Interaction, values: Values) -> Reply:
    return _listed(await call(interaction, endpoints.LIST_ROLES, servers.GetServer()))


def _role_values(values: Values) -> RoleValues:
    allowed = [values[name] for name in ("allow", "allow2", "allow3") if values.get(name)]
    permissions = dict.fromkeys(allowed, "allow")
    return input_of(RoleValues, values, permissions=permissions if allowed or values.get("nothing") else None)


async def _create(interaction: Interaction, values: Values) -> Reply:
    created = servers.CreateRoleOfValues(values=_role_values(values))
    return _listed(await call(interaction, endpoints.CREATE_ROLE, created))


async def _edit(interaction: Interaction, values: Values) -> Reply:
    wanted = _role_values(values)
    if not wanted.model_fields_set:
        raise Refused("Say what to change.")
    given = input_of(servers.ChangeRoleToValues, values, values=wanted)
    return _listed(await call(interaction, endpoints.CHANGE_ROLE, given))


async def _delete(interaction: Interaction, values: Values) -> Reply:
    return _listed(await call(interaction, endpoints.DELETE_ROLE, input_of(servers.OneRole, values)))


def _holding(held: bool) -> Callable[[Interaction, Values], Work]:
    async def hold(interaction: Interaction, values: Values) -> Reply:
        given = input_of(servers.HoldRole, values, held=held)
        return _listed(await call(interaction, endpoints.HOLD_ROLE, given))

    return hold


async def _why(interaction: Interaction, values: Values) -> Reply:
    asked = input_of(
        ExplainPermission,
        values,
        roll=_roll_id(values["roll"]) if values.get("roll") else None,
    )
    return Reply(content=_explained(await call(interaction, endpoints.EXPLAIN_PERMISSION, asked)))


def _roll_id(text: str) -> str:
    """The id in a roll's id or in the address of its page."""
    match = _ID.search(text.casefold())
    if match is None:
        raise Refused("A roll is named by the address of its page.")
    return match[0]


def _explained(why: PermissionExplained) -> str:
    verdict = "may" if why.allowed else "may not"
    lines = [f"**{escape(why.user.name, 60)}** {verdict} {escape(why.words, 100)}. {escape(why.reason, 300)}"]
    lines += [
        f"• {escape(link.name, 60)} says about {escape(link.permission, 40)}: {link.says}"
        for link in why.chain
    ]
    return clip(join_lines(lines, MESSAGE, 40), MESSAGE)


def _add(
    name: str, description: str, options: list[Option], work: Callable[[Interaction, Values], Work]
) -> None:
    group.add_command(command(name, description, options, work))


SETTINGS = [
    Option("color", Range[str, 7, 7], "As #7a4fa3"),
    field_option(RoleValues, "position", "The higher speaks first; below your own highest"),
    Option("allow", PERMISSIONS, "What it allows"),
    Option("allow2", PERMISSIONS, "And what else"),
    Option("allow3", PERMISSIONS, "And what else"),
]
_add("list", "All roles, and what each of them says", [], _list)
_add("create", "Make a role", [Option("name", Range[str, 1, 100], "Its name", True), *SETTINGS], _create)
_add(
    "edit",
    "Change a role; name all that it allows",
    [
        WHICH,
        Option("name", Range[str, 1, 100], "Another name"),
        *SETTINGS,
        Option("nothing", bool, "It allows nothing"),
    ],
    _edit,
)
_add("delete", "Delete a role that was made here", [WHICH], _delete)
_add("grant", "Give a role to a member", [WHICH, USER], _holding(True))
_add("take", "Take a role from a member", [WHICH, USER], _holding(False))

why = command(
    "why",
    "Why somebody may do something here, or may not",
    [
        USER,
        Option("action", Short, "What", True, _actions),
        Option("chronicle", Short, "In which chronicle; what is played here if left out"),
        Option("character", Short, "About which of that person’s characters", complete=character_names()),
        Option("channel", discord.TextChannel, "About which channel"),
        Option("role", Short, "About which role", complete=ROLE_NAMES),
        Option("roll", Range[str, 1, 200], "About which roll: the address of its page, or its id"),
    ],
    _why,
)
