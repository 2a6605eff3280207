"""`/chronicle …`: the chronicles of a server, their storytellers and house rules."""

from collections.abc import Callable
from typing import Any, Literal

import discord
from discord import app_commands
from discord.app_commands import Range

from rodbot.chronicles.calls import ChronicleCalls
from rodbot.chronicles.models import ROLES, Chronicle, Chronicles
from rodbot.core.bot import Interaction
from rodbot.core.completion import completion, matching
from rodbot.core.errors import Refused
from rodbot.core.options import Option, Short, Values, command
from rodbot.core.reply import Reply
from rodbot.core.respond import Work
from rodbot.core.text import MESSAGE, clip, escape, join_lines

group = app_commands.Group(
    name="chronicle", description="The chronicles of this server, and who tells them", guild_only=True
)
ROLE_SLUGS = {label: slug for slug, label in ROLES.items()}


async def _chronicles(interaction: Interaction, _: str | None, query: str) -> list[tuple[str, str]]:
    chronicles = await ChronicleCalls.of(interaction).list(archived=True)
    wanted = query.casefold()
    matches = [chronicle for chronicle in chronicles.results if wanted in chronicle.name.casefold()]
    return [(chronicle.id, _title(chronicle)) for chronicle in matches]


def _title(chronicle: Chronicle) -> str:
    return f"{chronicle.name} (archived)" if chronicle.is_archived else chronicle.name


CHRONICLE_NAMES = completion(_chronicles, "chronicles")
WHICH = Option(
    "chronicle", Short, "Which; what is played in this channel if left out", complete=CHRONICLE_NAMES
)
THIS = Option("chronicle", Short, "Which chronicle", True, CHRONICLE_NAMES)


def described(chronicle: Chronicle, head: str = "") -> Reply:
    """What everybody may know about a chronicle."""
    people = [f"{escape(name, 60)} ({role})" for name, role in chronicle.people]
    others = [escape(name, 60) for name in chronicle.storytellers if name not in dict(chronicle.people)]
    lines = [
        head,
        f"**{escape(_title(chronicle), 120)}**" + (" — newcomers play here" if chronicle.is_default else ""),
        escape(chronicle.description, 600) if chronicle.description else "",
        f"Told by {clip(', '.join(people + others), 400)}." if people or others else "Told by nobody yet.",
        *(f"• {escape(rule.label, 60)}: {escape(rule.value_label, 80)}" for rule in chronicle.rules),
        *(f"✦ {escape(tenet, 200)}" for tenet in chronicle.tenets),
    ]
    return Reply(content=clip(join_lines([line for line in lines if line], MESSAGE, 40), MESSAGE))


def _add(
    name: str, description: str, options: list[Option], work: Callable[[Interaction, Values], Work]
) -> None:
    group.add_command(command(name, description, options, work))


async def _list(interaction: Interaction, values: Values) -> Reply:
    chronicles = await ChronicleCalls.of(interaction).list(bool(values.get("archived")))
    return Reply(content=_listed(chronicles))


def _listed(chronicles: Chronicles) -> str:
    lines = [
        f"• {escape(_title(chronicle), 120)}"
        + (" — played in this channel" if chronicle.id == chronicles.here else "")
        + (" — newcomers play here" if chronicle.is_default else "")
        for chronicle in chronicles.results
    ]
    return clip(join_lines(lines, MESSAGE, 60), MESSAGE) or "No chronicles here."


async def _info(interaction: Interaction, values: Values) -> Reply:
    return described(await ChronicleCalls.of(interaction).look(values.get("chronicle")))


async def _create(interaction: Interaction, values: Values) -> Reply:
    calls = ChronicleCalls.of(interaction)
    created = await calls.create(values["name"], values.get("description") or "")
    return described(created, "A chronicle begins.")


async def _change(interaction: Interaction, values: Values, changes: Any, head: str) -> Reply:
    return described(await ChronicleCalls.of(interaction).change(values.get("chronicle"), changes), head)


async def _edit(interaction: Interaction, values: Values) -> Reply:
    changes = {name: values[name] for name in ("name", "description") if values.get(name) is not None}
    if not changes:
        raise Refused("Say what shall be otherwise: the name or the description.")
    return await _change(interaction, values, changes, "Changed.")


async def _default(interaction: Interaction, values: Values) -> Reply:
    return await _change(interaction, values, {"default": True}, "Newcomers play here from now on.")


async def _archive(interaction: Interaction, values: Values) -> Reply:
    sentence = "Archived: all of it can be read, and nothing changes."
    return await _change(interaction, values, {"archived": True}, sentence)


