"""What is taken and what is refused, by content alone: nothing that was sent to do harm gets past the check."""

import io
import subprocess
import sys
import zipfile
import zlib

import pytest
from PIL import Image

from rules.errors import Unprocessable
from uploads import animation
from uploads.checking import check
from uploads.kinds import MAX_BYTES, Kind
from uploads.names import MAX_NAME, safe_name
from uploads.tests.kit import MP3, MP3_FRAME, OGG, PDF, TAGGED_MP3, film, picture, png

ANY = Kind("any", "any", side=2048, thumbnails=(96, 480), private=True, moving=True, others=True)
PICTURES = Kind("picture", "pictures", side=256, thumbnails=(64,))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def zipped() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("evil.js", "alert(1)")
    return written.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.req("S002-44")
def test_a_picture_is_encoded_anew_with_thumbnails(kind: str) -> None:
    checked = check(ANY, picture(kind, (2400, 1200)), "Owl at night.PNG")
    assert (checked.media_type, checked.width, checked.height) == ("image/webp", 2048, 1024)
    assert checked.name == "Owl at night.webp"
    sizes = {side: Image.open(io.BytesIO(small)).size for side, small in checked.thumbnails.items()}
    assert sizes == {96: (96, 48), 480: (480, 240)}


@pytest.mark.parametrize(
    ("content", "media_type", "name"),
    [
        (PDF, "application/pdf", "a.pdf"),
        (MP3, "audio/mpeg", "a.mp3"),
        (TAGGED_MP3, "audio/mpeg", "a.mp3"),
        (OGG, "audio/ogg", "a.ogg"),
        ("Grüße\n".encode(), "text/plain", "a.txt"),
    ],
)
def test_other_files_of_the_list_stay_as_they_are(content: bytes, media_type: str, name: str) -> None:
    checked = check(ANY, content, name)
    assert (checked.content, checked.media_type, checked.name) == (content, media_type, name)
    with pytest.raises(Unprocessable) as refused:
        check(PICTURES, content, name)
    assert refused.value.code == "no_picture"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (zipped(), "file_type"),
        (b"MZ\x90\x00" + b"\x00" * 200, "file_type"),
        (b"\x7fELF" + b"\x01" * 200, "file_type"),
        (b"%PDF-1.7 and no end", "file_type_or_text"),
        (b" " + PDF[:20] + b"\x00", "file_type"),
        (MP3_FRAME, "file_type"),
        (b"OggS\x00\x02" + b"\x00" * 200, "file_type"),
        (b"text with a \x00 in it", "file_type"),
        ("latin: é".encode("latin-1"), "file_type"),
        (b"   \n ", "file_type"),
        (b"x" * 10_000_000, "file_too_large"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "no_picture"),
        (png()[:60], "no_picture"),
        (picture("JPEG", (300, 300))[:400], "no_picture"),
        (b"GIF89a", "no_picture"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "no_picture"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.req("S002-44", "S003-67")
def test_what_is_not_on_the_list_is_refused_in_words(content: bytes, code: str) -> None:
    if code == "file_type_or_text":
        assert check(ANY, content, "a.pdf").name == "a.pdf.txt", "what is no PDF inside is not called one"
        return
    with pytest.raises(Unprocessable) as refused:
        check(ANY, content, "a.png")
    assert refused.value.code == code
    assert refused.value.detail.endswith(".")


@pytest.mark.req("S002-44")
def test_svg_and_html_are_no_pictures_and_no_pages() -> None:
    for content in (SVG, HTML):
        with pytest.raises(Unprocessable) as refused:
            check(PICTURES, content, "a.png")
        assert refused.value.code == "no_picture"
    taken = check(ANY, HTML, "page.html")
    assert (taken.media_type, taken.name) == ("text/plain", "page.html.txt")


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG"])
@pytest.mark.req("S002-44")
def test_of_a_polyglot_the_picture_alone_is_left(kind: str) -> None:
    for rest in (zipped(), HTML, PDF):
        checked = check(ANY, picture(kind) + rest, "a.zip")
        for stored in (checked.content, *checked.thumbnails.values()):
            assert not zipfile.is_zipfile(io.BytesIO(stored))
            assert b"script" not in stored
            assert b"%PDF" not in stored
        assert checked.name == "a.zip.webp"


@pytest.mark.parametrize("size", [(10_000, 5_000), (50_000, 1_000), (60_000, 60_000)])
def test_fifty_million_pixels_are_refused_before_they_are_decoded(size: tuple[int, int]) -> None:
    rows = zlib.compress(b"\x00" * 5_000_000, 9)
    head = b"IHDR" + size[0].to_bytes(4) + size[1].to_bytes(4) + b"\x08\x02\x00\x00\x00"
    made = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + head + zlib.crc32(head).to_bytes(4)
    made += len(rows).to_bytes(4) + b"IDAT" + rows + zlib.crc32(b"IDAT" + rows).to_bytes(4)
    with pytest.raises(Unprocessable) as refused:
        check(ANY, made, "huge.png")
    assert refused.value.code == "picture_too_large"


def test_the_largest_file_that_is_taken() -> None:
    assert len(check(ANY, b"x" * MAX_BYTES, "a.txt").content) == MAX_BYTES


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_stays_one_where_its_kind_may_move(kind: str) -> None:
    checked = check(ANY, film(kind=kind, size=(960, 640)), "dance.gif")
    with Image.open(io.BytesIO(checked.content)) as kept:
        assert (kept.format, kept.n_frames, kept.size) == ("WEBP", 6, (480, 320))
    assert (checked.width, checked.height) == (480, 320)
    with Image.open(io.BytesIO(checked.thumbnails[96])) as small:
        assert getattr(small, "n_frames", 1) == 1
    with Image.open(io.BytesIO(check(PICTURES, film(kind=kind)).content)) as kept:
        assert getattr(kept, "n_frames", 1) == 1


def test_of_a_long_animation_the_first_frame_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with Image.open(
        io.BytesIO(check(ANY, film(frames=animation.MAX_FRAMES + 1, size=(8, 8))).content)
    ) as kept:
        assert getattr(kept, "n_frames", 1) == 1
    monkeypatch.setattr(animation, "MAX_KEPT", 100)
    with Image.open(io.BytesIO(check(ANY, film()).content)) as kept:
        assert getattr(kept, "n_frames", 1) == 1


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("notes.txt", "notes.txt"),
        ("NOTES.MD", "NOTES.md"),
        ("../../etc/passwd", "passwd.txt"),
        ("..\\..\\windows\\system.ini", "system.ini.txt"),
        ("a\x00b.txt", "ab.txt"),
        ("evil\u202etxt.exe", "eviltxt.exe.txt"),
        ('a"b;c\r\nSet-Cookie: x.txt', "a_b_c Set-Cookie_ x.txt"),
        ("", "file.txt"),
        (".", "file.txt"),
        ("...", "file.txt"),
        (".txt", "file.txt"),
        ("\ud800.txt", "file.txt"),
        ("\u200b\u3164.txt", "file.txt"),
        ("Straße 猫.txt", "Straße 猫.txt"),
        ("n" * 300 + ".txt", "n" * (MAX_NAME - 4) + ".txt"),
    ],
)
@pytest.mark.req("S003-67")
def test_names_are_shown_harmless(given: str, shown: str) -> None:
    assert safe_name(given, (".txt", ".md")) == shown


# `ru_maxrss` would begin with what the process that started this one had.
MEMORY = """
import pathlib, re, sys
import django.conf
django.conf.settings.configure()
from uploads import pictures
content = sys.stdin.buffer.read()
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
before = peak()
made = pictures.reencode(content, 2048, (96, 480), moving=True)
print((peak() - before) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in other units there")
def test_the_largest_animation_that_stays_one_takes_little_memory() -> None:
    content = film(frames=animation.MAX_KEPT // (480 * 270), size=(640, 360))
    done = subprocess.run(
        [sys.executable, "-c", MEMORY],
        input=content,
        capture_output=True,
        timeout=100,
        check=True,
        env={"PYTHONPATH": "backend"},
    )
    assert int(done.stdout) < 200
