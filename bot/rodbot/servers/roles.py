"""`/server role …` and `/server why`: roles that were made here, and why a member may or may not do something."""

import re
from collections.abc import Callable

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from contract import endpoints, servers
from contract.actions import ACTIONS
from contract.members import Role, Roles, RoleValues
from contract.permissions import CHECKED_LABELS, PERMISSION_LABELS, PermissionExplained
from contract.translation import N_, _, n_
from rodbot.characters.names import character_names
from rodbot.core.calls import call, send
from rodbot.core.completion import choices, completion, matching
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.options import Option, Short, Values, add_command, command, field_option, input_of
from rodbot.core.reply import Reply
from rodbot.core.respond import Work
from rodbot.core.text import MESSAGE, clip, escape, join_lines

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

group = app_commands.Group(name="role", description="Manage this server’s roles below your highest one")
SAYS = {"allow": N_("allowed"), "deny": N_("not allowed"), "absent": N_("not set")}


async def _role_names(interaction: Interaction, _other: str | None, query: str) -> list[tuple[str, str]]:
    roles = await call(interaction, endpoints.LIST_ROLES, servers.GetServer())
    return matching([(str(role.id), role.name) for role in roles.results], query)


async def _actions(interaction: Interaction, current: str) -> list[Choice[str]]:
    return choices(matching([(action, _(words)) for action, words in ACTIONS.items()], current))


ROLE_NAMES = completion(_role_names, "roles")
WHICH = Option("role", Short, "Role", True, ROLE_NAMES)
USER = Option("user", discord.User, "Member", True)


def _listed(roles: Roles) -> Reply:
    return Reply(content=clip(join_lines([_line(role) for role in roles.results], MESSAGE, 60), MESSAGE))


def _line(role: Role) -> str:
    states = sorted(role.permissions.items())
    permissions = [
        _("not: {permission}", permission=_permission(name)) if state == "deny" else _permission(name)
        for name, state in states
    ]
    mark = "◇" if role.system or role.discord_id else "◆"
    summary = escape(", ".join(permissions) or _("no permissions"), 300)
    held = n_("{count} member", "{count} members", role.members)
    return f"{mark} {escape(role.name, 60)} ({role.position}; {held}): {summary}"


def _permission(name: str) -> str:
    return _(PERMISSION_LABELS.get(name) or CHECKED_LABELS.get(name, name))


async def _list(interaction: Interaction, values: Values) -> Reply:
    return _listed(await call(interaction, endpoints.LIST_ROLES, servers.GetServer()))


def _role_values(values: Values) -> RoleValues:
    allowed = [values[name] for name in ("allow", "allow2", "allow3") if values.get(name)]
    permissions = dict.fromkeys(allowed, "allow")
    return input_of(RoleValues, values, permissions=permissions if allowed or values.get("nothing") else None)


async def _create(interaction: Interaction, values: Values) -> Reply:
    return _listed(await send(interaction, endpoints.CREATE_ROLE, {"values": _role_values(values)}))


async def _edit(interaction: Interaction, values: Values) -> Reply:
    wanted = _role_values(values)
    if not wanted.model_fields_set:
        raise Refused(_("Choose what to change."))
    return _listed(await send(interaction, endpoints.CHANGE_ROLE, {**values, "values": wanted}))


async def _delete(interaction: Interaction, values: Values) -> Reply:
    return _listed(await send(interaction, endpoints.DELETE_ROLE, values))


def _holding(held: bool) -> Callable[[Interaction, Values], Work]:
    async def hold(interaction: Interaction, values: Values) -> Reply:
        return _listed(await send(interaction, endpoints.HOLD_ROLE, values, held=held))

    return hold


async def _why(interaction: Interaction, values: Values) -> Reply:
    roll = _roll_id(values["roll"]) if values.get("roll") else None
    return Reply(content=_explained(await send(interaction, endpoints.EXPLAIN_PERMISSION, values, roll=roll)))


def _roll_id(text: str) -> str:
    """The id in a roll's id or in the address of its page."""
    match = _ID.search(text.casefold())
    if match is None:
        raise Refused(_("Paste the address of the roll’s page, or its id."))
    return match[0]


def _explained(why: PermissionExplained) -> str:
    name, action = escape(why.user.name, 60), escape(_(why.words), 100)
    if why.allowed:
        verdict = _("**{name}** can {action}.", name=name, action=action)
    else:
        verdict = _("**{name}** can’t {action}.", name=name, action=action)
    lines = [f"{verdict} {escape(why.reason, 300)}" if why.reason else verdict]
    lines += [
        f"• {escape(_(link.name), 60)} – {_permission(link.permission)}: {_(SAYS.get(link.says, link.says))}"
        for link in why.chain
    ]
    return clip(join_lines(lines, MESSAGE, 40), MESSAGE)


PERMISSION_CHOICES = tuple((label, slug) for slug, label in PERMISSION_LABELS.items())
SETTINGS = [
    Option("color", Range[str, 7, 7], "Colour, such as #7a4fa3"),
    field_option(RoleValues, "position", "Position: higher roles decide first; below your highest"),
    Option("allow", str, "Permission", choices=PERMISSION_CHOICES),
    Option("allow2", str, "Another permission", choices=PERMISSION_CHOICES),
    Option("allow3", str, "Another permission", choices=PERMISSION_CHOICES),
]
add_command(group, "list", "List all roles and their permissions", [], _list)
add_command(
    group, "create", "New role", [Option("name", Range[str, 1, 100], "Name", True), *SETTINGS], _create
)
add_command(
    group,
    "edit",
    "Change a role; list all of its permissions",
    [
        WHICH,
        Option("name", Range[str, 1, 100], "New name"),
        *SETTINGS,
        Option("nothing", bool, "Remove all permissions"),
    ],
    _edit,
)
add_command(group, "delete", "Delete a role", [WHICH], _delete)
add_command(group, "grant", "Give a role to a member", [WHICH, USER], _holding(True))
add_command(group, "take", "Take a role from a member", [WHICH, USER], _holding(False))

why = command(
    "why",
    "Check why somebody can or can’t do something here",
    [
        USER,
        Option("action", Short, "Action", True, _actions),
        Option("chronicle", Short, "Chronicle (default: this channel’s)"),
        Option("character", Short, "One of the member’s characters", complete=character_names()),
        Option("channel", discord.TextChannel, "Channel"),
        Option("role", Short, "Role", complete=ROLE_NAMES),
        Option("roll", Range[str, 1, 200], "Roll: the address of its page, or its id"),
    ],
    _why,
)
