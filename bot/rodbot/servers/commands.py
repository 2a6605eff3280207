"""`/server …`: how this server is set up. The backend decides who may change it."""

import re
from collections.abc import Sequence
from typing import Literal, Self

import discord
from discord import app_commands
from discord.app_commands import Choice

from contract import endpoints
from contract.base import JsonObject
from contract.servers import EDITION_LABELS, ChangeServer, GetServer, Server, TrackerShows, You
from contract.translation import LANGUAGES, N_, _, n_
from rodbot.core.bot import WITHOUT_MEMBERS, bot_of
from rodbot.core.calls import call
from rodbot.core.completion import choices, matching, within_deadline
from rodbot.core.discord_types import Interaction, Item
from rodbot.core.embeds import linkable
from rodbot.core.errors import Refused
from rodbot.core.options import AUTOMATIC, LANGUAGE_CHOICES, Option, Values, add_command, checked_input
from rodbot.core.persistent import PersistentItems, view_of
from rodbot.core.places import require_postable_in
from rodbot.core.reply import Reply
from rodbot.core.respond import replying, respond
from rodbot.core.text import MESSAGE, clip, escape, join_lines, on_or_off
from rodbot.servers import bridges, channels, roles, setup

group = app_commands.Group(name="server", description="This server’s settings", guild_only=True)


async def _server_info(interaction: Interaction) -> Server:
    return (await call(interaction, endpoints.GET_SERVER, GetServer())).server


async def _change(interaction: Interaction, values: JsonObject) -> Server:
    """The server after the change; without values as it is."""
    if not values:
        return await _server_info(interaction)
    given = checked_input(ChangeServer, values)
    return (await call(interaction, endpoints.CHANGE_SERVER, given)).server


@group.command(name="info", description="Show this server’s settings and your role here")
@replying
async def info(interaction: Interaction) -> Reply:
    server = await _server_info(interaction)
    url = linkable(server.url, bot_of(interaction).config.sandbox)
    view = view_of(discord.ui.Button[discord.ui.View](label=_("Open the page"), url=url)) if url else None
    return Reply(content=summary(server, bot_of(interaction).is_told_of_members), view=view)


def summary(server: Server, is_told_of_members: bool = True) -> str:
    """What everybody in the server may know about it."""
    name, edition = escape(server.name, 100), _edition_name(server.edition)
    roles_named = clip(", ".join(escape(role.name, 60) for role in server.storyteller_roles), 300)
    channel = f"<#{server.tracker_channel}>"
    members = n_("{count} member", "{count} members", server.members)
    lines = [
        _("**{name}** plays {edition}.", name=name, edition=edition),
        _("{members}, {characters}.", members=members, characters=_counted(server.characters)),
        (
            _("Tracker channel: {channel}.", channel=channel)
            if server.tracker_channel
            else _("No tracker channel.")
        ),
        _("Storyteller roles: {roles}.", roles=roles_named) if roles_named else _("No storyteller roles."),
        _standing(server.you),
    ]
    if not is_told_of_members:
        lines.append(_(WITHOUT_MEMBERS))
    for chronicle in server.chronicles:
        played = "" if chronicle.edition == server.edition else f" ({_edition_name(chronicle.edition)})"
        line = f"• {escape(chronicle.name, 100)}{played}: {_counted(chronicle.characters)}, "
        lines.append(line + _storytellers_of(chronicle.storytellers))
    return clip(join_lines(lines, MESSAGE, 20), MESSAGE)


def _storytellers_of(names: Sequence[str]) -> str:
    if not names:
        return _("no storyteller yet")
    return _("storytellers: {names}", names=clip(", ".join(escape(name, 60) for name in names), 200))


def _standing(you: You) -> str:
    if you.admin:
        return _("You are an administrator.")
    return _("You are a storyteller.") if you.storyteller else _("You are a player.")


def _counted(characters: int) -> str:
    return n_("{count} character", "{count} characters", characters)


