"""`/chat/ws`, the socket of the chat API (S003): its exact frames, and who gets them."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from django.conf import settings
from django.utils import timezone
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from chat.models import ChatMessage
from chat.tests.chat_kit import say, table
from chronicle.services import add_member, remove_member
from discordauth import tickets, tokens
from gateway.process import Process, _running
from gateway.tests.kit import SECONDS, Worker, wait_for
from testing.community import set_channel
from testing.personas import SYSTEM, TABLE_CHANNEL, World
from timeline.services import Cause

pytestmark = pytest.mark.django_db(transaction=True)


class Client:
    """A client of the specification: it knows S003's frames and nothing else."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def send(self, **frame: Any) -> None:
        self.connection.send(json.dumps(frame))

    def say(self, world: World, text: str, **more: Any) -> None:
        place = {"serverId": str(world.server.pk), "channelId": str(table().pk)}
        self.send(**{"type": "send_message", **place, "text": text, **more})

    def receive(self, seconds: float = SECONDS) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(self.connection.recv(timeout=seconds))
        return frame

    def quiet(self, seconds: float = 0.3) -> None:
        with pytest.raises(TimeoutError):
            raise AssertionError(self.receive(seconds))

    @property
    def close_code(self) -> int | None:
        with pytest.raises(ConnectionClosed):
            self.connection.recv(timeout=SECONDS)
        return self.connection.close_code


Enter = Callable[..., Client]


def token_of(user: Any) -> str:
    return tokens.start_family(user)["access"]


@pytest.fixture
def enter(worker: Worker, world: World) -> Iterator[Enter]:
    sockets = ExitStack()

    def open_one(name: str = "", *, query: str | None = None, at: Worker | None = None) -> Client:
        asked = f"token={token_of(getattr(world, name))}" if query is None else query
        address = f"ws://127.0.0.1:{(at or worker).port}/chat/ws?{asked}"
        return Client(sockets.enter_context(connect(address, proxy=None)))

    with sockets:
        yield open_one


def the_process() -> Process:
    """That of the worker's thread."""
    (process,) = _running.values()
    return process


def connections() -> dict[str, int]:
    """As the manager counts them, on the loop of its process."""
    (loop,) = _running
    counting = asyncio.run_coroutine_threadsafe(the_process().manager.active_connections(), loop)
    return counting.result(SECONDS)


def ready(world: World, *clients: Client) -> None:
    """Wait until what is said in the table's channel reaches all of them."""
    deadline = time.monotonic() + SECONDS
    for client in clients:
        while True:
            say(world, "vesna", "is anybody there?")
            try:
                client.receive(0.3)
            except TimeoutError:
                assert time.monotonic() < deadline
                continue
            break
    for client in clients:
        try:
            while True:
                client.receive(0.3)
        except TimeoutError:
            pass


@pytest.mark.req("S003-45", "S003-48", "S003-52", "S003-28", "S000-77")
def test_two_people_see_each_others_messages(enter: Enter, world: World) -> None:
    mira, jonas = enter("mira"), enter("jonas")
    ready(world, mira, jonas)
    mira.say(world, "Good evening")
    frames = [client.receive() for client in (mira, jonas)]
    assert frames[0] == frames[1]
    message = ChatMessage.objects.latest("created_at")
    assert frames[0].keys() == {
        "type", "id", "user", "text", "timestamp", "createdAt", "serverId", "channelId",
    }  # fmt: skip
    assert (frames[0]["type"], frames[0]["user"], frames[0]["text"]) == (
        "new_message",
        "mira",
        "Good evening",
    )
    assert (frames[0]["id"], frames[0]["channelId"]) == (str(message.pk), str(table().pk))
    clock = frames[0]["timestamp"]
    assert clock.endswith((" AM", " PM"))
    assert 1 <= int(clock.partition(":")[0]) <= 12
    jonas.say(world, "And to you")
    assert mira.receive()["user"] == "jonas"


@pytest.mark.req("S003-46", "S003-47", "S003-49", "S003-50")
def test_typing_is_relayed_but_not_to_the_typist(enter: Enter, world: World) -> None:
    mira, jonas = enter("mira"), enter("jonas")
    ready(world, mira, jonas)
    place = {"serverId": str(world.server.pk), "channelId": str(table().pk)}
    mira.send(type="typing_start", **place)
    assert jonas.receive() == {"type": "typing_start", "username": "Mira", **place}
    mira.send(type="typing_stop", **place)
    assert jonas.receive() == {"type": "typing_stop", "username": "Mira", **place}
    mira.quiet()


@pytest.mark.req("S003-51")
@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        "[]",
        '"text"',
        "{}",
        '{"type": "dance"}',
        '{"type": "send_message"}',
        '{"type": "send_message", "serverId": "x", "channelId": "y", "text": "z"}',
        '{"type": "typing_start", "serverId": 1, "channelId": null}',
    ],
)
def test_a_malformed_frame_is_refused_and_the_socket_lives(enter: Enter, world: World, frame: str) -> None:
    mira = enter("mira")
    ready(world, mira)
    mira.connection.send(frame)
    refused = mira.receive()
    assert refused["type"] == "error"
    assert refused["message"]
    mira.say(world, "still here")
    assert mira.receive()["text"] == "still here"


