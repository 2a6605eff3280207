"""Changes of guilds, members, roles, channels and users."""

from sandbox import defaults
from sandbox.delivery.events import Events
from sandbox.errors import Json
from sandbox.ids import now_iso
from sandbox.state import objects, permissions
from sandbox.state.world import World


class Actions:
    def __init__(self, world: World, events: Events) -> None:
        self.world = world
        self.events = events

    # Users

    def add_user(self, username: str, global_name: str | None) -> Json:
        user = objects.user(self.world.ids.next(), username, global_name)
        self.world.users[user["id"]] = user
        self.events.world_changed()
        return user

    def edit_user(self, user: Json, changes: Json) -> None:
        """Edit a user. The bot gets a member update in each guild that they share, as from Discord."""
        user |= changes
        for guild in self.world.guilds_of(user["id"]):
            self._member_event("GUILD_MEMBER_UPDATE", guild, user["id"])
        self.events.world_changed()

    def dm(self, user_id: str) -> Json:
        """Return the direct channel between the person and the bot, created at first use."""
        channel = self.world.dm_of(user_id)
        if channel is None:
            channel = {"id": self.world.ids.next(), "type": objects.DM, "flags": 0}
            channel |= {"last_message_id": None, "recipient_ids": [user_id]}
            self.world.channels[channel["id"]] = channel
            self.events.gateway.dispatch("CHANNEL_CREATE", self.world.show_channel(channel))
            self.events.world_changed()
        return channel

    # Guilds

    def add_guild(self, name: str, owner_id: str, *, with_bot: bool = True) -> Json:
        guild = objects.guild(self.world.ids.next(), name, owner_id)
        guild["members"][owner_id] = objects.member(owner_id)
        self.world.guilds[guild["id"]] = guild
        channel = objects.channel(self.world.ids.next(), guild["id"], "general")
        self.world.channels[channel["id"]] = channel
        if with_bot:
            self.add_member(guild, self.world.bot_id)
        self.events.world_changed()
        return guild

    def edit_guild(self, guild: Json, changes: Json) -> None:
        guild |= changes
        self.events.guild("GUILD_UPDATE", guild["id"], self.world.show_guild(guild))

    def remove_guild(self, guild: Json) -> None:
        self.events.guild("GUILD_DELETE", guild["id"], {"id": guild["id"]})
        for channel in [c for c in self.world.channels.values() if c.get("guild_id") == guild["id"]]:
            self._forget_channel(channel)
        self.world.commands.pop(guild["id"], None)
        del self.world.guilds[guild["id"]]
        self.events.world_changed()

    # Members

    def add_member(self, guild: Json, user_id: str) -> None:
        """Add a person, or the bot, which then gets the whole guild."""
        if user_id == self.world.bot_id:
            defaults.add_bot(guild, user_id)
            self.events.gateway.announce_guild(guild)
            self.events.world_changed()
            return
        guild["members"][user_id] = objects.member(user_id)
        self._member_event("GUILD_MEMBER_ADD", guild, user_id)

    def invite_bot(self, guild: Json, bits: int) -> None:
        """Add the bot with the permissions that its invite asks for."""
        self.add_member(guild, self.world.bot_id)
        role = guild["roles"][defaults.bot_role(guild["id"], self.world.bot_id)["id"]]
        self.edit_role(guild, role, {"permissions": str(bits)})

    def edit_member(self, guild: Json, user_id: str, changes: Json) -> None:
        guild["members"][user_id] |= changes
        self._member_event("GUILD_MEMBER_UPDATE", guild, user_id)

    def _member_event(self, event: str, guild: Json, user_id: str) -> None:
        data = {**self.world.show_member(guild, user_id), "guild_id": guild["id"]}
        self.events.guild(event, guild["id"], data)

    def remove_member(self, guild: Json, user_id: str) -> None:
        del guild["members"][user_id]
        if user_id == self.world.bot_id:
            bot_role = defaults.bot_role(guild["id"], user_id)["id"]
            guild["roles"].pop(bot_role, None)
            self.world.commands.pop(guild["id"], None)
            self.events.guild("GUILD_DELETE", guild["id"], {"id": guild["id"]})
            return
        data = {"guild_id": guild["id"], "user": self.world.users[user_id]}
        self.events.guild("GUILD_MEMBER_REMOVE", guild["id"], data)

    # Roles

    def add_role(self, guild: Json, changes: Json) -> Json:
        role = objects.role(self.world.ids.next(), "new role", bits=permissions.of_everyone(guild)) | changes
        guild["roles"][role["id"]] = role
        return self._role_event("GUILD_ROLE_CREATE", guild, role)

    def edit_role(self, guild: Json, role: Json, changes: Json) -> Json:
        role |= changes
        return self._role_event("GUILD_ROLE_UPDATE", guild, role)

    def _role_event(self, event: str, guild: Json, role: Json) -> Json:
        self.events.guild(event, guild["id"], {"guild_id": guild["id"], "role": role})
        return role

    def remove_role(self, guild: Json, role: Json) -> None:
        del guild["roles"][role["id"]]
        for member in guild["members"].values():
            if role["id"] in member["roles"]:
                member["roles"].remove(role["id"])
        data = {"guild_id": guild["id"], "role_id": role["id"]}
        self.events.guild("GUILD_ROLE_DELETE", guild["id"], data)

    # Channels

    def add_channel(
        self, guild: Json, name: str, *, kind: int = objects.TEXT, topic: str | None = None
    ) -> Json:
        last = max((channel["position"] for channel in self.world.channels_of(guild["id"])), default=-1)
        channel = objects.channel(self.world.ids.next(), guild["id"], name, kind=kind, position=last + 1)
        channel["topic"] = topic
        self.world.channels[channel["id"]] = channel
        self.events.guild("CHANNEL_CREATE", guild["id"], self.world.show_channel(channel))
        return channel

    def edit_channel(self, channel: Json, changes: Json) -> None:
        channel |= changes
        self.events.guild("CHANNEL_UPDATE", channel["guild_id"], self.world.show_channel(channel))

    def remove_channel(self, channel: Json) -> None:
        for thread in [c for c in self.world.channels.values() if c.get("parent_id") == channel["id"]]:
            if thread["type"] in objects.THREADS:
                self._forget_channel(thread)
        self._forget_channel(channel)
        self.events.guild("CHANNEL_DELETE", channel["guild_id"], self.world.show_channel(channel))

    # Threads

    def add_thread(
        self,
        parent: Json,
        name: str,
        owner_id: str,
        *,
        kind: int = objects.PUBLIC_THREAD,
        message: Json | None = None,
    ) -> Json:
        """Add a thread of a channel, with `message` the one of that message, or a post of a forum."""
        thread_id = message["id"] if message else self.world.ids.next()
        thread = objects.thread(thread_id, parent, name, owner_id, kind=kind)
        self.world.channels[thread_id] = thread
        shown = self.world.show_channel(thread)
        self.events.guild("THREAD_CREATE", parent["guild_id"], shown | {"newly_created": True})
        return thread

    def edit_thread(self, thread: Json, changes: Json, metadata: Json) -> None:
        thread |= changes
        if (
            metadata.get("archived", thread["thread_metadata"]["archived"])
            != thread["thread_metadata"]["archived"]
        ):
            metadata = metadata | {"archive_timestamp": now_iso()}
        thread["thread_metadata"] |= metadata
        self.events.guild("THREAD_UPDATE", thread["guild_id"], self.world.show_channel(thread))

    def set_thread_member(self, thread: Json, user_id: str, inside: bool) -> None:
        members = thread["member_ids"]
        if inside == (user_id in members):
            return
        members.append(user_id) if inside else members.remove(user_id)
        thread["member_count"] = len(members)
        if user_id == self.world.bot_id and inside and thread["type"] == objects.PRIVATE_THREAD:
            # Only now does the bot know the thread.
            self.events.guild("THREAD_CREATE", thread["guild_id"], self.world.show_channel(thread))
        self.events.world_changed()

    def remove_thread(self, thread: Json) -> None:
        place = {key: thread[key] for key in ("id", "guild_id", "parent_id", "type")}
        self._forget_channel(thread)
        self.events.guild("THREAD_DELETE", thread["guild_id"], place)

    def _forget_channel(self, channel: Json) -> None:
        del self.world.channels[channel["id"]]
        self.world.webhooks.forget_channel(channel["id"])
        for message_id in self.world.messages.pop(channel["id"], {}):
            self.world.ephemeral.pop(message_id, None)
