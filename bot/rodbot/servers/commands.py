"""`/server …`: how this server is set up. Who may change it, the backend decides."""

from typing import Any, Literal, Self

import discord
from discord import app_commands
from discord.app_commands import Choice

from rodbot.characters.cards import linkable
from rodbot.core import caller as facts
from rodbot.core.errors import Refused
from rodbot.core.models import Json, ServerInfo
from rodbot.core.respond import Reply, run
from rodbot.core.text import MESSAGE, clip, joined, plain
from rodbot.servers import roles as server_roles

Interaction = discord.Interaction[Any]
NEEDED = ("view_channel", "send_messages", "embed_links", "read_message_history")

group = app_commands.Group(name="server", description="How this server is set up", guild_only=True)


def _here(interaction: Interaction) -> int:
    if interaction.guild_id is None:
        raise Refused("This works on a server only.")
    return interaction.guild_id


@group.command(name="info", description="What the platform knows about this server, and what you may do here")
async def info(interaction: Interaction) -> None:
    await run(interaction, _info(interaction))


async def _info(interaction: Interaction) -> Reply:
    known = await facts.bot(interaction).backend.server_info(facts.of(interaction), _here(interaction))
    url = linkable(known.url, facts.bot(interaction).config.sandbox)
    view = (
        discord.ui.View(timeout=None).add_item(discord.ui.Button(label="Open the page", url=url))
        if url
        else None
    )
    return Reply(content=summary(known), view=view)


def summary(known: ServerInfo) -> str:
    roles = ", ".join(plain(name, 60) for _, name in known.storyteller_roles) or "none"
    lines = [
        f"**{plain(known.name, 100)}** plays the edition {plain(known.edition, 20)}.",
        f"{known.members} members, {_counted(known.characters)}.",
        f"Tracker channel: {f'<#{known.tracker_channel}>' if known.tracker_channel else 'none'}.",
        f"Storyteller roles: {clip(roles, 300)}.",
        f"Here you are: {known.you}.",
    ]
    for chronicle in known.chronicles:
        tellers = ", ".join(plain(name, 60) for name in chronicle.storytellers) or "nobody"
        told = clip(tellers, 200)
        lines.append(f"• {plain(chronicle.name, 100)}: {_counted(chronicle.characters)}, told by {told}")
    return clip(joined(lines, MESSAGE, 20), MESSAGE)


def _counted(characters: int) -> str:
    return "1 character" if characters == 1 else f"{characters} characters"


@group.command(name="tracker", description="The channel where changes of characters and rolls are shown")
@app_commands.describe(
    channel="The new tracker channel",
    off="Show nothing anywhere",
    changes="Shall it show changes of characters?",
    rolls="Which rolls shall it show? Those of the web if never chosen",
    digest="Once a day what happened, in place of each change at once",
)
async def tracker(
    interaction: Interaction,
    channel: discord.TextChannel | None = None,
    off: bool = False,
    changes: bool | None = None,
    rolls: Literal["none", "web", "all"] | None = None,
    digest: bool | None = None,
) -> None:
    shows = {"changes": changes, "rolls": rolls, "digest": digest}
    wanted = {name: value for name, value in shows.items() if value is not None}
    await run(interaction, _tracker(interaction, channel, off, wanted))


async def _tracker(
    interaction: Interaction, channel: discord.TextChannel | None, off: bool, wanted: Json
) -> Reply:
    body: Json = _of_channel("tracker_channel", channel, off) | ({"tracker": wanted} if wanted else {})
    known = await _set_or_look(interaction, body)
    if not known.tracker_channel:
        return Reply(content="Changes of characters are shown in no channel.")
    return Reply(content=f"<#{known.tracker_channel}> shows {_shows(known.tracker)}.")


def _of_channel(name: str, channel: discord.TextChannel | None, off: bool) -> Json:
    if channel and off:
        raise Refused("Name a channel or switch it off, not both.")
    if channel:
        _check_permissions(channel)
        return {name: str(channel.id)}
    return {name: None} if off else {}


async def _set_or_look(interaction: Interaction, body: Json) -> ServerInfo:
    who, bot, here = facts.of(interaction), facts.bot(interaction), _here(interaction)
    return await (bot.backend.set_server(who, here, body) if body else bot.backend.server_info(who, here))


def _shows(tracker: Json) -> str:
    rolls = {"none": "no rolls", "web": "rolls made on the web", "all": "all public rolls"}
    what = "changes of characters and " if tracker.get("changes", True) else ""
    when = ", once a day together" if tracker.get("digest") else ", each at once"
    return what + rolls.get(str(tracker.get("rolls")), "rolls made on the web") + when


@group.command(
    name="hidden-rolls", description="The channel where storytellers read rolls that are hidden from players"
)
@app_commands.describe(channel="A channel that only storytellers read", off="Tell them on the web alone")
async def hidden_rolls(
    interaction: Interaction, channel: discord.TextChannel | None = None, off: bool = False
) -> None:
    await run(interaction, _hidden_rolls(interaction, channel, off))


