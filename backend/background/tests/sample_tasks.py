"""Tasks of these tests. A worker in a process of its own imports them by their path."""

import os
import re
import time
from pathlib import Path

from django_tasks import task

from background.limits import at_most


@task
def note(path: str, word: str) -> None:
    with Path(path).open("a") as file:
        file.write(word + "\n")


@task
def fail(path: str) -> None:
    """Fail until the file is there."""
    if not Path(path).exists():
        raise RuntimeError("not yet")


@task
def begin_and_wait(folder: str) -> None:
    """Say in which process it began, and end when it may: by then a test has killed the process, or not."""
    note.call(f"{folder}/began", str(os.getpid()))
    while not Path(f"{folder}/go").exists():
        time.sleep(0.02)
    note.call(f"{folder}/done", "done")


@task
@at_most(seconds=1)
def hang(folder: str) -> None:
    """Hang the first time."""
    if Path(f"{folder}/hung").exists():
        note.call(f"{folder}/done", "done")
        return
    Path(f"{folder}/hung").touch()
    while True:
        time.sleep(60)


@task
@at_most(seconds=1)
def hold(folder: str) -> None:
    """Hang in a function of C that lets no other thread run."""
    Path(f"{folder}/held").touch()
    re.match("(a+)+$", "a" * 40 + "b")


@task
@at_most(seconds=0.1)
def wait(path: str) -> None:
    while not Path(path).exists():
        time.sleep(0.02)
