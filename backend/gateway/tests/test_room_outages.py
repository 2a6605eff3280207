"""Rooms with two processes and Redis between them: Redis dies and returns, a process dies while somebody posts."""

import json
import os
import signal
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from chat.models import ChatMessage
from chat.tests.chat_kit import say
from gateway.tests.conftest import Join
from gateway.tests.kit import QUICK, Viewer, Worker, own_process
from gateway.tests.room_kit import room_name
from gateway.tests.test_redis import mortal_redis, two
from testing.personas import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]

FAST = "1000000/min"
__all__ = ["mortal_redis", "two"]


@pytest.fixture(autouse=True)
def _fast(settings: Any) -> None:
    """More than anybody types."""
    settings.THROTTLE_USER = FAST


def numbers(viewer: Viewer, last: int) -> list[int]:
    return viewer.until_seq(room_name(), last)


def test_messages_and_typing_reach_every_process(
    two: tuple[Worker, Worker], join: Join, world: World
) -> None:
    here, there = join("mira", worker=two[0]), join("jonas", worker=two[1])
    for viewer in (here, there):
        viewer.subscribe(room_name())
    for number in range(10):
        here.send(type="post", stream=room_name(), nonce=f"h{number}", text=f"here {number}")
        there.send(type="post", stream=room_name(), nonce=f"t{number}", text=f"there {number}")
    for viewer in (here, there):
        assert numbers(viewer, 20) == list(range(1, 21))
    assert here.texts(room_name()) == there.texts(room_name())
    here.send(type="typing", stream=room_name())
    assert there.wait("chat_typing")["name"] == "Mira"
    here.connection.close()
    assert there.wait("chat_typing")["on"] is False


def test_a_redis_that_dies_and_returns_costs_no_message(
    mortal_redis: Any, start_worker: Any, join: Join, world: World
) -> None:
    workers = [start_worker(), start_worker()]
    viewers = [join("jonas", worker=worker) for worker in workers]
    mira = join("mira", worker=workers[0])
    for viewer in viewers:
        viewer.subscribe(room_name())
    say(world, "mira", "before")
    mortal_redis.process.kill()
    mortal_redis.process.wait(10)
    for number in range(5):
        mira.send(type="post", stream=room_name(), nonce=f"n{number}", text=f"without {number}")
        mira.wait("chat_posted")
    for viewer in viewers:
        assert numbers(viewer, 6) == list(range(1, 7))
    mortal_redis.restart()
    for number in range(5):
        say(world, "vesna", f"after {number}")
    for viewer in viewers:
        assert numbers(viewer, 11) == list(range(1, 12))
        viewer.quiet()


def test_what_a_killed_process_was_given_is_posted_once(
    with_redis: Any, worker: Worker, join: Join, world: World
) -> None:
    """The sender asks again elsewhere for whatever was not confirmed."""
    jonas = join("jonas", worker=worker)
    jonas.subscribe(room_name())
    nonces = [f"n{number}" for number in range(30)]
    with own_process(
        REDIS_PORT=str(with_redis.port), THROTTLE_USER=FAST, GATEWAY=json.dumps(QUICK)
    ) as doomed:
        mira = join("mira", worker=doomed)
        mira.subscribe(room_name())
        for nonce in nonces:
            mira.send(type="post", stream=room_name(), nonce=nonce, text=nonce)
        confirmed = {mira.wait("chat_posted")["nonce"] for _ in range(5)}
        os.kill(doomed.pid, signal.SIGKILL)
        with suppress(ConnectionClosed, TimeoutError):
            while True:
                frame = mira.receive(2)
                if frame["type"] == "chat_posted":
                    confirmed.add(frame["nonce"])
    assert confirmed < set(nonces)
    again = join("mira", worker=worker)
    for nonce in nonces:
        if nonce not in confirmed:
            again.send(type="post", stream=room_name(), nonce=nonce, text=nonce)
            again.wait("chat_posted", nonce=nonce)
    assert numbers(jonas, 30) == list(range(1, 31))
    assert sorted(jonas.texts(room_name())) == sorted(nonces)
    assert jonas.texts(room_name()) == list(
        ChatMessage.objects.order_by("seq").values_list("content", flat=True)
    )


def test_who_is_too_slow_is_told_to_come_again(
    start_worker: Any, join: Join, world: World, settings: Any
) -> None:
    settings.GATEWAY |= {"queue_frames": 10, "queue_bytes": 100_000}
    worker = start_worker(send_buffer=16_384)
    slow = join("jonas", worker=worker, receive_buffer=16_384, max_queue=1)
    mira = join("mira", worker=worker)
    slow.subscribe(room_name())
    mira.subscribe(room_name())
    text = "slow " * 700
    for number in range(80):
        say(world, "vesna", f"{number} {text}")
        mira.until_seq(room_name(), number + 1)
    resync = slow.wait("resync")
    assert resync["stream"] == room_name()
    assert slow.subscribe(room_name(), since=resync["seq"])["type"] == "synced"
    assert slow.seqs[room_name()] == list(range(1, 81))
