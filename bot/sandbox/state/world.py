"""The state: users, guilds, channels, messages, commands. Look-ups and the shapes shown to the outside.

Nothing here sends events; the actions in `changes/` do.
"""

from collections.abc import Iterator

from sandbox.errors import ApiError, Json, PersonError
from sandbox.ids import Snowflakes
from sandbox.state import objects, permissions
from sandbox.state.hooks import Webhooks

# Stored in place of the sandbox's own address, which changes with the port.
CDN = "sandbox-cdn:"
KEPT_MESSAGES = 1000  # per channel


def in_order(channels: list[Json]) -> list[Json]:
    """Those that are no threads, as Discord shows them."""
    own = [channel for channel in channels if channel["type"] not in objects.THREADS]
    return sorted(own, key=lambda channel: (channel["position"], int(channel["id"])))


def threads_in(channels: list[Json], archived: bool = False) -> list[Json]:
    """The active threads of these, or the archived ones; the newest first."""
    threads = [channel for channel in channels if channel["type"] in objects.THREADS]
    fitting = [thread for thread in threads if thread["thread_metadata"]["archived"] == archived]
    return sorted(fitting, key=lambda thread: -int(thread["id"]))


class World:
    """A JSON document in memory. `messages` and `commands` are keyed by channel and by scope ("" is global)."""

    def __init__(self, document: Json, cdn_base: str = "") -> None:
        self.cdn_base = cdn_base
        self.ids = Snowflakes(int(document.get("last_id", 0)))
        self.app: Json = document["app"]
        self.users: dict[str, Json] = document["users"]
        self.guilds: dict[str, Json] = document["guilds"]
        self.channels: dict[str, Json] = document["channels"]
        self.messages: dict[str, dict[str, Json]] = document.get("messages", {})
        self.commands: dict[str, dict[str, Json]] = document.get("commands", {})
        self.grants: dict[str, Json] = document.get("grants", {})
        self.emojis: dict[str, Json] = document.get("emojis", {})
        self.webhooks = Webhooks(document.get("webhooks", {}), document.get("pictures", {}))
        # Message id → the only person who sees it. Not saved: gone after a reload, as in Discord's client.
        self.ephemeral: dict[str, str] = {}

        # The language of a user's client, where it is not English. Not saved: each client says it.
        self.locales: dict[str, str] = {}

    def document(self) -> Json:
        messages = {
            channel_id: {key: message for key, message in stored.items() if key not in self.ephemeral}
            for channel_id, stored in self.messages.items()
        }
        return {
            "version": 1,
            "last_id": str(self.ids.last),
            "app": self.app,
            "users": self.users,
            "guilds": self.guilds,
            "channels": self.channels,
            "messages": messages,
            "commands": self.commands,
            "grants": self.grants,
            "emojis": self.emojis,
            "webhooks": self.webhooks.stored,
            "pictures": self.webhooks.pictures,
        }

    # Look-ups, with Discord's own errors

    @property
    def bot_id(self) -> str:
        return str(self.app["id"])

    def user(self, user_id: str) -> Json:
        if user_id not in self.users:
            raise ApiError(10013)
        return self.users[user_id]

    def guild(self, guild_id: str) -> Json:
        if guild_id not in self.guilds:
            raise ApiError(10004)
        return self.guilds[guild_id]

    def guild_for_bot(self, guild_id: str) -> Json:
        guild = self.guild(guild_id)
        if self.bot_id not in guild["members"]:
            raise ApiError(10004)
        return guild

    def channel(self, channel_id: str) -> Json:
        if channel_id not in self.channels:
            raise ApiError(10003)
        return self.channels[channel_id]

    def message(self, channel_id: str, message_id: str) -> Json:
        message = self.messages.get(channel_id, {}).get(message_id)
        if message is None:
            raise ApiError(10008)
        return message

    def find_message(self, message_id: str) -> Json:
        """Find a message in any channel: ids are unique."""
        for messages in self.messages.values():
            if message_id in messages:
                return messages[message_id]
        raise ApiError(10008)

    def role(self, guild: Json, role_id: str) -> Json:
        role: Json | None = guild["roles"].get(role_id)
        if role is None:
            raise ApiError(10011)
        return role

    def member(self, guild: Json, user_id: str) -> Json:
        if user_id not in guild["members"]:
            raise ApiError(10013 if user_id not in self.users else 10007)
        return dict(guild["members"][user_id])

    def person(self, name: str) -> Json:
        """Return a user by id or username, never the bot."""
        user = self.users.get(name) or next((u for u in self.users.values() if u["username"] == name), None)
        if user is None or user["bot"]:
            raise PersonError(404, "unknown_user", f"There is no sandbox user {name[:80]!r}.")
        return user

    def channels_of(self, guild_id: str) -> list[Json]:
        """List the channels of a guild, without threads."""
        return in_order(self._all_of(guild_id))

    def threads_of(self, guild_id: str, *, archived: bool = False) -> list[Json]:
        """List the active threads of a guild, or the archived ones; the newest first."""
        return threads_in(self._all_of(guild_id), archived)

    def channels_by_guild(self) -> dict[str, list[Json]]:
        """List channels and threads of every guild: for thousands of guilds at once."""
        found: dict[str, list[Json]] = {}
        for channel in self.channels.values():
            found.setdefault(channel.get("guild_id", ""), []).append(channel)
        return found

    def _all_of(self, guild_id: str) -> list[Json]:
        return [channel for channel in self.channels.values() if channel.get("guild_id") == guild_id]

    def guilds_of(self, user_id: str) -> list[Json]:
        return [guild for guild in self.guilds.values() if user_id in guild["members"]]

    def dm_of(self, user_id: str) -> Json | None:
        return next((c for c in self.channels.values() if user_id in c.get("recipient_ids", ())), None)

    def permissions(self, user_id: str, channel: Json) -> int:
        if channel["type"] == objects.DM:
            taking_part = user_id == self.bot_id or user_id in channel["recipient_ids"]
            return permissions.DIRECT if taking_part else 0
        guild = self.guilds[channel["guild_id"]]
        if channel["type"] not in objects.THREADS:
            return permissions.in_channel(guild, user_id, channel)
        bits = permissions.in_channel(guild, user_id, self.channels[channel["parent_id"]])
        private = channel["type"] == objects.PRIVATE_THREAD and user_id not in channel["member_ids"]
        return 0 if private and not bits & permissions.MANAGE_THREADS else bits

    def may_see(self, user_id: str, channel: Json) -> bool:
        return bool(self.permissions(user_id, channel) & permissions.VIEW_CHANNEL)

    def require(self, user_id: str, channel: Json, needed: int) -> None:
        """Raise 50001 when the user does not see the channel, 50013 when another permission is missing."""
        bits = self.permissions(user_id, channel)
        if not bits & permissions.VIEW_CHANNEL:
            raise ApiError(50001)
        permissions.require(bits, needed)

    # Shapes

    def show_member(self, guild: Json, user_id: str) -> Json:
        shown = self.member(guild, user_id)
        shown["user"] = self.users[shown.pop("user_id")]
        return shown

    def show_members(self, guild: Json) -> Iterator[Json]:
        return (self.show_member(guild, user_id) for user_id in sorted(guild["members"], key=int))

    def show_roles(self, guild: Json) -> list[Json]:
        return sorted(guild["roles"].values(), key=lambda role: (role["position"], int(role["id"])))

    def show_guild(self, guild: Json) -> Json:
        own = {key: guild[key] for key in ("id", "name", "icon", "owner_id")}
        return {**objects.GUILD_REST, **own, "roles": self.show_roles(guild)}

    def show_channel(self, channel: Json) -> Json:
        if channel["type"] != objects.DM:
            return {key: value for key, value in channel.items() if key != "member_ids"}
        shown = {key: value for key, value in channel.items() if key != "recipient_ids"}
        return {**shown, "recipients": [self.users[user_id] for user_id in channel["recipient_ids"]]}

    def show_message(self, message: Json) -> Json:
        """Show a message with its author as of now, what it answers, and full addresses."""
        return self._show_alone(message) | self._answered(message)

    def _show_alone(self, message: Json) -> Json:
        """Show a message; its reactions as the bot sees them."""
        author = {"author": self.users.get(message["author"]["id"], message["author"])}
        shown: Json = {key: self._with_addresses(value) for key, value in message.items()} | author
        if "reactions" in shown:
            shown["reactions"] = [self._show_reaction(*item) for item in shown["reactions"].items()]
        return shown

    def _answered(self, message: Json) -> Json:
        """The message that a reply answers, without what that one answers; None once it is gone."""
        if message["type"] != objects.REPLY:
            return {}
        answered_id = message["message_reference"]["message_id"]
        answered = self.messages.get(message["channel_id"], {}).get(answered_id)
        return {"referenced_message": self._show_alone(answered) if answered else None}

    def show_webhook(self, webhook: Json) -> Json:
        """Show a webhook with who made it; its token is for those who may manage webhooks."""
        shown = {key: value for key, value in webhook.items() if key != "user_id"}
        return shown | {"user": self.users[webhook["user_id"]]}

    def _show_reaction(self, emoji: str, user_ids: list[str]) -> Json:
        return {
            "emoji": {"id": None, "name": emoji},
            "count": len(user_ids),
            "count_details": {"burst": 0, "normal": len(user_ids)},
            "burst_colors": [],
            "me": self.bot_id in user_ids,
            "me_burst": False,
        }

    def _with_addresses(self, value: object) -> object:
        if isinstance(value, str) and value.startswith(CDN):
            return self.cdn_base + value.removeprefix(CDN)
        if isinstance(value, dict):
            return {key: self._with_addresses(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._with_addresses(inner) for inner in value]
        return value

    def show_application(self) -> Json:
        own = {key: self.app[key] for key in ("id", "name", "description", "redirect_uris")}
        owner = self.users[self.app["owner_id"]]
        guilds = len(self.guilds_of(self.bot_id))
        bot = self.users[self.bot_id]
        return {
            **objects.APPLICATION_REST,
            **own,
            "owner": owner,
            "bot": bot,
            "approximate_guild_count": guilds,
        }
