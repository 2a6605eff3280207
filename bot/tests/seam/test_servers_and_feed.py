"""Guilds, members, the schema and the tracker feed, between rodbot's real client and the real backend."""

import asyncio
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rodbot.command_sets import CommandSets
from rodbot.core.backend import Backend, BackendError
from rodbot.core.caller import Facts
from rodbot.dice.play import Request
from rodbot.feed.connection import Feed, Followed, Letter, Shown
from tests.rodbot.table import until
from tests.seam.conftest import GUILD, OTHER, OWNER, PLAYER, TELLER_ROLE, Running
from tests.seam.test_characters import HUNGRIER, REQUIRED

Who = Callable[..., Facts]


def member(person: str, name: str, *roles: str) -> dict[str, Any]:
    who = {"id": person, "username": name, "global_name": None, "avatar": None}
    return {**who, "nick": None, "roles": list(roles), "permissions": "0", "bot": False}


@pytest.mark.req("S004-32")
async def test_a_guild_is_told_changed_left_and_back(
    backend: Backend, olga: Who, server_body: dict[str, Any]
) -> None:
    assert (await backend.put_server(GUILD, server_body))["edition"] == "5th"
    assert (await backend.put_server(GUILD, server_body | {"name": "Seam II"}))["name"] == "Seam II"
    await backend.delete_server(GUILD)
    back = await backend.put_server(GUILD, server_body)
    assert (back["name"], back["left"]) == ("Seam", False)
    assert (await backend.server_info(olga(), GUILD)).name == "Seam"


@pytest.mark.req("S004-32")
async def test_members_come_change_and_go(backend: Backend, olga: Who, server_body: dict[str, Any]) -> None:
    await backend.put_server(GUILD, server_body)
    people = [member(PLAYER, "nadia"), member(OTHER, "otto"), member(OWNER, "olga")]
    await backend.put_members(GUILD, people, ("", None))
    assert (await backend.server_info(olga(), GUILD)).members == 3
    counts = await backend.put_members(GUILD, [member(OTHER, "otto", TELLER_ROLE)], None)
    assert (counts["added"], counts["changed"], counts["removed"]) == (0, 1, 0)
    await backend.delete_member(GUILD, int(OTHER))
    assert (await backend.server_info(olga(), GUILD)).members == 2
    counts = await backend.put_members(GUILD, people[:1], ("", PLAYER))
    assert counts["removed"] == 0
    counts = await backend.put_members(GUILD, [], (PLAYER, str(int(OWNER) - 1)))
    assert counts["removed"] == 0
    await backend.put_members(GUILD, people, ("", None))


