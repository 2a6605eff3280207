"""A right that is taken away is gone before the next event; a stranger cannot tell what exists from what does not."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from testing.personas import DISCORD_IDS, GUILD, NARRATOR, OTHER_GUILD, PLAYER, bot_body
from tests.faults.doors import CSRF, Door, WebDoor
from tests.faults.plan import Deed
from tests.faults.stack import Platform
from tests.faults.viewers import Viewer

ROUNDS, LONG = 2, 6


class Sync(Door):
    """What the Discord process tells of its own accord."""

    async def tell(self, method: str, path: str, body: Any = None) -> None:
        headers = {"Authorization": f"Api-Key {self.platform.key}", "Idempotency-Key": str(uuid4())}
        status, answer = await self._call(method, path, body, headers)
        assert status == 200, answer

    async def roles(self, person: str, roles: list[str]) -> None:
        member = {
            "id": DISCORD_IDS[person],
            "username": person,
            "global_name": person.title(),
            "roles": roles,
        }
        await self.tell("PUT", f"/bot/servers/{GUILD}/members", {"members": [member], "complete": False})

    async def leave(self, person: str) -> None:
        await self.tell("DELETE", f"/bot/servers/{GUILD}/members/{DISCORD_IDS[person]}")


@contextlib.asynccontextmanager
async def secrets_at_full_speed(platform: Platform, character: str, writers: int = 3) -> Any:
    """Storytellers' notes, which only storytellers may see, and Hunger, as fast as the backend takes them."""
    blowing = True

    async def write(number: int) -> None:
        door = WebDoor(platform, "olga", character)
        for turn in itertools.count():
            if not blowing:
                break
            path, value = ("storyteller_notes", f"secret {turn}") if turn % 2 else ("hunger", turn // 2 % 6)
            deed = Deed(f"n{character[-6:]}-{number}-{turn}", "set", path, value)
            await door.insist(deed)
        await door.close()

    writing = [asyncio.create_task(write(number)) for number in range(writers)]
    try:
        yield
    finally:
        blowing = False
        await asyncio.gather(*writing)


@pytest.fixture
def watched(production: Platform) -> tuple[str, list[Viewer]]:
    """A character, and two viewers of vesna's on each gateway: the stream, and the sheet open beside it."""
    people = production.people
    name = f"Watched Owl {uuid4().hex[:8]}"
    character = production.clerk("create", owner="mira", name=name, chronicle=people["chronicle"])
    places = itertools.product(production.gateway_ports, ("", character))
    session = people["sessions"]["vesna"]
    return character, [Viewer(port, session, people["stream"], sheet=sheet) for port, sheet in places]


def secret(frame: dict[str, Any]) -> bool:
    return "storyteller_notes" in json.dumps(frame)


@pytest.mark.req("S004-34", "S004-40")
async def test_a_role_taken_away_ends_the_secrets_before_the_next_event(
    production: Platform, watched, request
):
    character, viewers = watched
    stream, clerk = production.people["stream"], production.clerk
    sync = Sync(production, "vesna", character)
    frames: list[dict[str, Any]] = []
    for viewer in viewers:
        viewer.on_frame = frames.append
        await viewer.connect()
    try:
        async with secrets_at_full_speed(production, character):
            for _ in range(LONG if request.config.option.long else ROUNDS):
                await sync.roles("vesna", [NARRATOR])
                given = clerk("head", stream=stream)
                await asyncio.gather(*(viewer.until(given + 15) for viewer in viewers))
                await sync.roles("vesna", [PLAYER])
                taken = clerk("head", stream=stream)
                seen = len(frames)
                await asyncio.gather(*(hears_of(viewer, "member") for viewer in viewers))
                await goes_on(production, taken + 30)
                late = [
                    frame for frame in frames[seen:] if secret(frame) and frame.get("seq", taken + 1) > taken
                ]
                assert not late, f"{len(late)} secrets after the role was gone, the first: {late[0]}"
                assert any(secret(frame) for frame in frames), "there was nothing to hide"
                frames.clear()
    finally:
        await sync.roles("vesna", [NARRATOR])
        await sync.close()
        for viewer in viewers:
            await viewer.leave()


async def goes_on(platform: Platform, seq: int) -> None:
    """Until this event has happened."""
    async with asyncio.timeout(20):
        while platform.clerk("head", stream=platform.people["stream"]) < seq:  # noqa: ASYNC110  (as below)
            await asyncio.sleep(0.05)


async def hears_of(viewer: Viewer, role: str) -> None:
    async with asyncio.timeout(20):
        while viewer.role != role:  # noqa: ASYNC110  (polling is enough)
            await asyncio.sleep(0.02)


@pytest.mark.req("S004-40")
async def test_who_left_the_server_sees_nothing_more(production: Platform, watched):
    character, viewers = watched
    stream, clerk = production.people["stream"], production.clerk
    sync = Sync(production, "vesna", character)
    frames: list[dict[str, Any]] = []
    for viewer in viewers:
        viewer.on_frame = frames.append
        await viewer.connect()
    try:
        async with secrets_at_full_speed(production, character):
            await asyncio.gather(*(viewer.until(clerk("head", stream=stream) + 10) for viewer in viewers))
            await sync.leave("vesna")
            gone, seen = clerk("head", stream=stream), len(frames)
            await asyncio.gather(*(hears_of(viewer, "none") for viewer in viewers))
            await goes_on(production, gone + 30)
        late = [frame for frame in frames[seen:] if "event" in frame and frame["seq"] > gone]
        assert not late, f"{len(late)} events after the person was gone"
        assert frames[:seen]
    finally:
        await sync.roles("vesna", [NARRATOR])
        await sync.close()
        for viewer in viewers:
            await viewer.leave()


# Strangers

# Headers that differ from answer to answer, whatever was asked.
OF_EACH_ANSWER = {"date", "x-request-id"}
Seen = tuple[int, bytes, tuple[tuple[str, str], ...]]


async def ask(
    http: aiohttp.ClientSession, method: str, path: str, body: Any, headers: dict[str, str]
) -> Seen:
    async with http.request(method, path, json=body, headers=headers) as answer:
        headers = sorted(pair for pair in answer.headers.items() if pair[0].lower() not in OF_EACH_ANSWER)
        return answer.status, await answer.read(), tuple(headers)


def web_calls(ids: dict[str, str]) -> Iterator[tuple[str, str, Any]]:
    character = f"/api/characters/{ids['character']}/"
    changes = {"changes": [{"path": "hunger", "op": "set", "value": 2}]}
    yield "GET", character, None
    yield "PATCH", character, changes
    yield "PATCH", character, changes | {"base_version": 1}
    yield "PATCH", character, {"changes": [{"path": "storyteller_notes", "op": "set", "value": "x"}]}
    yield "PATCH", character, {"changes": [{"path": "no such trait", "op": "set", "value": "x"}]}
    yield "DELETE", character, None
    yield "POST", f"{character}restore/", None
    yield "POST", f"{character}undo/", {}
    yield "POST", f"{character}undo/", {"event": ids["event"]}
    yield "GET", f"{character}history/", None
    yield "GET", f"{character}history/?before=5&limit=2", None
    yield "PUT", f"{character}visibility/", {"trait": "hunger", "level": "public"}
    yield "POST", "/api/characters/", {"splat": "vampire5th", "name": "A", "chronicle": ids["chronicle"]}
    yield "GET", f"/api/characters/?chronicle={ids['chronicle']}", None
    yield "GET", f"/api/chronicles/{ids['chronicle']}/", None
    yield "PATCH", f"/api/chronicles/{ids['chronicle']}/", {"name": "Mine now"}
    yield "GET", f"/api/chronicles/{ids['chronicle']}/members/", None
    yield "GET", f"/api/servers/{ids['server']}/", None
    yield "PATCH", f"/api/servers/{ids['server']}/", {"edition": "20th"}


def bot_calls(ids: dict[str, str], guild: str | None) -> Iterator[tuple[str, str, Any]]:
    def body(**more: Any) -> dict[str, Any]:
        return bot_body("sam", guild=guild, **more)

    changes = [{"path": "hunger", "op": "set", "value": 2}]
    character = {"character": ids["character"]}
    yield "POST", "/bot/characters/get", body(**character)
    yield "PATCH", "/bot/characters", body(**character, changes=changes)
    yield "PATCH", "/bot/characters", body(**character, changes=changes, splat="vampire5th")
    yield "PUT", "/bot/characters/avatar", body(**character, url="https://cdn.discordapp.com/a/b/c.png")
    yield "DELETE", "/bot/characters", body(**character)
    yield "POST", "/bot/characters/restore", body(**character)
    yield "POST", "/bot/characters/undo", body(**character)
    yield "POST", "/bot/characters/undo", body(**character, event=ids["event"])
    yield "POST", "/bot/characters/history", body(**character)
    yield "POST", "/bot/characters/default", body(**character)
    place = f"&guild={guild}" if guild else ""
    actor = DISCORD_IDS["sam"]
    yield "GET", f"/bot/characters/traits?actor={actor}{place}&character={ids['character']}", None
    yield "GET", f"/bot/characters?actor={actor}{place}&player={ids['player']}", None
    yield "POST", "/bot/characters/get", body(character=None, player=ids["player"])
    yield "POST", f"/bot/servers/{ids['guild']}/info", body()
    yield "PATCH", f"/bot/servers/{ids['guild']}", body(edition="20th")


@pytest.fixture
def real_ids(production: Platform) -> dict[str, str]:
    people = production.people
    name = f"Hidden Owl {uuid4().hex[:8]}"
    character = production.clerk("create", owner="mira", name=name, chronicle=people["chronicle"])
    rows = [{"path": "hunger", "op": "set", "value": 3}]
    event = production.clerk("change", owner="mira", character=character, rows=rows)["event"]["id"]
    return {
        "character": character,
        "event": event,
        "chronicle": people["chronicle"],
        "server": people["server"],
        "guild": GUILD,
        "player": DISCORD_IDS["mira"],
    }


@pytest.fixture
def made_up_ids() -> dict[str, str]:
    """Of the same form, of nothing."""
    ids = {name: str(uuid4()) for name in ("character", "event", "chronicle", "server")}
    return ids | {"guild": "700000000000000099", "player": "730000000000000099"}


@pytest.mark.req("S004-34", "S004-40")
@pytest.mark.parametrize("door", ["session", "nobody", "bot in a guild", "bot in a message"])
async def test_a_stranger_learns_nothing_over_http(production: Platform, real_ids, made_up_ids, door):
    if door.startswith("bot"):
        headers = {"Authorization": f"Api-Key {production.key}"}
        guild = OTHER_GUILD if "guild" in door else None
        real, fake = list(bot_calls(real_ids, guild)), list(bot_calls(made_up_ids, guild))
    else:
        session = f"sessionid={production.people['sessions']['sam']}; " if door == "session" else ""
        headers = {"Cookie": f"{session}csrftoken={CSRF}", "X-CSRFToken": CSRF}
        real, fake = list(web_calls(real_ids)), list(web_calls(made_up_ids))
    before = production.clerk("state", character=real_ids["character"])
    differ = []
    async with aiohttp.ClientSession(production.base) as http:
        for call, guess in zip(real, fake, strict=True):
            answer, expected = await ask(http, *call, headers), await ask(http, *guess, headers)
            if answer != expected:
                differ.append((call[:2], answer[:2], expected[:2]))
            assert answer[0] < 500
    assert not differ, differ
    assert production.clerk("state", character=real_ids["character"]) == before


@pytest.mark.req("S004-40")
async def test_a_stranger_learns_nothing_over_the_socket(production: Platform, real_ids, made_up_ids):
    sam, mira = production.people["users"]["sam"], production.people["users"]["mira"]
    real, fake = real_ids | {"user": mira}, made_up_ids | {"user": str(uuid4())}
    answers = []
    for ids in (real, fake):
        frames = [
            {"type": "subscribe", "stream": f"{kind}:{ids[kind]}", **since}
            for kind in ("chronicle", "server", "user")
            for since in ({}, {"since": 0}, {"since": 3})
        ]
        frames += [
            {"type": "subscribe", "stream": f"{kind}:{ids['character']}"} for kind in ("chronicle", "user")
        ]
        frames += [{"type": "open", "id": ids[name]} for name in ("character", "chronicle", "event")]
        frames += [{"type": "close", "id": ids["character"]}, {"type": "feed"}]
        answers.append(await said_to(production, frames))
    assert answers[0] == answers[1]
    assert all(mira not in answer and sam not in answer for answer in answers[0])


async def said_to(platform: Platform, frames: list[dict[str, Any]]) -> list[str]:
    """The answer to each frame, as it came over the wire."""
    port = platform.gateway_ports[0]
    headers = {
        "Cookie": f"sessionid={platform.people['sessions']['sam']}",
        "Origin": f"http://127.0.0.1:{port}",
    }
    answers = []
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"http://127.0.0.1:{port}/ws/gateway/", headers=headers) as socket,
    ):
        assert json.loads((await socket.receive(10)).data)["type"] == "hello"
        for frame in frames:
            await socket.send_json(frame)
            answers.append(str((await socket.receive(10)).data))
    return answers
