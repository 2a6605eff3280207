"""A stand-in for the bot API, faithful to its contract: enough memory to be talked to, every request recorded."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from aiohttp import web
from aiohttp.test_utils import TestServer

from contract import endpoints, guilds
from contract.acting import Acting
from contract.base import Answer, Empty, Named
from contract.endpoints import SHARED
from contract.feed_frames import EditionsPlayed
from contract.guilds import MirroredServer
from contract.heartbeats import Beat
from contract.identify import IdentifyTurn, TurnTaken
from contract.people import (
    Account,
    ClaimNotification,
    DeleteAccount,
    GetSupporter,
    KeepAccount,
    NotificationClaimed,
    Preferences,
    SetPreferences,
    Supporter,
)
from contract.refusals import Refusal
from contract.schema import Schema
from contract.server_frames import Hello
from contract.servers import ChangeServer, GetServer, MarkedRole, OneServer, Server
from contract.setup import Setup, SetupStep
from contract.translation import best
from rodbot.feed.frames import Frame
from tests.rodbot.contract import SCHEMA, Json, routes, sample, server
from tests.rodbot.fake_bridge import FakeBridge
from tests.rodbot.fake_characters import FakeCharacters
from tests.rodbot.fake_conflicts import FakeConflicts
from tests.rodbot.fake_rolls import FakeRolls

KEY = "key-of-the-tests"


@dataclass
class Request:
    method: str
    path: str
    body: Any
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class FakeBackend(FakeCharacters):
    """`hold` makes every answer wait, `refuse` answers a path always; `answers` are given before anything else:
    (status, body), or None to hang up; the next `lose_answers` calls are carried out, but their answer is lost.
    """

    schema: Schema = field(default_factory=lambda: SCHEMA)
    requests: list[Request] = field(default_factory=list)
    beats: list[Beat] = field(default_factory=list)
    answers: list[tuple[int, Answer | str] | None] = field(default_factory=list)
    done: dict[str, Json] = field(default_factory=dict)
    refuse: dict[str, tuple[int, Answer | str]] = field(default_factory=dict)
    hold: float = 0
    lose_answers: int = 0
    identify_seconds: float = 0.4
    turns: dict[int, float] = field(default_factory=dict)
    text_mode: bool = False
    language: str = ""
    heartbeat: int = 30_000
    deaf: bool = False
    server: Server = field(default_factory=server)
    # The guilds that were mirrored, and what is played in some of them.
    mirrored_guilds: set[str] = field(default_factory=set)
    played: dict[str, list[str]] = field(default_factory=dict)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    frames: list[Json] = field(default_factory=list)
    url: str = ""
    play: FakeRolls = field(default_factory=FakeRolls)
    taken: set[UUID] = field(default_factory=set)
    preferences: Preferences = field(
        default_factory=lambda: Preferences(direct_messages=True, text_mode=False)
    )
    supporter: Supporter = field(default_factory=lambda: sample(Supporter))
    account: Account = field(default_factory=lambda: Account(delete_at=None, url=""))
    conflicts: FakeConflicts = field(default_factory=FakeConflicts)
    bridge: FakeBridge = field(default_factory=FakeBridge)

    def app(self) -> web.Application:
        made = web.Application(middlewares=[self.front])
        handled = routes(self, self.play, self.conflicts, self.bridge)
        made.add_routes([web.get("/ws/gateway/", self.gateway), *handled])
        return made

    async def claim_notification(self, acting: None, given: ClaimNotification) -> NotificationClaimed:
        fresh = given.notification not in self.taken
        self.taken.add(given.notification)
        return NotificationClaimed(taken=fresh)

    async def identify_turn(self, acting: None, given: IdentifyTurn) -> TurnTaken:
        """As the backend does, in `identify_seconds`."""
        now = asyncio.get_running_loop().time()
        granted = now - self.turns.get(given.bucket, -60.0) >= self.identify_seconds
        if granted:
            self.turns[given.bucket] = now
        return TurnTaken(granted=granted)

    async def delete_account(self, acting: Acting, given: DeleteAccount) -> Account:
        return self.account

    async def keep_account(self, acting: Acting, given: KeepAccount) -> Account:
        return self.account

    async def set_preferences(self, acting: Acting, given: SetPreferences) -> Preferences:
        self.preferences = self.preferences.model_copy(update=given.model_dump(exclude_unset=True))
        return self.preferences

    async def get_supporter(self, acting: Acting, given: GetSupporter) -> Supporter:
        return self.supporter

    @web.middleware
    async def front(self, request: web.Request, handler: Callable[..., Awaitable[Any]]) -> Any:
        """Key, recording, faults, and each idempotency key answered once.

        A heartbeat may come at any time: it is heard, and takes no part in what a test counts.
        """
        if request.path == f"/bot/{endpoints.HEARTBEAT.path}":
            self.beats.append(Beat.model_validate(await request.json()))
            return web.json_response({"heard": True})
        body = await request.json() if request.can_read_body else None
        self.requests.append(
            Request(request.method, request.path, body, dict(request.query), dict(request.headers))
        )
        if request.headers.get("Authorization") != f"Api-Key {KEY}":
            return self.canned(request, (401, Refusal(code="bad_key", detail="Wrong key.")))
        if request.path.startswith("/ws/"):
            return await handler(request)
        if self.hold:
            await asyncio.sleep(self.hold)
        key = request.headers.get("Idempotency-Key")
        if key in self.done:
            return web.json_response(self.done[key])
        if request.path in self.refuse:
            return self.canned(request, self.refuse[request.path])
        if self.answers:
            return self.canned(request, self.answers.pop(0))
        answer = await handler(request, body)
        if isinstance(answer, web.Response):
            return answer
        if self.text_mode:
            answer = {**answer, "text_mode": True}
        if key:
            self.done[key] = answer
        if self.lose_answers:
            self.lose_answers -= 1
            return self.canned(request, None)
        asked = request.headers.get(SHARED) or request.headers.get("Accept-Language")
        return web.json_response(answer, headers={"Content-Language": self.language or best(asked)})

    def canned(self, request: web.Request, answer: tuple[int, Answer | str] | None) -> web.Response:
        if answer is None:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        status, body = answer
        if isinstance(body, str):
            return web.Response(status=status, text=body)
        return web.json_response(body.model_dump(mode="json"), status=status)

    def calls(self, *without: str) -> list[tuple[str, str]]:
        """Method and path of what people did: no schema, no sync."""
        return [
            (r.method, r.path)
            for r in self.requests
            if not r.path.startswith(("/bot/schema", "/ws/"))
            and not (r.path.startswith("/bot/servers/") and r.method in ("PUT", "DELETE"))
            and r.path != "/bot/servers/list"
        ]

    # Handlers

    def editions(self) -> list[str]:
        return list(dict.fromkeys([self.server.edition, *(row.edition for row in self.server.chronicles)]))

    async def list_guilds(self, acting: None, given: guilds.ListGuilds) -> guilds.Guilds:
        """Those that were mirrored, as `played` says; each guild plays what the server does unless it says so."""
        found = [
            guilds.GuildEditions(guild_id=guild, editions=self.played.get(guild, self.editions()))
            for guild in sorted(self.mirrored_guilds)
            if given.guild_id in (None, guild)
        ]
        return guilds.Guilds(results=found, next=None)

    async def get_schema(self, acting: None, given: Empty) -> Schema:
        return self.schema

    def mirrored(self) -> MirroredServer:
        known = self.server.model_dump(include=set(MirroredServer.model_fields))
        return sample(MirroredServer, **known, editions=self.editions(), commands_registered=True)

    async def mirror_guild(self, acting: None, given: guilds.Guild) -> guilds.ServerMirrored:
        self.mirrored_guilds.add(given.id)
        mirrored = self.mirrored().model_copy(update={"editions": self.played.get(given.id, self.editions())})
        return guilds.ServerMirrored(server=mirrored, changed=True)

    async def leave_guild(self, acting: None, given: guilds.OneGuild) -> guilds.ServerLeft:
        self.mirrored_guilds.discard(given.guild_id)
        return guilds.ServerLeft(server=self.mirrored())

    async def change_server(self, acting: Acting, given: ChangeServer) -> OneServer:
        plain = {"tracker_channel", "storyteller_channel", "edition"}
        changes: Json = given.model_dump(include=plain, exclude_unset=True)
        if given.tracker:
            shown = given.tracker.model_dump(exclude_unset=True)
            changes["tracker"] = self.server.tracker.model_copy(update=shown)
        if given.storyteller_roles is not None:
            roles = [MarkedRole(id=role, name=f"Role {role}") for role in given.storyteller_roles]
            changes["storyteller_roles"] = roles
        self.server = self.server.model_copy(update=changes)
        if given.edition and acting.guild:
            await self.tell(EditionsPlayed(type="editions", guilds={acting.guild.id: self.editions()}))
        return OneServer(id=self.server.id, server=self.server)

    async def get_setup(self, acting: Acting, given: GetServer) -> Setup:
        steps = [SetupStep(slug="bot", done=True), SetupStep(slug="tracker", done=False)]
        return sample(
            Setup,
            server=Named(id=self.server.id, name=self.server.name),
            steps=steps,
            complete=False,
            url="http://localhost/servers/1/setup/",
        )

    async def get_server(self, acting: Acting, given: GetServer) -> OneServer:
        return OneServer(id=self.server.id, server=self.server)

    # The gateway

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        hello = Hello(type="hello", heartbeat_interval=self.heartbeat, session="s", user=None, protocol=1)
        await socket.send_str(hello.model_dump_json())
        self.sockets.append(socket)
        async for message in socket:
            frame = message.json()
            self.frames.append(frame)
            if frame["type"] == "heartbeat" and not self.deaf:
                await socket.send_json({"type": "heartbeat"})
        return socket

    async def tell(self, frame: Frame) -> None:
        await self.send(frame.model_dump(mode="json", exclude_unset=True))

    async def send(self, frame: Json) -> None:
        """Any JSON, even what is no frame."""
        for socket in self.sockets:
            if not socket.closed:
                await socket.send_json(frame)


@asynccontextmanager
async def running(fake: FakeBackend) -> AsyncIterator[FakeBackend]:
    server = TestServer(fake.app())
    await server.start_server()
    fake.url = str(server.make_url("")).rstrip("/")
    try:
        yield fake
    finally:
        for socket in fake.sockets:
            await socket.close()
        await server.close()
