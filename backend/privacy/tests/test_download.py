"""Everything somebody owns, as one ZIP of their own."""

import io
import json
import random
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from background.worker import _worker
from chronicle.models import ServerChannel
from chronicle.services.members import remove_member
from desk.models import Comment, Note, Submission
from desk.tests.kit import propose, set_
from discordauth.models import CustomUser
from haven.models import Character
from haven.services import Reference, delete
from haven.tests.kit import cause, change, sets
from privacy import download
from privacy.declaration import PERSONAL
from privacy.models import Download, DownloadPart
from privacy.tests.kit import AMBITION, EMAIL, NICKNAME, SOLO, live_a_little
from rolls.tests.kit import roll
from rules.errors import Conflict
from testing.personas import DISCORD_IDS, SYSTEM, World

Browser = Callable[[str], Client]


@pytest.fixture
def owl(world: World, settings: Any, tmp_path: Path) -> Character:
    settings.MEDIA_ROOT = tmp_path
    return live_a_little(world)


def fetched(world: World, who: str = "mira") -> zipfile.ZipFile:
    person = getattr(world, who)
    download.make(download.ask(person).pk)
    return zipfile.ZipFile(io.BytesIO(b"".join(download.content(person)[1])))


def read(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(f"{name}.json"))


@pytest.mark.engine
def test_everything_of_a_person_is_in_it(world: World, owl: Character) -> None:
    archive = fetched(world)
    assert archive.testzip() is None
    wanted = {f"{name}.json" for personal in PERSONAL for name in personal.files or {}}
    assert set(archive.namelist()) == wanted | {
        "README.txt",
        "dice_statistics.json",
        f"pictures/{owl.pk}.webp",
    }
    assert read(archive, "account")[0]["email"] == EMAIL
    assert read(archive, "memberships")[0]["nickname"] == NICKNAME
    assert {row["name"] for row in read(archive, "characters")} == {"Night Owl", SOLO}
    assert any(AMBITION in json.dumps(row["changes"]) for row in read(archive, "history"))
    assert len(read(archive, "rolls")) >= 3
    assert read(archive, "macros")[0]["name"] == "Bite"
    assert read(archive, "requests")[0]["text"] == "please, proposalmarker"
    assert read(archive, "dice_statistics")["rolls"] > 0


def test_it_holds_no_secrets_and_nothing_that_storytellers_hide(world: World, owl: Character) -> None:
    change(world, owl, *sets(locked=False), who="vesna")
    asked = roll(
        world, owl, dice=[6, 6, 3, 2, 10], who="vesna", hide_difficulty=True, options={"difficulty": 4}
    )
    assert asked.roll.hide_difficulty
    archive = fetched(world)
    text = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith("json"))
    for secret in (
        "plotmarker",
        "secret-jti",
        world.mira.password,
        "invite-code",
        world.vesna.email or "pbkdf2",
    ):
        assert secret not in text


def test_notes_are_only_for_who_is_a_storyteller_still(world: World, owl: Character) -> None:
    Note.objects.create(chronicle=world.chronicle, author=world.mira, title="Old", text="notemarker")
    assert read(fetched(world), "notes") == []
    assert read(fetched(world, "vesna"), "notes")[0]["text"] == "plotmarker"


def test_no_channel_is_named_to_whom_it_is_hidden_from(world: World) -> None:
    """A channel may name people to shut them out, and keeps naming who has left."""
    mira = DISCORD_IDS["mira"]
    open_, hidden = ServerChannel.objects.filter(server=world.server, parent=None).order_by("pk")[:2]
    ServerChannel.objects.filter(pk=open_.pk).update(seen_by={"everyone": False, mira: True})
    ServerChannel.objects.filter(pk=hidden.pk).update(seen_by={mira: False})
    assert read(fetched(world), "private_channels") == [{"server": "Night Court", "name": open_.name}]
    remove_member(world.server, world.mira.pk, cause=SYSTEM)
    assert read(fetched(world), "private_channels") == []


def test_a_former_storyteller_has_their_own_words_alone(world: World, owl: Character) -> None:
    """A request for another player's character is between that player and whoever tells the story now."""
    Submission.objects.all().delete()
    mine = propose(world, owl, set_("strength", 4), who="vesna", text="storyteller asked")
    Comment.objects.create(submission=mine, author=world.mira, text="commentmarker")
    assert "commentmarker" in json.dumps(read(fetched(world, "vesna"), "requests"))
    remove_member(world.server, world.vesna.pk, cause=SYSTEM)
    (row,) = read(fetched(world, "vesna"), "requests")
    assert row["text"] == "storyteller asked"
    assert row.keys() == {"id", "text", "operations", "created_at"}


