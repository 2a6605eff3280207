"""Files of messages: uploaded, attached, seen by who sees the message, and gone with it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from chat.attachments import MAX_BYTES_A_DAY
from chat.models import Attachment, ChatMessage
from chat.services import files
from chat.tests.chat_kit import table
from chronicle.models import ServerChannel, ServerMember
from testing.personas import World
from uploads import sweep
from uploads.models import StoredFile
from uploads.tests.kit import PDF, film, png

Browser = Callable[[str], Client]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
FILES = "/api/chat/files/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.PRIVATE_MEDIA_ROOT = tmp_path
    storages._storages.pop("private", None)
    yield tmp_path
    storages._storages.pop("private", None)


def upload(client: Client, content: bytes, name: str = "owl.png", key: str = "", **more: object) -> Any:
    form = {"room": str(table().pk), "file": SimpleUploadedFile(name, content), **more}
    return client.post(FILES, form, headers={"Idempotency-Key": key} if key else {})


def uploaded(client: Client, content: bytes | None = None, name: str = "owl.png") -> dict[str, Any]:
    answer = upload(client, content or png(), name)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()["file"]
    return found


def post(client: Client, *ids: str, text: str = "") -> Any:
    return client.post(
        f"/api/chat/rooms/{table().pk}/messages/",
        {"text": text, "attachments": ids},
        content_type="application/json",
    )


def stored(media: Path) -> int:
    return len([path for path in media.rglob("*") if path.is_file()])


@pytest.mark.req("S003-67")
def test_a_picture_is_uploaded_posted_and_read_by_the_room(
    world: World, browser: Browser, media: Path
) -> None:
    mira, jonas = browser("mira"), browser("jonas")
    file = uploaded(mira, png((1200, 900)))
    assert (file["name"], file["type"], file["width"], file["height"]) == (
        "owl.webp",
        "image/webp",
        1200,
        900,
    )
    assert jonas.get(f"{FILES}{file['id']}/").status_code == 404, "not before it is posted"
    assert mira.get(f"{FILES}{file['id']}/").status_code == 200
    posted = post(mira, file["id"])
    assert posted.status_code == 201, posted.content
    assert posted.json()["message"]["attachments"] == [file]
    whole, small = jonas.get(file["url"]), jonas.get(file["thumbnail_url"])
    assert whole.headers["Content-Type"] == "image/webp"
    assert 0 < len(small.content) < len(whole.content)
    assert browser("sam").get(file["url"]).status_code == 404
    assert Client().get(file["url"]).status_code in (401, 403)
    assert stored(media) == 3


@pytest.mark.req("S003-67")
def test_another_file_is_a_download_and_never_a_page(world: World, browser: Browser) -> None:
    mira = browser("mira")
    page = uploaded(mira, b"<script>alert(1)</script>", "../../evil.html")
    assert (page["name"], page["type"], page["thumbnail_url"]) == ("evil.html.txt", "text/plain", "")
    answer = mira.get(page["url"])
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert uploaded(mira, PDF, "n" * 300 + ".pdf")["name"].endswith("n.pdf")
    assert uploaded(mira, film(), "dance.gif")["type"] == "image/webp"


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"", "a.txt", 422, "file_empty"),
        (b"PK\x03\x04" + b"\x00" * 99, "a.zip", 422, "file_type"),
        (b"<svg onload='alert(1)'>\x00</svg>", "a.svg", 422, "file_type"),
        (png()[:50], "a.png", 422, "no_picture"),
        (b"x" * (8 * 1024 * 1024 + 1), "a.txt", 422, "file_too_large"),
        (b"x" * 10_000_000, "a.txt", 422, "file_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.req("S002-44", "S003-67")
def test_what_is_refused_leaves_nothing(
    content: bytes, name: str, status: int, code: str, world: World, browser: Browser, media: Path
) -> None:
    answer = upload(browser("mira"), content, name)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (stored(media), StoredFile.objects.count(), Attachment.objects.count()) == (0, 0, 0)


def test_a_form_without_its_file_is_refused_in_words(world: World, browser: Browser) -> None:
    mira, room = browser("mira"), str(table().pk)
    for form in (
        {"room": room},
        {"room": room, "other": SimpleUploadedFile("a.png", png())},
        {"room": room, "file": [SimpleUploadedFile("a.png", png()), SimpleUploadedFile("b.png", png())]},
        {"file": SimpleUploadedFile("a.png", png())},
        {"room": "nonsense", "file": SimpleUploadedFile("a.png", png())},
        {"room": room, "file": SimpleUploadedFile("a.png", png()), "path": "attachments/another.webp"},
    ):
        assert mira.post(FILES, form).status_code == 400
    assert mira.post(FILES, {"room": room}, content_type="application/json").status_code == 415
    assert not StoredFile.objects.exists()


def test_who_may_not_write_there_may_not_upload(world: World, browser: Browser, media: Path) -> None:
    assert upload(browser("sam"), png()).status_code == 404
    assert stored(media) == 0


def test_a_retry_is_answered_alike_and_stores_nothing_more(
    world: World, browser: Browser, media: Path
) -> None:
    mira = browser("mira")
    first = upload(mira, png(), key="one").json()
    assert upload(mira, png(), key="one").json() == first
    assert (stored(media), Attachment.objects.count()) == (3, 1)
    assert upload(mira, png((20, 20)), key="one").json()["code"] == "key_reused"
    assert stored(media) == 3


@pytest.mark.req("S003-67")
def test_a_file_goes_with_one_message_of_its_owner(world: World, browser: Browser) -> None:
    mira, jonas = browser("mira"), browser("jonas")
    file = uploaded(mira)["id"]
    for client, ids in ((jonas, [file]), (mira, [file, "00000000-0000-7000-8000-000000000000"])):
        refused = post(client, *ids)
        assert (refused.status_code, list(refused.json()["fields"])) == (400, ["attachments"])
    assert post(mira, file, file).status_code == 201
    assert post(mira, file, text="again").status_code == 400
    assert ChatMessage.objects.count() == 1


def test_ten_files_fit_and_eleven_do_not(world: World, browser: Browser) -> None:
    mira = browser("mira")
    ids = [uploaded(mira, f"text {number}".encode(), "a.txt")["id"] for number in range(11)]
    assert post(mira, *ids).status_code == 400
    assert len(post(mira, *ids[:10]).json()["message"]["attachments"]) == 10


@pytest.mark.req("S003-67", "S002-45")
def test_a_deleted_message_takes_its_file_with_it(world: World, browser: Browser, media: Path) -> None:
    mira, root = browser("mira"), browser("root")
    file = uploaded(mira)
    said = post(mira, file["id"]).json()["message"]
    deleted = root.delete(f"/api/chat/rooms/{table().pk}/messages/{said['id']}/")
    assert deleted.status_code == 200, deleted.content
    assert deleted.json()["message"]["attachments"] == []
    assert stored(media) == 0
    for client in (mira, root):
        assert client.get(file["url"]).status_code == 404
    removed = root.get(f"/api/chat/rooms/{table().pk}/messages/{said['id']}/removed/")
    assert removed.status_code == 200, removed.content
    (named,) = removed.json()["files"]
    assert (named["name"], len(named["digest"])) == ("owl.webp", 64)
    row = Attachment.objects.get()
    assert (row.name, len(row.digest), row.stored) == ("owl.webp", 64, None)


@pytest.mark.req("S003-67")
def test_who_loses_the_right_loses_the_file(world: World, browser: Browser) -> None:
    mira, jonas = browser("mira"), browser("jonas")
    file = uploaded(mira)
    said = post(mira, file["id"]).json()["message"]
    assert jonas.get(file["url"]).status_code == 200
    ServerChannel.objects.filter(pk=table().pk).update(is_private=True)
    assert jonas.get(file["url"]).status_code == 404
    ServerChannel.objects.filter(pk=table().pk).update(is_private=False)
    ChatMessage.objects.filter(pk=said["id"]).update(visibility=3, owner=world.vesna.pk)
    assert jonas.get(file["url"]).status_code == 404
    ChatMessage.objects.filter(pk=said["id"]).update(visibility=1)
    assert jonas.get(file["url"]).status_code == 200
    ServerMember.objects.filter(user=world.jonas).delete()
    assert browser("jonas").get(file["url"]).status_code == 404


def test_an_unused_file_goes_after_an_hour_or_when_its_owner_says_so(
    world: World, browser: Browser, media: Path
) -> None:
    mira = browser("mira")
    late, soon, used, dropped = (uploaded(mira)["id"] for _ in range(4))
    assert post(mira, used).status_code == 201
    assert browser("jonas").delete(f"{FILES}{dropped}/").status_code == 404
    assert mira.delete(f"{FILES}{used}/").status_code == 404, "it went with a message"
    assert mira.delete(f"{FILES}{dropped}/").status_code == 200
    Attachment.objects.filter(pk__in=[late, used]).update(created_at=timezone.now() - timedelta(hours=2))
    files.forget_waiting()
    assert {str(pk) for pk in Attachment.objects.values_list("pk", flat=True)} == {soon, used}
    assert stored(media) == 6


def test_what_went_with_its_room_is_found_by_the_sweep(world: World, browser: Browser, media: Path) -> None:
    mira = browser("mira")
    kept, gone = uploaded(mira)["id"], uploaded(mira)["id"]
    post(mira, kept)
    message = post(mira, gone).json()["message"]["id"]
    ChatMessage.objects.filter(pk=message).delete()
    StoredFile.objects.update(claimed_at=timezone.now() - timedelta(hours=2))
    assert sweep.sweep() == 1
    assert stored(media) == 3


def test_a_person_has_so_many_bytes_a_day(world: World, browser: Browser, media: Path) -> None:
    mira = browser("mira")
    uploaded(mira)
    StoredFile.objects.update(size=MAX_BYTES_A_DAY)
    refused = upload(mira, png())
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_files")
    assert stored(media) == 3
    assert upload(browser("jonas"), png()).status_code == 201
    StoredFile.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert upload(mira, png()).status_code == 201
