"""`scripts/reset_db.sh`: destroys the database, and makes a new, empty and migrated one. Development only.

Route A, the usual one, drops the database and creates it (SQLite: removes the file). Route B, `--tables`, drops its
tables, for who may not create databases. Then `migrate`. Uploads and the files of migrations stay. See docs/RESET.md.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence

from scripts import backup, databases, dev
from scripts.common import BACKEND, ScriptError, run_main, say
from scripts.databases import Database

LARGE = 10_000


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/reset_db.sh", description=__doc__)
    parser.add_argument("--database", metavar="NAME", help="another database of the same server")
    parser.add_argument("--tables", action="store_true", help="route B: keep the database, drop its tables")
    parser.add_argument(
        "--empty", action="store_true", help="leave it without tables, for scripts/restore.sh"
    )
    parser.add_argument("--large", action="store_true", help=f"also with more than {LARGE:,} rows")
    parser.add_argument("--no-backup", action="store_true", help="make no backup first")
    parser.add_argument("--yes", action="store_true", help="ask nothing, for automation")
    options = parser.parse_args(arguments)
    code = databases.inside("scripts.reset_db", arguments)
    if code is not None:
        return code
    reset(options)
    return 0


def reset(options: argparse.Namespace) -> None:
    from django.core.management import call_command

    database = chosen(options.database)
    rows = database.rows() if database.exists() else {}
    show_plan(options, database, rows)
    refuse_contents(options, database, rows)
    if not options.yes:
        confirm(database)
    if rows and not options.no_backup:
        backup.make()
    destroy(options, database)
    if options.empty:
        say("The database is empty. scripts/restore.sh fills it.")
        return
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    say("A new, empty database, with every migration applied. Next: scripts/dev.sh")


def chosen(name: str | None) -> Database:
    """The database to reset, which is the one of the settings from here on."""
    from django.conf import settings

    if settings.ENV == "production":
        raise ScriptError("ENV is production: its database is never reset. Nothing was changed.")
    config = settings.DATABASES["default"]
    if name:
        config["NAME"] = str(BACKEND / name) if config["ENGINE"].endswith("sqlite3") else name
    return databases.configured()


def show_plan(options: argparse.Namespace, database: Database, rows: Mapping[str, int]) -> None:
    made = "leave it empty" if options.empty else "apply every migration"
    steps = {
        "Database": str(database),
        "Holds": f"{sum(rows.values()):,} rows in {len(rows)} tables" if rows else "nothing yet",
        "Backup": "none" if options.no_backup or not rows else f"first, into {backup.FOLDER}",
        "Then": f"{'drop its tables' if options.tables else 'drop and create it'}, then {made}",
        "Stays": "uploads, .env, files of migrations",
    }
    for name, text in steps.items():
        say(f"{name:<9} {text}")


def refuse_contents(options: argparse.Namespace, database: Database, rows: Mapping[str, int]) -> None:
    if rows and database.is_of_production():
        raise ScriptError(
            "This database has served production; it carries a mark that says so. Nothing was changed. If it is a copy "
            "to work with, restore it by scripts/restore.sh, which takes the mark away."
        )
    if sum(rows.values()) > LARGE and not options.large:
        raise ScriptError(
            f"More than {LARGE:,} rows are not thrown away lightly. Add --large. Nothing was changed."
        )
    if other := dev.other_run():
        raise ScriptError(
            f"scripts/dev.sh runs, as process {other['pid']}. Stop it first. Nothing was changed."
        )


def confirm(database: Database) -> None:
    if not sys.stdin.isatty():
        raise ScriptError("Nobody is there to confirm it. Add --yes. Nothing was changed.")
    if (
        input(f"Type the name of the database to destroy it ({database.short_name}): ").strip()
        != database.short_name
    ):
        raise ScriptError("That is another name. Nothing was changed.")


def destroy(options: argparse.Namespace, database: Database) -> None:
    from django.db import Error

    try:
        if options.tables and database.exists():
            database.drop_tables()
        elif not options.tables:
            database.drop()
            database.create()
    except Error as error:
        reason = " ".join(str(error).split())
        raise ScriptError(
            f"The database could not be dropped or created: {reason}\n"
            "Stop what is connected to it. With --tables no right to create databases is needed."
        ) from None


if __name__ == "__main__":
    run_main(main)
