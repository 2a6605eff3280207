"""`dev.sh` as a newcomer runs it, in a copy of the repository with nothing prepared but the packages."""

import os
import pwd
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from contract import dotenv
from scripts import dev
from scripts.common import ROOT, free_port, port_is_free, spawn, stop, wait_until
from testing.terminal import converse

SECONDS = 280  # a bound, not an expectation: the machine may be busy
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def clone(tmp_path):
    return make_clone(tmp_path / "clone")


def make_clone(folder):
    """The tree as if committed, without what a run leaves in it; but what is compiled, and `.venv`, are ours, as
    making them takes a minute."""
    left = (
        ".git",
        ".venv",
        ".env",
        ".run",
        "*.sqlite3*",
        ".*_cache",
        "media",
        "static_collected",
        "node_modules",
    )
    # These two are what other tests are compiling right now.
    leave = shutil.ignore_patterns(*left, "*.pyc.*", "*-pytest-*")
    shutil.copytree(ROOT, folder, ignore=leave)
    me = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "core.autocrlf=false"]
    for command in (["init", "-q"], ["add", "--all"], ["commit", "-q", "-m", "tests: everything"]):
        subprocess.run(["git", *me, *command], cwd=folder, check=True)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def bare():
    """What a fresh terminal has; nothing of this test run."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def run(clone, *arguments, script="scripts/dev.sh", env=None):
    command = [clone / script, *arguments]
    return subprocess.run(
        command, env=env or bare(), cwd=clone, capture_output=True, text=True, timeout=SECONDS
    )


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


PROXIES = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """A clone and its check, with a proxy and a strange folder for temporary files in the way."""
    place = tmp_path_factory.mktemp("checked")
    strange = place / "temp #1 ä%20" / ("long" * 20)
    strange.mkdir(parents=True)
    env = bare() | dict.fromkeys(PROXIES, "http://127.0.0.1:9") | {"TMPDIR": str(strange)}
    clone = make_clone(place / "clone")
    return clone, run(clone, "--check", env=env)


@pytest.mark.long
@pytest.mark.req("CARD-14", "S004-71", "S004-72", "S004-75", "S004-79")
def test_the_check_proves_every_part_and_leaves_nothing(checked):
    clone, done = checked
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the sheet shows the character to its owner" in done.stdout
    assert (clone / ".env").stat().st_mode & 0o777 == 0o600
    assert not (clone / "backend" / "db.sqlite3").exists()
    assert not (clone / ".run").exists()
    assert left_over(clone) == []


@pytest.mark.long
def test_run_09_neither_a_proxy_nor_a_strange_folder_for_temporary_files_matters(checked):
    _, done = checked
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the sheet shows the character to its owner" in done.stdout


def test_run_09_a_clone_of_a_git_that_changes_line_ends_runs(tmp_path):
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout of git")
    git = [
        "git",
        "-c",
        "core.autocrlf=true",
        "clone",
        "-q",
        "--depth",
        "1",
        f"file://{ROOT}",
        tmp_path / "clone",
    ]
    subprocess.run(git, check=True, capture_output=True)
    for script in ("scripts/dev.sh", "backend/scripts/dev.sh", "scripts/setup.sh"):
        command = ["bash", tmp_path / "clone" / script, "--help"]
        done = subprocess.run(command, env=bare(), capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        assert "usage" in done.stdout


@pytest.fixture
def read_only(clone):
    """The clone where an ordinary user can read, and how to run a script there as that user."""
    folder = Path(tempfile.mkdtemp(prefix="rod-read-only-"))
    shutil.copytree(clone, folder / "clone", symlinks=True)
    (folder / "clone" / ".venv").unlink()
    subprocess.run(["chmod", "-R", "a+rX,a-w", folder], check=True)
    who = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid} if os.geteuid() == 0 else {}

    def run_there(*command):
        command = [folder / "clone" / command[0], *command[1:]]
        return subprocess.run(
            command, env=bare(), cwd=folder / "clone", capture_output=True, text=True, **who
        )

    yield folder / "clone", run_there
    subprocess.run(["chmod", "-R", "u+w", folder], check=True)
    shutil.rmtree(folder)


PRINT_SETTINGS = (
    "from django.conf import settings; print(settings.DATABASES['default']['NAME'], *settings.API_KEYS)"
)
COMMANDS = [("scripts/dev.sh", "--no-serve"), ("scripts/dev.sh", "--check"), ("scripts/setup.sh", "--yes")]


def test_run_15_an_ordinary_user_in_a_read_only_checkout_gets_one_sentence(read_only):
    place, run_there = read_only
    for command in COMMANDS:
        done = run_there(*command)
        assert done.returncode == 1
        assert (done.stdout + done.stderr).strip() == (
            f"{place}/.env cannot be used by this user (permission denied). "
            "Change its owner or its rights, or run this as its owner."
        )


def test_run_15_settings_that_only_root_may_read_are_named(read_only):
    place, run_there = read_only
    place.chmod(0o755)
    (place / ".env").write_text("ENV=development\n")
    (place / ".env").chmod(0o600 if os.geteuid() == 0 else 0)
    place.chmod(0o555)
    for command in COMMANDS:
        done = run_there(*command)
        assert done.returncode == 1
        assert (done.stdout + done.stderr).strip() == (
            f"{place}/.env cannot be read (permission denied). Let this user read it, or remove it."
        )


@pytest.fixture(scope="module")
def twice_ready(tmp_path_factory):
    """A clone that was made ready twice, with code that is badly formatted the second time."""
    clone = make_clone(tmp_path_factory.mktemp("ready") / "clone")
    (clone / ".env").write_text("DB_NAME=db.sqlite3  # local\nAPI_KEY=abc # rotating\n")
    first = run(clone, "--no-serve", "--yes", script="backend/scripts/dev.sh")
    assert first.returncode == 0, first.stdout + first.stderr
    env = (clone / ".env").read_text()
    file = clone / "backend" / "rod" / "apps.py"
    neat = file.read_text()
    file.write_text(neat.replace('name = "rod"', "name   =   'rod'"))
    assert file.read_text() != neat
    second = run(clone, "--no-serve")
    assert second.returncode == 0, second.stdout + second.stderr
    return SimpleNamespace(clone=clone, env=env, file=file, neat=neat, second=second)


@pytest.mark.req("S003-05", "S004-70", "S004-73", "S004-75", "S004-79", "S004-94")
def test_without_serving_everything_is_made_ready_and_a_second_time_does_no_harm(twice_ready):
    """Case RUN-02 too: the script and `manage.py` read one file as one reader does."""
    clone, env = twice_ready.clone, twice_ready.env
    assert dotenv.parse(env).values["API_KEY"] == "abc"
    assert [path.name for path in (clone / "backend").glob("*.sqlite3*")] == ["db.sqlite3"]
    shown = [sys.executable, "manage.py", "shell", "-c", PRINT_SETTINGS]
    finished = subprocess.run(shown, env=bare(), cwd=clone / "backend", capture_output=True, text=True)
    assert finished.stdout.splitlines()[-1] == f"{clone}/backend/db.sqlite3 abc", finished.stderr
    with sqlite3.connect(clone / "backend" / "db.sqlite3") as database:
        tables = {name for (name,) in database.execute("select name from sqlite_master where type = 'table'")}
    database.close()
    assert {"users", "characters", "servers", "server_channels", "chat_messages"} <= tables
    assert "Applied" not in twice_ready.second.stdout
    assert (clone / ".env").read_text() == env


@pytest.mark.req("CARD-14", "S004-64", "S004-65", "S004-67", "S004-68", "S004-69")
def test_setup_asks_a_person_on_a_terminal(clone):
    answers = {"Environment": "", "Discord bot token": "", "Patreon webhook secret": "hush-hush"}
    converse([clone / "scripts/setup.sh"], answers, cwd=clone, env=bare(), end="Wrote")
    values = dotenv.read(clone / ".env").values
    assert (values["ENV"], values["DB_ENGINE"]) == ("development", "sqlite3")
    assert (len(values["SECRET_KEY"]) >= 50, values["PATREON_WEBHOOK_SECRET"]) == (True, "hush-hush")
    assert (clone / ".env").stat().st_mode & 0o777 == 0o600


@pytest.mark.long
@pytest.mark.timeout(580)
@pytest.mark.req("CARD-02", "CARD-14", "S002-14", "S004-72", "S004-73")
def test_a_clone_without_an_environment_makes_one(clone):
    """Within five minutes, which are promised for it."""
    (clone / ".venv").unlink()
    done = subprocess.run(
        [clone / "scripts/dev.sh", "--no-serve", "--yes"],
        env=bare(),
        cwd=clone,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Making the virtual environment" in done.stdout
    assert (clone / ".venv" / "bin" / "python").exists()
    assert not (clone / ".venv").is_symlink()


@pytest.mark.req("S004-74")
def test_changed_code_is_formatted(twice_ready):
    assert twice_ready.file.read_text() == twice_ready.neat


def commands_of_the_readme(clone):
    """What "Two commands" gives a newcomer to type, and the addresses that it promises."""
    text = (clone / "README.md").read_text().partition("## Two commands")[2].partition("\n## ")[0]
    return re.findall(r"```\n(.+)\n```", text), [int(port) for port in re.findall(r"localhost:(\d+)>", text)]


@pytest.mark.long
@pytest.mark.req("CARD-15", "S004-78", "S004-93")
def test_the_readmes_command_serves_what_it_promises_until_it_is_told_to_stop(clone):
    (first, second), promised = commands_of_the_readme(clone)
    assert (first, second, promised) == ("scripts/dev.sh", "scripts/test.sh", [8080, 8090])
    free = all(port_is_free(port) for port in promised)  # somebody may be playing on this machine
    port, other = promised if free else (free_port(), free_port())
    command = [clone / first, *([] if free else ["--port", str(port), "--sandbox-port", str(other)])]
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
