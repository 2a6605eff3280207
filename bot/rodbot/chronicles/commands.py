"""`/chronicle …`: the chronicles of a server, their storytellers and house rules."""

from typing import ClassVar, Literal, get_args

import discord
from discord import app_commands
from discord.app_commands import AppCommandChannel, AppCommandThread, Range

from contract import chronicles, endpoints
from contract.chronicles import (
    Chronicle,
    ChronicleBrief,
    ChronicleChanges,
    ChronicleInput,
    ChronicleRole,
    ChroniclesHere,
    HouseRule,
)
from contract.lookup import matches
from contract.servers import EDITION_LABELS
from contract.translation import N_, _
from rodbot.core.calls import call, send
from rodbot.core.completion import completion, matching
from rodbot.core.discord_types import Interaction
from rodbot.core.errors import Refused
from rodbot.core.options import Option, Short, Values, add_command, field_option, input_of
from rodbot.core.reply import Reply
from rodbot.core.text import MESSAGE, clip, escape, join_lines

group = app_commands.Group(
    name="chronicle", description="This server’s chronicles and their storytellers", guild_only=True
)


class _Place(app_commands.Transformer):
    """Where a chronicle can be played: a channel, a forum with all its posts, or one thread or post.

    discord.py's own type for forums offers media channels too, which Discord's description does not know.
    """

    type = discord.AppCommandOptionType.channel
    channel_types: ClassVar[list[discord.ChannelType]] = [
        discord.ChannelType.text,
        discord.ChannelType.news,
        discord.ChannelType.voice,
        discord.ChannelType.forum,
        discord.ChannelType.news_thread,
        discord.ChannelType.public_thread,
        discord.ChannelType.private_thread,
    ]

    async def transform(
        self, interaction: Interaction, value: AppCommandChannel | AppCommandThread
    ) -> AppCommandChannel | AppCommandThread:
        return value


PLACE = app_commands.Transform[discord.abc.Snowflake, _Place]
ROLES: dict[str, ChronicleRole] = {role.lower().replace("_", "-"): role for role in get_args(ChronicleRole)}
ROLE_LABELS = {
    "STORYTELLER": N_("storyteller"),
    "CO_STORYTELLER": N_("co-storyteller"),
    "OBSERVER": N_("observer"),
}


async def _chronicles(interaction: Interaction, _other: str | None, query: str) -> list[tuple[str, str]]:
    listed = await call(interaction, endpoints.LIST_CHRONICLES, chronicles.ListChronicles(archived=True))
    return matching([(str(chronicle.id), _title(chronicle)) for chronicle in listed.results], query)


def _title(chronicle: ChronicleBrief) -> str:
    return _("{name} (archived)", name=chronicle.name) if chronicle.archived else chronicle.name


CHRONICLE_NAMES = completion(_chronicles, "chronicles")
WHICH = Option("chronicle", Short, "Chronicle (default: this channel’s)", complete=CHRONICLE_NAMES)
THIS = Option("chronicle", Short, "Chronicle", True, CHRONICLE_NAMES)


def described(chronicle: Chronicle, head: str = "") -> Reply:
    """What everybody may know about a chronicle."""
    people = [
        f"{escape(person.name, 60)} ({_(ROLE_LABELS.get(person.role, person.role))})"
        for person in chronicle.people
    ]
    listed = {person.name for person in chronicle.people}
    others = [escape(teller.name, 60) for teller in chronicle.storytellers if teller.name not in listed]
    edition = _(EDITION_LABELS.get(chronicle.edition, chronicle.edition))
    lines = [
        head,
        " ".join([f"**{escape(_title(chronicle), 120)}**", *_marks(chronicle)]),
        _("Plays {edition}.", edition=edition) if chronicle.own_edition else "",
        escape(chronicle.description, 600) if chronicle.description else "",
        _storytellers(people + others),
        *(f"• {escape(_(rule.label), 60)}: {escape(_(_value_label(rule)), 80)}" for rule in chronicle.rules),
        *(f"✦ {escape(tenet, 200)}" for tenet in chronicle.tenets),
    ]
    return Reply(content=clip(join_lines([line for line in lines if line], MESSAGE, 40), MESSAGE))


def _storytellers(names: list[str]) -> str:
    if not names:
        return _("No storyteller yet.")
    return _("Storytellers: {names}.", names=clip(", ".join(names), 400))


