"""Somebody on the web and somebody in Discord talk through a bridged channel, whatever becomes of the process."""

import asyncio
import base64
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from sandbox.person import Person
from tests.end_to_end.conftest import Stack
from tests.end_to_end.waiting import until
from tests.end_to_end.web_person import Json, WebPerson
from tests.sandbox.sample_bot import PNG

pytestmark = pytest.mark.asyncio(loop_scope="session")
# A server that the bot has left stays known under its name: every test has one of a name of its own.
NUMBERS = itertools.count(1)


@dataclass
class Bridged:
    """A channel of a server of its own: vesna, who runs it, on the web, and jonas in Discord."""

    stack: Stack
    vesna: WebPerson
    jonas: Person
    guild: str
    server: str
    channel: str
    room: str

    async def say(self, text: str, **more: Any) -> Json:
        body = {"text": text, **more}
        return dict((await self.vesna.call("POST", f"chat/rooms/{self.room}/messages/", body))["message"])

    async def messages(self, room: str = "") -> list[Json]:
        listed = await self.vesna.call("GET", f"chat/rooms/{room or self.room}/messages/?limit=100")
        return list(listed["results"])

    async def on_the_web(self, text: str, room: str = "") -> Json:
        async def found() -> Json | None:
            return next((row for row in await self.messages(room) if row["text"] == text), None)

        found_row = await until(found)
        assert found_row is not None
        return found_row

    async def on_discord(self, text: str, channel: str = "") -> Json:
        """The message whose text ends so."""

        async def found() -> Json | None:
            listed = await self.jonas.messages(channel or self.channel)
            return next((row for row in listed if row["content"].endswith(text)), None)

        found_row = await until(found)
        assert found_row is not None
        return found_row


async def room_called(person: WebPerson, server: str, name: str) -> str | None:
    listed = (await person.call("GET", f"chat/rooms/?server={server}"))["results"]
    return next((row["id"] for row in listed if row["name"] == name), None)


@pytest_asyncio.fixture(loop_scope="session")
async def bridged(stack: Stack, person: Callable[[str], Awaitable[Person]]) -> AsyncIterator[Bridged]:
    jonas = await person("jonas")
    name = f"Bridge Court {next(NUMBERS)}"
    guild: Json = await jonas.call("POST", "guilds", {"name": name, "owner": "vesna"})
    await jonas.call("PUT", f"guilds/{guild['id']}/members/jonas", {})
    channel = guild["channels"][0]["id"]
    users = stack.box.world.users.values()
    who = next(user for user in users if user["username"] == "vesna")
    async with WebPerson(stack.backend, stack.sandbox, who) as vesna:

        async def server() -> str | None:
            listed = (await vesna.call("GET", "servers/"))["results"]
            return next((row["id"] for row in listed if row["name"] == name), None)

        found_server = await until(server)
        assert found_server is not None
        found = await until(lambda: room_called(vesna, found_server, "general"))
        assert found is not None
        state = await vesna.call("PUT", f"chat/rooms/{found}/bridge/", {"on": True})
        assert (state["on"], state["reason"]) == (True, "")
        yield Bridged(stack, vesna, jonas, name, found_server, channel, found)
        if not stack.box.gateway.online:  # A test failed while the process was away.
            stack.start_discord_process()
        await vesna.call("PUT", f"chat/rooms/{found}/bridge/", {"on": False})
        with contextlib.suppress(KeyError):
            stack.box.actions.remove_guild(stack.box.world.guilds[guild["id"]])


async def test_two_people_talk_through_a_bridged_channel(bridged: Bridged) -> None:
    jonas, channel = bridged.jonas, bridged.channel
    said = await bridged.say("Good evening from the web")
    seen = await bridged.on_discord("Good evening from the web")
    assert (seen["author"]["username"], seen["author"]["bot"]) == ("Vesna", True)
    assert seen["webhook_id"]
    answer = await jonas.say("Good evening to you", channel=channel, reply=seen["id"])
    here = await bridged.on_the_web("Good evening to you")
    assert (here["author"]["name"], here["origin"], here["reply"]["id"]) == ("Jonas", "discord", said["id"])

    await jonas.edit(answer, "Good night to you")
    await bridged.on_the_web("Good night to you")
    one = f"chat/rooms/{bridged.room}/messages/"
    await bridged.vesna.call("PATCH", f"{one}{said['id']}/", {"text": "Good morning"})
    assert (await bridged.on_discord("Good morning"))["id"] == seen["id"]
    quoted = await bridged.say("An answer to that", reply_to=here["id"])
    small = await bridged.on_discord("An answer to that")
    assert answer["id"] in small["content"]

    await bridged.vesna.call("DELETE", f"{one}{quoted['id']}/", {})
    await bridged.vesna.call("DELETE", f"{one}{here['id']}/", {})

    async def left() -> bool:
        return [row["id"] for row in await jonas.messages(channel)] == [seen["id"]]

    await until(left)
    gone = await jonas.say("Soon gone", channel=channel)
    row = await bridged.on_the_web("Soon gone")
    await jonas.delete(gone)

    async def deleted() -> bool:
        return any(found["id"] == row["id"] and found["deleted"] for found in await bridged.messages())

    await until(deleted)


