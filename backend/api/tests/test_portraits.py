"""Portraits that a page sends: made small, written anew, refused when they are no picture."""

import contextlib
import errno
import io
import os
import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import ExifTags, Image

from haven import portraits, services
from rules.errors import Unprocessable
from testing.fuzzing import FUZZ
from testing.personas import World
from timeline.services import Cause
from uploads import pictures
from uploads.models import StoredFile

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
    small = portraits.small_address(path)
    with Image.open(media / "portraits" / str(small).rpartition("/")[2]) as thumbnail:
        assert thumbnail.size == (96, 48)
    assert portraits.small_address("portraits/of-before.webp") == portraits.address(
        "portraits/of-before.webp"
    )
    assert portraits.small_address("") is None


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


def with_exif(orientation: int = 6, resolution: tuple[int, int] = (-1, 0)) -> bytes:
    image = Image.new("RGB", (60, 30), "#8c1c2b")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    written = io.BytesIO()
    image.save(written, "JPEG", exif=exif)
    content = written.getvalue()
    # XResolution as a signed fraction, which Pillow does not write.
    at = content.index(b"Exif\0\0") + 6
    head = content[at : at + 8]
    order = ">" if head[:2] == b"MM" else "<"
    entries = struct.pack(order + "H", 2)
    entries += struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    entries += struct.pack(order + "HHII", 0x011A, 10, 1, 8 + 2 + 24 + 4)
    tiff = (
        head[:4]
        + struct.pack(order + "I", 8)
        + entries
        + b"\0\0\0\0"
        + struct.pack(order + "ii", *resolution)
    )
    segment = b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff
    plain = io.BytesIO()
    image.save(plain, "JPEG")
    return plain.getvalue()[:2] + segment + plain.getvalue()[2:]


def png(*chunks: tuple[bytes, bytes], size: tuple[int, int] = (40, 60)) -> bytes:
    """A PNG with chunks of our own behind its head."""
    plain = picture("PNG", size)
    made = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return plain[:33] + made + plain[33:]


def test_run_06_a_camera_held_sideways_with_a_broken_resolution(
    owl: str, browser: Browser, media: Path
) -> None:
    answer = send(browser("mira"), owl, with_exif())
    assert answer.status_code == 200, answer.content
    with Image.open(media / answer.json()["character"]["fields"]["avatar"]) as kept:
        assert kept.size == (30, 60)
        assert not kept.getexif()


@pytest.mark.parametrize("orientation", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 65535])
def test_run_06_every_orientation_is_read_or_left_alone(orientation: int) -> None:
    with Image.open(io.BytesIO(pictures.reencode(with_exif(orientation, (72, 1)), 1024).content)) as kept:
        assert kept.size == ((30, 60) if orientation in (5, 6, 7, 8) else (60, 30))


LARGE = zlib.compress(b"x" * 3_000_000)


@pytest.mark.parametrize(
    "chunk",
    [
        (b"zTXt", b"Comment\0\0" + LARGE),
        (b"iTXt", b"Comment\0\1\0\0\0" + LARGE),
        (b"iCCP", b"profile\0\0" + LARGE),
        (b"iCCP", b"profile\0\0" + b"\x78\x9cbroken"),
        (b"eXIf", b"II*\0\xff\xff\xff\xff"),
        (b"eXIf", b"none"),
        (b"eXIf", b""),
        (b"gAMA", b""),
        (b"cHRM", b"\0"),
        (b"pHYs", b""),
        (b"tRNS", b""),
        (b"sRGB", b""),
        (b"acTL", b""),
        (b"fcTL", b"\0"),
        (b"IHDR", b""),
        (b"PLTE", b"\0"),
    ],
    ids=lambda chunk: f"{chunk[0].decode()}-{len(chunk[1])}",
)
def test_run_07_a_strange_png_is_taken_or_refused_in_a_sentence(
    chunk: tuple[bytes, bytes], owl: str, browser: Browser
) -> None:
    answer = send(browser("mira"), owl, png(chunk))
    assert answer.status_code in (200, 422), answer.content
    if answer.status_code == 422:
        assert answer.json()["code"] == "no_picture"
        assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_run_07_no_damage_to_a_picture_is_more_than_a_refusal(kind: str) -> None:
    whole, chance = picture(kind, (40, 60)), random.Random(kind)
    for _ in range(300 * FUZZ):
        damaged = bytearray(whole[: chance.choice([len(whole), chance.randrange(1, len(whole))])])
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.choice(
                [0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)]
            )
        with contextlib.suppress(Unprocessable):
            pictures.reencode(bytes(damaged), 1024, (96,), moving=True)


# `ru_maxrss` would begin with what the process that started this one had.
MEMORY = """
import pathlib, re, sys
from PIL import Image
import django.conf
django.conf.settings.configure()
from uploads import pictures
content = sys.stdin.buffer.read()
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
before = peak()
try:
    pictures.reencode(content, 1024)
except pictures.Unprocessable as refused:
    assert refused.code == "picture_too_large"
print((peak() - before) // 1024)
"""


@pytest.mark.parametrize("mode", ["L", "RGB", "P"])
@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in other units there")
def test_run_08_a_small_file_of_many_pixels_takes_little_memory(mode: str) -> None:
    written = io.BytesIO()
    Image.new(mode, (8000, 5000), 127 if mode != "RGB" else "#7f7f7f").save(written, "PNG")
    command = [sys.executable, "-c", MEMORY]
    env = os.environ | {"PYTHONPATH": str(Path(pictures.__file__).parents[1])}
    done = subprocess.run(
        command, input=written.getvalue(), env=env, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 200


@pytest.mark.parametrize("kind", ["", "image/", "IMAGE/PNG", "image/svg+xml"])
def test_run_11_which_picture_a_body_claims_to_be_does_not_count(
    kind: str, owl: str, browser: Browser
) -> None:
    mira = browser("mira")
    assert send(mira, owl, picture(), kind=kind).status_code == 200
    refused = send(mira, owl, b"{}", kind=kind)
    assert (refused.status_code, refused.json()["code"]) == (422, "no_picture")
    assert "PNG, JPEG, WebP or GIF" in refused.json()["detail"]


@pytest.mark.parametrize(
    "kind", ["application/json", "text/html; charset=x", "nonsense", "multipart/form-data"]
)
def test_run_11_another_type_is_refused_in_a_sentence_about_pictures(
    kind: str, owl: str, browser: Browser
) -> None:
    refused = send(browser("mira"), owl, picture(), kind=kind)
    assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_media_type")
    assert "picture" in refused.json()["detail"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EIO])
def test_run_19_a_full_disk_is_a_sentence_and_leaves_no_empty_file(
    number: int, owl: str, browser: Browser, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    mira = browser("mira")
    with monkeypatch.context() as patched:
        patched.setattr("django.core.files.storage.filesystem.locks.lock", full)  # after the file was made
        answer = send(mira, owl, picture(), "one")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "The picture cannot be stored at the moment. Nothing was changed."
    assert [path for path in media.rglob("*") if path.is_file()] == []
    assert not StoredFile.objects.exists()
    assert send(mira, owl, picture(), "one").status_code == 200, "the same press works once there is room"