@group.command(name="tracker", description="Choose the channel that shows character changes and rolls")
@app_commands.describe(
    channel="New tracker channel",
    off="Turn the tracker off",
    changes="Show character changes",
    rolls="Rolls to show (default: rolls made on the web)",
    digest="One summary a day instead of each change",
)
@replying
async def tracker(
    interaction: Interaction,
    channel: discord.TextChannel | discord.Thread | None = None,
    off: bool = False,
    changes: bool | None = None,
    rolls: Literal["none", "web", "all"] | None = None,
    digest: bool | None = None,
) -> Reply:
    settings = {"changes": changes, "rolls": rolls, "digest": digest}
    wanted: JsonObject = {name: value for name, value in settings.items() if value is not None}
    values = _channel_setting("tracker_channel", channel, off) | ({"tracker": wanted} if wanted else {})
    server = await _change(interaction, values)
    if not server.tracker_channel:
        return Reply(content=_("The tracker is off: no channel shows character changes."))
    return Reply(content=_shows(server.tracker, f"<#{server.tracker_channel}>"))


def _channel_setting(
    name: str, channel: discord.TextChannel | discord.Thread | None, off: bool
) -> JsonObject:
    if channel and off:
        raise Refused(_("Either choose a channel or turn it off, not both."))
    if channel:
        require_postable_in(channel)
        return {name: str(channel.id)}
    return {name: None} if off else {}


# What a tracker channel shows: whether changes of characters, and which rolls.
SHOWN = {
    (True, "none"): N_("{channel} shows character changes."),
    (True, "web"): N_("{channel} shows character changes and rolls made on the web."),
    (True, "all"): N_("{channel} shows character changes and all public rolls."),
    (False, "none"): N_("{channel} shows nothing yet: turn on changes or rolls."),
    (False, "web"): N_("{channel} shows rolls made on the web."),
    (False, "all"): N_("{channel} shows all public rolls."),
}


def _shows(tracker: TrackerShows, channel: str) -> str:
    text = _(SHOWN[tracker.changes, tracker.rolls], channel=channel)
    return " ".join([text, _("They come as one summary a day.")]) if tracker.digest else text


@group.command(name="hidden-rolls", description="Choose the channel that shows hidden rolls to storytellers")
@app_commands.describe(channel="A channel that only storytellers can see", off="Show them only on the web")
@replying
async def hidden_rolls(
    interaction: Interaction, channel: discord.TextChannel | discord.Thread | None = None, off: bool = False
) -> Reply:
    server = await _change(interaction, _channel_setting("storyteller_channel", channel, off))
    if not server.storyteller_channel:
        return Reply(content=_("Storytellers see hidden rolls only on the web."))
    text = _("<#{channel}> shows hidden rolls.", channel=server.storyteller_channel)
    if channel and channel.permissions_for(channel.guild.default_role).view_channel:
        text += " " + _("Careful: everybody can see that channel right now.")
    return Reply(content=text)


@group.command(name="storytellers", description="Choose the roles whose members are storytellers here")
@replying
async def storytellers(interaction: Interaction) -> Reply:
    server = await _server_info(interaction)
    view = view_of(StorytellerRoles([role.id for role in server.storyteller_roles if role.id]))
    return Reply(content=_storyteller_roles(server), view=view)


def _storyteller_roles(server: Server) -> str:
    names = ", ".join(escape(role.name, 80) for role in server.storyteller_roles)
    if not names:
        return _("No role makes its members storytellers here.")
    return clip(_("Members of these roles are storytellers here: {roles}.", roles=names), MESSAGE)


