"""Reset all progress data: `cd backend && python reset_progress_data.py` (docs/RESET.md).

It asks for the word RESET first. `--dry-run` only counts, `--undo` undoes the last reset. Exit codes: 0 done, 1 not.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from progress.services.reset_run import Report
    from progress.services.scopes import Scope

RULE = "=" * 60
WORD = "RESET"
# What stands in front of a line; and what does where the output cannot show all of these.
SIGNS = {
    "warning": ("\u26a0\ufe0f ", "[!]"),
    "runs": ("\U0001f504", "[~]"),
    "done": ("\u2705", "[OK]"),
    "saves": ("\U0001f4be", "[>]"),
    "failed": ("\u274c", "[X]"),
    "item": ("\u2022", "-"),
    **{f"step {number}": (f"{number}\ufe0f\u20e3 ", f"{number}.") for number in range(1, 6)},
}
WHAT = (
    "Practice sessions and attempts",
    "Paper attempts",
    "Badges and rewards",
    "Points, streaks and stats",
    "Leaderboard data",
)
# By step: what is printed before and after it.
STEPS = {
    "practice_sessions": (
        "Deleting all practice sessions and attempts...",
        "Deleted {count} practice sessions",
    ),
    "paper_attempts": ("Deleting all paper attempts...", "Deleted {count} paper attempts"),
    "rewards": ("Deleting all badges and rewards...", "Deleted {count} rewards/badges"),
    "users": ("Resetting all user statistics...", "Reset stats for {count} users"),
    "leaderboard_entries": ("Resetting leaderboard...", "Reset {count} leaderboard entries"),
}
NO_MODULE = (
    "Module not found: {name}\n"
    "Make sure that you are in the backend folder, and run: pip install -r requirements.txt"
)
NO_DATABASE = "Database connection failed: {error}\nCheck DATABASE_URL in .env, and that the database runs."
NO_TABLES = "The database lacks tables of this version: {error}\nRun: python manage.py migrate"
FAILED = "The reset failed: {error}\nNothing was changed."
BAR = 30
INDENT = "   "


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    _speak_plainly()
    try:
        _connect()
    except ModuleNotFoundError as error:
        return _fail(NO_MODULE.format(name=error.name))
    from django.db import Error

    from rules.errors import GameError

    try:
        return _undo() if options.undo else _reset(options)
    except GameError as error:
        return _fail(error.detail)
    except Error as error:
        return _fail(FAILED.format(error=_line(error)))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="reset_progress_data.py", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="count what would be reset, and change nothing"
    )
    parser.add_argument("--yes", action="store_true", help="ask nothing, for automation")
    parser.add_argument(
        "--no-backup", action="store_true", help="keep no restore point: the reset cannot be undone"
    )
    parser.add_argument("--undo", action="store_true", help="undo the last reset")
    place = parser.add_mutually_exclusive_group()
    for kind in ("server", "chronicle", "season"):
        place.add_argument(f"--{kind}", type=UUID, metavar="ID", help=f"only what was earned in this {kind}")
    return parser.parse_args(arguments)


def _connect() -> None:
    """Ends the process where the database does not answer."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rod.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except SystemExit as error:
        # The settings have said what is wrong.
        if "database" in str(error).lower():
            _fail(NO_DATABASE.format(error="see above"))
        raise
    except ImproperlyConfigured as error:
        if isinstance(error.__cause__, ModuleNotFoundError):  # the driver of the database
            raise error.__cause__ from None
        raise
    from django.db import Error, connection

    try:
        connection.ensure_connection()
    except Error as error:
        sys.exit(_fail(NO_DATABASE.format(error=_line(error))))
    try:
        from progress.services import restore_points

        restore_points.last_id()
    except Error as error:
        sys.exit(_fail(NO_TABLES.format(error=_line(error))))


def _reset(options: argparse.Namespace) -> int:
    from progress.services import restore_points
    from progress.services.reset import reset
    from timeline.database_outage import retry_lost_transactions
    from timeline.services import Cause

    scope, after = _scope(options), restore_points.last_id()
    _warn(options, scope)
    if not (options.yes or options.dry_run or _confirmed()):
        print("Reset cancelled. Nothing was changed.")
        return 1
    _say("runs", "Starting database reset...")
    print(RULE)
    cause = Cause(actor=None, door="system", command="reset_progress_data.py")
    done = retry_lost_transactions(
        lambda: reset(
            scope, cause, after=after, dry_run=options.dry_run, keep=not options.no_backup, report=_report()
        )
    )
    print()
    if options.dry_run:
        print("Dry run: nothing was changed.")
        return 0
    _say("done", "All changes committed successfully!")
    print(RULE)
    _say("done", "Database reset completed successfully!")
    print(RULE)
    if done.undo_until:
        print(f"A restore point is kept until {done.undo_until:%Y-%m-%d %H:%M} UTC. To undo the reset:")
        print("    python reset_progress_data.py --undo")
    return 0


