"""`/chronicle …`: the stories of this server, who tells them, their house rules. Rights are the backend's to judge."""

from typing import Any, Literal

import discord
from discord import app_commands
from discord.app_commands import Range

from rodbot.chronicles.calls import CommunityCalls
from rodbot.chronicles.models import NARRATORS, Chronicle, Chronicles
from rodbot.core import caller as facts
from rodbot.core.caller import Facts
from rodbot.core.errors import Refused
from rodbot.core.options import Option, command
from rodbot.core.respond import Reply, run
from rodbot.core.text import MESSAGE, clip, joined, plain
from rodbot.dice.options import Ask, Interaction, Short, Values, completing

group = app_commands.Group(
    name="chronicle", description="The chronicles of this server, and who tells them", guild_only=True
)
KINDS = {label: kind for kind, label in NARRATORS.items()}


def _calls(interaction: Interaction) -> CommunityCalls:
    return facts.bot(interaction).backend.community


def _named(interaction: Interaction) -> Ask:
    async def ask(who: Facts, character: str | None, q: str) -> list[tuple[str, str]]:
        found = await _calls(interaction).chronicles(who, archived=True)
        wanted = q.casefold()
        return [(one.id, _titled(one)) for one in found.results if wanted in one.name.casefold()]

    return ask


def _titled(one: Chronicle) -> str:
    return f"{one.name} (archived)" if one.is_archived else one.name


NAMED = completing(_named, "chronicles", option="-")
WHICH = Option("chronicle", Short, "Which; what is played in this channel if left out", complete=NAMED)
THIS = Option("chronicle", Short, "Which chronicle", True, NAMED)


def told(one: Chronicle, head: str = "") -> Reply:
    people = [f"{plain(name, 60)} ({role})" for name, role in one.people]
    others = [plain(name, 60) for name in one.storytellers if name not in dict(one.people)]
    lines = [
        head,
        f"**{plain(_titled(one), 120)}**" + (" — newcomers play here" if one.is_default else ""),
        plain(one.description, 600) if one.description else "",
        f"Told by {clip(', '.join(people + others), 400)}." if people or others else "Told by nobody yet.",
        *(f"• {plain(rule.label, 60)}: {plain(rule.told, 80)}" for rule in one.rules),
        *(f"✦ {plain(tenet, 200)}" for tenet in one.tenets),
    ]
    return Reply(content=clip(joined([line for line in lines if line], MESSAGE, 40), MESSAGE))


def _add(name: str, description: str, options: list[Option], work: Any) -> None:
    async def acted(interaction: Interaction, values: Values) -> None:
        await run(interaction, work(interaction, values))

    group.add_command(command(name, description, options, acted))


async def _list(interaction: Interaction, values: Values) -> Reply:
    found = await _calls(interaction).chronicles(facts.of(interaction), bool(values.get("archived")))
    return Reply(content=_listed(found))


def _listed(found: Chronicles) -> str:
    lines = [
        f"• {plain(_titled(one), 120)}"
        + (" — played in this channel" if one.id == found.here else "")
        + (" — newcomers play here" if one.is_default else "")
        for one in found.results
    ]
    return clip(joined(lines, MESSAGE, 60), MESSAGE) or "No chronicles here."


async def _info(interaction: Interaction, values: Values) -> Reply:
    return told(await _calls(interaction).chronicle(facts.of(interaction), values.get("chronicle")))


async def _create(interaction: Interaction, values: Values) -> Reply:
    made = await _calls(interaction).begin(
        facts.of(interaction), values["name"], values.get("description") or ""
    )
    return told(made, "A chronicle begins.")


async def _change(interaction: Interaction, values: Values, changes: Any, head: str) -> Reply:
    done = await _calls(interaction).change(facts.of(interaction), values.get("chronicle"), changes)
    return told(done, head)


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
    kind = KINDS.get(values["role"])
    done = await _calls(interaction).narrator(
        facts.of(interaction), values.get("chronicle"), values["user"].id, kind
    )
    return told(done)


async def _handover(interaction: Interaction, values: Values) -> Reply:
    calls = _calls(interaction)
    done = await calls.hand_over(facts.of(interaction), values.get("chronicle"), values["user"].id)
    return told(done, "Handed over.")


async def _leave(interaction: Interaction, values: Values) -> Reply:
    done = await _calls(interaction).lay_down(facts.of(interaction), values.get("chronicle"))
    return told(done, "You have no part in telling it any more.")


async def _bind(interaction: Interaction, values: Values) -> Reply:
    channel = values.get("channel") or interaction.channel
    if channel is None:
        raise Refused("Which channel?")
    bound = not values.get("off")
    done = await _calls(interaction).bind(facts.of(interaction), values.get("chronicle"), channel.id, bound)
    if not bound:
        return Reply(content=f"Commands in <#{channel.id}> mean the server’s first chronicle again.")
    return Reply(content=f"Commands in <#{channel.id}> mean **{plain(done.name, 100)}** from now on.")


async def _rules(interaction: Interaction, values: Values) -> Reply:
    if (values.get("rule") is None) != (values.get("value") is None):
        raise Refused("Name a rule and what it shall be, or neither to see all of them.")
    if values.get("rule") is None:
        return await _info(interaction, values)
    return await _change(
        interaction, values, {"rules": {values["rule"]: values["value"]}}, "The rules have changed."
    )


async def _tenets(interaction: Interaction, values: Values) -> Reply:
    tenets = [one.strip() for one in values["tenets"].split(";") if one.strip()]
    return await _change(interaction, values, {"tenets": tenets}, "The tenets have changed.")


def _of_rules(interaction: Interaction) -> Ask:
    async def ask(who: Facts, character: str | None, q: str) -> list[tuple[str, str]]:
        found = await _calls(interaction).chronicle(who, None)
        return [(one.slug, one.label) for one in found.rules if q.casefold() in one.label.casefold()]

    return ask


def _of_values(interaction: Interaction) -> Ask:
    """What the rule in the other option may be."""

    async def ask(who: Facts, rule: str | None, q: str) -> list[tuple[str, str]]:
        found = await _calls(interaction).chronicle(who, None)
        choices = [pair for one in found.rules if one.slug == rule for pair in one.choices]
        return [pair for pair in choices if q.casefold() in pair[1].casefold()]

    return ask


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
        Option("rule", Short, "Which rule", complete=completing(_of_rules, "house rules", option="-")),
        Option(
            "value",
            Short,
            "What it shall be",
            complete=completing(_of_values, "values of rules", option="rule"),
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
