"""`/server …`: how this server is set up. The backend decides who may change it."""

import re
from typing import Literal, Self

import discord
from discord import app_commands
from discord.app_commands import Choice

from contract import endpoints
from contract.base import JsonObject
from contract.servers import EDITION_LABELS, ChangeServer, GetServer, Server, TrackerShows, You
from rodbot.core.bot import WITHOUT_MEMBERS, bot_of
from rodbot.core.calls import call
from rodbot.core.completion import choices, matching, within_deadline
from rodbot.core.discord_types import Interaction, Item
from rodbot.core.embeds import linkable
from rodbot.core.errors import Refused
from rodbot.core.options import checked_input
from rodbot.core.persistent import PersistentItems, view_of
from rodbot.core.places import require_postable_in
from rodbot.core.reply import Reply
from rodbot.core.respond import replying, respond
from rodbot.core.text import MESSAGE, clip, escape, join_lines
from rodbot.servers import roles, setup

group = app_commands.Group(name="server", description="How this server is set up", guild_only=True)


async def _server_info(interaction: Interaction) -> Server:
    return (await call(interaction, endpoints.GET_SERVER, GetServer())).server


async def _change(interaction: Interaction, values: JsonObject) -> Server:
    """The server after the change; without values as it is."""
    if not values:
        return await _server_info(interaction)
    given = checked_input(ChangeServer, values)
    return (await call(interaction, endpoints.CHANGE_SERVER, given)).server


@group.command(name="info", description="What the platform knows about this server, and what you may do here")
@replying
async def info(interaction: Interaction) -> Reply:
    server = await _server_info(interaction)
    url = linkable(server.url, bot_of(interaction).config.sandbox)
    view = view_of(discord.ui.Button[discord.ui.View](label="Open the page", url=url)) if url else None
    return Reply(content=summary(server, bot_of(interaction).is_told_of_members), view=view)


def summary(server: Server, is_told_of_members: bool = True) -> str:
    """What everybody in the server may know about it."""
    names = ", ".join(escape(role.name, 60) for role in server.storyteller_roles) or "none"
    lines = [
        f"**{escape(server.name, 100)}** plays {_edition_name(server.edition)}.",
        f"{server.members} members, {_counted(server.characters)}.",
        f"Tracker channel: {f'<#{server.tracker_channel}>' if server.tracker_channel else 'none'}.",
        f"Storyteller roles: {clip(names, 300)}.",
        f"Here you are: {_standing(server.you)}.",
    ]
    if not is_told_of_members:
        lines.append(WITHOUT_MEMBERS)
    for chronicle in server.chronicles:
        tellers = ", ".join(escape(name, 60) for name in chronicle.storytellers) or "nobody"
        count = _counted(chronicle.characters)
        played = "" if chronicle.edition == server.edition else f" ({_edition_name(chronicle.edition)})"
        lines.append(f"• {escape(chronicle.name, 100)}{played}: {count}, storytellers: {clip(tellers, 200)}")
    return clip(join_lines(lines, MESSAGE, 20), MESSAGE)


def _standing(you: You) -> str:
    if you.admin:
        return "administrator"
    return "storyteller" if you.storyteller else "player"


def _counted(characters: int) -> str:
    return "1 character" if characters == 1 else f"{characters} characters"