def _scope(options: argparse.Namespace) -> "Scope":
    from progress.services.scopes import Scope

    named = {kind: getattr(options, kind) for kind in ("server", "chronicle", "season")}
    found = next(((kind, id) for kind, id in named.items() if id), None)
    return Scope.of(*found) if found else Scope.of("all")


def _warn(options: argparse.Namespace, scope: "Scope") -> None:
    print(RULE)
    print("DATABASE PROGRESS RESET SCRIPT")
    print(RULE)
    print()
    print(f"+{'-' * 58}+")
    print(f"|{'WARNING: DATABASE RESET':^58}|")
    print(f"+{'-' * 58}+")
    where = "" if scope.is_all else f' of the {scope.kind.value} "{scope.name}"'
    _say("warning", f"This will delete ALL progress data{where}:")
    for group in WHAT:
        _say("item", group, INDENT)
    print()
    print("Accounts, profiles, attendance, sessions, schedules, supporters, certificates and logs stay.")
    if options.dry_run:
        print("This is a dry run: it only counts, and changes nothing.")
    elif options.no_backup:
        _say("warning", "This operation is IRREVERSIBLE: no restore point is kept.")
    else:
        days = _undo_days()
        print(f"A restore point is kept for {days}: python reset_progress_data.py --undo")
        _say("warning", "After that, this operation is IRREVERSIBLE.")
    print()


def _undo_days() -> str:
    from django.conf import settings

    days = settings.RESET_UNDO_DAYS
    return "1 day" if days == 1 else f"{days} days"


def _confirmed() -> bool:
    """Nothing but the word itself goes on; the end of the input does not, nor does Ctrl+C."""
    try:
        return input(f"Type '{WORD}' to confirm: ") == WORD
    except (EOFError, KeyboardInterrupt):
        print()
        return False


def _undo() -> int:
    from progress.services import restore_points
    from progress.services.undo import undo
    from timeline.services import Cause

    point = restore_points.to_undo()
    _say("runs", f"Undoing the reset of {point.made_at:%Y-%m-%d %H:%M} UTC...")
    done = undo(point.pk, Cause(actor=None, door="system", command="reset_progress_data.py --undo"), _bars())
    for step, count in done.counts.items():
        _say("item", f"Restored {count} {step.replace('_', ' ')}", INDENT)
    _say("done", "The reset was undone. What was earned since stays.")
    return 0


def _report() -> "Report":
    """The lines of the specification, and a bar for what takes a while."""
    from progress.services.reset_run import Report

    class Lines(Report):
        def __init__(self) -> None:
            self.bar = _Bar()

        def started(self, step: str, total: int) -> None:
            number = list(STEPS).index(step) + 1
            print()
            _say(f"step {number}", STEPS[step][0])
            self.bar = _Bar(total)

        def moved(self, step: str, done: int) -> None:
            self.bar.show(done)

        def finished(self, step: str, count: int) -> None:
            self.bar.clear()
            _say("done", STEPS[step][1].format(count=count), INDENT)

        def committing(self) -> None:
            print()
            _say("saves", "Committing changes to database...")

    return Lines()


def _bars() -> "Report":
    from progress.services.reset_run import Report

    class Bars(Report):
        def __init__(self) -> None:
            self.bar = _Bar()

        def started(self, step: str, total: int) -> None:
            self.bar = _Bar(total)

        def moved(self, step: str, done: int) -> None:
            self.bar.show(done)

        def finished(self, step: str, count: int) -> None:
            self.bar.clear()

    return Bars()


class _Bar:
    """How far a step is, on a terminal alone, and gone once it has ended."""

    def __init__(self, total: int = 0) -> None:
        self._total = max(total, 1)
        self._shown = -1

    def show(self, done: int) -> None:
        percent = min(done * 100 // self._total, 100)
        if percent > self._shown and sys.stderr.isatty():
            self._shown = percent
            full = percent * BAR // 100
            print(f"\r   [{'#' * full:<{BAR}}] {percent:>3} %", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._shown >= 0:
            print(f"\r{' ' * (BAR + 12)}\r", end="", file=sys.stderr, flush=True)


def _speak_plainly() -> None:
    """A name that the output cannot show must not end a reset; nor must what somebody types."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]


def _say(sign: str, text: str, indent: str = "") -> None:
    shown, plain = SIGNS[sign]
    print(f"{indent}{shown if _shows_signs() else plain} {text}", flush=True)


def _shows_signs() -> bool:
    try:
        "".join(shown for shown, _plain in SIGNS.values()).encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _fail(sentence: str) -> int:
    _say("failed", sentence)
    return 1


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
