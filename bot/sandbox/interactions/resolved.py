"""The `resolved` part of an interaction: the objects that its options and values name by id."""

from sandbox.changes import content
from sandbox.changes.content import Upload
from sandbox.errors import Json
from sandbox.state import permissions
from sandbox.state.store import Files
from sandbox.state.world import World


class Resolved:
    """Gathers what is named, as far as this person can name it in this place."""

    def __init__(self, world: World, user_id: str, channel: Json) -> None:
        self.world = world
        self.user_id = user_id
        self.place = channel
        self.guild: Json | None = world.guilds.get(channel.get("guild_id", ""))
        self.found: dict[str, Json] = {}

    def user(self, user_id: str) -> bool:
        """In a guild one of its members, in direct messages one of the two."""
        around = self.guild["members"] if self.guild else (*self.place["recipient_ids"], self.world.bot_id)
        if user_id not in around:
            return False
        self._add("users", user_id, self.world.users[user_id])
        if self.guild is not None:
            member = self.world.show_member(self.guild, user_id)
            for key in ("user", "deaf", "mute"):
                del member[key]
            member["permissions"] = str(permissions.in_channel(self.guild, user_id, self.place))
            self._add("members", user_id, member)
        return True

    def role(self, role_id: str) -> bool:
        if self.guild is None or role_id not in self.guild["roles"]:
            return False
        self._add("roles", role_id, self.guild["roles"][role_id])
        return True

    def channel(self, channel_id: str, kinds: list[int] | None = None) -> bool:
        channel = self.world.channels.get(channel_id)
        if channel is None or self.guild is None or channel.get("guild_id") != self.guild["id"]:
            return False
        if (kinds and channel["type"] not in kinds) or not self.world.may_see(self.user_id, channel):
            return False
        bits = permissions.in_channel(self.guild, self.user_id, channel)
        partial = {
            key: channel[key]
            for key in ("id", "type", "name", "position", "parent_id", "flags", "topic", "nsfw")
        }
        self._add("channels", channel_id, {**partial, "permissions": str(bits), "guild_id": self.guild["id"]})
        return True

    def message(self, message_id: str) -> bool:
        message = self.world.messages.get(self.place["id"], {}).get(message_id)
        if message is None or self.world.ephemeral.get(message_id, self.user_id) != self.user_id:
            return False
        self._add("messages", message_id, self.world.show_message(message))
        return True

    def attachment(self, files: Files, upload: Upload) -> str:
        made = content.attach(self.world, files, upload, self.place["id"], {}, ephemeral=True)
        address = made["url"].replace(content.CDN, self.world.cdn_base)
        made |= {"url": address, "proxy_url": address}
        self._add("attachments", made["id"], made)
        return str(made["id"])

    def _add(self, kind: str, key: str, value: Json) -> None:
        self.found.setdefault(kind, {})[key] = value


def payload(
    world: World, interaction_id: str, token: str, kind: int, user_id: str, channel: Json, data: Json
) -> Json:
    """INTERACTION_CREATE, all but the message of a component."""
    guild: Json | None = world.guilds.get(channel.get("guild_id", ""))
    made: Json = {
        "id": interaction_id,
        "application_id": world.bot_id,
        "type": kind,
        "token": token,
        "version": 1,
        "data": data,
        "channel_id": channel["id"],
        "channel": {**world.show_channel(channel), "permissions": str(world.permissions(user_id, channel))},
        "app_permissions": str(world.permissions(world.bot_id, channel)),
        "locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {"0": guild["id"] if guild else "0"},
        "context": 0 if guild else 1,
        "attachment_size_limit": 10 * 1024 * 1024,
    }
    if guild is None:
        return {**made, "user": world.users[user_id]}
    member = world.show_member(guild, user_id)
    member["permissions"] = str(permissions.in_channel(guild, user_id, channel))
    about = {"id": guild["id"], "locale": "en-US", "features": []}
    return {**made, "guild_id": guild["id"], "guild": about, "guild_locale": "en-US", "member": member}
