"""A migrated SQLite database for each worker and platform of a test run: migrated once, and copied."""

import fcntl
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from scripts import dev
from scripts.environment_for_tests import FOLDER


def migrated(env: Mapping[str, str]) -> None:
    """Put a migrated database where `env` says. The first caller of a test run makes it, the others wait and copy."""
    run = os.environ.get(FOLDER)
    if not run or env["DATABASE_URL"] or env["DB_ENGINE"] != "sqlite3":
        dev.migrate(env)
        return
    ready = Path(run) / "migrated.sqlite3"
    with ready.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            making = ready.with_suffix(".making")
            dev.migrate({**env, "DB_NAME": str(making)})
            making.rename(ready)
    shutil.copy(ready, env["DB_NAME"])
