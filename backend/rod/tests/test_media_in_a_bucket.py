"""Uploads in a bucket of a server that speaks S3: stored, served from the public address, and away without harm."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from contract.dotenv import ConfigError
from contract.variables import Variables, check
from discordauth.models import CustomUser
from haven import portraits
from privacy import deletion, download
from privacy.tests.kit import NAME, files, found, leave, live_a_little
from rod.media_options import FOR_EVER, s3_storage
from rules.errors import Unavailable
from scripts.common import free_port, port_is_free, spawn, stop, wait_until
from testing.personas import World
from uploads.models import StoredFile
from uploads.storing import remove
from uploads.tests.kit import png


def variables(port: int) -> Variables:
    server = f"http://127.0.0.1:{port}"
    return Variables(
        S3_BUCKET="portraits-of-tests",
        S3_ENDPOINT=server,
        S3_REGION="us-east-1",
        S3_ACCESS_KEY="an-access-key",
        S3_SECRET_KEY="a-secret-key",
        S3_PUBLIC_URL=f"{server}/portraits-of-tests",
    )


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Variables]:
    """Our variables for a bucket on a server of its own process."""
    import boto3

    given, log = variables(free_port()), tmp_path_factory.mktemp("moto") / "log"
    port = given.S3_ENDPOINT.rpartition(":")[2]
    with log.open("w") as output:
        process: subprocess.Popen[str] = spawn(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", port], output=output
        )
    try:
        assert wait_until(lambda: not port_is_free(int(port)), 90), Path(log).read_text()
        keys = {"aws_access_key_id": given.S3_ACCESS_KEY, "aws_secret_access_key": given.S3_SECRET_KEY}
        s3 = boto3.client("s3", endpoint_url=given.S3_ENDPOINT, region_name=given.S3_REGION, **keys)
        s3.create_bucket(Bucket=given.S3_BUCKET, ACL="public-read-write")
        yield given
    finally:
        stop(process)


def use(settings: Any, given: Variables) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": s3_storage(given)}
    settings.S3_PUBLIC_URL = given.S3_PUBLIC_URL


@pytest.mark.django_db
@pytest.mark.req("S002-04", "S002-07")
def test_a_picture_is_stored_in_the_bucket_and_served_from_the_public_address(
    bucket: Variables, settings: Any
) -> None:
    use(settings, bucket)
    path = portraits.keep(png())
    address = portraits.address(path)
    assert address == f"{bucket.S3_PUBLIC_URL}/{path}"
    served = httpx.get(address, trust_env=False)
    assert served.content.startswith(b"RIFF")
    assert served.headers["Cache-Control"] == FOR_EVER
    remove(path, portraits.PORTRAIT)
    assert httpx.get(address, trust_env=False).status_code in (403, 404)


def test_pictures_go_with_their_account_and_a_bucket_that_is_away_is_waited_for(
    bucket: Variables, settings: Any, world: World
) -> None:
    use(settings, bucket)
    live_a_little(world)
    pictures = [f"{bucket.S3_PUBLIC_URL}/portraits/{name}" for name in files()]
    assert len(pictures) == 4, "two pictures, with a thumbnail each"
    asked = download.ask(world.mira)
    download.make(asked.pk)
    assert b"pictures/" in b"".join(download.content(world.mira)[1])
    deletion.ask(world.mira, NAME)
    use(settings, variables(free_port()))
    with pytest.raises(OSError, match=r".*Error"):
        leave(world.mira)
    use(settings, bucket)
    leave(CustomUser.objects.get(pk=world.mira.pk))
    assert {httpx.get(address, trust_env=False).status_code for address in pictures} <= {403, 404}
    assert found(NAME) == []


@pytest.mark.django_db
def test_without_its_server_nothing_is_stored_and_a_sentence_says_so(settings: Any) -> None:
    use(settings, variables(free_port()))
    with pytest.raises(Unavailable):
        portraits.keep(png())
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_pages_may_show_pictures_from_there(client: Client, settings: Any) -> None:
    settings.S3_PUBLIC_URL = "https://media.play.example/portraits"
    assert "https://media.play.example" in client.get("/help/")["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"S3_ENDPOINT": "https://s3.example"}, "S3_BUCKET"),
        ({"S3_BUCKET": "a"}, "S3_PUBLIC_URL"),
        ({"S3_BUCKET": "a", "S3_PUBLIC_URL": "https://a.example", "S3_ACCESS_KEY": "k"}, "S3_SECRET_KEY"),
    ],
)
def test_half_a_bucket_is_refused_by_name(given: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        check(Variables(**given))
