"""Icons of servers of the web: uploaded, replaced, taken off; nothing of an old one is left."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from chronicle.models import Server
from privacy.tests.kit import web_server
from testing.personas import World
from uploads.models import StoredFile
from uploads.tests.kit import png

Browser = Callable[[str], Client]
pytestmark = pytest.mark.django_db(transaction=True)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def circle(world: World) -> Server:
    return web_server(world, world.mira)


def send(client: Client, server: Server, content: bytes) -> Any:
    return client.put(f"/api/servers/{server.pk}/icon/", content, content_type="image/png")


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.req("S002-44", "S002-45")
def test_an_icon_is_made_small_and_the_one_before_is_removed(
    circle: Server, browser: Browser, media: Path
) -> None:
    first = send(browser("mira"), circle, png((900, 600)))
    assert first.status_code == 200, first.content
    body = first.json()
    assert body["icon_url"].endswith(body["icon"])
    with Image.open(media / body["icon"]) as kept:
        assert (kept.format, kept.size) == ("WEBP", (256, 171))
    second = send(browser("mira"), circle, png((50, 50))).json()
    assert second["icon"] != body["icon"]
    assert len(files(media)) == 2, "the picture and its thumbnail"
    answer = browser("mira").patch(
        f"/api/servers/{circle.pk}/", {"icon": "https://pictures.example/a.png"}, "application/json"
    )
    assert answer.json()["icon_url"] == "https://pictures.example/a.png"
    assert files(media) == []
    send(browser("mira"), circle, png())
    taken_off = browser("mira").delete(f"/api/servers/{circle.pk}/icon/").json()
    assert (taken_off["icon"], taken_off["icon_url"]) == ("", None)
    assert (files(media), StoredFile.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (SVG, "no_picture"),
        (b"", "no_picture"),
        (png()[:40], "no_picture"),
        (b"x" * 9_000_000, "picture_too_large"),
    ],
)
@pytest.mark.req("S002-44")
def test_what_is_no_picture_leaves_nothing(
    content: bytes, code: str, circle: Server, browser: Browser, media: Path
) -> None:
    answer = send(browser("mira"), circle, content)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (files(media), StoredFile.objects.count()) == ([], 0)


def test_who_may_not_manage_it_stores_nothing(circle: Server, browser: Browser, media: Path) -> None:
    assert send(browser("jonas"), circle, png()).status_code == 404
    assert files(media) == []


def test_the_icon_of_a_guild_is_discords(world: World, browser: Browser, media: Path) -> None:
    refused = send(browser("root"), world.server, png())
    assert (refused.status_code, refused.json()["code"]) == (409, "not_ours")
    assert files(media) == []
    Server.objects.filter(pk=world.server.pk).update(icon="a1b2")
    shown = browser("mira").get(f"/api/servers/{world.server.pk}/").json()
    assert shown["icon_url"].endswith(f"/icons/{world.server.discord_id}/a1b2.png?size=128")


def test_on_the_page_a_picture_is_chosen_refused_in_words_and_taken_off(
    circle: Server, browser: Browser, media: Path
) -> None:
    mira, address = browser("mira"), f"/servers/{circle.pk}/icon/"
    form = {"key": "one", "form": "icon", "picture": SimpleUploadedFile("a.png", png())}
    assert mira.post(address, form).status_code == 302
    icon = Server.objects.get(pk=circle.pk).icon
    assert icon in mira.get(f"/servers/{circle.pk}/").content.decode()
    for sent in ({}, {"picture": SimpleUploadedFile("a.png", SVG)}):
        refused = mira.post(address, {"key": f"k{len(sent)}", "form": "icon", **sent}).content.decode()
        assert "picture" in refused
    assert Server.objects.get(pk=circle.pk).icon == icon
    assert mira.post(address, {"key": "two", "form": "icon", "remove": "yes"}).status_code == 302
    assert files(media) == []
