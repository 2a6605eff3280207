"""A migrated SQLite database for each worker and platform of a test run: migrated once, kept for the next runs, copied.

It is kept in `.run/migrated` by what it follows from; where a migration or a model changed, it is made anew.
"""

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts import dev
from scripts.common import BACKEND, ROOT
from scripts.environment_for_tests import FOLDER

KEPT = ROOT / ".run" / "migrated"
# So many of them, as of branches that one goes back and forth between.
MOST = 4
# What the tables follow from, and what stands in them afterwards: permissions and types of content come of the models.
SOURCES = (
    "*/migrations/*.py",
    "*/models.py",
    "*/models/**/*.py",
    "*/apps.py",
    "chat/search/*.py",
    "chat/views_of_tables.py",
    "contract/lookup.py",
    "rod/settings.py",
    "rules/ids.py",
    "rules/traits/**/*.py",
)
PACKAGES = ("requirements.txt", "requirements-dev.txt")


def migrated(env: Mapping[str, str]) -> None:
    """Put a migrated database where `env` says. The first caller makes it, the others wait and copy."""
    if not os.environ.get(FOLDER) or env["DATABASE_URL"] or env["DB_ENGINE"] != "sqlite3":
        dev.migrate(env)
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready = KEPT / f"{_digest()}.sqlite3"
        if not ready.exists():
            making = ready.with_suffix(".making")
            making.unlink(missing_ok=True)
            dev.migrate({**env, "DB_NAME": str(making)})
            making.rename(ready)
            _forget_old()
        os.utime(ready)
        shutil.copy(ready, env["DB_NAME"])


def _digest() -> str:
    found = hashlib.sha256(sys.version.encode())
    for path in sources():
        found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:24]


def sources() -> Iterator[Path]:
    """The files that a migrated database follows from, in their order."""
    yield from sorted({path for pattern in SOURCES for path in BACKEND.glob(pattern)})
    yield from (ROOT / name for name in PACKAGES)


def _forget_old() -> None:
    kept = sorted(KEPT.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[MOST:]:
        path.unlink()
