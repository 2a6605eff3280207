"""A stand-in for the bot API, faithful to its contract: enough memory to be talked to, every request recorded."""

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from contract import endpoints, guilds
from contract.acting import Acting
from contract.guilds import MirroredServer
from contract.people import Preferences, SetPreferences
from contract.server_frames import Hello
from contract.servers import ChangeServer, GetServer, MarkedRole, OneServer, Server
from rodbot.feed.frames import Frame
from tests.rodbot.contract import SCHEMA, Json, actor, card, event, label, on, server
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
class FakeBackend:
    """`hold` makes every answer wait, `refuse` answers a path always; `answers` are given before anything else:
    (status, body), or None to hang up; the next `lose_answers` calls are carried out, but their answer is lost.
    """

    schema: Json = field(default_factory=lambda: SCHEMA)
    requests: list[Request] = field(default_factory=list)
    characters: dict[str, Json] = field(default_factory=dict)
    events: dict[str, list[Json]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    answers: list[tuple[int, Any] | None] = field(default_factory=list)
    done: dict[str, Json] = field(default_factory=dict)
    card_url: str = ""
    refuse: dict[str, tuple[int, Any]] = field(default_factory=dict)
    hold: float = 0
    lose_answers: int = 0
    text_mode: bool = False
    heartbeat: int = 30_000
    deaf: bool = False
    server: Server = field(default_factory=server)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    frames: list[Json] = field(default_factory=list)
    url: str = ""
    play: FakeRolls = field(default_factory=FakeRolls)
    taken: set[str] = field(default_factory=set)
    preferences: Preferences = field(
        default_factory=lambda: Preferences(direct_messages=True, text_mode=False)
    )
    conflicts: FakeConflicts = field(default_factory=FakeConflicts)
    seq: Any = field(default_factory=lambda: itertools.count(1))

    def app(self) -> web.Application:
        made = web.Application(middlewares=[self.front])
        made.add_routes(
            [
                web.get("/bot/schema", self.get_schema),
                web.get("/ws/gateway/", self.gateway),
                web.post("/bot/characters", self.create),
                web.get("/bot/characters", self.names),
                web.patch("/bot/characters", self.change),
                web.delete("/bot/characters", self.delete),
                web.put("/bot/characters/avatar", self.avatar),
                web.post("/bot/characters/get", self.get),
                web.post("/bot/characters/restore", self.restore),
                web.post("/bot/characters/undo", self.undo),
                web.post("/bot/characters/history", self.history),
                web.post("/bot/characters/default", self.default),
                web.get("/bot/characters/traits", self.traits),
                web.get("/bot/characters/entries", self.entries),
                web.post("/bot/letters/take", self.take_letter),
                on(endpoints.MIRROR_GUILD, self.mirror),
                on(endpoints.LEAVE_GUILD, self.leave),
                on(endpoints.MIRROR_MEMBERS, self.mirror_members),
                on(endpoints.REMOVE_MEMBER, self.remove_member),
                on(endpoints.GET_SERVER, self.get_server),
                on(endpoints.CHANGE_SERVER, self.change_server),
                on(endpoints.SET_PREFERENCES, self.set_preferences),
                *(web.route(r.method, r.path, self.about_dice(r.handler)) for r in self.play.routes()),
                *self.conflicts.routes(),
            ]
        )
        return made

    async def take_letter(self, request: web.Request, body: Any) -> Any:
        fresh = body["letter"] not in self.taken
        self.taken.add(body["letter"])
        return {"taken": fresh}

    async def set_preferences(self, acting: Acting, given: SetPreferences) -> Preferences:
        self.preferences = self.preferences.model_copy(update=given.model_dump(exclude_unset=True))
        return self.preferences

    def about_dice(self, handler: Any) -> Any:
        """What reads as words for a character does so for its dice."""

        async def handled(request: web.Request, body: Any) -> Any:
            self.play.text_mode = self.text_mode
            return await handler(request, body)

        return handled

    @web.middleware
    async def front(self, request: web.Request, handler: Callable[..., Awaitable[Any]]) -> Any:
        """Key, recording, faults, and each idempotency key answered once."""
        body = await request.json() if request.can_read_body else None
        self.requests.append(
            Request(request.method, request.path, body, dict(request.query), dict(request.headers))
        )
        if request.headers.get("Authorization") != f"Api-Key {KEY}":
            return web.json_response({"code": "bad_key", "detail": "Wrong key."}, status=401)
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
        return web.json_response(answer)

    def canned(self, request: web.Request, answer: tuple[int, Any] | None) -> web.Response:
        if answer is None:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        status, body = answer
        return (
            web.Response(status=status, text=body)
            if isinstance(body, str)
            else web.json_response(body, status=status)
        )

    def calls(self, *without: str) -> list[tuple[str, str]]:
        """Method and path of what people did: no schema, no sync."""
        return [
            (r.method, r.path)
            for r in self.requests
            if not r.path.startswith(("/bot/schema", "/ws/"))
            and not (r.path.startswith("/bot/servers/") and r.method in ("PUT", "DELETE"))
        ]

    # Handlers

    async def get_schema(self, request: web.Request, body: Any) -> Json:
        return self.schema

    def add(self, name: str, owner: str = "1", **fields: Any) -> Json:
        document = {
            "name": name,
            "hunger": 1,
            "health": {"total": 7, "superficial": 0, "aggravated": 0},
            **fields,
        }
        made = {"id": str(uuid.uuid4()), "name": name, "owner": owner, "fields": document, "deleted": False}
        self.characters[made["id"]] = made
        self.events[made["id"]] = []
        return made

    def find(self, body: Json, deleted: bool = False) -> Json:
        wanted = body.get("character") or self.defaults.get(body["actor"]["id"])
        for character in self.characters.values():
            if wanted in (character["id"], character["name"]) and character["deleted"] is deleted:
                return character
        raise web.HTTPNotFound(
            text='{"code": "not_found", "detail": "There is no such character."}',
            content_type="application/json",
        )

    def answer(self, character: Json, event: Json | None = None, **more: Any) -> Json:
        body: Json = {
            "character": {"id": character["id"], "name": character["name"]},
            "card": card(character["id"], character["name"], character["fields"], self.card_url).model_dump(
                mode="json"
            ),
            "text_mode": self.text_mode,
            **more,
        }
        return {**body, "event": event} if event else body

    def happened(self, character: Json, kind: str, changes: Json, body: Json, **more: Any) -> Json:
        made = event(
            changes,
            seq=next(self.seq),
            type=kind,
            entity_id=character["id"],
            version=len(self.events[character["id"]]) + 1,
            door="discord",
            actor=actor(body["actor"]["username"]),
            command=body["interaction"]["command"],
            **more,
        ).model_dump(mode="json")
        self.events[character["id"]].insert(0, made)
        return made

    async def create(self, request: web.Request, body: Json) -> Any:
        if any(c["name"] == body["name"] for c in self.characters.values()):
            refusal = {"code": "name_taken", "detail": "You have a character of this name."}
            return web.json_response(refusal, status=409)
        made = self.add(body["name"], body["actor"]["id"])
        changes = self.apply(made, body["changes"])
        return self.answer(made, self.happened(made, "character.created", changes, body))

    def apply(self, character: Json, changes: list[Json]) -> Json:
        """path → [before, after]"""
        done = {}
        for change in changes:
            *parents, last = change["path"].split(".")
            place = character["fields"]
            for part in parents:
                place = place.setdefault(part, {})
            before = place.get(last)
            value = change["value"]
            place[last] = (before or 0) + value if change["op"] == "adjust" else value
            done[change["path"]] = [before, place[last]]
        return done

    async def change(self, request: web.Request, body: Json) -> Json:
        character = self.find(body)
        event = self.happened(character, "character.updated", self.apply(character, body["changes"]), body)
        chosen = {} if body.get("character") else {"chosen": f"{character['name']} (your default)"}
        return self.answer(character, event, **chosen)

    async def names(self, request: web.Request, body: Any) -> Json:
        owner = request.query.get("player") or request.query["actor"]
        q, deleted = request.query.get("q", "").casefold(), request.query.get("deleted") == "1"
        mine = [c for c in self.characters.values() if c["owner"] == owner and c["deleted"] is deleted]
        found = sorted((c for c in mine if q in c["name"].casefold()), key=lambda c: c["name"])
        page = int(request.query.get("page", 0))
        shown = found[page * 25 : page * 25 + 25]
        rows = [{"id": c["id"], "name": c["name"], "splat": "vampire5th", "label": label(c)} for c in shown]
        return {"results": rows, "total": len(found)}

    async def get(self, request: web.Request, body: Json) -> Json:
        return self.answer(self.find(body))

    async def avatar(self, request: web.Request, body: Json) -> Json:
        return self.answer(self.find(body))

    async def delete(self, request: web.Request, body: Json) -> Json:
        character = self.find(body)
        character["deleted"] = True
        return self.answer(character, self.happened(character, "character.deleted", {}, body))

    async def restore(self, request: web.Request, body: Json) -> Json:
        character = self.find(body, deleted=True)
        character["deleted"] = False
        return self.answer(character, self.happened(character, "character.restored", {}, body))

    async def undo(self, request: web.Request, body: Json) -> Any:
        character = self.find(body)
        wanted = body.get("event") or next(e["id"] for e in self.events[character["id"]] if not e["undoes"])
        event = next(e for e in self.events[character["id"]] if e["id"] == wanted)
        inverse = {path: [after, before] for path, (before, after) in event["changes"].items()}
        made = self.happened(character, "character.updated", inverse, body, undoes=event["id"])
        return self.answer(character, made)

    async def history(self, request: web.Request, body: Json) -> Json:
        character = self.find(body)
        found = self.events[character["id"]]
        older = [e for e in found if not body["before"] or e["version"] < body["before"]]
        named = {"id": character["id"], "name": character["name"]}
        return {"character": named, "events": older[: body["limit"]]}

    async def default(self, request: web.Request, body: Json) -> Json:
        actor = body["actor"]["id"]
        if body.get("clear"):
            self.defaults.pop(actor, None)
        elif body["character"]:
            self.defaults[actor] = self.find(body)["id"]
        chosen = self.defaults.get(actor)
        known = {"id": chosen, "name": self.characters[chosen]["name"]} if chosen else None
        return {"default": known, "scope": "server" if body["guild"] else "none"}

    async def traits(self, request: web.Request, body: Any) -> Json:
        rows = [("athletics", "Athletics", "2"), ("clan", "Clan", None)]
        found = [row for row in rows if request.query["q"].casefold() in row[1].casefold()]
        return {"results": [{"path": path, "label": label, "now": now} for path, label, now in found]}

    async def entries(self, request: web.Request, body: Any) -> Json:
        return {"results": []}

    def mirrored(self) -> MirroredServer:
        known = self.server
        return MirroredServer(
            id=known.id,
            discord_id=known.discord_id,
            name=known.name,
            edition=known.edition,
            tracker_channel=known.tracker_channel,
            left=False,
            version=1,
        )

    async def mirror(self, acting: None, given: guilds.Guild) -> guilds.ServerMirrored:
        return guilds.ServerMirrored(server=self.mirrored(), changed=True)

    async def leave(self, acting: None, given: guilds.OneGuild) -> guilds.ServerLeft:
        return guilds.ServerLeft(server=self.mirrored())

    async def mirror_members(self, acting: None, given: guilds.Members) -> guilds.MembersMirrored:
        return guilds.MembersMirrored(added=len(given.members), changed=0, removed=0, refused=0)

    async def remove_member(self, acting: None, given: guilds.OneMember) -> guilds.MemberRemoved:
        return guilds.MemberRemoved(removed=True)

    async def change_server(self, acting: Acting, given: ChangeServer) -> OneServer:
        changes: Json = {
            name: getattr(given, name)
            for name in given.model_fields_set
            if name in ("tracker_channel", "storyteller_channel", "edition")
        }
        if given.tracker:
            shown = given.tracker.model_dump(exclude_unset=True)
            changes["tracker"] = self.server.tracker.model_copy(update=shown)
        if given.storyteller_roles is not None:
            roles = [MarkedRole(id=role, name=f"Role {role}") for role in given.storyteller_roles]
            changes["storyteller_roles"] = roles
        self.server = self.server.model_copy(update=changes)
        return OneServer(id=self.server.id, server=self.server)

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
