"""Private files on their way out: never run by a browser, never at an address that lasts."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.core.files.storage import storages
from django.http import HttpResponse
from django.test import RequestFactory

from contract.dotenv import ConfigError
from contract.variables import Variables
from contract.variables import check as check_variables
from rod.media_options import private_storage
from rules.errors import NotFound
from scripts.common import free_port, port_is_free, spawn, stop, wait_until
from uploads.checking import check
from uploads.kinds import KINDS, Kind, declared
from uploads.models import StoredFile
from uploads.serving import handed_out
from uploads.storing import remove, store
from uploads.tests.kit import PDF, png

pytestmark = pytest.mark.django_db
HTML = b"<script>alert(1)</script>"


@pytest.fixture
def kind(settings: Any, tmp_path: Path) -> Iterator[Kind]:
    settings.PRIVATE_MEDIA_ROOT = tmp_path
    storages._storages.pop("private", None)
    yield declared(Kind("private", "private", side=64, thumbnails=(16,), private=True, others=True))
    del KINDS["private"]
    storages._storages.pop("private", None)


def kept(kind: Kind, content: bytes, name: str) -> tuple[StoredFile, str]:
    checked = check(kind, content, name)
    return store(kind, checked), checked.name


@pytest.mark.parametrize(
    ("content", "name", "disposition", "media_type"),
    [
        (HTML, "evil.html", "attachment; filename*=UTF-8''evil.html.txt", "text/plain; charset=utf-8"),
        (PDF, 'a"\r\nb.pdf', "attachment; filename*=UTF-8''a_%20b.pdf", "application/pdf"),
        (png(), "Eule ü.png", "inline; filename*=UTF-8''Eule%20%C3%BC.webp", "image/webp"),
    ],
)
@pytest.mark.req("S003-67")
def test_no_file_is_ever_run(
    kind: Kind, content: bytes, name: str, disposition: str, media_type: str
) -> None:
    row, shown = kept(kind, content, name)
    answer = handed_out(RequestFactory().get("/"), row, shown)
    assert answer.headers["Content-Disposition"] == disposition
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert answer.headers["Cache-Control"].startswith("private")


def test_who_has_it_already_is_told_so(kind: Kind) -> None:
    row, name = kept(kind, png(), "a.png")
    whole, small = (handed_out(RequestFactory().get("/"), row, name, side) for side in ("", "16"))
    assert whole.headers["ETag"] != small.headers["ETag"]
    again = RequestFactory().get("/", headers={"If-None-Match": whole.headers["ETag"]})
    assert handed_out(again, row, name).status_code == 304
    with pytest.raises(NotFound):
        handed_out(again, row, name, "17")


def test_a_file_that_is_gone_is_said_to_be(kind: Kind) -> None:
    row, name = kept(kind, png(), "a.png")
    for path in row.paths():
        storages["private"].delete(path)
    with pytest.raises(NotFound):
        handed_out(RequestFactory().get("/"), row, name)


def test_private_files_have_no_address_and_no_other_reader_on_this_machine(
    kind: Kind, tmp_path: Path
) -> None:
    row, _ = kept(kind, png(), "a.png")
    assert (tmp_path / row.path).stat().st_mode & 0o077 == 0
    with pytest.raises(ValueError, match="no address"):
        storages["private"].url(row.path)


@pytest.fixture
def bucket(settings: Any, tmp_path: Path) -> Iterator[Variables]:
    """A private bucket on a server of its own process."""
    import boto3

    port = free_port()
    given = Variables(
        S3_PRIVATE_BUCKET="private-of-tests",
        S3_ENDPOINT=f"http://127.0.0.1:{port}",
        S3_REGION="us-east-1",
        S3_ACCESS_KEY="an-access-key",
        S3_SECRET_KEY="a-secret-key",
    )
    with (tmp_path / "log").open("w") as output:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        process: subprocess.Popen[str] = spawn(command, output=output)
    try:
        assert wait_until(lambda: not port_is_free(port), 90), (tmp_path / "log").read_text()
        keys = {"aws_access_key_id": given.S3_ACCESS_KEY, "aws_secret_access_key": given.S3_SECRET_KEY}
        s3 = boto3.client("s3", endpoint_url=given.S3_ENDPOINT, region_name=given.S3_REGION, **keys)
        s3.create_bucket(Bucket=given.S3_PRIVATE_BUCKET)
        settings.STORAGES = {**settings.STORAGES, "private": private_storage(given)}
        yield given
    finally:
        stop(process)


@pytest.mark.req("S002-07", "S003-67")
def test_a_bucket_hands_a_file_out_by_an_address_that_is_signed_for_a_minute(
    kind: Kind, bucket: Variables
) -> None:
    row, name = kept(kind, HTML, "evil.html")
    answer = handed_out(RequestFactory().get("/"), row, name)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "no-store")
    address = answer.headers["Location"]
    assert parse_qs(urlsplit(address).query)["X-Amz-Expires"] == ["60"]
    served = httpx.get(address, trust_env=False)
    assert served.content == HTML
    assert served.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert served.headers["Content-Disposition"].startswith("attachment;")
    bare = f"{bucket.S3_ENDPOINT}/{bucket.S3_PRIVATE_BUCKET}/{row.path}"
    assert httpx.get(bare, trust_env=False).status_code == 403
    remove(row.path, kind)
    assert httpx.get(address, trust_env=False).status_code in (403, 404)


def test_the_two_buckets_are_two() -> None:
    given = Variables(S3_BUCKET="a", S3_PRIVATE_BUCKET="a", S3_PUBLIC_URL="https://a.example")
    with pytest.raises(ConfigError, match="S3_PRIVATE_BUCKET"):
        check_variables(given)


@pytest.mark.parametrize(
    ("header", "status", "content", "content_range"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=0-1", 206, b"01", "bytes 0-1/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=5-4", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("bytes=٣-", 200, b"0123456789", None),
        ("lines=0-1", 200, b"0123456789", None),
    ],
)
def test_a_part_of_a_file(
    kind: Kind, header: str, status: int, content: bytes, content_range: str | None
) -> None:
    row, name = kept(kind, b"0123456789", "a.txt")
    answer = handed_out(RequestFactory().get("/", HTTP_RANGE=header), row, name)
    assert isinstance(answer, HttpResponse)
    assert (answer.status_code, answer.content, answer.headers.get("Content-Range")) == (
        status,
        content,
        content_range,
    )
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")


def test_a_part_goes_with_the_file_that_one_has(kind: Kind) -> None:
    row, name = kept(kind, b"0123456789", "a.txt")
    etag = handed_out(RequestFactory().get("/"), row, name).headers["ETag"]
    for condition, status in ((etag, 206), ('"another"', 200)):
        asked = RequestFactory().get("/", headers={"Range": "bytes=0-3", "If-Range": condition})
        assert handed_out(asked, row, name).status_code == status
    known = RequestFactory().get("/", headers={"Range": "bytes=0-3", "If-None-Match": etag})
    assert handed_out(known, row, name).status_code == 304
