"""`dev.sh` as a newcomer runs it, in a copy of the repository with nothing prepared but the packages."""

import os
import shutil
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest

from scripts import dev
from scripts.common import ROOT, free_port, spawn, stop, wait_until

SECONDS = 100


@pytest.fixture
def clone(tmp_path):
    """The tree without what a run leaves in it; `.venv` is ours, as installing it anew takes a minute."""
    folder = tmp_path / "clone"
    leave = shutil.ignore_patterns(
        ".git", ".venv", ".env", ".run", "__pycache__", "*.sqlite3*", ".*_cache", "media"
    )
    shutil.copytree(ROOT, folder, ignore=leave)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def bare():
    """What a fresh terminal has; nothing of this test run."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def run(clone, *arguments, script="scripts/dev.sh"):
    command = [clone / script, *arguments]
    return subprocess.run(command, env=bare(), cwd=clone, capture_output=True, text=True, timeout=SECONDS)


def left_over(clone):
    """Programs that still run with this folder in their command line or as their own."""
    lines = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            folder = os.readlink(process / "cwd")
        except OSError:
            continue
        if str(clone) in line or folder.startswith(str(clone)):
            lines.append(line)
    return lines


@pytest.mark.req("CARD-14", "S004-71", "S004-72", "S004-75", "S004-79")
def test_the_check_proves_every_part_and_leaves_nothing(clone):
    done = run(clone, "--check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the sheet shows the character to its owner" in done.stdout
    assert (clone / ".env").stat().st_mode & 0o777 == 0o600
    assert not (clone / "backend" / "db.sqlite3").exists()
    assert not (clone / ".run").exists()
    assert left_over(clone) == []


@pytest.mark.req("S004-70", "S004-73", "S004-75", "S004-79", "S004-94")
def test_without_serving_everything_is_made_ready_and_a_second_time_does_no_harm(clone):
    first = run(clone, "--no-serve", "--yes", script="backend/scripts/dev.sh")
    assert first.returncode == 0, first.stdout + first.stderr
    env = (clone / ".env").read_text()
    with sqlite3.connect(clone / "backend" / "db.sqlite3") as database:
        tables = {name for (name,) in database.execute("select name from sqlite_master where type = 'table'")}
    database.close()
    assert {"users", "characters"} <= tables
    second = run(clone, "--no-serve")
    assert second.returncode == 0
    assert "Applied" not in second.stdout
    assert (clone / ".env").read_text() == env


@pytest.mark.req("S004-74")
def test_the_code_is_formatted(clone):
    file = clone / "backend" / "rod" / "apps.py"
    neat = file.read_text()
    file.write_text(neat.replace('name = "rod"', "name   =   'rod'"))
    assert run(clone, "--no-serve").returncode == 0
    assert file.read_text() == neat


@pytest.mark.req("S004-78", "S004-93")
def test_it_serves_until_it_is_told_to_stop(clone):
    port, other = free_port(), free_port()
    command = [clone / "scripts/dev.sh", "--port", str(port), "--sandbox-port", str(other)]
    with (clone / "out").open("w") as output:
        process = spawn(command, env=bare(), output=output, cwd=clone)
    try:
        ready = wait_until(
            lambda: "Ctrl-C" in (clone / "out").read_text() or process.poll() is not None, SECONDS
        )
        assert ready, (clone / "out").read_text()
        assert dev.answers(f"http://localhost:{port}/healthz")
        assert dev.bot_is_online(f"http://localhost:{other}")
        again = run(clone, "--port", str(port), "--sandbox-port", str(other))
        assert again.returncode == 1
        assert "runs already" in again.stdout
        process.send_signal(signal.SIGINT)
        process.wait(30)
    finally:
        stop(process)
    assert "Stopped." in (clone / "out").read_text()
    assert left_over(clone) == []