async def _hidden_rolls(interaction: Interaction, channel: discord.TextChannel | None, off: bool) -> Reply:
    known = await _set_or_look(interaction, _of_channel("storyteller_channel", channel, off))
    if not known.storyteller_channel:
        return Reply(content="Storytellers read hidden rolls on the web alone.")
    told = f"Hidden rolls are told in <#{known.storyteller_channel}>."
    if channel and channel.permissions_for(channel.guild.default_role).view_channel:
        told += " Mind that everybody can read that channel now."
    return Reply(content=told)


def _check_permissions(channel: discord.TextChannel) -> None:
    allowed = channel.permissions_for(channel.guild.me) if channel.guild.me else discord.Permissions.all()
    missing = [name.replace("_", " ") for name in NEEDED if not getattr(allowed, name)]
    if missing:
        raise Refused(f"In {channel.mention} I lack these permissions: {', '.join(missing)}.")


@group.command(
    name="storytellers", description="The roles whose members are storytellers here; choose all of them anew"
)
async def storytellers(interaction: Interaction) -> None:
    await run(interaction, _storytellers(interaction))


async def _storytellers(interaction: Interaction) -> Reply:
    known = await facts.bot(interaction).backend.server_info(facts.of(interaction), _here(interaction))
    view = discord.ui.View(timeout=None).add_item(
        StorytellerRoles([role for role, _ in known.storyteller_roles])
    )
    return Reply(content=_told(known), view=view)


def _told(known: ServerInfo) -> str:
    roles = ", ".join(plain(name, 80) for _, name in known.storyteller_roles)
    return clip(
        f"Storytellers here are the members of: {roles}." if roles else "No role makes a storyteller here.",
        MESSAGE,
    )


class StorytellerRoles(discord.ui.DynamicItem[discord.ui.RoleSelect[Any]], template=r"storytellers"):
    """What is chosen is the whole list, so a role can be withdrawn too."""

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
    async def from_custom_id(cls, interaction: Interaction, item: discord.ui.Item[Any], match: Any) -> Self:
        return cls([])

    async def callback(self, interaction: Interaction) -> None:
        await run(interaction, self._chosen(interaction), edit=True)

    async def _chosen(self, interaction: Interaction) -> Reply:
        roles = [str(role.id) for role in self.item.values]
        who, bot = facts.of(interaction), facts.bot(interaction)
        return Reply(
            content=_told(await bot.backend.set_server(who, _here(interaction), {"storyteller_roles": roles}))
        )


@group.command(name="edition", description="The edition this server plays; its commands follow")
@app_commands.describe(edition="The edition to play; shows the present one if left out")
async def edition(interaction: Interaction, edition: str | None = None) -> None:
    await run(interaction, _edition(interaction, edition))


@edition.autocomplete("edition")
async def _editions(interaction: Interaction, current: str) -> list[Choice[str]]:
    return [Choice(name=e, value=e) for e in facts.bot(interaction).sets.by_edition if current.lower() in e][
        :25
    ]


async def _edition(interaction: Interaction, chosen: str | None) -> Reply:
    who, bot, here = facts.of(interaction), facts.bot(interaction), _here(interaction)
    if chosen:
        known = await bot.backend.set_server(who, here, {"edition": chosen})
        bot.edition_known(here, known.edition)
    else:
        known = await bot.backend.server_info(who, here)
    return Reply(content=f"This server plays the edition {plain(known.edition, 20)}.")


@group.command(
    name="features", description="What can be switched off here; name one and say on or off to switch it"
)
@app_commands.describe(feature="Which one; shows all if left out", on="Shall it be on?")
async def features(interaction: Interaction, feature: str | None = None, on: bool | None = None) -> None:
    await run(interaction, _features(interaction, feature, on))


@features.autocomplete("feature")
async def _named_features(interaction: Interaction, current: str) -> list[Choice[str]]:
    known = await facts.bot(interaction).backend.server_info(facts.of(interaction), _here(interaction))
    typed = current.casefold()
    return [Choice(name=label, value=slug) for slug, label, _ in known.features if typed in label.casefold()][
        :25
    ]


async def _features(interaction: Interaction, feature: str | None, on: bool | None) -> Reply:
    who, bot, here = facts.of(interaction), facts.bot(interaction), _here(interaction)
    if (feature is None) != (on is None):
        raise Refused("Name a feature and say whether it shall be on, or neither to see all of them.")
    if feature is None:
        known = await bot.backend.server_info(who, here)
    else:
        known = await bot.backend.set_server(who, here, {"features": {feature: on}})
    lines = [
        f"{'◆' if is_on else '◇'} {plain(label, 60)}: {'on' if is_on else 'off'}"
        for _, label, is_on in known.features
    ]
    return Reply(content=clip(joined(lines, MESSAGE, 30), MESSAGE))


group.add_command(server_roles.why)
group.add_command(server_roles.group)
