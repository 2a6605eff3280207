"""The development server's connections to the database stay few, however many requests come at once."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.handlers.asgi import ASGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from rod.threads import KEPT, THREADS, InThreads
from scripts.common import free_port, stop, wait_until

BACKEND = Path(__file__).resolve().parents[2]
seen: set[int] = set()
together: list[int] = []


def busy(request: HttpRequest) -> HttpResponse:
    seen.add(threading.get_ident())
    together.append(1)
    threading.Event().wait(0.005)
    together.pop()
    return HttpResponse(str(len(together)))


let_go = threading.Event()


def hang(request: HttpRequest) -> HttpResponse:
    let_go.wait(60)
    return HttpResponse("at last")


def ready(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ready")


urlpatterns = [path("busy", busy), path("hang", hang), path("readyz", ready), path("healthz", hang)]


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])
async def test_run_17_sixty_requests_at_once_share_a_few_threads() -> None:
    seen.clear()
    transport = httpx.ASGITransport(InThreads(ASGIHandler()))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for _ in range(4):
            answers = await asyncio.gather(*(client.get("/busy") for _ in range(60)))
            assert {answer.status_code for answer in answers} == {200}
    assert 1 < len(seen) <= THREADS


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[])
async def test_a_process_whose_threads_all_hang_still_says_whether_it_is_ready(monkeypatch: Any) -> None:
    let_go.clear()
    monkeypatch.setattr("rod.threads.SECONDS", 0.1)
    transport = httpx.ASGITransport(InThreads(ASGIHandler(), threads=2))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        held = [asyncio.create_task(client.get("/hang")) for _ in range(5)]
        for _ in range(3):
            assert (await client.get("/readyz")).text == "ready"
        # The kept threads too.
        held += [asyncio.create_task(client.get("/healthz")) for _ in range(KEPT)]
        await asyncio.sleep(0)  # each takes its thread as soon as it runs
        answer = await client.get("/readyz/")
        assert (answer.status_code, answer.json()["ready"]) == (503, False)
        let_go.set()
        assert {answer.text for answer in await asyncio.gather(*held)} == {"at last"}
        assert (await client.get("/readyz")).text == "ready"


@pytest.fixture
def server() -> Iterator[str]:
    """The development server on the database of the tests."""
    place, port = connection.settings_dict, free_port()
    where = {name: str(place[name] or "") for name in ("HOST", "PORT", "USER", "PASSWORD")}
    env = os.environ | {"DATABASE_URL": "", "DB_ENGINE": "postgresql", "DB_NAME": str(place["NAME"])}
    env |= {f"DB_{name}": value for name, value in where.items()}
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "rod.asgi:application",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen(command, cwd=BACKEND, env=env, start_new_session=True, text=True)
    address = f"http://127.0.0.1:{port}"
    try:
        assert wait_until(lambda: _answers(address), 60)
        yield address
    finally:
        stop(process)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def open_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL tells who is connected")
def test_run_17_connections_stay_below_twenty(request: Any) -> None:
    address = request.getfixturevalue("server")

    async def sixty_at_once() -> None:
        cookies = {"sessionid": "x" * 32}  # looked up in the database
        async with httpx.AsyncClient(
            base_url=address, trust_env=False, timeout=60, cookies=cookies
        ) as client:
            answers = await asyncio.gather(*(client.get("/") for _ in range(60)))
        assert all(answer.status_code < 500 for answer in answers)

    for _ in range(4):
        asyncio.run(sixty_at_once())
        assert 1 < open_connections() < 20
