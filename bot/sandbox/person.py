"""Test driver for a person: types commands, presses buttons, reads messages."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

import aiohttp
import orjson

from sandbox.errors import Json
from sandbox.reply import Reply, parts

TIMEOUT = 10.0
CHAT_COMMAND, BUTTON, SELECTS = 1, 2, (3, 5, 6, 7, 8)
MESSAGE_EVENTS = ("message_create", "message_update")
Found = TypeVar("Found")


class Refused(Exception):
    """The sandbox did not let the person send this: `status`, `code`, `detail`, `fields`."""

    def __init__(self, status: int, body: Json) -> None:
        self.status = status
        self.code = str(body.get("code", ""))
        self.detail = str(body.get("detail", ""))
        self.fields: dict[str, list[str]] = body.get("fields") or {}
        super().__init__(f"{status} {self.code}: {self.detail}")


def _missing(code: str, detail: str) -> Refused:
    return Refused(404, {"code": code, "detail": detail})


class InteractionFailed(Exception):
    """The bot did not answer in time, or is not there."""


@dataclass
class Person:
    """`async with Person(box.base_url, user="mira") as mira:`; names of servers and channels as people see them."""

    base_url: str
    user: str
    guild: str | None = None
    channel: str | None = None
    timeout: float = TIMEOUT
    events: list[Json] = field(default_factory=list)
    latest: dict[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def connect(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(f"{self.base_url}/sandbox/api/")
            socket = await self._session.ws_connect("live", params={"as": self.user}, max_msg_size=0)
            self._reader = asyncio.create_task(self._read(socket))
        return self._session

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
                if event["type"] in MESSAGE_EVENTS:
                    self.latest[event["message"]["id"]] = event["message"]
                self.events.append(event)
                self._news.set()

    async def call(self, method: str, path: str, body: Json | None = None, **query: str | int) -> Any:
        """Make any call of the person API; a GET says who asks in its query, an action in its body."""
        session = await self.connect()
        params = {"as": self.user, **query} if method == "GET" else query
        async with session.request(method, path, json=body, params=params) as answer:
            content = orjson.loads(await answer.read())
            if answer.status >= 400:
                raise Refused(answer.status, content)
            return content

    async def _act(self, path: str, **body: object) -> Any:
        return await self.call("POST", path, {"as": self.user, **body})

    # Servers and channels

    async def world(self) -> Json:
        return dict(await self.call("GET", "world"))

    async def _guild(self, guild: str | None) -> Json:
        guilds: list[Json] = (await self.world())["guilds"]
        wanted = guild or self.guild or guilds[0]["name"]
        return next(g for g in guilds if wanted in (g["id"], g["name"]))

    async def channel_id(self, channel: str | None, guild: str | None = None) -> str:
        """Find a channel by id or name; "@dm" is the direct channel with the bot."""
        wanted = channel or self.channel
        if wanted == "@dm":
            return str((await self._act("dms"))["id"])
        if wanted and wanted.isdecimal():
            return wanted
        channels = (await self._guild(guild))["channels"]
        name = (wanted or channels[0]["name"]).removeprefix("#")
        return str(next(c["id"] for c in channels if c["name"] == name))

    # Commands

    async def commands(self, guild: str | None = None, *, dm: bool = False) -> list[Json]:
        guild_id = "" if dm else (await self._guild(guild))["id"]
        return list(await self.call("GET", "commands", guild=guild_id))

    async def _command(self, text: str, guild: str | None, channel: str | None) -> tuple[Json, Json]:
        """Return the request's body, and the part of the command that has the options."""
        name, *path = text.removeprefix("/").split()
        listed = await self.commands(guild, dm=(channel or self.channel) == "@dm")
        menus = [c for c in listed if c["name"] == text and c["type"] != CHAT_COMMAND]  # may have spaces
        chats = [c for c in listed if c["name"] == name and c["type"] == CHAT_COMMAND]
        if not menus and not chats:
            raise _missing("unknown_command", f"{self.user} sees no command /{name}")
        command = leaf = (menus or chats)[0]
        path = [] if menus else path
        for part in path:
            leaf = next((option for option in leaf.get("options", []) if option["name"] == part), {})
        channel_id = await self.channel_id(channel, guild)
        return {"as": self.user, "channel": channel_id, "command": command["id"], "path": path}, leaf

    async def slash(
        self,
        command: str,
        guild: str | None = None,
        channel: str | None = None,
        options: Json | None = None,
        **fields: object,
    ) -> Reply:
        """Send `slash("vampire update", name="Night Owl", hunger=2)`; a file is `{"filename", "content_type", "data"}`.

        Options whose names are taken here (channel, guild …) go into `options`.
        """
        values = {**(options or {}), **fields}
        body, leaf = await self._command(command, guild, channel)
        body["attachments"] = {name: value for name, value in values.items() if isinstance(value, dict)}
        body["options"] = _options(leaf, {n: v for n, v in values.items() if n not in body["attachments"]})
        return await self._interact("interactions/command", body)

    async def menu(
        self, command: str, target: str, guild: str | None = None, channel: str | None = None
    ) -> Reply:
        """Use a command of the context menu on a user's or a message's id."""
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
        **fields: object,
    ) -> list[Json]:
        """Return the choices offered while `text` stands in `option`; other options are passed as in `slash`."""
        body, leaf = await self._command(command, guild, channel)
        body["options"] = _options(leaf, {**(options or {}), **fields, option: text})
        answer = await self.call("POST", "interactions/autocomplete", {**body, "focused": option})
        return list(answer["choices"])

    # Components

    async def click(self, message: Json | Reply, label: str) -> Reply:
        """Press a button by its label or custom_id; waits for one that has not arrived yet."""
        await self.connect()

        def buttons() -> list[Json]:
            return [part for part in parts(self._now(message)["components"]) if part["type"] == BUTTON]

        def wanted() -> Json | None:
            return next((b for b in buttons() if label in (b.get("label"), b.get("custom_id"))), None)

        try:
            button = await self._until(wanted)
        except TimeoutError:
            labels = [button.get("label") for button in buttons()]
            raise _missing("unknown_button", f"no button {label!r} among {labels}") from None
        return await self._use(message, custom_id=button.get("custom_id", ""))

    async def select(self, message: Json | Reply, values: list[str] | str, custom_id: str = "") -> Reply:
        """Choose values or labels in the first menu, or in the one with this custom_id."""
        menus = [part for part in parts(self._now(message)["components"]) if part["type"] in SELECTS]
        menu = next(part for part in menus if custom_id in ("", part["custom_id"]))
        by_label = {option["label"]: option["value"] for option in menu.get("options", [])}
        chosen = [by_label.get(value, value) for value in ([values] if isinstance(values, str) else values)]
        return await self._use(message, custom_id=menu["custom_id"], values=chosen)

    async def _use(self, message: Json | Reply, **body: object) -> Reply:
        body |= {"as": self.user, "message": self._now(message)["id"]}
        return await self._interact("interactions/component", body)

    async def submit(self, reply: Reply, values: Json) -> Reply:
        """Send the modal that `reply` opened; fields by custom_id."""
        body = {"as": self.user, "interaction": reply.interaction, "values": values}
        return await self._interact("interactions/modal", body)

    def _now(self, message: Json | Reply) -> Json:
        """Return the message as it is by now."""
        shown = message.message if isinstance(message, Reply) else message
        if shown is None:
            raise _missing("no_message", "the reply has no message")
        return self.latest.get(shown["id"], shown)

    async def _interact(self, path: str, body: Json) -> Reply:
        await self.connect()
        since = len(self.events)
        interaction = str((await self.call("POST", path, body))["interaction"])

        def answered(event: Json) -> bool:
            ours = event["type"] == "interaction" and event["id"] == interaction
            return bool(ours and event["state"] != "sent")

        event = await self.wait_for(answered, since=since)
        if event["state"] == "failed":
            raise InteractionFailed(event["reason"])
        modals = [e for e in self.events[since:] if e["type"] == "modal" and e["interaction"] == interaction]
        return Reply(
            interaction,
            message=await self._finished(event["message"]) if event["message"] else None,
            modal=modals[0]["modal"] if modals else None,
            response=event["response"],
        )

    async def _finished(self, message_id: str) -> Json:
        """Return the message, once it is no longer a mere "thinking"."""
        if message_id not in self.latest:
            await self._fetch_messages()  # it is from before this person came
            return self.latest[message_id]
        return await self._until(lambda: self.latest[message_id], lambda message: not message["thinking"])

    async def _fetch_messages(self) -> None:
        world = await self.world()
        for channel in [*(c for guild in world["guilds"] for c in guild["channels"]), *world["dms"]]:
            for message in await self.messages(channel["id"]):
                self.latest.setdefault(message["id"], message)

    # Reading and writing

    async def say(
        self, content: str, guild: str | None = None, channel: str | None = None, **fields: object
    ) -> Json:
        """Write a message; `reply` is the id of the one it answers, `attachments` are files as in `slash`."""
        channel_id = await self.channel_id(channel, guild)
        return dict(await self._act("messages", channel=channel_id, content=content, **fields))

    async def edit(self, message: Json, content: str) -> Json:
        body = {"as": self.user, "message": message["id"], "content": content}
        return dict(await self.call("PATCH", "messages", body))

    async def delete(self, message: Json) -> None:
        await self._act("messages/delete", message=message["id"])

    async def react(self, message: Json, emoji: str, *, remove: bool = False) -> Json:
        return dict(await self._act("reactions", message=message["id"], emoji=emoji, remove=remove))

    async def messages(
        self, channel: str | None = None, guild: str | None = None, limit: int = 100
    ) -> list[Json]:
        """List messages, oldest first."""
        channel_id = await self.channel_id(channel, guild)
        return list((await self.call("GET", f"channels/{channel_id}/messages", limit=limit))["messages"])

    async def thread(
        self, name: str, channel: str | None = None, guild: str | None = None, **fields: object
    ) -> Json:
        """Open a thread, of a `message` if it is given; a post in a forum needs its first message (`content`)."""
        channel_id = await self.channel_id(channel, guild)
        return dict(await self._act(f"channels/{channel_id}/threads", name=name, **fields))

    async def archive(self, thread: str, archived: bool = True) -> Json:
        return dict(await self._act(f"channels/{thread}/archive", archived=archived))

    # Waiting

    async def wait_for(
        self, fits: Callable[[Json], bool], *, since: int | None = None, within: float | None = None
    ) -> Json:
        """Wait for the first live event that fits, from now on or from the `since`-th on."""
        await self.connect()
        start = len(self.events) if since is None else since
        return await self._until(lambda: next(filter(fits, self.events[start:]), None), within=within)

    async def wait_for_message(
        self, fits: Callable[[Json], bool], *, since: int = 0, within: float | None = None
    ) -> Json:
        """Wait for the first created or edited message that fits, among all that this person has seen (or since)."""
        event = await self.wait_for(
            lambda e: e["type"] in MESSAGE_EVENTS and fits(e["message"]), since=since, within=within
        )
        return dict(event["message"])

    async def wait_for_update(self, message: Json | Reply, within: float | None = None) -> Json:
        """Wait until the message differs from the one passed."""
        before = message.message if isinstance(message, Reply) else message
        return await self._until(lambda: self._now(message), lambda now: now != before, within)

    async def _until(
        self,
        look: Callable[[], Found | None],
        fits: Callable[[Found], bool] = bool,
        within: float | None = None,
    ) -> Found:
        """Return the value of `look` as soon as it fits; look again after each live event."""
        async with asyncio.timeout(within or self.timeout):
            while (value := look()) is None or not fits(value):
                self._news.clear()
                await self._news.wait()
        return value


def _options(leaf: Json, values: Json) -> list[Json]:
    types = {option["name"]: {"type": option["type"]} for option in leaf.get("options", [])}
    return [
        {"name": name, "value": value, **types.get(name, {})}
        for name, value in values.items()
        if value is not None
    ]