@pytest.mark.req("S003-51", "S003-37")
def test_what_may_not_be_sent_is_refused_in_words(enter: Enter, world: World) -> None:
    mira = enter("mira")
    ready(world, mira)
    foreign = {"serverId": str(world.other_server.pk), "channelId": str(table().pk)}
    unknown = {"serverId": str(world.server.pk), "channelId": str(uuid4())}
    for place in (foreign, unknown):
        for frame in ({"type": "send_message", "text": "hello"}, {"type": "typing_start"}):
            mira.send(**frame, **place)
            assert mira.receive()["type"] == "error"
    for text in ("", " \u200b", "x" * 4001, "x" * 100_000):
        mira.say(world, text)
        assert mira.receive()["type"] == "error"
    assert not ChatMessage.objects.filter(user=world.mira).exists()


def test_a_message_sent_again_with_its_nonce_is_one(enter: Enter, world: World) -> None:
    mira = enter("mira")
    ready(world, mira)
    for _ in range(2):
        mira.say(world, "once", nonce="n1")
    assert mira.receive()["text"] == "once"
    mira.say(world, "and then", nonce="n2")
    assert mira.receive()["text"] == "and then"
    assert ChatMessage.objects.filter(user=world.mira).count() == 2


@pytest.mark.req("S003-28", "S003-25", "S003-24")
def test_who_is_not_let_in_gets_a_policy_code_and_no_frame(enter: Enter, world: World) -> None:
    claims = jwt.decode(token_of(world.mira), settings.SECRET_KEY, algorithms=["HS256"])
    expired = claims | {"exp": timezone.now() - timedelta(seconds=1)}
    for token in (
        "",
        "nonsense",
        jwt.encode(claims, None, algorithm="none"),
        jwt.encode(claims, settings.SECRET_KEY, algorithm="HS512"),
        jwt.encode(expired, settings.SECRET_KEY, algorithm="HS256"),
    ):
        assert enter(query=f"token={token}").close_code == 1008


@pytest.mark.req("S003-29")
def test_a_ticket_lets_in_once(enter: Enter, world: World) -> None:
    ticket, _seconds = tickets.issue(
        tickets.Grant(str(world.mira.pk), "", world.mira.get_session_auth_hash())
    )
    mira = enter(query=f"ticket={ticket}")
    ready(world, mira)
    assert enter(query=f"ticket={ticket}").close_code == 1008


@pytest.mark.req("S003-38")
def test_a_removed_member_gets_nothing_more(enter: Enter, world: World) -> None:
    mira, jonas = enter("mira"), enter("jonas")
    ready(world, mira, jonas)
    remove_member(world.server, world.mira.pk, cause=SYSTEM)
    say(world, "vesna", "Now that she is gone")
    assert jonas.receive()["text"] == "Now that she is gone"
    mira.say(world, "I am still here!")
    assert mira.receive()["type"] == "error"
    mira.quiet()


def test_a_channel_that_comes_into_sight_is_followed_and_a_private_one_is_not(
    enter: Enter, world: World
) -> None:
    sam, jonas = enter("sam"), enter("jonas")
    ready(world, jonas)
    add_member(world.server, world.sam, cause=SYSTEM)
    ready(world, sam)
    olga = world.principal("olga")
    set_channel(world.server, TABLE_CHANNEL, {"is_private": True}, principal=olga, cause=SYSTEM)
    say(world, "olga", "Among ourselves")
    sam.quiet()
    set_channel(
        world.server, TABLE_CHANNEL, {"is_private": False}, principal=olga, cause=Cause(None, "system")
    )
    ready(world, sam)


@pytest.mark.req("S003-39", "S003-40", "S003-41", "S003-42", "S003-43")
def test_the_manager_sends_to_people_and_counts_them(enter: Enter, world: World) -> None:
    first, second, jonas = enter("mira"), enter("mira"), enter("jonas")
    ready(world, first, second, jonas)
    manager = the_process().manager
    mine, his = str(world.mira.pk), str(world.jonas.pk)
    wait_for(lambda: connections() == {mine: 2, his: 1})
    manager.send_personal(mine, {"type": "hint", "text": "for you"})
    assert first.receive() == second.receive() == {"type": "hint", "text": "for you"}
    jonas.quiet(0.2)
    manager.broadcast_to_channel(world.server.pk, table().pk, {"type": "hint"}, [his])
    place = {"serverId": str(world.server.pk), "channelId": str(table().pk)}
    assert jonas.receive() == {"type": "hint", **place}
    first.quiet(0.2)
    manager.disconnect(mine)
    manager.send_personal(mine, {"type": "hint"})
    first.quiet(0.2)


@pytest.mark.req("S003-44")
def test_a_client_that_is_gone_is_counted_out(enter: Enter, world: World) -> None:
    mira, jonas = enter("mira"), enter("jonas")
    ready(world, mira, jonas)
    mira.connection.socket.close()
    wait_for(lambda: connections() == {str(world.jonas.pk): 1})