def _value_label(rule: HouseRule) -> str:
    return next((choice.label for choice in rule.choices if choice.value == rule.value), rule.value)


async def _list(interaction: Interaction, values: Values) -> Reply:
    return Reply(content=_listed(await send(interaction, endpoints.LIST_CHRONICLES, values)))


def _marks(chronicle: ChronicleBrief, is_here: bool = False) -> list[str]:
    here = [_("(played in this channel)")] if is_here else []
    return [_("(default)"), *here] if chronicle.default else here


def _listed(listed: ChroniclesHere) -> str:
    lines = [
        " ".join([f"• {escape(_title(chronicle), 120)}", *_marks(chronicle, chronicle.id == listed.here)])
        for chronicle in listed.results
    ]
    return clip(join_lines(lines, MESSAGE, 60), MESSAGE) or _("There are no chronicles here.")


async def _info(interaction: Interaction, values: Values) -> Reply:
    return described(await _chronicle(interaction, values.get("chronicle")))


async def _chronicle(interaction: Interaction, chronicle: str | None = None) -> Chronicle:
    """One that is named, else what is played in the channel."""
    asked = ChronicleInput(chronicle=chronicle)
    return (await call(interaction, endpoints.GET_CHRONICLE, asked)).chronicle


def _edition(values: Values) -> dict[str, str | None]:
    """The field `edition`; None is the server's."""
    chosen = values.get("edition")
    return {"edition": None if chosen == SERVERS_EDITION else chosen}


def _without_edition(values: Values) -> Values:
    return {name: value for name, value in values.items() if name != "edition"}


async def _create(interaction: Interaction, values: Values) -> Reply:
    created = await send(
        interaction, endpoints.CREATE_CHRONICLE, _without_edition(values), **_edition(values)
    )
    return described(created.chronicle, _("Chronicle created."))


async def _change(interaction: Interaction, values: Values, changes: ChronicleChanges, head: str) -> Reply:
    changed = await send(interaction, endpoints.CHANGE_CHRONICLE, values, changes=changes)
    return described(changed.chronicle, head)


async def _edit(interaction: Interaction, values: Values) -> Reply:
    changes = input_of(ChronicleChanges, _without_edition(values))
    if values.get("edition"):
        changes = changes.model_copy(update=_edition(values))
    if not changes.model_fields_set:
        raise Refused(_("Choose what to change: the name, the description or the edition."))
    return await _change(interaction, values, changes, _("Chronicle changed."))


async def _default(interaction: Interaction, values: Values) -> Reply:
    head = _("New members and characters now start here.")
    return await _change(interaction, values, ChronicleChanges(default=True), head)


async def _archive(interaction: Interaction, values: Values) -> Reply:
    head = _("Chronicle archived. You can still read everything, but nothing can be changed.")
    return await _change(interaction, values, ChronicleChanges(archived=True), head)


async def _restore(interaction: Interaction, values: Values) -> Reply:
    return await _change(interaction, values, ChronicleChanges(archived=False), _("Chronicle restored."))


async def _people(interaction: Interaction, values: Values) -> Reply:
    role = ROLES.get(values["role"])
    return described((await send(interaction, endpoints.SET_CHRONICLE_ROLE, values, role=role)).chronicle)


async def _handover(interaction: Interaction, values: Values) -> Reply:
    handed = await send(interaction, endpoints.HAND_OVER, values)
    return described(handed.chronicle, _("Chronicle handed over."))


async def _leave(interaction: Interaction, values: Values) -> Reply:
    left = await send(interaction, endpoints.STEP_DOWN, values)
    return described(left.chronicle, _("You’ve stepped down from your role in this chronicle."))


async def _bind(interaction: Interaction, values: Values) -> Reply:
    channel = values.get("channel") or interaction.channel
    if channel is None:
        raise Refused(_("Which channel?"))
    bound = not values.get("off")
    answer = await send(interaction, endpoints.BIND_HERE, values, channel=channel, bound=bound)
    chronicle = answer.chronicle
    place = f"<#{channel.id}>"
    if bound:
        name = escape(chronicle.name, 100)
        return Reply(
            content=_("{channel} is now for **{name}**: commands there use it.", channel=place, name=name)
        )
    if isinstance(channel, discord.Thread | AppCommandThread):
        return Reply(content=_("Commands in {channel} use its channel’s chronicle again.", channel=place))
    return Reply(content=_("Commands in {channel} use the server’s default chronicle again.", channel=place))