async def test_the_server_is_set_up_by_those_who_may(
    backend: Backend, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await backend.put_server(GUILD, server_body)
    known = await backend.set_server(olga(), GUILD, {"storyteller_roles": [TELLER_ROLE]})
    assert known.storyteller_roles == ((TELLER_ROLE, "Teller"),)
    assert known.you == "administrator"
    assert (await backend.server_info(nadia(roles=(TELLER_ROLE,)), GUILD)).you == "storyteller"
    assert (await backend.set_server(olga(), GUILD, {"storyteller_roles": []})).storyteller_roles == ()
    assert (await backend.server_info(nadia(), GUILD)).you == "player"
    with pytest.raises(BackendError) as error:
        await backend.set_server(nadia(), GUILD, {"tracker_channel": "700000000000000002"})
    assert error.value.status == 403


async def test_the_schema_makes_commands(backend: Backend) -> None:
    schema = await backend.schema()
    names = {made.name for made in CommandSets(schema).of("5th")}
    assert {"vampire", "character", "server", "help"} <= names


async def test_a_change_comes_through_the_feed_and_again_after_a_break(
    django: Running, backend: Backend, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await backend.put_server(GUILD, server_body)
    await backend.set_server(olga(), GUILD, {"tracker_channel": "700000000000000002"})
    seen: list[Shown] = []
    connected = asyncio.Event()
    feed = Feed(
        f"{django.url.replace('http', 'ws')}/ws/gateway/",
        django.key,
        seen.append,
        print,
        connected.set,
        print,
    )
    listening = asyncio.create_task(feed.run())
    try:
        await asyncio.wait_for(connected.wait(), 10)
        await until(lambda: feed._since)
        made = await backend.create(nadia(), "vampire5th", "Feed Finch", REQUIRED)
        await backend.change(nadia(), made.id, HUNGRIER)
        await until(lambda: len(seen) == 2)
        assert [s.what.event.type for s in seen] == ["character.created", "character.updated"]
        assert (seen[1].guild_id, seen[1].channel_id) == (GUILD, 700000000000000002)
        assert seen[1].what.event.changes == {"hunger": [1, 2]}
        assert seen[1].what.character == made.id
    finally:
        listening.cancel()
    await backend.change(nadia(), made.id, HUNGRIER)
    connected.clear()
    listening = asyncio.create_task(feed.run())
    try:
        await until(lambda: len(seen) == 3)
        assert seen[2].what.event.changes == {"hunger": [2, 3]}
    finally:
        listening.cancel()


async def test_the_first_change_after_a_tracker_channel_was_chosen_is_told(
    django: Running, backend: Backend, olga: Who, server_body: dict[str, Any]
) -> None:
    another, channel = GUILD + 1000, str(GUILD + 1001)
    channels = [{"id": channel, "name": "tracker", "type": 0, "position": 0}]
    await backend.put_server(another, server_body | {"channels": channels, "roles": []})
    seen: list[Shown] = []
    connected = asyncio.Event()
    feed = Feed(
        f"{django.url.replace('http', 'ws')}/ws/gateway/",
        django.key,
        seen.append,
        print,
        connected.set,
        print,
    )
    listening = asyncio.create_task(feed.run())
    try:
        await asyncio.wait_for(connected.wait(), 10)
        await backend.set_server(olga(guild=another), another, {"tracker_channel": channel})
        await backend.create(olga(guild=another), "vampire5th", "First Finch", REQUIRED)
        # What other tests did while nobody listened comes too.
        await until(lambda: [one for one in seen if one.guild_id == another])
        assert next(one for one in seen if one.guild_id == another).what.card.title == "First Finch"
    finally:
        listening.cancel()


def _request(followed: Followed) -> Request:
    return Request.read(followed.body)


async def test_a_message_follows_the_request_that_it_shows(
    django: Running, backend: Backend, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await backend.put_server(GUILD, server_body)
    player = str(nadia().actor["id"])
    await backend.server_info(nadia(), GUILD)  # whoever has acted once can be asked
    asked = await backend.play.request(olga(), {"players": [player], "system": "v5", "pool": 3})
    await backend.message_kept(olga(), "roll_request", asked.id, 700000000000000002, 740000000000000001)
    followed: list[Followed] = []
    url, ready = f"{django.url.replace('http', 'ws')}/ws/gateway/", asyncio.Event()
    feed = Feed(url, django.key, lambda shown: True, followed.append, ready.set, print)
    listening = asyncio.create_task(feed.run())
    try:
        await asyncio.wait_for(ready.wait(), 10)
        await until(lambda: feed._since)
        await backend.play.answer(nadia(), asked.id, None)
        # What happened before anybody listened may be told first.
        await until(lambda: followed and [one.answered for one in _request(followed[-1]).players] == [True])
        assert {(one.kind, one.message_id) for one in followed} == {("roll_request", 740000000000000001)}
        await backend.message_gone("roll_request", "740000000000000001")
    finally:
        listening.cancel()


async def test_a_decision_is_offered_and_taken_once(
    django: Running, backend: Backend, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await backend.put_server(GUILD, server_body)
    made = await backend.create(nadia(), "vampire5th", "Letter Lark", REQUIRED)
    letters: list[Letter] = []
    url, ready = f"{django.url.replace('http', 'ws')}/ws/gateway/", asyncio.Event()
    feed = Feed(url, django.key, lambda shown: True, print, ready.set, letters.append)
    listening = asyncio.create_task(feed.run())
    try:
        await asyncio.wait_for(ready.wait(), 10)
        assert await backend.preferences(nadia(), {"direct_messages": False}) == {
            "direct_messages": False,
            "text_mode": False,
        }
        await backend.desk.award(olga(), [made.id], 1, "Unheard")
        await backend.preferences(nadia(), {"direct_messages": True})
        await backend.desk.award(olga(), [made.id], 2, "Heard")
        await until(lambda: [one for one in letters if one.body["text"] == "Heard"])
        assert "Unheard" not in [one.body["text"] for one in letters]
        letter = next(one for one in letters if one.body["text"] == "Heard")
        assert (letter.guild_id, str(letter.user_id)) == (GUILD, str(nadia().actor["id"]))
        assert (letter.body["kind"], letter.body["characters"]) == ("awarded", ["Letter Lark"])
        assert [await backend.take_letter(letter.id) for _ in range(2)] == [True, False]
    finally:
        listening.cancel()


def test_every_call_of_the_client_is_tried_here() -> None:
    """A walk: a new method of the client needs a test against the real backend."""
    calls = {
        name
        for name, member in inspect.getmembers(Backend, inspect.iscoroutinefunction)
        if not name.startswith("_") and name != "close"
    }
    written = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert calls
    assert [name for name in sorted(calls) if f".{name}(" not in written] == []