def test_who_was_sent_away_and_deleted_a_character_still_gets_it(world: World, owl: Character) -> None:
    delete(world.principal("mira"), Reference(str(owl.pk)), cause(world, "mira"))
    remove_member(world.server, world.mira.pk, cause=SYSTEM)
    archive = fetched(world)
    assert {row["name"] for row in read(archive, "characters")} == {"Night Owl", SOLO}
    assert any(row["character"] == "Night Owl" for row in read(archive, "history"))


def test_it_is_made_in_pieces_and_again_after_a_worker_died(
    world: World, owl: Character, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "PART", 500)
    asked = download.ask(world.mira)
    DownloadPart.objects.create(download=asked, number=0, content=b"half of it")
    download.make(asked.pk)
    assert DownloadPart.objects.count() > 5
    found, pieces = download.content(world.mira)
    whole = b"".join(pieces)
    assert len(whole) == found.size
    assert zipfile.ZipFile(io.BytesIO(whole)).testzip() is None
    download.make(asked.pk)
    assert b"".join(download.content(world.mira)[1]) == whole


def test_a_worker_that_was_taken_for_dead_spoils_nothing(
    world: World, owl: Character, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stood still while another one made the download, or while its owner asked for a fresh one; now it goes on."""
    monkeypatch.setattr(download, "PART", 500)
    asked, usual = download.ask(world.mira), download._fill

    def fill(archive: zipfile.ZipFile, person: CustomUser) -> None:
        monkeypatch.setattr(download, "_fill", usual)
        archive.writestr("half.txt", random.randbytes(5000))
        download.make(asked.pk)
        archive.writestr("rest.txt", random.randbytes(50_000))

    monkeypatch.setattr(download, "_fill", fill)
    download.make(asked.pk)
    found, pieces = download.content(world.mira)
    whole = b"".join(pieces)
    assert len(whole) == found.size
    archive = zipfile.ZipFile(io.BytesIO(whole))
    assert archive.testzip() is None
    assert "half.txt" not in archive.namelist()


def test_one_at_a_time(world: World, owl: Character) -> None:
    first = download.ask(world.mira)
    with pytest.raises(Conflict, match="being made already"):
        download.ask(world.mira)
    download.make(first.pk)
    assert download.ask(world.mira).pk != first.pk
    assert Download.objects.count() == 1
    Download.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    download.ask(world.mira)


def test_it_expires(world: World, owl: Character, browser: Browser) -> None:
    fetched(world)
    Download.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert browser("mira").get("/account/download/").status_code == 404
    download.forget_expired()
    assert not Download.objects.exists()
    assert not DownloadPart.objects.exists()


def test_its_address_is_of_no_use_to_anybody_else(world: World, owl: Character, browser: Browser) -> None:
    fetched(world)
    answer = browser("mira").get("/account/download/")
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]  # of a stream
    assert "no-store" in answer["Cache-Control"]
    assert browser("jonas").get("/account/download/").status_code == 404
    assert browser("").get("/account/download/").status_code == 302


def test_by_rest_and_on_the_account_page(world: World, browser: Browser) -> None:
    api = APIClient()
    api.force_authenticate(world.mira)
    assert api.get("/api/users/me/download/").json()["state"] == "none"
    asked = api.post("/api/users/me/download/", {}, format="json")
    assert (asked.status_code, asked.json()["state"]) == (202, "making")
    assert api.post("/api/users/me/download/", {}, format="json").json()["code"] == "download_running"
    assert "Your download is being made." in browser("mira").get("/account/").content.decode()
    download.make(Download.objects.get().pk)
    assert api.get("/api/users/me/download/").json()["state"] == "ready"
    assert b"".join(api.get("/api/users/me/download/file/").streaming_content)[:2] == b"PK"
    assert 'href="/account/download/"' in browser("mira").get("/account/").content.decode()
    page = browser("mira").post("/account/download/ask/", {"key": "a"})
    assert (page.status_code, page["Location"]) == (302, "/account/#download")


def test_a_worker_makes_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    api = APIClient()
    api.force_authenticate(world.mira)
    api.post("/api/users/me/download/", {}, format="json")
    _worker("worker", 0, True).run()
    assert api.get("/api/users/me/download/").json()["state"] == "ready"
