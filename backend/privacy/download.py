"""Everything somebody owns in one ZIP: asked for, made by a task, fetched for some days by its owner alone.

It is written and read piece by piece, never held in memory, and lies in the database: private wherever uploads lie, and
there for every process.
"""

import contextlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.utils import timezone

from chronicle.principal import Principal
from contract.translation import N_, _, speaking
from discordauth.models import CustomUser
from haven.models import Character
from privacy.declaration import PERSONAL
from privacy.models import Download, DownloadPart
from privacy.personal import Personal
from privacy.showing import Row
from rolls.services import luck
from rules.errors import Conflict, NotFound
from uploads.kinds import KINDS
from uploads.models import StoredFile
from uploads.storing import storage_of

PART = 256 * 1024
ROWS = 200
# A download that is not done by then was lost: it may be asked for again.
MADE_WITHIN = timedelta(hours=1)
RUNNING = N_("Your download is being made already. Have a look in a moment.")
NONE = N_("There is no download for you. Ask for one on your account page; each is kept for some days.")


def ask(person: CustomUser) -> Download:
    """Ask for a fresh one, in place of the last. Raises Conflict (`download_running`)."""
    now = timezone.now()
    CustomUser.objects.select_for_update().get(pk=person.pk)
    found = Download.objects.filter(user=person).first()
    if is_making(found):
        raise Conflict(_(RUNNING), code="download_running")
    if found:
        found.delete()
    expires = now + timedelta(days=settings.DOWNLOADS_KEPT_DAYS)
    return Download.objects.create(user=person, asked_at=now, expires_at=expires)


def is_making(found: Download | None) -> bool:
    return found is not None and found.ready_at is None and found.asked_at > timezone.now() - MADE_WITHIN


def of(person: CustomUser) -> Download | None:
    return Download.objects.filter(user=person, expires_at__gt=timezone.now()).first()


def content(person: CustomUser) -> tuple[Download, Iterator[bytes]]:
    """The finished download and its pieces. Raises NotFound."""
    found = of(person)
    if found is None or found.ready_at is None:
        raise NotFound(_(NONE))
    return found, _parts(found.pk)


def _parts(download_id: UUID) -> Iterator[bytes]:
    rows, number = DownloadPart.objects.filter(download_id=download_id), 0
    while part := rows.filter(number=number).first():
        yield bytes(part.content)
        number += 1


def forget_expired() -> None:
    while ids := list(
        Download.objects.filter(expires_at__lte=timezone.now()).values_list("pk", flat=True)[:10]
    ):
        for pk in ids:
            _delete_parts(pk)
        Download.objects.filter(pk__in=ids).delete()


def make(download_id: UUID) -> None:
    """Make it, from the beginning if a worker died meanwhile. One that is done, or not wanted any more, stays."""
    found = Download.objects.select_related("user").filter(pk=download_id, ready_at=None).first()
    if found is None:
        return
    with contextlib.suppress(Superseded), speaking(found.user.language):
        _make(found)


def _make(found: Download) -> None:
    found.asked_at = timezone.now()
    Download.objects.filter(pk=found.pk, ready_at=None).update(asked_at=found.asked_at)
    _delete_parts(found.pk)
    sink = _Parts(found)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        _fill(archive, found.user)
    sink.finish()


class Superseded(Exception):
    """Another worker began to make it, taking this one for dead; or it is not wanted any more."""


def _delete_parts(download_id: UUID) -> None:
    """One after the other: together they may be more than fits into memory."""
    for pk in list(DownloadPart.objects.filter(download_id=download_id).values_list("pk", flat=True)):
        DownloadPart.objects.filter(pk=pk)._raw_delete("default")


