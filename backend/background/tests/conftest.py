"""Workers as processes of their own, on the database of the tests."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from scripts.common import spawn, stop

BACKEND = Path(__file__).parents[2]
Start = Callable[..., "subprocess.Popen[str]"]


def environment(**others: str) -> dict[str, str]:
    url, name = os.environ.get("DATABASE_URL", ""), str(connection.settings_dict["NAME"])
    place = {"DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"} if url else {"DB_NAME": name}
    return os.environ | place | {"PYTHONPATH": os.pathsep.join(sys.path)} | others


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a worker; its lines go to `log`."""
    started: list[subprocess.Popen[str]] = []

    def start_one(**others: str) -> "subprocess.Popen[str]":
        with (tmp_path / "log").open("a") as log:
            command = [sys.executable, "manage.py", "worker"]
            started.append(spawn(command, cwd=BACKEND, env=environment(**others), output=log))
        return started[-1]

    yield start_one
    for process in started:
        stop(process)
