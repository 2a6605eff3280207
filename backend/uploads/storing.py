"""Store a checked file under an unguessable key, claim it for a row, and remove it: nothing is left behind.

`store` comes before the transaction, so that no lock waits for a disk or a bucket; `claim` stands in it, with the row
that points to the file. What a door stored and did not claim is removed when it is done (`settled`), whatever went
wrong; what is left by a process that died, the sweep removes.
"""

import contextlib
import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import DatabaseError, transaction
from django.utils import timezone

from contract.translation import N_, _
from rules.errors import Unavailable
from uploads.checking import Checked
from uploads.kinds import KINDS, Kind
from uploads.models import StoredFile

log = logging.getLogger(__name__)
PICTURE_AWAY = N_("The picture cannot be stored at the moment. Nothing was changed.")
AWAY = N_("The file can’t be stored at the moment. Nothing was changed.")
_stored: ContextVar[list[str] | None] = ContextVar("stored", default=None)


def storage_of(kind: Kind) -> Storage:
    return storages["private" if kind.private else "default"]


def store(kind: Kind, checked: Checked, user_id: UUID | None = None) -> StoredFile:
    """Write a file and its thumbnails down. Raises Unavailable, and leaves nothing, when they cannot be stored."""
    key = f"{kind.folder}/{secrets.token_hex(16)}"
    smaller = {side: f"{key}.{side}{checked.suffix}" for side in checked.thumbnails}
    row = StoredFile.objects.create(
        kind=kind.name,
        path=f"{key}{checked.suffix}",
        thumbnails={str(side): path for side, path in smaller.items()},
        user_id=user_id,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=checked.sha256,
        width=checked.width,
        height=checked.height,
    )
    written = _stored.get()
    if written is not None:
        written.append(row.path)
    pieces = [(row.path, checked.content)]
    pieces += [(smaller[side], content) for side, content in checked.thumbnails.items()]
    _save(kind, row, pieces)
    return row


def _save(kind: Kind, row: StoredFile, pieces: Iterable[tuple[str, bytes]]) -> None:
    storage, saved = storage_of(kind), list[str]()
    for path, content in pieces:
        try:
            storage.save(path, ContentFile(content))
        except OSError as error:
            log.error("a %s cannot be stored: %s", kind.name, error)
            if isinstance(storage, FileSystemStorage):  # a bucket has a file whole or not at all
                saved.append(path)
            with contextlib.suppress(OSError):
                for half in saved:
                    storage.delete(half)
                row.delete()
            raise Unavailable(_(AWAY if kind.others else PICTURE_AWAY)) from error
        saved.append(path)


@contextmanager
def settled() -> Iterator[None]:
    """Remove what was stored within and not claimed in the end: the transaction failed, or had been done before."""
    written: list[str] = []
    token = _stored.set(written)
    try:
        yield
    finally:
        _stored.reset(token)
        if written:
            _remove_unclaimed(written)


def _remove_unclaimed(paths: list[str]) -> None:
    try:
        for row in StoredFile.objects.filter(path__in=paths, claimed_at=None):
            remove_objects(row)
    except (OSError, DatabaseError) as error:
        log.warning("left for the sweep: %s", error)


def claim(path: str, kind: Kind) -> StoredFile:
    """Say, in the transaction that points to it, that a stored file is used from now on."""
    row = StoredFile.objects.select_for_update().get(path=path, kind=kind.name)
    row.claimed_at = timezone.now()
    row.save(update_fields=["claimed_at"])
    return row


def release(paths: Iterable[str]) -> None:
    """Nothing points to these files any more: they go once the transaction is committed."""
    rows = list(StoredFile.objects.filter(path__in=[path for path in paths if path]))
    if not rows:
        return
    StoredFile.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_at=None)
    transaction.on_commit(lambda: _remove_unclaimed([row.path for row in rows]))


def remove(path: str, kind: Kind) -> None:
    """Remove a file at once, also one that has no row. Raises OSError while the storage is away."""
    row = StoredFile.objects.filter(path=path).first()
    if row:
        remove_objects(row)
    else:
        storage_of(kind).delete(path)


def remove_objects(row: StoredFile) -> None:
    """Remove what is stored, then the row of it. Raises OSError while the storage is away."""
    storage = storage_of(KINDS[row.kind])
    for path in row.paths():
        storage.delete(path)
    row.delete()