async def _restore(interaction: Interaction, values: Values) -> Reply:
    return await _change(interaction, values, {"archived": False}, "It goes on.")


async def _people(interaction: Interaction, values: Values) -> Reply:
    calls, role = ChronicleCalls.of(interaction), ROLE_SLUGS.get(values["role"])
    return described(await calls.set_role(values.get("chronicle"), values["user"].id, role))


async def _handover(interaction: Interaction, values: Values) -> Reply:
    calls = ChronicleCalls.of(interaction)
    return described(await calls.hand_over(values.get("chronicle"), values["user"].id), "Handed over.")


async def _leave(interaction: Interaction, values: Values) -> Reply:
    left = await ChronicleCalls.of(interaction).leave(values.get("chronicle"))
    return described(left, "You have no part in telling it any more.")


async def _bind(interaction: Interaction, values: Values) -> Reply:
    channel = values.get("channel") or interaction.channel
    if channel is None:
        raise Refused("Which channel?")
    bound = not values.get("off")
    chronicle = await ChronicleCalls.of(interaction).bind(values.get("chronicle"), channel.id, bound)
    if not bound:
        return Reply(content=f"Commands in <#{channel.id}> mean the server’s first chronicle again.")
    return Reply(content=f"Commands in <#{channel.id}> mean **{escape(chronicle.name, 100)}** from now on.")


async def _rules(interaction: Interaction, values: Values) -> Reply:
    if (values.get("rule") is None) != (values.get("value") is None):
        raise Refused("Name a rule and what it shall be, or neither to see all of them.")
    if values.get("rule") is None:
        return await _info(interaction, values)
    return await _change(
        interaction, values, {"rules": {values["rule"]: values["value"]}}, "The rules have changed."
    )


async def _tenets(interaction: Interaction, values: Values) -> Reply:
    tenets = [tenet.strip() for tenet in values["tenets"].split(";") if tenet.strip()]
    return await _change(interaction, values, {"tenets": tenets}, "The tenets have changed.")


async def _rule_names(interaction: Interaction, _: str | None, query: str) -> list[tuple[str, str]]:
    chronicle = await ChronicleCalls.of(interaction).look(None)
    return matching([(rule.slug, rule.label) for rule in chronicle.rules], query)


async def _rule_values(interaction: Interaction, slug: str | None, query: str) -> list[tuple[str, str]]:
    """The values of the rule in the other option."""
    chronicle = await ChronicleCalls.of(interaction).look(None)
    return matching(
        [choice for rule in chronicle.rules if rule.slug == slug for choice in rule.choices], query
    )


NAME = Option("name", Range[str, 1, 100], "Its name")
DESCRIPTION = Option("description", Range[str, 1, 4000], "What it is about")
_add("list", "The chronicles of this server", [Option("archived", bool, "The archived ones too")], _list)
_add("info", "Who tells a chronicle, its house rules and tenets", [WHICH], _info)
_add(
    "create",
    "Begin a chronicle",
    [Option("name", Range[str, 1, 100], "Its name", True), DESCRIPTION],
    _create,
)
_add("edit", "Another name or description", [NAME, DESCRIPTION, WHICH], _edit)
_add("default", "Make it the one where newcomers play", [THIS], _default)
_add("archive", "End a chronicle: it can be read, and nothing changes", [THIS], _archive)
_add("restore", "Bring an archived chronicle back", [THIS], _restore)
_add(
    "people",
    "Who tells this chronicle, helps or looks on",
    [
        Option("user", discord.User, "Whom", True),
        Option(
            "role", Literal["storyteller", "co-storyteller", "observer", "none"], "What they are here", True
        ),
        WHICH,
    ],
    _people,
)
_add(
    "handover",
    "Another member leads it from now on",
    [Option("user", discord.User, "Who", True), WHICH],
    _handover,
)
_add("leave", "Tell, help or look on no longer", [WHICH], _leave)
_add(
    "bind",
    "Commands in a channel mean this chronicle",
    [
        THIS,
        Option("channel", discord.TextChannel, "Which channel; this one if left out"),
        Option("off", bool, "The server’s first chronicle again"),
    ],
    _bind,
)
_add(
    "rules",
    "House rules: see them, or name one and what it shall be",
    [
        Option("rule", Short, "Which rule", complete=completion(_rule_names, "house rules")),
        Option(
            "value",
            Short,
            "What it shall be",
            complete=completion(_rule_values, "values of rules", option="rule"),
        ),
        WHICH,
    ],
    _rules,
)
_add(
    "tenets",
    "The tenets of the chronicle, all of them anew",
    [Option("tenets", Range[str, 1, 2000], "With a semicolon between them", True), WHICH],
    _tenets,
)
