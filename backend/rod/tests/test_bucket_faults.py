"""A bucket whose certificate has expired, whose server is away, or says nothing: a sentence, and nothing half done."""

import logging
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from api.tests.test_portraits import picture, send
from contract.variables import Variables
from haven import services
from rod import media
from rod.media_options import TRIES, s3_storage
from scripts.common import free_port
from testing.personas import World
from timeline.services import Cause

SENTENCE = "The picture cannot be stored at the moment. Nothing was changed."
Browser = Callable[[str], Client]


@pytest.fixture
def owl(world: World) -> str:
    cause = Cause(actor=world.mira, door="web")
    made = services.create(world.principal("mira"), "vampire5th", "Night Owl", [], world.chronicle, cause)
    return f"/api/characters/{made.character.id}/"


def use(settings: Any, endpoint: str) -> None:
    given = Variables(
        S3_BUCKET="portraits-of-tests",
        S3_ENDPOINT=endpoint,
        S3_REGION="us-east-1",
        S3_ACCESS_KEY="an-access-key",
        S3_SECRET_KEY="a-secret-key",
        S3_PUBLIC_URL="https://media.play.example",
    )
    settings.STORAGES = {**settings.STORAGES, "default": s3_storage(given)}


AUTHORITY = """
[ca]
default_ca = own
[own]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
x509_extensions = usual
[any]
commonName = supplied
[usual]
basicConstraints = CA:TRUE
subjectAltName = IP:127.0.0.1
"""


def expired_certificate(folder: Path) -> Path:
    """Make a certificate of 127.0.0.1 that signs itself, with its key, in one file."""
    (folder / "authority").write_text(AUTHORITY)
    (folder / "index").touch()
    (folder / "serial").write_text("01\n")
    request = ["-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "key", "-out", "request"]
    dates = ["-startdate", "20250101000000Z", "-enddate", "20250201000000Z"]
    sign = ["-selfsign", "-batch", "-notext", "-config", "authority", "-keyfile", "key", *dates]
    for command in (
        ["openssl", "req", *request, "-subj", "/CN=127.0.0.1"],
        ["openssl", "ca", *sign, "-in", "request", "-out", "certificate"],
    ):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    path = folder / "both"
    path.write_text((folder / "key").read_text() + (folder / "certificate").read_text())
    return path


@contextmanager
def listening(answer: Callable[[socket.socket], object]) -> Iterator[tuple[int, list[int]]]:
    """Answer each connection so: the port, and a list with an entry for each connection."""
    calls: list[int] = []

    def answered(connection: socket.socket) -> None:
        with connection:
            answer(connection)

    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    calls.append(1)
                    threading.Thread(target=answered, args=(connection,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], calls
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


def refused_in_one_sentence(answer: Any, caplog: pytest.LogCaptureFixture) -> str:
    """Check the answer; return the one line that the log has of it."""
    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (
        503,
        "unavailable",
        SENTENCE,
    )
    (line,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert "a portrait cannot be stored" in line
    assert "a-secret-key" not in caplog.text
    return line


@pytest.mark.django_db
def test_a_bucket_with_an_expired_certificate_is_named_so_and_the_same_press_works_later(
    owl: str, browser: Browser, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    mira, path = browser("mira"), expired_certificate(tmp_path)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(path))  # it is trusted, and has expired
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)

    def greet(connection: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(connection, server_side=True):
            pass

    on_disk = settings.STORAGES
    settings.MEDIA_ROOT = tmp_path / "media"
    with listening(greet) as (port, calls):
        use(settings, f"https://127.0.0.1:{port}")
        answer = send(mira, owl, picture(), "one")
        assert 0 < len(calls) <= TRIES
    assert "certificate has expired" in refused_in_one_sentence(answer, caplog)
    assert mira.get(owl).json()["fields"]["avatar"] == ""
    settings.STORAGES = on_disk
    assert send(mira, owl, picture(), "one").status_code == 200


@pytest.mark.django_db
def test_a_bucket_whose_server_is_away_costs_a_sentence(
    owl: str, browser: Browser, settings: Any, caplog: Any
) -> None:
    port = free_port()
    use(settings, f"http://127.0.0.1:{port}")
    line = refused_in_one_sentence(send(browser("mira"), owl, picture()), caplog)
    assert f"127.0.0.1:{port}" in line


@pytest.mark.django_db
def test_a_bucket_that_says_nothing_is_asked_no_longer_than_it_may_take(
    owl: str, browser: Browser, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setattr(media, "READ_SECONDS", 0.2)
    let_go = threading.Event()
    with listening(lambda connection: let_go.wait(60)) as (port, calls):
        use(settings, f"http://127.0.0.1:{port}")
        answer = send(browser("mira"), owl, picture())
        assert len(calls) == TRIES, "each try, and nothing to clean up after them"
    let_go.set()
    assert "ReadTimeoutError" in refused_in_one_sentence(answer, caplog)