async def test_nobody_is_pinged_by_accident_and_long_messages_arrive_whole(bridged: Bridged) -> None:
    await bridged.say("@everyone look: <@&1> <@1000000000000000202>")
    seen = await bridged.on_discord("<@1000000000000000202>")
    assert (seen["mentions"], seen["mention_roles"], seen["mention_everyone"]) == ([], [], False)
    long = " ".join(f"word{number}" for number in range(500))
    await bridged.say(long)
    await bridged.on_discord("word499")
    listed = [row["content"] for row in await bridged.jonas.messages(bridged.channel)][1:]
    assert len(listed) == 2
    assert " ".join(listed) == long
    await bridged.jonas.say("<@1000000000000000303> :) <:owl:12>", channel=bridged.channel)
    me = (await bridged.vesna.call("GET", "users/me/"))["id"]
    row = await bridged.on_the_web(f"<@{me}> :) :owl:")
    assert (row["mentions"], row["named"]) == ([me], {f"<@{me}>": "Vesna"})


async def test_files_go_both_ways(bridged: Bridged) -> None:
    note = {
        "filename": "note.txt",
        "content_type": "text/plain",
        "data": base64.b64encode(b"a note").decode(),
    }
    dot = {"filename": "dot.png", "content_type": "image/png", "data": base64.b64encode(PNG).decode()}
    program = {"filename": "tool.exe", "content_type": "x/y", "data": base64.b64encode(b"MZ\0\1\2").decode()}
    await bridged.jonas.say("Look", channel=bridged.channel, attachments=[note, dot, program])
    row = await bridged.on_the_web("Look\n📎 tool.exe (on Discord)")
    assert [(file["type"], bool(file["thumbnail_url"])) for file in row["attachments"]] == [
        ("text/plain", False),
        ("image/webp", True),
    ]
    assert await bridged.vesna.download(row["attachments"][0]["url"]) == b"a note"
    mine = await bridged.vesna.upload(bridged.room, "letter.txt", b"a letter")
    await bridged.say("Read this", attachments=[mine])
    seen = await bridged.on_discord("Read this")
    assert [(file["filename"], file["size"]) for file in seen["attachments"]] == [("letter.txt", 8)]


async def test_a_character_speaks_there_under_its_name(bridged: Bridged, stack: Stack, vesna: Person) -> None:
    async def offered() -> bool:
        return "vampire" in {command["name"] for command in await vesna.commands(bridged.guild)}

    await until(offered)
    await stack.new_vampire(vesna, "Bridge Owl", guild=bridged.guild, channel=bridged.channel)
    listed = await bridged.vesna.call("GET", "characters/")
    owl = next(row["id"] for row in listed["results"] if row["name"] == "Bridge Owl")
    await bridged.say("I rise", speaks_as=owl)
    seen = await bridged.on_discord("I rise")
    assert seen["author"]["username"] == "Bridge Owl"
    await bridged.say("Let them come [[2d10+3]]", speaks_as=owl)

    async def rolled() -> Json | None:
        listed = await bridged.jonas.messages(bridged.channel)
        return next((row for row in listed if "🎲" in row["content"]), None)

    found = await until(rolled)
    assert found is not None
    assert "Bridge Owl" in found["content"]


async def test_threads_go_with_their_channel(bridged: Bridged) -> None:
    thread = await bridged.jonas.thread("Elysium", bridged.channel, content="In the thread")
    found = await until(lambda: room_called(bridged.vesna, bridged.server, "Elysium"))
    assert found is not None
    await bridged.on_the_web("In the thread", found)
    await bridged.vesna.call("POST", f"chat/rooms/{found}/messages/", {"text": "I hear you"})
    await bridged.on_discord("I hear you", thread["id"])
    assert await bridged.messages() == []


async def test_while_the_process_is_away_nothing_is_lost_and_nothing_comes_twice(bridged: Bridged) -> None:
    jonas, channel, stack = bridged.jonas, bridged.channel, bridged.stack
    await bridged.say("web 0")
    await bridged.on_discord("web 0")
    kept = await jonas.say("discord 0", channel=channel)
    lost = await jonas.say("discord deleted", channel=channel)
    await bridged.on_the_web("discord deleted")
    stack.parts.end("discord")
    await until(_offline(stack))
    for number in range(1, 4):
        await bridged.say(f"web {number}")
        await jonas.say(f"discord {number}", channel=channel)
    await jonas.edit(kept, "discord 0, edited")
    await jonas.delete(lost)
    await asyncio.sleep(0.5)
    assert len(await jonas.messages(channel)) == 5
    stack.start_discord_process()
    await bridged.on_discord("web 3")
    await bridged.on_the_web("discord 3")
    await bridged.on_the_web("discord 0, edited")
    stack.restart_discord_process()
    await bridged.say("web 4")
    await bridged.on_discord("web 4")
    on_discord = [row["content"] for row in await jonas.messages(channel)]
    assert [text for text in on_discord if text.startswith("web")] == [f"web {number}" for number in range(5)]
    on_the_web = [row["text"] for row in await bridged.messages() if not row["deleted"]]
    expected = ["discord 0, edited", "discord 1", "discord 2", "discord 3"]
    assert [text for text in on_the_web if text.startswith("discord")] == expected


def _offline(stack: Stack) -> Callable[[], Awaitable[bool]]:
    async def offline() -> bool:
        return not stack.box.gateway.online

    return offline