@group.command(name="tracker", description="The channel where changes of characters and rolls are shown")
@app_commands.describe(
    channel="The new tracker channel",
    off="Show nothing anywhere",
    changes="Shall it show changes of characters?",
    rolls="Which rolls to show; those of the web unless you choose",
    digest="Once a day what happened, in place of each change at once",
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
        return Reply(content="Changes of characters are shown in no channel.")
    return Reply(content=f"<#{server.tracker_channel}> shows {_shows(server.tracker)}.")


def _channel_setting(
    name: str, channel: discord.TextChannel | discord.Thread | None, off: bool
) -> JsonObject:
    if channel and off:
        raise Refused("Name a channel or switch it off, not both.")
    if channel:
        require_postable_in(channel)
        return {name: str(channel.id)}
    return {name: None} if off else {}


def _shows(tracker: TrackerShows) -> str:
    rolls = {"none": "no rolls", "web": "rolls made on the web", "all": "all public rolls"}
    subjects = "changes of characters and " if tracker.changes else ""
    when = ", once a day together" if tracker.digest else ", each at once"
    return subjects + rolls[tracker.rolls] + when


@group.command(
    name="hidden-rolls", description="The channel where storytellers read rolls that are hidden from players"
)
@app_commands.describe(channel="A channel that only storytellers read", off="Show them on the web alone")
@replying
async def hidden_rolls(
    interaction: Interaction, channel: discord.TextChannel | discord.Thread | None = None, off: bool = False
) -> Reply:
    server = await _change(interaction, _channel_setting("storyteller_channel", channel, off))
    if not server.storyteller_channel:
        return Reply(content="Storytellers read hidden rolls on the web alone.")
    text = f"Hidden rolls are shown in <#{server.storyteller_channel}>."
    if channel and channel.permissions_for(channel.guild.default_role).view_channel:
        text += " Mind that everybody can read that channel now."
    return Reply(content=text)


@group.command(
    name="storytellers", description="The roles whose members are storytellers here; choose all of them"
)
@replying
async def storytellers(interaction: Interaction) -> Reply:
    server = await _server_info(interaction)
    view = view_of(StorytellerRoles([role.id for role in server.storyteller_roles if role.id]))
    return Reply(content=_storyteller_roles(server), view=view)


def _storyteller_roles(server: Server) -> str:
    names = ", ".join(escape(role.name, 80) for role in server.storyteller_roles)
    text = f"Storytellers here are the members of: {names}." if names else "No role makes a storyteller here."
    return clip(text, MESSAGE)


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
                placeholder="Roles of storytellers (none clears)",
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


@group.command(name="edition", description="The server’s main edition; chronicles may play another")
@app_commands.describe(edition="The edition to play; shows what is played if left out")
@replying
async def edition(interaction: Interaction, edition: str | None = None) -> Reply:
    server = await _change(interaction, {"edition": edition} if edition else {})
    lines = [f"This server plays {_edition_name(server.edition)}."]
    others = [chronicle for chronicle in server.chronicles if chronicle.edition != server.edition]
    lines += [f"• {escape(row.name, 100)} plays {_edition_name(row.edition)}." for row in others]
    return Reply(content=clip(join_lines(lines, MESSAGE, 30), MESSAGE))


def _edition_name(edition: str) -> str:
    return escape(EDITION_LABELS.get(edition, edition), 40)


@edition.autocomplete("edition")
async def _editions(interaction: Interaction, current: str) -> list[Choice[str]]:
    return choices(matching(EDITION_LABELS.items(), current))


@group.command(
    name="features", description="What can be switched off here; name one and say on or off to switch it"
)
@app_commands.describe(feature="Which one; shows all if left out", on="Shall it be on?")
@replying
async def features(interaction: Interaction, feature: str | None = None, on: bool | None = None) -> Reply:
    if (feature is None) != (on is None):
        raise Refused("Name a feature and whether to turn it on, or neither to see them all.")
    server = await _change(interaction, {"features": {feature: on}} if feature else {})
    lines = [
        f"{'◆' if switch.on else '◇'} {escape(switch.label, 60)}: {'on' if switch.on else 'off'}"
        for switch in server.features
    ]
    return Reply(content=clip(join_lines(lines, MESSAGE, 30), MESSAGE))


@features.autocomplete("feature")
async def _feature_names(interaction: Interaction, current: str) -> list[Choice[str]]:
    return await within_deadline(_features(interaction, current))


async def _features(interaction: Interaction, current: str) -> list[Choice[str]]:
    server = await _server_info(interaction)
    return choices(matching([(feature.slug, feature.label) for feature in server.features], current))


group.add_command(setup.setup)
group.add_command(roles.why)
group.add_command(roles.group)
PERSISTENT: PersistentItems = (StorytellerRoles,)
