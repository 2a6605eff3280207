"""Nothing is left: not when a door fails, not when a process dies, not when what pointed to a file is gone."""

import errno
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from rules.errors import Unavailable
from uploads import sweep
from uploads.checking import check
from uploads.kinds import KINDS, Kind, declared
from uploads.models import StoredFile
from uploads.storing import claim, release, remove, settled, store
from uploads.tests.kit import png

pytestmark = pytest.mark.engine


class Broken(Exception):
    """What goes wrong in the middle."""


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def kind() -> Iterator[Kind]:
    yield declared(Kind("testing", "testing", side=64, thumbnails=(16, 32)))
    del KINDS["testing"]


def files(media: Path) -> int:
    return len([path for path in media.rglob("*") if path.is_file()])


def kept(kind: Kind) -> StoredFile:
    return store(kind, check(kind, png()))


def claimed(row: StoredFile, kind: Kind) -> StoredFile:
    with transaction.atomic():
        return claim(row.path, kind)


def grow_old() -> None:
    long_ago = timezone.now() - timedelta(hours=2)
    StoredFile.objects.update(created_at=long_ago)
    StoredFile.objects.exclude(claimed_at=None).update(claimed_at=long_ago)


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("S002-44")
def test_a_door_that_fails_leaves_neither_file_nor_row(media: Path, kind: Kind) -> None:
    def door() -> None:
        with settled():
            row = kept(kind)
            assert files(media) == 3
            with transaction.atomic():
                claim(row.path, kind)
                raise Broken

    with pytest.raises(Broken):
        door()
    assert (files(media), StoredFile.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_what_a_door_stored_twice_for_one_request_is_there_once(media: Path, kind: Kind) -> None:
    with settled():
        claimed(kept(kind), kind)
    with settled():
        kept(kind)
    assert (files(media), StoredFile.objects.count()) == (3, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("S002-45")
def test_a_file_goes_when_it_is_replaced_and_stays_when_that_fails(media: Path, kind: Kind) -> None:
    with settled():
        row = claimed(kept(kind), kind)

    def replace() -> None:
        with transaction.atomic():
            release([row.path])
            raise Broken

    with pytest.raises(Broken):
        replace()
    assert files(media) == 3
    with transaction.atomic():
        release([row.path, ""])
        assert files(media) == 3, "not before the commit"
    assert (files(media), StoredFile.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_storage_that_is_away_is_asked_again_by_the_sweep(
    media: Path, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    with settled():
        row = claimed(kept(kind), kind)

    def away(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr("django.core.files.storage.FileSystemStorage.delete", away)
        release([row.path])
        grow_old()
        assert sweep.sweep() == 0
    assert files(media) == 3
    assert sweep.sweep() == 1
    assert (files(media), StoredFile.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_half_of_a_file_is_removed_at_once(media: Path, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def full_at_the_third(*_: object) -> None:
        calls.append(1)
        if len(calls) > 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("django.core.files.storage.filesystem.locks.lock", full_at_the_third)
    with pytest.raises(Unavailable):
        kept(kind)
    assert (files(media), StoredFile.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.req("S002-45")
def test_the_sweep_removes_what_nothing_points_to_and_nothing_else(media: Path, kind: Kind) -> None:
    pointed_to, forgotten, never_claimed = (kept(kind) for _ in range(3))
    for row in (pointed_to, forgotten):
        claimed(row, kind)
    declared(Kind("testing", "testing", side=64, thumbnails=(16,), in_use=lambda paths: {pointed_to.path}))
    assert sweep.sweep() == 0, "young ones may be on their way"
    grow_old()
    assert sweep.sweep() == 2
    assert list(StoredFile.objects.values_list("path", flat=True)) == [pointed_to.path]
    assert files(media) == 3
    assert never_claimed.path != forgotten.path


@pytest.mark.django_db
def test_a_sweep_of_many_goes_by_windows(media: Path, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "WINDOW", 2)
    for _ in range(5):
        kept(kind)
    grow_old()
    assert sweep.remove_unclaimed() == 5
    assert files(media) == 0


@pytest.mark.django_db
def test_an_old_file_without_a_row_is_removed_too(media: Path, kind: Kind) -> None:
    (media / "testing").mkdir()
    (media / "testing" / "old.webp").write_bytes(b"old")
    remove("testing/old.webp", kind)
    assert files(media) == 0


@pytest.mark.django_db
def test_keys_cannot_be_guessed_or_chosen(media: Path, kind: Kind) -> None:
    paths = {store(kind, check(kind, png(), "../../owl.png")).path for _ in range(3)}
    assert len(paths) == 3
    assert all(len(path) == len("testing/") + 32 + len(".webp") for path in paths)
