"""Fixtures of the gateway's tests; what they are made of is in `kit.py`."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.sync.client import connect

from gateway.tests.kit import QUICK, SECONDS, Table, Viewer, Worker, cookie_of
from testing.personas import World


@pytest.fixture
def quick(settings: Any) -> None:
    settings.GATEWAY = dict(QUICK)


@pytest.fixture
def start_worker(transactional_db: None, quick: None) -> Iterator[Callable[..., Worker]]:
    workers: list[Worker] = []

    def start(**options: Any) -> Worker:
        workers.append(Worker(**options))
        return workers[-1]

    yield start
    for worker in workers:
        worker.stop()


@pytest.fixture
def worker(start_worker: Callable[..., Worker], world: World) -> Worker:
    return start_worker()


Join = Callable[..., Viewer]


@pytest.fixture
def join(world: World, quick: None, request: pytest.FixtureRequest) -> Iterator[Join]:
    """`join("mira")`: a browser of mira's on the gateway, past its hello. `hello=False` leaves the greeting unread."""
    sockets = ExitStack()

    def open_one(
        name: str | None = None,
        *,
        worker: Worker | None = None,
        headers: dict[str, str] | None = None,
        origin: str | None = "own",
        query: str = "",
        hello: bool = True,
        receive_buffer: int = 0,
        **options: Any,
    ) -> Viewer:
        port = (worker or request.getfixturevalue("worker")).port
        headers = dict(headers or {})
        if name:
            headers["Cookie"] = cookie_of(getattr(world, name))
        raw = socket.create_connection(("127.0.0.1", port), SECONDS)
        if receive_buffer:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection = sockets.enter_context(
            connect(
                f"ws://127.0.0.1:{port}/ws/gateway/{query}",
                sock=raw,
                origin=f"http://127.0.0.1:{port}" if origin == "own" else origin,
                additional_headers=headers,
                ping_interval=None,
                compression=None,
                close_timeout=1,
                **options,
            )
        )
        viewer = Viewer(connection)
        if hello:
            assert viewer.receive()["type"] == "hello"
        return viewer

    with sockets:
        yield open_one


@pytest.fixture
def table(world: World) -> Table:
    return Table(world)
