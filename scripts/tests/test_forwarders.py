"""Every script has its two ways in, for a Unix shell and for Windows, and both again from inside `backend/`.

The `.bat` files cannot be run here: what cmd needs of them is read.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from scripts.common import BACKEND, ROOT

SCRIPTS, FORWARDERS = ROOT / "scripts", BACKEND / "scripts"
FINDER = "python"  # finds a Python and runs one of the others with it
# They start servers and browsers by what only a Unix has (process groups, locks on files): on Windows inside WSL.
UNIX_ALONE = {"bench", "screenshots", "test"}
NAMES = sorted(path.stem for path in SCRIPTS.glob("*.sh") if path.stem != FINDER)
BATCHES = sorted([*SCRIPTS.glob("*.bat"), *FORWARDERS.glob("*.bat")])


@pytest.mark.req("S004-10")
def test_the_agreed_scripts_are_there() -> None:
    assert {"setup", "dev", "run", "update_packages", "sync_requirements"} <= set(NAMES)
    assert {"test", "reset_db", "backup", "restore"} <= set(NAMES)


@pytest.mark.req("S004-10", "S004-64", "S004-82", "S004-85")
def test_each_script_has_the_same_ways_in_from_both_folders() -> None:
    wanted = {f"{name}.sh" for name in NAMES} | {f"{name}.bat" for name in NAMES if name not in UNIX_ALONE}
    assert {path.name for path in FORWARDERS.iterdir()} == wanted
    shown = {path.name for path in SCRIPTS.iterdir() if path.suffix in (".sh", ".bat")}
    assert shown == wanted | {f"{FINDER}.sh", f"{FINDER}.bat"}


@pytest.mark.parametrize("name", NAMES)
def test_a_shell_script_hands_all_its_arguments_on(name: str) -> None:
    here = '#!/usr/bin/env bash\nexec "$(dirname "${BASH_SOURCE[0]}")/'
    assert (SCRIPTS / f"{name}.sh").read_text() == f'{here}{FINDER}.sh" {name} "$@"\n'
    assert (FORWARDERS / f"{name}.sh").read_text() == f'{here}../../scripts/{name}.sh" "$@"\n'
    for path in (SCRIPTS / f"{name}.sh", FORWARDERS / f"{name}.sh"):
        assert os.access(path, os.X_OK)
    assert (SCRIPTS / f"{name}.py").is_file() or (SCRIPTS / name).is_dir()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in UNIX_ALONE])
def test_a_batch_file_hands_all_its_arguments_on(name: str) -> None:
    """By `%*`; started without `call`, so that the code of the last one is that of the first."""
    head, tail = '@echo off\r\n"%~dp0', " %*\r\n"
    assert (SCRIPTS / f"{name}.bat").read_bytes() == f'{head}{FINDER}.bat" {name}{tail}'.encode()
    assert (FORWARDERS / f"{name}.bat").read_bytes() == f'{head}..\\..\\scripts\\{name}.bat"{tail}'.encode()


@pytest.mark.parametrize("path", BATCHES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_cmd_can_read_a_batch_file(path: Path) -> None:
    """It needs CRLF, reads the code page of the machine, and takes a mark of UTF-8 for a command."""
    content = path.read_bytes()
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert content.endswith(b"\r\n")


def test_git_leaves_the_line_ends_of_batch_files_alone() -> None:
    """Whatever a machine's git does to others: a clone on Windows, and an archive, have CRLF."""
    names = [path.relative_to(ROOT).as_posix() for path in BATCHES]
    command = ["git", "check-attr", "text", "--", *names]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"text: (\w+)", output)) == {"unset"}


def test_both_finders_ask_for_the_same_python() -> None:
    texts = [(SCRIPTS / f"{FINDER}{suffix}").read_text() for suffix in (".sh", ".bat")]
    for text in texts:
        assert "sys.exit(sys.version_info < (3, 11))" in text
        assert "Python 3.11 or newer is needed and was not found." in text
        assert re.search(r"-m \"?scripts\.", text)
        assert "exit 1" in text or "exit /b 1" in text
