"""`/server role …` and `/server why`: roles that were made here, and who may do what for which reason."""

import re
from typing import Any, Literal

import discord
from discord import app_commands
from discord.app_commands import Range

from rodbot.characters import names
from rodbot.chronicles.models import Role, Why
from rodbot.core import caller as facts
from rodbot.core.caller import Facts
from rodbot.core.errors import Refused
from rodbot.core.options import Option, command
from rodbot.core.respond import Reply, run
from rodbot.core.text import MESSAGE, clip, joined, plain
from rodbot.dice.options import Ask, Interaction, Short, Values, completing, number

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
ACTIONS = (
    "channel.manage",
    "channel.send",
    "channel.view",
    "character.create",
    "character.delete",
    "character.edit",
    "character.history",
    "character.lock",
    "character.propose",
    "character.review",
    "character.view",
    "chronicle.characters",
    "chronicle.create",
    "chronicle.lead",
    "chronicle.manage",
    "chronicle.notes",
    "chronicle.tell",
    "chronicle.view",
    "conflict.run",
    "role.edit",
    "role.grant",
    "roll.make",
    "roll.request",
    "roll.reroll",
    "roll.reveal",
    "roll.strike",
    "roll.view",
    "server.channels",
    "server.invite",
    "server.manage",
    "server.members",
    "server.roles",
    "server.view",
)


def _here(interaction: Interaction) -> int:
    if interaction.guild_id is None:
        raise Refused("This works on a server only.")
    return interaction.guild_id


def _own(interaction: Interaction) -> Ask:
    async def ask(who: Facts, character: str | None, q: str) -> list[tuple[str, str]]:
        found = await facts.bot(interaction).backend.community.roles(who, _here(interaction))
        return [(one.id, one.name) for one in found if q.casefold() in one.name.casefold()]

    return ask


async def _actions(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    found = [one for one in ACTIONS if current.casefold() in one]
    return [app_commands.Choice(name=one, value=one) for one in found[: names.MOST]]


WHICH = Option("role", Short, "Which role", True, completing(_own, "roles", option="-"))
WHO = Option("user", discord.User, "Whom", True)


def _told(found: list[Role]) -> Reply:
    lines = [_line(one) for one in found]
    return Reply(content=clip(joined(lines, MESSAGE, 60), MESSAGE))


def _line(one: Role) -> str:
    said = (
        ", ".join(f"{'not ' if says == 'deny' else ''}{name}" for name, says in one.permissions) or "nothing"
    )
    mark = "◆" if one.is_own else "◇"
    return f"{mark} {plain(one.name, 60)} ({one.position}; held by {one.members}): {plain(said, 300)}"


def _add(name: str, description: str, options: list[Option], work: Any) -> None:
    async def acted(interaction: Interaction, values: Values) -> None:
        await run(interaction, work(interaction, values))

    group.add_command(command(name, description, options, acted))


async def _list(interaction: Interaction, values: Values) -> Reply:
    calls = facts.bot(interaction).backend.community
    return _told(await calls.roles(facts.of(interaction), _here(interaction)))


def _values(values: Values) -> dict[str, Any]:
    found = {name: values[name] for name in ("name", "color", "position") if values.get(name) is not None}
    named = [values[name] for name in ("allow", "allow2", "allow3") if values.get(name)]
    return found | ({"permissions": dict.fromkeys(named, "allow")} if named else {})


async def _create(interaction: Interaction, values: Values) -> Reply:
    calls = facts.bot(interaction).backend.community
    return _told(await calls.make_role(facts.of(interaction), _here(interaction), _values(values)))


async def _edit(interaction: Interaction, values: Values) -> Reply:
    wanted = _values(values) | ({"permissions": {}} if values.get("nothing") else {})
    if not wanted:
        raise Refused("Say what shall be otherwise.")
    calls = facts.bot(interaction).backend.community
    return _told(await calls.change_role(facts.of(interaction), _here(interaction), values["role"], wanted))


async def _delete(interaction: Interaction, values: Values) -> Reply:
    calls = facts.bot(interaction).backend.community
    return _told(await calls.delete_role(facts.of(interaction), _here(interaction), values["role"]))


async def _hold(interaction: Interaction, values: Values, held: bool) -> Reply:
    calls = facts.bot(interaction).backend.community
    here, user = _here(interaction), values["user"].id
    return _told(await calls.hold_role(facts.of(interaction), here, values["role"], user, held))


async def _grant(interaction: Interaction, values: Values) -> Reply:
    return await _hold(interaction, values, True)


async def _take(interaction: Interaction, values: Values) -> Reply:
    return await _hold(interaction, values, False)


async def _why(interaction: Interaction, values: dict[str, Any]) -> None:
    await run(interaction, _explained(interaction, values))


async def _explained(interaction: Interaction, values: Values) -> Reply:
    body = {"user": str(values["user"].id), "action": values["action"]}
    body |= {name: values[name] for name in ("chronicle", "character", "role") if values.get(name)}
    if values.get("channel"):
        body["channel"] = str(values["channel"].id)
    if values.get("roll"):
        body["roll"] = _roll_id(values["roll"])
    calls = facts.bot(interaction).backend.community
    return Reply(content=_chain(await calls.why(facts.of(interaction), _here(interaction), body)))


def _roll_id(text: str) -> str:
    """A roll is named by its id, or by the address of its page."""
    found = _ID.search(text.casefold())
    if found is None:
        raise Refused("A roll is named by the address of its page.")
    return found[0]


def _chain(found: Why) -> str:
    verdict = "may" if found.allowed else "may not"
    lines = [f"**{plain(found.name, 60)}** {verdict} {plain(found.words, 100)}. {plain(found.reason, 300)}"]
    lines += [f"• {plain(by, 60)} says about {plain(what, 40)}: {says}" for by, what, says in found.chain]
    return clip(joined(lines, MESSAGE, 40), MESSAGE)


SAYS = [
    Option("color", Range[str, 7, 7], "As #7a4fa3"),
    number("position", 1, 1000, "The higher speaks first; below your own highest"),
    Option("allow", PERMISSIONS, "What it allows"),
    Option("allow2", PERMISSIONS, "And what else"),
    Option("allow3", PERMISSIONS, "And what else"),
]
_add("list", "All roles, and what each of them says", [], _list)
_add("create", "Make a role", [Option("name", Range[str, 1, 100], "Its name", True), *SAYS], _create)
_add(
    "edit",
    "Change a role; what it allows is named anew",
    [
        WHICH,
        Option("name", Range[str, 1, 100], "Another name"),
        *SAYS,
        Option("nothing", bool, "It allows nothing"),
    ],
    _edit,
)
_add("delete", "Delete a role that was made here", [WHICH], _delete)
_add("grant", "Give a role to a member", [WHICH, WHO], _grant)
_add("take", "Take a role from a member", [WHICH, WHO], _take)

why = command(
    "why",
    "Why somebody may do something here, or may not",
    [
        WHO,
        Option("action", Short, "What", True, _actions),
        Option("chronicle", Short, "In which chronicle; what is played here if left out"),
        Option("character", Short, "About which of that person’s characters", complete=names.completion(())),
        Option("channel", discord.TextChannel, "About which channel"),
        Option("role", Short, "About which role", complete=completing(_own, "roles", option="-")),
        Option("roll", Range[str, 1, 200], "About which roll: the address of its page, or its id"),
    ],
    _why,
)
