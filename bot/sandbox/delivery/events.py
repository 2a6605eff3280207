"""Sends each change to the bot over the gateway and to people over their live socket."""

from collections.abc import Callable

from sandbox.delivery.live import Live
from sandbox.delivery.sessions import Gateway
from sandbox.errors import Json
from sandbox.state.world import World


class Events:
    """`touch` marks the state as changed."""

    def __init__(self, world: World, gateway: Gateway, live: Live, touch: Callable[[], None]) -> None:
        self.world = world
        self.gateway = gateway
        self.live = live
        self.touch = touch

    def world_changed(self) -> None:
        """Make people's pages reload the world."""
        self.live.to_all({"type": "world"})
        self.touch()

    def guild(self, event: str, guild_id: str, data: Json) -> None:
        """Send a change of a guild, its members, roles or channels."""
        self.gateway.dispatch(event, data, guild_id=guild_id)
        self.world_changed()

    def message(self, event: str, message: Json) -> None:
        """Send a message. An ephemeral one goes to one person, and not to the bot."""
        channel = self.world.channels[message["channel_id"]]
        shown = self._to_people(event, channel, message)
        if message["id"] not in self.world.ephemeral:
            self._to_bot(event, channel, shown)

    def message_for_people(self, message: Json) -> None:
        """Send a message with its reactions to people, whose pages show it as a whole."""
        self._to_people("MESSAGE_UPDATE", self.world.channels[message["channel_id"]], message)

    def _to_people(self, event: str, channel: Json, message: Json) -> Json:
        shown = self.world.show_message(message)
        frame = {"type": event.lower(), "message": self.for_people(shown)}
        self.live.to_channel(channel, frame, only=self.world.ephemeral.get(message["id"]))
        self.touch()
        return shown

    def for_people(self, shown: Json) -> Json:
        flags = shown["flags"]
        return shown | {"ephemeral": shown["id"] in self.world.ephemeral, "thinking": bool(flags & 128)}

    def _to_bot(self, event: str, channel: Json, shown: Json) -> None:
        guild_id = channel.get("guild_id")
        data = dict(shown)
        if guild_id:
            data["guild_id"] = guild_id
            guild = self.world.guilds[guild_id]
            if shown["author"]["id"] in guild["members"]:
                member = self.world.show_member(guild, shown["author"]["id"])
                data["member"] = {key: value for key, value in member.items() if key != "user"}
        self.gateway.dispatch(event, data, guild_id=guild_id)

    def message_deleted(self, message: Json, viewer: str | None) -> None:
        channel = self.world.channels[message["channel_id"]]
        place = {"id": message["id"], "channel_id": channel["id"]}
        self.live.to_channel(channel, {"type": "message_delete", "message": place}, only=viewer)
        if viewer is None:
            self.in_channel("MESSAGE_DELETE", channel, place)
        self.touch()

    def in_channel(self, event: str, channel: Json, data: Json) -> None:
        guild_id = channel.get("guild_id")
        data = {**data, "channel_id": channel["id"]} | ({"guild_id": guild_id} if guild_id else {})
        self.gateway.dispatch(event, data, guild_id=guild_id)
