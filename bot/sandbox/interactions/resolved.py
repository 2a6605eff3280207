"""The `resolved` part of an interaction: the objects that its options and values name by id."""

from sandbox.changes import content
from sandbox.changes.content import Upload
from sandbox.errors import Json
from sandbox.ids import is_snowflake
from sandbox.state import objects
from sandbox.state.store import Files
from sandbox.state.world import CDN, World

CHANNEL_KEYS = ("id", "type", "name", "position", "parent_id", "flags", "topic", "nsfw")
THREAD_KEYS = [
    "id",
    "type",
    "name",
    "parent_id",
    "owner_id",
    "flags",
    "last_message_id",
    "rate_limit_per_user",
    "message_count",
    "member_count",
    "total_message_sent",
    "thread_metadata",
]


class Resolved:
    """Collects in `objects` what this person names, as far as they can see it from this channel."""

    def __init__(self, world: World, files: Files, user_id: str, channel: Json) -> None:
        self.world = world
        self.files = files
        self.user_id = user_id
        self.here = channel
        self.guild: Json | None = world.guilds.get(channel.get("guild_id", ""))
        self.objects: dict[str, Json] = {}

    def part(self) -> Json:
        return {"resolved": self.objects} if self.objects else {}

    def find(
        self, value: object, user: bool, role: bool, channel: bool, channel_types: list[int] | None
    ) -> bool:
        """Add what an id names; False when it names nothing of these kinds here."""
        if not is_snowflake(value):
            return False
        target = str(value)
        return (
            (user and self.user(target))
            or (role and self.role(target))
            or (channel and self.channel(target, channel_types))
        )

    def user(self, user_id: str) -> bool:
        """Add a member of the guild, or one of the two in direct messages."""
        people = self.guild["members"] if self.guild else (*self.here["recipient_ids"], self.world.bot_id)
        if user_id not in people:
            return False
        self._add("users", user_id, self.world.users[user_id])
        if self.guild is not None:
            member = self.world.show_member(self.guild, user_id)
            for key in ("user", "deaf", "mute"):
                del member[key]
            member["permissions"] = str(self.world.permissions(user_id, self.here))
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
        keys = THREAD_KEYS if channel["type"] in objects.THREADS else CHANNEL_KEYS
        partial: Json = {key: channel[key] for key in keys}
        bits = self.world.permissions(self.user_id, channel)
        self._add("channels", channel_id, {**partial, "permissions": str(bits), "guild_id": self.guild["id"]})
        return True

    def message(self, message_id: str) -> bool:
        message = self.world.messages.get(self.here["id"], {}).get(message_id)
        if message is None or self.world.ephemeral.get(message_id, self.user_id) != self.user_id:
            return False
        self._add("messages", message_id, self.world.show_message(message))
        return True

    def attachment(self, upload: Upload) -> str:
        attachment = content.attach(self.world, self.files, upload, self.here["id"], {}, ephemeral=True)
        address = attachment["url"].replace(CDN, self.world.cdn_base)
        attachment |= {"url": address, "proxy_url": address}
        self._add("attachments", attachment["id"], attachment)
        return str(attachment["id"])

    def _add(self, kind: str, key: str, value: Json) -> None:
        self.objects.setdefault(kind, {})[key] = value
