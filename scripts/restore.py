"""`scripts/restore.sh FILE`: fills an empty database and an empty folder of uploads from a backup, and checks them.

It never overwrites anything. Another database than the one of `.env` is named by DB_NAME or DATABASE_URL in the
environment; `--create` makes it. A backup of an earlier version is migrated forward afterwards.
"""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from scripts import backup, databases
from scripts.backup import Manifest
from scripts.common import ScriptError, run_main, say
from scripts.databases import Database


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/restore.sh", description=__doc__)
    parser.add_argument("file", type=Path, help="the backup")
    parser.add_argument("--create", action="store_true", help="make the database first, if there is none")
    parser.add_argument("--no-media", action="store_true", help="leave the uploads alone")
    options = parser.parse_args(arguments)
    code = databases.inside("scripts.restore", arguments)
    if code is not None:
        return code
    restore(options.file.resolve(), create=options.create, media=not options.no_media)
    return 0


def restore(file: Path, *, create: bool = False, media: bool = True) -> None:
    manifest, database = backup.read_manifest(file), databases.configured()
    roots = backup.media_roots() if media and manifest.with_media else {}
    say(
        f"From {file}: {manifest.database}, made at {manifest.made_at} by version {manifest.version}.\nInto {database}."
    )
    _refuse(manifest, database, roots.values(), create)
    if create and not database.exists():
        database.create()
    backup.load(file, database, manifest)
    _check(database, manifest)
    for prefix, root in roots.items():
        say(f"{backup.extract_media(file, prefix, root)} uploads in {root}.")
    _bring_up_to_date(database)
    say("Restored.")


def _refuse(manifest: Manifest, database: Database, roots: Iterable[Path], create: bool) -> None:
    """Raise before anything has changed."""
    from django.db.migrations.loader import MigrationLoader

    if manifest.engine != database.engine:
        raise ScriptError(
            f"This is a backup of {manifest.engine}, and the settings name a database of {database.engine}."
        )
    known = {
        f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    }
    if unknown := sorted(set(manifest.migrations) - known):
        raise ScriptError(
            f"This backup is of a later version than this code, which does not know {unknown[0]}."
        )
    if not database.exists():
        if not create and database.engine != "sqlite":
            raise ScriptError(f"There is no {database}. Make it, or add --create.")
    elif tables := database.rows():
        raise ScriptError(
            f"{database} is not empty ({len(tables)} tables). Name an empty one by DB_NAME, or empty it: "
            "scripts/reset_db.sh --empty (never in production; see docs/RESET.md)."
        )
    for root in roots:
        if root.exists() and any(root.iterdir()):
            raise ScriptError(
                f"{root} is not empty. Move it away, name another folder as MEDIA_ROOT or PRIVATE_MEDIA_ROOT, or add "
                "--no-media."
            )


def _check(database: Database, manifest: Manifest) -> None:
    found = database.rows()
    if manifest.rows is not None:
        backup.compare(found, manifest.rows, manifest.rows)
    say(f"{len(found)} tables with {sum(found.values()):,} rows.")


def _bring_up_to_date(database: Database) -> None:
    from django.conf import settings
    from django.core.management import call_command

    if settings.ENV != "production":
        database.forget_production()  # a copy to work with is no production
    call_command("migrate", verbosity=0, interactive=False)


if __name__ == "__main__":
    run_main(main)
