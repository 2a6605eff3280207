"""Portraits that a page sends: made small, written anew, refused when they are no picture."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from haven import services
from testing.personas import World
from timeline.services import Cause

Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def owl(world: World) -> str:
    cause = Cause(actor=world.mira, door="web")
    made = services.create(world.principal("mira"), "vampire5th", "Night Owl", [], world.chronicle, cause)
    return f"/api/characters/{made.character.id}/"


def picture(kind: str = "PNG", size: tuple[int, int] = (1600, 800)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "#8c1c2b").save(written, kind)
    return written.getvalue()


def send(client: Client, owl: str, content: bytes, key: str = "", kind: str = "image/png") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.put(f"{owl}portrait/", content, content_type=kind, headers=headers)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_portrait_is_made_small_and_written_anew(
    kind: str, owl: str, browser: Browser, media: Path
) -> None:
    answer = send(browser("mira"), owl, picture(kind), kind=f"image/{kind.lower()}")
    assert answer.status_code == 200, answer.content
    path = answer.json()["character"]["fields"]["avatar"]
    assert answer.json()["event"]["changes"]["avatar"] == ["", path]
    with Image.open(media / path) as kept:
        assert (kept.format, kept.size) == ("WEBP", (1024, 512))
    assert answer.json()["card"]["thumbnail"].endswith(path)


def test_a_retry_is_answered_alike_and_another_picture_is_refused(owl: str, browser: Browser) -> None:
    mira = browser("mira")
    first = send(mira, owl, picture(), "one").json()
    assert send(mira, owl, picture(), "one").json() == first
    assert send(mira, owl, picture(size=(20, 20)), "one").json()["code"] == "key_reused"


def test_it_comes_off_and_an_undo_brings_it_back(owl: str, browser: Browser) -> None:
    mira = browser("mira")
    path = send(mira, owl, picture()).json()["character"]["fields"]["avatar"]
    assert mira.delete(f"{owl}portrait/").json()["character"]["fields"].get("avatar", "") == ""
    undone = mira.post(f"{owl}undo/", {}, content_type="application/json").json()
    assert undone["character"]["fields"]["avatar"] == path


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_picture"),
        (b"<svg onload='alert(1)'/>", "no_picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "no_picture"),
        (b"\x00" * (8 * 1024 * 1024 + 1), "picture_too_large"),
    ],
)
def test_what_is_no_picture_changes_nothing(content: bytes, code: str, owl: str, browser: Browser) -> None:
    mira = browser("mira")
    answer = send(mira, owl, content)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert mira.get(owl).json()["version"] == 1


def test_another_type_is_refused(owl: str, browser: Browser) -> None:
    assert send(browser("mira"), owl, b"{}", kind="application/json").status_code == 415


@pytest.mark.parametrize(("who", "status"), [("jonas", 403), ("sam", 404), ("vesna", 200)])
def test_who_may(who: str, status: int, owl: str, browser: Browser) -> None:
    assert send(browser(who), owl, picture()).status_code == status
