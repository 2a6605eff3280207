"""What is printed for readers instead of being kept in git: the slash commands, the OpenAPI documents."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import commands
from scripts.common import ROOT


@pytest.fixture(scope="module")
def text() -> str:
    return commands.describe()


def test_every_edition_has_its_commands(text: str) -> None:
    for heading in ("## 5th edition", "## 20th edition", "## Chronicles of Darkness"):
        assert heading in text
    for command in (
        "/vampire",
        "/vampire new",
        "/character undo",
        "/v roll",
        "/init",
        "/storyteller",
        "/server",
    ):
        assert command in text, command


def test_every_option_says_what_it_takes(text: str) -> None:
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith(("| `", "| **`"))]
    assert len(rows) > 500
    assert [row for row in rows if len(row) != 3 or not all(cell.strip() for cell in row)] == []
    assert "| **`name`** | text |" in text


@pytest.mark.parametrize("command", [["commands"], ["openapi", "bot"]], ids=lambda command: command[0])
def test_they_are_written_without_settings_or_a_server(command: list[str], tmp_path: Path) -> None:
    """As on a fresh clone: with nothing of the environment, and no `.env`."""
    file = tmp_path / "document"
    run = [sys.executable, "-m", f"scripts.{command[0]}", *command[1:], str(file)]
    done = subprocess.run(run, cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    written = file.read_text()
    assert written.startswith("# Commands") or json.loads(written)["paths"]