class _Parts(io.RawIOBase):
    """A file that only grows; each full piece becomes a row."""

    def __init__(self, download: Download) -> None:
        super().__init__()
        self._download_id, self._began = download.pk, download.asked_at
        self._waiting = bytearray()
        self._number = self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._waiting += content
        while len(self._waiting) >= PART:
            self._store(PART)
        return len(content)

    @transaction.atomic
    def finish(self) -> None:
        self._store(len(self._waiting))
        now = timezone.now()
        expires = now + timedelta(days=settings.DOWNLOADS_KEPT_DAYS)
        Download.objects.filter(pk=self._download_id).update(ready_at=now, expires_at=expires, size=self.size)

    @transaction.atomic
    def _store(self, length: int) -> None:
        piece = bytes(self._waiting[:length])
        mine = Download.objects.filter(pk=self._download_id, asked_at=self._began, ready_at=None)
        if mine.select_for_update().first() is None:
            raise Superseded
        DownloadPart.objects.create(download_id=self._download_id, number=self._number, content=piece)
        del self._waiting[:length]
        self._number += 1
        self.size += length


def _fill(archive: zipfile.ZipFile, person: CustomUser) -> None:
    archive.writestr("README.txt", readme())
    principal = Principal.for_user(person)
    for personal in PERSONAL:
        for name, show in (personal.files or {}).items():
            shown = (row for found in _rows(personal, person) for row in show(found, principal))
            _write(archive, f"{name}.json", shown)
    statistics = luck.luck(principal, luck.Of(player=person))
    archive.writestr(
        "dice_statistics.json", orjson.dumps(statistics.model_dump(mode="json"), option=orjson.OPT_INDENT_2)
    )
    _add_pictures(archive, person)
    _add_files(archive, person)


def _rows(personal: Personal, person: CustomUser) -> Iterator[Any]:
    """By pages of the key, so that few are in memory at once."""
    rows, last = personal.rows(person).order_by("pk"), None
    while True:
        page = list((rows if last is None else rows.filter(pk__gt=last))[:ROWS])
        yield from page
        if len(page) < ROWS:
            return
        last = page[-1].pk


def _write(archive: zipfile.ZipFile, name: str, rows: Iterable[Row]) -> None:
    with archive.open(name, "w", force_zip64=True) as entry:
        before = b"[\n"
        for row in rows:
            entry.write(before + orjson.dumps(row, default=str))
            before = b",\n"
        entry.write(b"[]\n" if before == b"[\n" else b"\n]\n")


def _add_pictures(archive: zipfile.ZipFile, person: CustomUser) -> None:
    for pk, path in Character.objects.filter(owner=person).exclude(avatar="").values_list("pk", "avatar"):
        _add(archive, default_storage, path, f"pictures/{pk}.webp")


def _add_files(archive: zipfile.ZipFile, person: CustomUser) -> None:
    """Those of messages; of a deleted message there is none any more."""
    rows = StoredFile.objects.filter(attachment__user=person).select_related("attachment").order_by("pk")
    for row in rows.iterator(ROWS):
        name = row.attachment.name.replace("/", "_")
        _add(archive, storage_of(KINDS[row.kind]), row.path, f"files/{row.attachment.pk}-{name}")


def _add(archive: zipfile.ZipFile, storage: Storage, path: str, name: str) -> None:
    if storage.exists(path):
        with storage.open(path) as stored, archive.open(name, "w") as entry:
            for piece in stored.chunks():
                entry.write(piece)


def readme() -> str:
    """What is in the files, in English: their keys are."""
    lines = [f"{name}.json: {personal.holds}" for personal in PERSONAL for name in personal.files or {}]
    missing = [f"- {personal.holds}: {personal.hidden}" for personal in PERSONAL if personal.hidden]
    return "\n".join(
        (
            "Everything that is yours here. Each .json file is a list of objects; times are ISO 8601 in UTC.",
            "Characters, history, rolls, macros and requests look as in the API (/api/schema/openapi/).",
            "",
            *lines,
            "dice_statistics.json: what your dice gave against what was to be expected (one object)",
            "pictures/: the portraits of your characters, by the id of the character",
            "files/: the files of your messages, by the id of the file and its name",
            "",
            "Not in it:",
            *missing,
            "",
        )
    )