async def _rules(interaction: Interaction, values: Values) -> Reply:
    if (values.get("rule") is None) != (values.get("value") is None):
        raise Refused(_("Choose a rule and its new value, or neither to see them all."))
    if values.get("rule") is None:
        return await _info(interaction, values)
    changes = ChronicleChanges(rules={values["rule"]: values["value"]})
    return await _change(interaction, values, changes, _("House rules changed."))


async def _tenets(interaction: Interaction, values: Values) -> Reply:
    tenets = [tenet.strip() for tenet in values["tenets"].split(";") if tenet.strip()]
    changes = input_of(ChronicleChanges, {}, tenets=tenets)
    return await _change(interaction, values, changes, _("Tenets changed."))


async def _rule_names(interaction: Interaction, _other: str | None, query: str) -> list[tuple[str, str]]:
    chronicle = await _chronicle(interaction)
    return matching([(rule.slug, _(rule.label)) for rule in chronicle.rules], query)


async def _rule_values(interaction: Interaction, slug: str | None, query: str) -> list[tuple[str, str]]:
    """The values of the rule in the other option."""
    chronicle = await _chronicle(interaction)
    chosen = matches(
        slug or "", {rule.slug: (rule.slug, rule.label, _(rule.label)) for rule in chronicle.rules}
    )
    choices = [choice for rule in chronicle.rules if rule.slug in chosen for choice in rule.choices]
    return matching([(choice.value, _(choice.label)) for choice in choices], query)


NAME = field_option(ChronicleChanges, "name", "New name")
DESCRIPTION = field_option(ChronicleChanges, "description", "What it’s about")
SERVERS_EDITION = "server"
EDITION = Option(
    "edition",
    str,
    "Edition (default: the server’s)",
    choices=(
        ("The server’s edition", SERVERS_EDITION),
        *((name, slug) for slug, name in EDITION_LABELS.items()),
    ),
)
ARCHIVED = field_option(chronicles.ListChronicles, "archived", "Include archived chronicles")
add_command(group, "list", "List this server’s chronicles", [ARCHIVED], _list)
add_command(group, "info", "Show a chronicle’s storytellers, house rules and tenets", [WHICH], _info)
add_command(
    group,
    "create",
    "New chronicle",
    [field_option(chronicles.CreateChronicle, "name", "Name of the chronicle"), DESCRIPTION, EDITION],
    _create,
)
add_command(
    group,
    "edit",
    "Change a chronicle’s name, description or edition",
    [NAME, DESCRIPTION, EDITION, WHICH],
    _edit,
)
add_command(group, "default", "Make a chronicle the default for new members", [THIS], _default)
add_command(
    group, "archive", "Archive a chronicle: it stays readable, but can’t be changed", [THIS], _archive
)
add_command(group, "restore", "Restore an archived chronicle", [THIS], _restore)
add_command(
    group,
    "people",
    "Choose storytellers, co-storytellers and observers",
    [
        Option("user", discord.User, "Member", True),
        Option("role", Literal["storyteller", "co-storyteller", "observer", "none"], "Role", True),
        WHICH,
    ],
    _people,
)
add_command(
    group,
    "handover",
    "Hand a chronicle over to another member",
    [Option("user", discord.User, "Member", True), WHICH],
    _handover,
)
add_command(group, "leave", "Step down from your role in a chronicle", [WHICH], _leave)
add_command(
    group,
    "bind",
    "Use a channel for a chronicle",
    [
        THIS,
        Option("channel", PLACE, "Channel, forum or thread (default: this one)"),
        Option("off", bool, "Use the default chronicle there again"),
    ],
    _bind,
)
add_command(
    group,
    "rules",
    "Show the house rules, or change one",
    [
        Option("rule", Short, "Rule", complete=completion(_rule_names, "house rules")),
        Option(
            "value",
            Short,
            "New value",
            complete=completion(_rule_values, "values of rules", option="rule"),
        ),
        WHICH,
    ],
    _rules,
)
add_command(
    group,
    "tenets",
    "Set the chronicle tenets; they replace the current ones",
    [Option("tenets", Range[str, 1, 2000], "Tenets, separated by semicolons", True), WHICH],
    _tenets,
)