class StorytellerRoles(
    discord.ui.DynamicItem[discord.ui.RoleSelect[discord.ui.View]], template=r"storytellers"
):
    """A menu of all storyteller roles. The choice replaces them, so a role can be withdrawn too."""

    def __init__(self, roles: list[str]) -> None:
        chosen = [
            discord.SelectDefaultValue(id=int(role), type=discord.SelectDefaultValueType.role)
            for role in roles
        ]
        super().__init__(
            discord.ui.RoleSelect(
                custom_id="storytellers",
                placeholder=_("Storyteller roles (choose none to clear)"),
                min_values=0,
                max_values=25,
                default_values=chosen[:25],
            )
        )

    @classmethod
    async def from_custom_id(cls, interaction: Interaction, item: Item, match: re.Match[str]) -> Self:
        return cls([])

    async def callback(self, interaction: Interaction) -> None:
        await respond(interaction, self._chosen(interaction), edit=True)

    async def _chosen(self, interaction: Interaction) -> Reply:
        values: JsonObject = {"storyteller_roles": [str(role.id) for role in self.item.values]}
        return Reply(content=_storyteller_roles(await _change(interaction, values)))


@group.command(name="edition", description="Set or show the server’s main edition")
@app_commands.describe(edition="New main edition; chronicles can play another")
@replying
async def edition(interaction: Interaction, edition: str | None = None) -> Reply:
    server = await _change(interaction, {"edition": edition} if edition else {})
    lines = [_("This server plays {edition}.", edition=_edition_name(server.edition))]
    others = [chronicle for chronicle in server.chronicles if chronicle.edition != server.edition]
    lines += [
        "• " + _("{name} plays {edition}.", name=escape(row.name, 100), edition=_edition_name(row.edition))
        for row in others
    ]
    return Reply(content=clip(join_lines(lines, MESSAGE, 30), MESSAGE))


async def _language(interaction: Interaction, values: Values) -> Reply:
    language: str | None = values["language"]
    wanted: JsonObject = {} if language is None else {"language": language.removeprefix(AUTOMATIC)}
    chosen = (await _change(interaction, wanted)).language
    if not chosen:
        return Reply(content=_("What everyone reads here is in the language of this Discord server."))
    return Reply(content=_("What everyone reads here is in {language}.", language=_(LANGUAGES[chosen])))


add_command(
    group,
    "language",
    "The language of cards and messages that everyone reads here",
    [Option("language", str, "New language", choices=LANGUAGE_CHOICES)],
    _language,
)


def _edition_name(edition: str) -> str:
    return escape(_(EDITION_LABELS.get(edition, edition)), 40)


@edition.autocomplete("edition")
async def _editions(interaction: Interaction, current: str) -> list[Choice[str]]:
    return choices(matching([(slug, _(label)) for slug, label in EDITION_LABELS.items()], current))


@group.command(name="features", description="Show features, or turn one on or off")
@app_commands.describe(feature="Feature (default: show all)", on="On or off")
@replying
async def features(interaction: Interaction, feature: str | None = None, on: bool | None = None) -> Reply:
    if (feature is None) != (on is None):
        raise Refused(_("Choose a feature and whether to turn it on, or neither to see them all."))
    server = await _change(interaction, {"features": {feature: on}} if feature else {})
    lines = [
        f"{'◆' if switch.on else '◇'} {escape(_(switch.label), 60)}: {on_or_off(switch.on)}"
        for switch in server.features
    ]
    return Reply(content=clip(join_lines(lines, MESSAGE, 30), MESSAGE))


@features.autocomplete("feature")
async def _feature_names(interaction: Interaction, current: str) -> list[Choice[str]]:
    return await within_deadline(_features(interaction, current))


async def _features(interaction: Interaction, current: str) -> list[Choice[str]]:
    server = await _server_info(interaction)
    return choices(matching([(feature.slug, _(feature.label)) for feature in server.features], current))


group.add_command(setup.setup)
group.add_command(roles.why)
group.add_command(roles.group)
channels.group.add_command(bridges.bridge)
group.add_command(channels.group)
group.add_command(channels.delete)
group.add_command(channels.restore)
PERSISTENT: PersistentItems = (StorytellerRoles,)
