"""A program on a terminal, and a person who answers its questions."""

import os
import pty
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def converse(
    command: Sequence[str | Path], answers: Mapping[str, str], *, cwd: Path, env: Mapping[str, str], end: str
) -> str:
    """Type each answer when its question has come; return all that the program said, up to `end`.

    It has to end by itself, and well.
    """
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=dict(env),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said = ""
    try:
        for question, answer in answers.items():
            said += _read_until(ours, question)
            os.write(ours, f"{answer}\n".encode())
        said += _read_until(ours, end)
        assert process.wait(60) == 0, said
    finally:
        process.kill()
        process.wait(10)
        os.close(ours)
    return said


def _read_until(terminal: int, end: str) -> str:
    said = b""
    while end.encode() not in said:
        said += os.read(terminal, 1024)
    return said.decode()
