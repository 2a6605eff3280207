"""A file of settings that cannot be read: each script and each process ends with one sentence that names it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from contract.dotenv import CANNOT_START
from scripts import servers
from scripts.common import BACKEND, BOT, ROOT
from scripts.pytest_services import need

MODULE = [sys.executable, "-m"]
COMMANDS: dict[str, list[str]] = {
    "setup": [*MODULE, "scripts.setup", "--yes"],
    "dev": [*MODULE, "scripts.dev", "--no-serve", "--yes"],
    "run": [*MODULE, "scripts.run"],
    "backup": [*MODULE, "scripts.backup"],
    "restore": [*MODULE, "scripts.restore", "none.zip"],
    "reset_db": [*MODULE, "scripts.reset_db", "--yes"],
    "manage": [sys.executable, "backend/manage.py", "check"],
    "worker": [sys.executable, "backend/manage.py", "worker"],
    "http": [*map(str, servers.gunicorn("rod.wsgi:application", "127.0.0.1", 0, 1, 1))],
    "gateway": [*map(str, servers.uvicorn("rod.asgi:application", "127.0.0.1", 0))],
    "discord": [*MODULE, "rodbot"],
}
Prefix = list[str]


def closed(file: Path) -> Prefix:
    """Only its owner may not read it; root may read everything, unless it gives that up first."""
    file.write_text("ENV=production\n")
    file.chmod(0)
    if os.geteuid() != 0:
        return []
    need(shutil.which("setpriv"), "setpriv is not installed")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def a_folder(file: Path) -> Prefix:
    file.mkdir()
    return []


def broken_text(file: Path) -> Prefix:
    file.write_bytes(b"ENV=production\nDB_PASSWORD=caf\xe9\n")
    return []


def two_values(file: Path) -> Prefix:
    file.write_text("ENV=production\nDB_NAME=one\nDB_NAME=two\n")
    return []


FAULTS: dict[Callable[[Path], Prefix], str] = {
    closed: "{file} cannot be read (permission denied). Let this user read it, or remove it.",
    a_folder: "{file} cannot be read (is a directory). Let this user read it, or remove it.",
    broken_text: "{file}, line 2: this is not UTF-8. Save the file as UTF-8.",
    two_values: "{file}, line 3: DB_NAME has another value in line 2. Keep one of them.",
}


def matrix() -> list[object]:
    """Every command meets every fault in the long run, and one of them in each run."""
    return [
        pytest.param(
            name,
            fault,
            id=f"{name}-{fault.__name__}",
            marks=[] if number % len(FAULTS) == place else pytest.mark.long,
        )
        for number, name in enumerate(COMMANDS)
        for place, fault in enumerate(FAULTS)
    ]


@pytest.mark.parametrize(("name", "fault"), matrix())
def test_settings_that_cannot_be_read_are_one_sentence(
    name: str, fault: Callable[[Path], Prefix], tmp_path: Path
) -> None:
    file = tmp_path / "settings"
    prefix = fault(file)
    path = os.pathsep.join(map(str, (BACKEND, BOT, ROOT)))
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "ENV_FILE": str(file)}
    done = subprocess.run(
        [*prefix, *COMMANDS[name]],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    said = done.stdout + done.stderr
    assert done.returncode == (1 if name in ("setup", "dev") else CANNOT_START), said
    sentence = FAULTS[fault].format(file=file)
    assert said.count(sentence) == 1, said
    assert "Traceback" not in said
    # gunicorn adds why it ends, in lines of its own.
    assert len(said.strip().splitlines()) <= 4, said
    assert file.is_dir() or file.stat().st_size < 60, "nobody wrote into it"


def test_each_fault_is_met_by_some_command_in_every_run() -> None:
    met = [param.values[1] for param in matrix() if not param.marks]  # type: ignore[attr-defined]
    assert set(met) == set(FAULTS)
