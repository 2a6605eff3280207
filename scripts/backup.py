"""`scripts/backup.sh`: writes database and uploads into one file, while everything runs, and tries to restore it.

The file is a zip with `manifest.json` (engine, migrations, rows of each table), the dump of the engine's own tool and
`media/`. Unless `--no-verify` is given it is restored into a new database beside ours, and its rows are compared; then
that database is dropped.
"""

import argparse
import json
import os
import re
import secrets
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from scripts import databases
from scripts.common import ROOT, ScriptError, run_main, say
from scripts.databases import CHUNK, Database
from scripts.progress import Bar

FOLDER = ROOT / "backups"
MANIFEST, FORMAT = "manifest.json", 1
# Where uploads stand in a backup: those that everybody may see, and those that are handed out by right.
MEDIA, PRIVATE = "media/", "private_media/"


@dataclass(frozen=True)
class Manifest:
    """What is in a backup. `rows` is None where nobody has counted them in the dump itself."""

    format: int
    engine: str
    database: str
    dump: str
    made_at: str
    version: str
    migrations: list[str]
    rows: dict[str, int] | None
    with_media: bool


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/backup.sh", description=__doc__)
    parser.add_argument(
        "file", nargs="?", type=Path, help="where to write it (backups/<database>-<time>.zip)"
    )
    parser.add_argument("--no-media", action="store_true", help="leave the uploads out")
    parser.add_argument("--no-verify", action="store_true", help="do not restore it on trial")
    options = parser.parse_args(arguments)
    code = databases.inside("scripts.backup", arguments)
    if code is not None:
        return code
    make(options.file, media=not options.no_media, verify=not options.no_verify)
    return 0


def make(file: Path | None = None, *, media: bool = True, verify: bool = True) -> Path:
    """Write a backup, and return its path. What is not whole never has its name."""
    database = databases.configured()
    file = (file or _new_name(database)).resolve()
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as output:
            manifest = _write(output, database, media_roots() if media else {})
        if verify:
            manifest = replace(manifest, rows=_verified(unfinished, database, manifest))
        with zipfile.ZipFile(unfinished, "a") as archive:
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    say(f"Backup: {file} ({size_of(file.stat().st_size)})")
    return file


def media_roots() -> dict[str, Path]:
    """The folders of uploads by where they stand in a backup; without those that another machine keeps."""
    from django.conf import settings

    storages, roots = settings.STORAGES, {}
    if storages["default"]["BACKEND"].endswith("FileSystemStorage"):
        roots[MEDIA] = Path(settings.MEDIA_ROOT)
    if storages["private"]["BACKEND"].endswith("PrivateFiles"):
        roots[PRIVATE] = Path(settings.PRIVATE_MEDIA_ROOT)
    if len(roots) < 2:
        say("Uploads are in an object store, which is not part of this backup: use the store's own versions.")
    return roots


def _new_name(database: Database) -> Path:
    name = re.sub(r"[^\w.-]", "_", database.short_name)
    return FOLDER / f"{name}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.zip"


def _write(output: IO[bytes], database: Database, roots: Mapping[str, Path]) -> Manifest:
    from django.conf import settings

    files = {
        prefix + path.relative_to(root).as_posix(): path
        for prefix, root in roots.items()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
    bar = Bar("Writing the backup", database.size() + sum(path.stat().st_size for path in files.values()))
    dump = f"database.{database.suffix}"
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(dump, "w", force_zip64=True) as target:
            database.dump(target, bar.add)
        for name, path in files.items():  # pictures are compressed already
            _store(archive, path, name, bar)
    bar.close()
    made_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    applied = applied_migrations(database)
    return Manifest(
        FORMAT,
        database.engine,
        database.name,
        dump,
        made_at,
        settings.VERSION,
        applied,
        None,
        bool(roots),
    )


def _store(archive: zipfile.ZipFile, path: Path, name: str, bar: Bar) -> None:
    """One file; an upload that was deleted in the meantime is not missed."""
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return
    with source, archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as target:
        databases.copy(source, target, bar.add)


def applied_migrations(database: Database) -> list[str]:
    if "django_migrations" not in database.rows():
        return []
    with database.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


def _verified(file: Path, database: Database, manifest: Manifest) -> dict[str, int] | None:
    """Restore the file into a new database beside ours and return its rows; None when this user may make none."""
    from django.db import Error

    trial = database.renamed(f"{database.name}_trial_{secrets.token_hex(3)}")
    before = database.rows()
    try:
        trial.create()
    except Error as error:
        say(
            f"Not tried out: {error}. Let DB_USER make databases, or try the file elsewhere by scripts/restore.sh."
        )
        return None
    try:
        load(file, trial, manifest)
        found = trial.rows()
    finally:
        trial.drop()
    compare(found, before, database.rows())
    say(f"Restored on trial: {len(found)} tables with {sum(found.values()):,} rows.")
    return found


def compare(found: Mapping[str, int], before: Mapping[str, int], after: Mapping[str, int]) -> None:
    """Raise when the copy lacks something. Between the two counts others may have written."""
    wrong = [
        f"{table}: {found.get(table, 'missing')} instead of {before[table]}"
        for table in before.keys() & after.keys()
        if not min(before[table], after[table]) <= found.get(table, -1) <= max(before[table], after[table])
    ]
    if wrong:
        raise ScriptError("\n  ".join(["The restored copy differs from the database:", *sorted(wrong)]))


def load(file: Path, database: Database, manifest: Manifest) -> None:
    with zipfile.ZipFile(file) as archive, archive.open(manifest.dump) as dump:
        bar = Bar("Filling the database", archive.getinfo(manifest.dump).file_size)
        database.load(dump, bar.add)
        bar.close()


def size_of(count: int) -> str:
    """`1_234_567` → `1.2 MB`; small files in kB."""
    return f"{count / 1e6:,.1f} MB" if count >= 100_000 else f"{count / 1e3:,.0f} kB"


def read_manifest(file: Path) -> Manifest:
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
    except FileNotFoundError:
        raise ScriptError(f"There is no file {file}. Name a backup, such as one in backups/.") from None
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise ScriptError(f"{file} is no backup of ours ({error}).") from None
    if manifest.format != FORMAT:
        raise ScriptError(f"{file} was written by a later version (format {manifest.format}).")
    return manifest


def extract_media(file: Path, prefix: str, root: Path) -> int:
    """Write the uploads that stand below `prefix` into the folder; returns how many there are."""
    with zipfile.ZipFile(file) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.startswith(prefix)]
        bar = Bar("Writing the uploads", sum(entry.file_size for entry in entries))
        for entry in entries:
            target = (root / entry.filename.removeprefix(prefix)).resolve()
            if not target.is_relative_to(root.resolve()):
                raise ScriptError(f"{file} names {entry.filename}, which lies outside of {root}.")
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, target.open("wb") as output:
                while chunk := source.read(CHUNK):
                    output.write(chunk)
                    bar.add(len(chunk))
        bar.close()
    return len(entries)


if __name__ == "__main__":
    run_main(main)
