"""What the Discord process is told of bridged rooms: which there are, each message once, and what waits again."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from asgiref.sync import async_to_sync, sync_to_async

from bot.bridge_feed import BridgeFeed
from chat.bridges import outgoing, report
from chat.operations import bridges
from chat.tests.chat_kit import call, say, table
from contract import bridges as shapes
from contract.shards import ALL, Shards
from testing.personas import GUILD, TABLE_CHANNEL, World

pytestmark = pytest.mark.django_db(transaction=True)


class Database:
    """Runs at once."""

    async def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await sync_to_async(work)(*arguments)


class Outbox:
    def __init__(self) -> None:
        self.frames: list[Any] = []

    def push(self, made: Any) -> None:
        self.frames.append(orjson.loads(made.text))

    async def room(self) -> None: ...


@pytest.fixture
def bridged(world: World, settings: Any) -> World:
    settings.DISCORD_MESSAGE_CONTENT = True
    switch(world, True)
    return world


def switch(world: World, on: bool) -> None:
    bridges.SET.run(call(world, "olga"), shapes.SetBridge(room=table().pk, on=on))


class Follower:
    """A connection: what came since the last time it was asked."""

    def __init__(self, shards: Shards = ALL) -> None:
        self.outbox = Outbox()
        self.feed = BridgeFeed(Database(), self.outbox)  # type: ignore[arg-type]
        async_to_sync(self.feed.start)(shards)

    def look(self, *nudges: str, everything: bool = False) -> list[Any]:
        for nudge in nudges:
            self.feed.nudge(nudge)
        async_to_sync(self.feed.update)(everything=everything)
        return self.take()

    def take(self) -> list[Any]:
        frames, self.outbox.frames = self.outbox.frames, []
        return frames


def room() -> str:
    return f"room:{table().pk}"


def texts(frames: list[Any]) -> list[str]:
    return [frame["message"]["text"] for frame in frames if frame["type"] == "bridged"]


def test_places_and_messages_are_told_once_and_again_on_the_next_connection(bridged: World) -> None:
    first = Follower()
    (places,) = first.take()
    assert (places["type"], places["all"]) == ("bridges", True)
    assert places["places"][TABLE_CHANNEL]["guild_id"] == GUILD
    said = say(bridged, "mira", "Hail")
    assert texts(first.look(room())) == ["Hail"]
    assert first.look(room()) == []
    assert first.look(everything=True) == []
    assert texts(Follower().take()) == ["Hail"]
    report.posted(shapes.Posted(room=table().pk, message=said.id, changed=said.changed, pieces=["1"]))
    assert texts(Follower().take()) == []


def test_what_is_said_while_it_is_off_stays_here(bridged: World) -> None:
    follower = Follower()
    follower.take()
    server = f"server:{bridged.server.pk}"
    switch(bridged, False)
    (places,) = follower.look(server)
    assert places["places"] == {TABLE_CHANNEL: None}
    say(bridged, "mira", "Among ourselves")
    assert follower.look(room()) == []
    switch(bridged, True)
    assert [frame["type"] for frame in follower.look(server)] == ["bridges"]
    say(bridged, "mira", "Hail")
    assert texts(follower.look(room())) == ["Hail"]


def test_a_process_hears_of_its_own_shards_alone(bridged: World) -> None:
    other = Shards(2, 1 - (int(GUILD) >> 22) % 2, 1 - (int(GUILD) >> 22) % 2)
    say(bridged, "mira", "Hail")
    (places,) = Follower(other).take()
    assert places["places"] == {}


def test_lost_nudges_lose_nothing(bridged: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "BATCH", 5)
    follower = Follower()
    follower.take()
    for number in range(12):
        say(bridged, "mira", str(number))
    assert texts(follower.look(everything=True)) == [str(number) for number in range(12)]
