"""What survives a restart, what the command line prints, who may speak to the sandbox at all."""

import asyncio
import base64
import json
import os
import signal
import stat
import sys
from pathlib import Path

import aiohttp
import pytest

from sandbox import defaults
from sandbox.person import Person, Refused
from sandbox.server import Sandbox
from sandbox.state import store
from sandbox.web.cdn import picture_type
from tests.sandbox.sample_bot import PNG, SampleBot, running, wire

BOT_FOLDER = Path(__file__).parents[2]


async def test_the_world_survives_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "deep" / "state.json"
    async with Sandbox(state) as first:
        wire(monkeypatch, first)
        async with running(first, SampleBot()), Person(first.base_url, user="mira") as mira:
            await mira.call("POST", "users", {"name": "lena"})
            panel, files = await mira.slash("panel"), await mira.slash("files")
            await mira.wait_for_message(lambda m: len(m["attachments"]) == 2)
            await mira.slash("panel", secret=True)
            await mira.react(files.message, "👍")
        credentials = first.env()
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    async with Sandbox(state) as second:
        wire(monkeypatch, second)
        assert [second.token, second.client_secret] == [
            credentials["DISCORD_BOT_TOKEN"],
            credentials["DISCORD_APP_SECRET"],
        ]
        async with Person(second.base_url, user="mira") as mira:
            assert "lena" in [user["username"] for user in (await mira.world())["users"]]
            assert "panel" in [command["name"] for command in await mira.commands()]
            kept = await mira.messages()
            assert [m["id"] for m in kept] == [panel.message["id"], files.message["id"]]
            assert kept[1]["reactions"][0]["count"] == 1
            dot = kept[1]["attachments"][0]["url"]
            assert dot.startswith(second.base_url)
            async with aiohttp.ClientSession() as session, session.get(dot) as answer:
                assert await answer.read() == PNG
            async with running(second, SampleBot()):
                assert (await mira.select(panel, "Brujah")).content == "chose brujah"
                await mira.click(panel, "Update")
                message = await mira.say("later")
                assert int(message["id"]) > int(files.message["id"])


async def test_a_sandbox_that_is_killed_has_saved(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    async with Sandbox(state) as box, Person(box.base_url, user="mira") as mira:
        await mira.say("remember me")
        await asyncio.sleep(store.DELAY + 0.2)
        saved = json.loads(state.read_text())
        assert "remember me" in str(saved["messages"])
        assert not state.with_name("state.json.new").exists()


def test_given_credentials_win_and_a_foreign_state_is_refused(tmp_path: Path) -> None:
    box = Sandbox(token="a-token", application_id="77", client_secret="a-secret")
    assert (box.token, box.application_id, box.client_secret) == ("a-token", "77", "a-secret")
    state = tmp_path / "state.json"
    store.write(state, box.world.document())
    assert Sandbox(state, token="other").token == "other"
    with pytest.raises(ValueError, match="another application"):
        Sandbox(state, application_id="78")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "8.8.8.8"])
