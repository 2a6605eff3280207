"""One interaction, and how it is shown to the bot when it begins."""

import asyncio
import secrets
from dataclasses import dataclass, field

from sandbox import limits
from sandbox.errors import Json
from sandbox.state import objects
from sandbox.state.world import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5


@dataclass
class Interaction:
    """An interaction. `message_id` is the message whose component was used, `parent` what opened the modal."""

    id: str
    type: int
    user_id: str
    guild_id: str | None
    channel_id: str
    data: Json
    message_id: str | None = None
    parent: "Interaction | None" = None
    name: str = ""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    born: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    state: str = "sent"
    response: int = 0
    original_id: str | None = None
    modal: Json | None = None
    choices: "asyncio.Future[list[Json]] | None" = None
    timer: asyncio.TimerHandle | None = field(default=None, repr=False)

    @property
    def from_component(self) -> bool:
        return self.message_id is not None


def payload(world: World, interaction: Interaction, message: Json | None = None) -> Json:
    """Build INTERACTION_CREATE. `message` is the one whose component was used."""
    channel, user_id = world.channels[interaction.channel_id], interaction.user_id
    shown: Json = {
        "id": interaction.id,
        "application_id": world.bot_id,
        "type": interaction.type,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": channel["id"],
        "channel": {**world.show_channel(channel), "permissions": str(world.permissions(user_id, channel))},
        "app_permissions": str(world.permissions(world.bot_id, channel)),
        "locale": world.locales.get(user_id, objects.LOCALE),
        "entitlements": [],
        "authorizing_integration_owners": {"0": interaction.guild_id or "0"},
        "context": 0 if interaction.guild_id else 1,
        "attachment_size_limit": limits.FILE_BYTES,
    }
    if message is not None:
        shown["message"] = world.show_message(message)
    if interaction.guild_id is None:
        return shown | {"user": world.users[user_id]}
    guild = world.guilds[interaction.guild_id]
    member = world.show_member(guild, user_id)
    member["permissions"] = str(world.permissions(user_id, channel))
    return shown | {
        "guild_id": guild["id"],
        "guild": {"id": guild["id"], "locale": guild.get("preferred_locale", objects.LOCALE), "features": []},
        "guild_locale": guild.get("preferred_locale", objects.LOCALE),
        "member": member,
    }
