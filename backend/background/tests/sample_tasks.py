"""Tasks of these tests. A worker in a process of its own imports them by their path."""

import time
from pathlib import Path

from django_tasks import task


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
    """Say that it began, and end when it may: by then a test has killed the process, or not."""
    note.call(f"{folder}/began", "began")
    while not Path(f"{folder}/go").exists():
        time.sleep(0.02)
    note.call(f"{folder}/done", "done")