def test_loopback_only(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        Sandbox(host=host)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8090"}, 200),
        ({"Host": "[::1]:8090"}, 200),
        ({"Origin": "http://localhost:8090"}, 200),
        ({"Host": "rebound.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "["}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_foreign_hosts_and_pages_are_turned_away(
    box: Sandbox, headers: dict[str, str], status: int
) -> None:
    paths = ("/sandbox/api/world?as=mira", "/", f"/oauth2/authorize?client_id={box.application_id}")
    async with aiohttp.ClientSession() as session:
        async with session.get(box.base_url + paths[0], headers=headers) as answer:
            assert answer.status == status
        if status == 403:
            for path in paths[1:]:
                async with session.get(box.base_url + path, headers=headers) as answer:
                    assert answer.status == 403


async def test_a_foreign_page_cannot_listen(box: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/sandbox/api/live?as=mira", "/gateway?v=10"):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(box.base_url + path, origin="https://evil.example")
            assert refused.value.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(box.base_url + "/sandbox/api/live?as=nobody")
        assert refused.value.status == 404


@pytest.mark.parametrize("body", [b"{broken", b"[]", b'"text"'])
async def test_bodies_that_are_no_objects(box: Sandbox, body: bytes) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{box.base_url}/sandbox/api/messages", data=body) as answer,
    ):
        assert (answer.status, (await answer.json())["code"]) == (400, "invalid")


async def test_odd_bodies_of_a_person(box: Sandbox, bot: SampleBot, mira: Person) -> None:
    command = (await mira.commands())[0]["id"]
    place = {"as": "mira", "channel": defaults.TABLE}
    for path, body, status in (
        ("messages", {"channel": defaults.TABLE, "content": "x"}, 404),
        ("messages", {**place, "as": box.application_id, "content": "x"}, 404),
        ("messages", {**place, "channel": "5", "content": "x"}, 404),
        ("messages", {**place, "channel": defaults.OTHER_HALL, "content": "x"}, 404),
        ("messages", {**place, "content": "x", "attachments": "x"}, 422),
        ("interactions/command", {**place, "command": "5"}, 404),
        ("interactions/command", {**place, "command": command, "options": {"a": 1}}, 422),
        ("interactions/command", {**place, "command": command, "options": [1]}, 422),
        ("interactions/command", {**place, "command": command, "attachments": [1]}, 422),
        ("interactions/component", {"as": "mira", "message": "5", "custom_id": "x"}, 404),
        ("interactions/modal", {"as": "mira", "interaction": "5", "values": {}}, 404),
        ("reactions", {"as": "mira", "message": "5", "emoji": "👍"}, 404),
    ):
        with pytest.raises(Refused) as refused:
            await mira.call("POST", path, body)
        assert refused.value.status == status, (path, body)


async def test_live_tells_of_the_world_and_of_commands(box: Sandbox, mira: Person) -> None:
    since = len(mira.events)
    await mira.call("POST", f"guilds/{defaults.NIGHT_COURT}/channels", {"name": "crypt"})
    await mira.wait_for(lambda event: event["type"] == "world", since=since)
    async with running(box, SampleBot(guild=defaults.NIGHT_COURT)):
        await mira.wait_for(lambda e: e == {"type": "commands", "guild": None}, since=since)
        await mira.wait_for(lambda e: e == {"type": "commands", "guild": defaults.NIGHT_COURT}, since=since)


async def test_the_page_is_served_fresh_and_fenced_in(box: Sandbox) -> None:
    async with aiohttp.ClientSession(box.base_url) as session:
        async with session.get("/") as answer:
            assert answer.content_type == "text/html"
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        async with session.get("/page/main.js") as answer:
            assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-cache")
        async with session.get("/page/../server.py") as answer:
            assert answer.status == 404


async def test_pictures(box: Sandbox) -> None:
    async with aiohttp.ClientSession(box.base_url) as session:
        seen = set()
        for path, width in (
            ("avatars/1/a.png", 128),
            ("avatars/2/a.webp?size=64", 64),
            ("icons/1/b.png?size=4096", 256),
            ("embed/avatars/3.png?size=x", 128),
            ("guilds/1/users/2/avatars/c.png?size=1", 16),
        ):
            async with session.get(f"/cdn/{path}") as answer:
                data = await answer.read()
                assert answer.content_type == picture_type(data) == "image/png"
                assert (int.from_bytes(data[16:20], "big"), data[-8:-4]) == (width, b"IEND")
                seen.add(data)
        assert len(seen) == 5
        async with session.get("/cdn/attachments/1/2/x.png") as answer:
            assert answer.status == 404


async def test_a_file_that_is_no_picture_is_never_shown(box: Sandbox, bot: SampleBot, mira: Person) -> None:
    """It shares its origin with the page, which could be driven by a script in it."""
    evil = base64.b64encode(b"<script>alert(1)</script>").decode()
    file = {"filename": "x.png", "content_type": "image/png", "data": evil}
    message = await mira.say("look", attachments=[file])
    async with aiohttp.ClientSession() as session, session.get(message["attachments"][0]["url"]) as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_old_attachments_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "KEPT_BYTES", 250)
    for files in (store.Files(None), store.Files(tmp_path / "files")):
        for number in ("9", "10", "11"):
            files.put(number, b"x" * 100)
        assert files.get("9") is None
        assert files.get("11") == b"x" * 100
        assert files.get("../state.json") is None


async def start(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        *arguments,
        cwd=BOT_FOLDER,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(BOT_FOLDER)},
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_command_line(tmp_path: Path, number: signal.Signals) -> None:
    state = tmp_path / "state.json"
    printed, _ = await (await start("--print-env", "--state", str(state))).communicate()
    env = dict(line.split("=", 1) for line in printed.decode().splitlines())
    assert env["DISCORD_API_BASE"] == "http://localhost:8090/api/v10"
    assert set(env) == set(Sandbox(state).env())
    again, _ = await (await start("--print-env", "--state", str(state))).communicate()
    assert again == printed
    process = await start("--port", "0", "--state", str(state))
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 10)).decode()
    address = line.split()[-1].replace("localhost", "127.0.0.1")
    async with aiohttp.ClientSession() as session:
        path = f"{address}/api/v10/users/@me"
        async with session.get(path, headers={"Authorization": f"Bot {env['DISCORD_BOT_TOKEN']}"}) as answer:
            assert answer.status == 200
    process.send_signal(number)
    rest, errors = await asyncio.wait_for(process.communicate(), 10)
    assert (process.returncode, rest, errors) == (0, b"", b"")
    assert env["DISCORD_BOT_TOKEN"] not in line


async def test_the_command_line_refuses_to_be_public() -> None:
    process = await start("--host", "0.0.0.0", "--port", "0")
    _, errors = await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 1
    assert b"loopback only" in errors
