"""The same login against the sandbox, with real requests on both ways."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from django.test import Client

from discordauth.models import CustomUser
from sandbox.server import Sandbox

START = 10  # seconds


@pytest.fixture
def box(settings: Any) -> Iterator[Sandbox]:
    """A sandbox in a thread of its own, as the backend's requests block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    sandbox = Sandbox(state=None, port=0)
    asyncio.run_coroutine_threadsafe(sandbox.start(), loop).result(START)
    for name, value in sandbox.env().items():
        setattr(settings, name, value)
    yield sandbox
    asyncio.run_coroutine_threadsafe(sandbox.stop(), loop).result(START)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(START)
    loop.close()


def decide(address: str, decision: str, user: str) -> str:
    """What a person does on the sandbox's page; returns where the browser is sent then."""
    form = dict(parse_qsl(urlsplit(address).query)) | {"decision": decision, "user": user}
    answer = httpx.post(address.partition("?")[0], data=form, follow_redirects=False, timeout=START)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def user_id(box: Sandbox, name: str) -> str:
    return next(pk for pk, user in box.world.users.items() if user["username"] == name)


@pytest.mark.req("S004-42", "S004-43")
def test_a_person_of_the_sandbox_logs_in(db: Any, box: Sandbox) -> None:
    client = Client()
    address = client.get("/auth/login/")["Location"]
    answer = client.get(decide(address, "allow", user_id(box, "mira")))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    user = CustomUser.objects.get(discord_id=user_id(box, "mira"))
    assert client.session["_auth_user_id"] == str(user.pk)


def test_who_denies_is_sent_back_unknown(db: Any, box: Sandbox) -> None:
    client = Client()
    address = client.get("/auth/login/")["Location"]
    answer = client.get(decide(address, "deny", user_id(box, "mira")))
    assert answer["Location"] == "/"
    assert "_auth_user_id" not in client.session
    assert not CustomUser.objects.exists()
