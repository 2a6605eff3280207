"""A person at the keyboard, for tests: types commands, presses buttons, reads what comes."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

from sandbox.errors import Json
from sandbox.reply import Reply, parts

PATIENCE = 10.0


class Refused(Exception):
    """The sandbox did not let the person send this: `status`, `code`, `detail`, `fields`."""

    def __init__(self, status: int, body: Json) -> None:
        self.status = status
        self.code = str(body.get("code", ""))
        self.detail = str(body.get("detail", ""))
        self.fields: dict[str, list[str]] = body.get("fields") or {}
        super().__init__(f"{status} {self.code}: {self.detail}")


class InteractionFailed(Exception):
    """The bot did not answer in time, or is not there."""


@dataclass
class Person:
    """`async with Person(box.base_url, user="mira") as mira:`; names of servers and channels as people see them."""

    base_url: str
    user: str
    guild: str | None = None
    channel: str | None = None
    patience: float = PATIENCE
    events: list[Json] = field(default_factory=list)
    latest: dict[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def connect(self) -> None:
        if self._session is not None:
            return
        self._session = aiohttp.ClientSession(f"{self.base_url}/sandbox/api/")
        socket = await self._session.ws_connect("live", params={"as": self.user}, max_msg_size=0)
        self._reader = asyncio.create_task(self._read(socket))

    async def close(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader
        if self._session is not None:
            await self._session.close()
        self._session = self._reader = None

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async with socket:
            async for frame in socket:
                event = orjson.loads(frame.data)
                if event["type"] in ("message_create", "message_update"):
                    self.latest[event["message"]["id"]] = event["message"]
                self.events.append(event)
                self._news.set()

    async def call(self, method: str, path: str, body: Json | None = None, **query: str | int) -> Any:
        """Any call of the person API; a look says whose it is, an action says it in its body."""
        await self.connect()
        if self._session is None:
            raise RuntimeError("not connected")
        params = {"as": self.user, **query} if method == "GET" else query
        async with self._session.request(method, path, json=body, params=params) as answer:
            content = orjson.loads(await answer.read())
            if answer.status >= 400:
                raise Refused(answer.status, content)
            return content

    # Places

    async def world(self) -> Json:
        return dict(await self.call("GET", "world"))

    async def guild_id(self, guild: str | None) -> str:
        guilds = (await self.world())["guilds"]
        wanted = guild or self.guild or guilds[0]["name"]
        return str(next(g["id"] for g in guilds if wanted in (g["id"], g["name"])))

    async def channel_id(self, channel: str | None, guild: str | None = None) -> str:
        """By id or name; "@dm" is the direct channel with the bot."""
        wanted = channel or self.channel
        if wanted == "@dm":
            return str((await self.call("POST", "dms", {"as": self.user}))["id"])
        if wanted and wanted.isdecimal():
            return wanted
        guild_id = await self.guild_id(guild)
        channels = next(g["channels"] for g in (await self.world())["guilds"] if g["id"] == guild_id)
        name = (wanted or channels[0]["name"]).removeprefix("#")
        return str(next(c["id"] for c in channels if c["name"] == name))

    # Commands

    async def commands(self, guild: str | None = None, *, dm: bool = False) -> list[Json]:
        place = "" if dm else await self.guild_id(guild)
        return list(await self.call("GET", "commands", guild=place))

    async def _command(self, text: str, guild: str | None, channel: str | None) -> tuple[Json, Json]:
        """The body that names command, path and place, and the part of the command that has the options."""
        name, *path = text.removeprefix("/").split()
        dm = (channel or self.channel) == "@dm"
        listed = await self.commands(guild, dm=dm)
        # A menu command's name may have spaces.
        command = next((c for c in listed if c["name"] == text and c["type"] != 1), None)
        if command is not None:
            path = []
        else:
            command = next((c for c in listed if c["name"] == name and c["type"] == 1), None)
        if command is None:
            raise Refused(404, {"code": "unknown_command", "detail": f"{self.user} sees no command /{name}"})
        leaf = command
        for part in path:
            leaf = next((o for o in leaf.get("options", []) if o["name"] == part), {})
        channel_id = await self.channel_id(channel, guild)
        return {"as": self.user, "channel": channel_id, "command": command["id"], "path": path}, leaf

    async def slash(
        self,
        command: str,
        guild: str | None = None,
        channel: str | None = None,
        options: Json | None = None,
        **more: Any,
    ) -> Reply:
        """`slash("vampire update", name="Night Owl", hunger=2)`; a file is `{"filename", "content_type", "data"}`.

        Options whose names are taken here (channel, guild …) go into `options`.
        """
        given = {**(options or {}), **more}
        body, leaf = await self._command(command, guild, channel)
        files = {name: value for name, value in given.items() if isinstance(value, dict)}
        body["attachments"] = files
        body["options"] = _options(leaf, {n: v for n, v in given.items() if n not in files})
        return await self._interact("interactions/command", body)

    async def menu(
        self, command: str, target: str, guild: str | None = None, channel: str | None = None
    ) -> Reply:
        """A command of the context menu, on a user's or a message's id."""
        body, _ = await self._command(command, guild, channel)
        return await self._interact("interactions/command", {**body, "target": target})

    async def complete(
        self,
        command: str,
        option: str,
        text: str,
        guild: str | None = None,
        channel: str | None = None,
        options: Json | None = None,
        **more: Any,
    ) -> list[Json]:
        """The choices offered while `text` stands in `option`; the others are given as in `slash`."""
        body, leaf = await self._command(command, guild, channel)
        body["options"] = _options(leaf, {**(options or {}), **more, option: text})
        answer = await self.call("POST", "interactions/autocomplete", {**body, "focused": option})
        return list(answer["choices"])

    # Components

    async def click(self, message: Json | Reply, label: str) -> Reply:
        """By the button's label, or its custom_id. What somebody else sees already may take a moment to be here."""
        await self.connect()
        shown = self._now(message)

        def pressed() -> Json | None:
            fits = (
                one for one in self._buttons(message) if label in (one.get("label"), one.get("custom_id"))
            )
            return next(fits, None)

        try:
            found = await self._until(pressed, bool)
        except TimeoutError:
            labels = [button.get("label") for button in self._buttons(message)]
            detail = f"no button {label!r} among {labels}"
            raise Refused(404, {"code": "unknown_button", "detail": detail}) from None
        body = {"as": self.user, "message": shown["id"], "custom_id": found.get("custom_id", "")}
        return await self._interact("interactions/component", body)

    def _buttons(self, message: Json | Reply) -> list[Json]:
        return [part for part in parts(self._now(message)["components"]) if part["type"] == 2]

    async def select(self, message: Json | Reply, values: list[str] | str, custom_id: str = "") -> Reply:
        """In the first menu, or the one named; by value or label."""
        shown = self._now(message)
        menus = [part for part in parts(shown["components"]) if part["type"] in (3, 5, 6, 7, 8)]
        menu = next(part for part in menus if custom_id in ("", part["custom_id"]))
        by_label = {option["label"]: option["value"] for option in menu.get("options", [])}
        chosen = [by_label.get(value, value) for value in ([values] if isinstance(values, str) else values)]
        body = {"as": self.user, "message": shown["id"], "custom_id": menu["custom_id"], "values": chosen}
        return await self._interact("interactions/component", body)

    async def submit(self, reply: Reply, values: Json) -> Reply:
        """Sends the modal that `reply` opened; fields by custom_id."""
        body = {"as": self.user, "interaction": reply.interaction, "values": values}
        return await self._interact("interactions/modal", body)

    def _now(self, message: Json | Reply) -> Json:
        given = message.message if isinstance(message, Reply) else message
        if given is None:
            raise Refused(404, {"code": "no_message", "detail": "the reply has no message"})
        return self.latest.get(given["id"], given)

    async def _interact(self, path: str, body: Json) -> Reply:
        await self.connect()
        seen = len(self.events)
        interaction = str((await self.call("POST", path, body))["interaction"])

        def answered(event: Json) -> bool:
            return event["type"] == "interaction" and event["id"] == interaction and event["state"] != "sent"

        event = await self.wait_for(answered, since=seen)
        if event["state"] == "failed":
            raise InteractionFailed(event["reason"])
        reply = Reply(interaction, response=event["response"])
        opened = (
            e["modal"] for e in self.events[seen:] if e["type"] == "modal" and e["interaction"] == interaction
        )
        reply.modal = next(opened, None)
        if event["message"]:
            reply.message = await self._finished(event["message"])
        return reply

    async def _finished(self, message_id: str) -> Json:
        """The message, once it is no longer a mere "thinking"; one from before this person came is looked up."""
        if message_id not in self.latest:
            return await self._looked_up(message_id)
        return await self._until(lambda: self.latest[message_id], lambda message: not message["thinking"])

    async def _looked_up(self, message_id: str) -> Json:
        for place in await self._places():
            for message in (await self.call("GET", f"channels/{place}/messages"))["messages"]:
                self.latest.setdefault(message["id"], message)
        return self.latest[message_id]

    async def _places(self) -> list[str]:
        world = await self.world()
        return [c["id"] for guild in world["guilds"] for c in guild["channels"]] + [
            dm["id"] for dm in world["dms"]
        ]

    # Reading and writing

    async def say(
        self, content: str, guild: str | None = None, channel: str | None = None, **more: Any
    ) -> Json:
        channel_id = await self.channel_id(channel, guild)
        body = {"as": self.user, "channel": channel_id, "content": content, **more}
        return dict(await self.call("POST", "messages", body))

    async def react(self, message: Json, emoji: str, *, remove: bool = False) -> Json:
        body = {"as": self.user, "message": message["id"], "emoji": emoji, "remove": remove}
        return dict(await self.call("POST", "reactions", body))

    async def messages(
        self, channel: str | None = None, guild: str | None = None, limit: int = 100
    ) -> list[Json]:
        """Oldest first."""
        channel_id = await self.channel_id(channel, guild)
        answer = await self.call("GET", f"channels/{channel_id}/messages", limit=limit)
        return list(answer["messages"])

    # Waiting

    async def wait_for(
        self, fits: Callable[[Json], bool], *, since: int | None = None, within: float | None = None
    ) -> Json:
        """The first live event that fits, from now on or from the `since`-th on."""
        await self.connect()
        start = len(self.events) if since is None else since
        found: list[Json] = []

        def look() -> list[Json]:
            found[:] = [event for event in self.events[start:] if fits(event)][:1]
            return found

        await self._until(look, bool, within)
        return found[0]

    async def wait_for_message(
        self, fits: Callable[[Json], bool], *, since: int = 0, within: float | None = None
    ) -> Json:
        """The message of the first creation or edit that fits, of all that this person has seen (or since)."""
        event = await self.wait_for(
            lambda e: e["type"] in ("message_create", "message_update") and fits(e["message"]),
            since=since,
            within=within,
        )
        return dict(event["message"])

    async def wait_for_update(self, message: Json | Reply, within: float | None = None) -> Json:
        """The message as soon as it differs from the one given."""
        given = message.message if isinstance(message, Reply) else message
        if given is None:
            raise Refused(404, {"code": "no_message", "detail": "the reply has no message"})
        return await self._until(
            lambda: self.latest.get(given["id"], given), lambda now: now != given, within
        )

    async def _until(
        self, look: Callable[[], Any], good: Callable[[Any], bool], within: float | None = None
    ) -> Any:
        async with asyncio.timeout(within or self.patience):
            while not good(value := look()):
                self._news.clear()
                await self._news.wait()
        return value


def _options(leaf: Json, values: Json) -> list[Json]:
    kinds = {option["name"]: option["type"] for option in leaf.get("options", [])}
    return [
        {"name": name, "value": value} | ({"type": kinds[name]} if name in kinds else {})
        for name, value in values.items()
        if value is not None
    ]
