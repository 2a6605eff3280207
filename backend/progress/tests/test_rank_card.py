"""The rank card shows the account's picture where nobody has a portrait, from Discord alone, and never fails by it."""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from PIL import Image

from contract.points import GetProgress
from discordauth.models import CustomUser
from progress import avatars, rank_card
from progress.operations import points
from progress.tests.kit import call
from testing.personas import World

pytestmark = pytest.mark.django_db


class Cdn(ThreadingHTTPServer):
    """Discord's server of pictures, on loopback: it answers with what it is told to, and counts."""

    answer: tuple[int, bytes] = (200, b"")
    asked: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Cdn

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, content = self.server.answer
        self.send_response(status)
        self.send_header("Location", f"{self.server.url}/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Not into the tests' output."""


@pytest.fixture
def cdn(settings: Any) -> Iterator[Cdn]:
    server = Cdn(("127.0.0.1", 0), Handler)
    server.asked, server.answer = [], (200, picture())
    settings.DISCORD_CDN = server.url
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def mira(world: World) -> CustomUser:
    world.mira.discord_id, world.mira.discord_avatar = "80351110224678912", "0a1b"
    world.mira.save()
    return world.mira


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (64, 64), "#8a0303").save(written, "PNG")
    return written.getvalue()


def test_the_picture_of_the_account_is_shown_and_fetched_once(
    world: World, cdn: Cdn, mira: CustomUser
) -> None:
    drawn = rank_card.portrait(mira)
    assert drawn.startswith("data:image/png;base64,")
    assert rank_card.portrait(mira) == drawn
    assert cdn.asked == ["/avatars/80351110224678912/0a1b.png?size=512"]
    assert points.GET.run(call(world, "mira"), GetProgress(card=True)).card


@pytest.mark.parametrize(
    "answer",
    [
        (404, b""),
        (302, b""),
        (200, b"no picture"),
        (200, picture() + b"\0" * avatars.MOST_BYTES),
    ],
    ids=["gone", "elsewhere", "no picture", "too large"],
)
def test_a_picture_that_cannot_be_had_spoils_no_card_and_is_not_asked_for_each_time(
    world: World, cdn: Cdn, mira: CustomUser, answer: tuple[int, bytes]
) -> None:
    cdn.answer = answer
    for _look in range(2):
        assert points.GET.run(call(world, "mira"), GetProgress(card=True)).card
    assert rank_card.portrait(mira) == ""
    assert len(cdn.asked) == 1


def test_a_server_that_never_ends_is_not_waited_for(
    cdn: Cdn, mira: CustomUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(avatars, "SECONDS", -1.0)
    assert rank_card.portrait(mira) == ""


def test_no_other_host_is_asked(cdn: Cdn, mira: CustomUser, settings: Any) -> None:
    mira.avatar_url = f"{cdn.url}/somebodys.png"
    settings.DISCORD_CDN = "https://cdn.discordapp.com"
    assert rank_card.portrait(mira) == ""
    assert cdn.asked == []


def test_an_account_without_a_picture_has_its_initial(cdn: Cdn, world: World) -> None:
    assert rank_card.portrait(world.jonas) == ""
    assert cdn.asked == []
