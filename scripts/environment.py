"""The virtual environment `.venv`: made when needed, packages installed only when the pinned list changed."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.common import ROOT, WINDOWS, ScriptError, say

VENV = ROOT / ".venv"
STAMP = VENV / "installed.sha256"
DEVELOPMENT = ROOT / "requirements-dev.txt"
PRODUCTION = ROOT / "requirements.txt"
OLDEST = (3, 11)


def python() -> Path:
    return VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def prepare() -> None:
    """A working `.venv` with everything that development needs."""
    if not _works():
        _make()
    wanted = _fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return
    say("Installing the Python packages (the first time this takes about a minute) …")
    pip("install", "-r", str(DEVELOPMENT))
    STAMP.write_text(wanted)


def pip(*arguments: str) -> None:
    """Quiet when it works; its own words when it does not."""
    command = [str(python()), "-m", "pip", *arguments, "-q", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()[-15:]
        raise ScriptError("pip could not install the packages:\n  " + "\n  ".join(said))


def _works() -> bool:
    """Whether the environment runs: it breaks when its Python is updated away or the folder is moved."""
    if not python().exists():
        return False
    question = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    done = subprocess.run([str(python()), "-c", question], capture_output=True, check=False)
    return done.returncode == 0


def _make() -> None:
    if not can_make():
        raise ScriptError(how_to_get_venv())
    say("Making the virtual environment .venv …")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not _works():
        raise ScriptError(f"The virtual environment could not be made:\n{done.stdout}{done.stderr}")


def can_make() -> bool:
    """Debian and Ubuntu ship Python without these two modules."""
    question = "import venv, ensurepip"
    return subprocess.run([sys.executable, "-c", question], capture_output=True, check=False).returncode == 0


def venv_package() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}-venv"


def how_to_get_venv() -> str:
    return (
        f"This Python ({sys.executable}) lacks the modules venv and ensurepip. Get them with\n"
        f"  Debian, Ubuntu:  sudo apt install {venv_package()}\n"
        "  others:          install Python 3.11 or newer from python.org or with your package manager\n"
        "and run this again."
    )


def _fingerprint() -> str:
    """Changes with the list of packages and with the Python that they are installed for."""
    version = subprocess.run([str(python()), "-V"], capture_output=True, check=True).stdout
    return hashlib.sha256(DEVELOPMENT.read_bytes() + version).hexdigest()


def mysqlclient_pin() -> str:
    """`mysqlclient==…` of requirements.txt: production's driver, which the tests on MariaDB use too."""
    found = re.search(r"^mysqlclient==\S+$", PRODUCTION.read_text(), re.MULTILINE)
    if not found:
        raise ScriptError("requirements.txt pins no mysqlclient.")
    return found.group()


def has(pin: str) -> bool:
    """Whether exactly this `name==version` is installed."""
    name, version = pin.split("==")
    question = f"import sys, importlib.metadata as m; sys.exit(m.version({name!r}) != {version!r})"
    return subprocess.run([str(python()), "-c", question], capture_output=True, check=False).returncode == 0


def apt_prefix() -> list[str] | None:
    """How to call apt-get without being asked for a password. None: not at all."""
    if not shutil.which("apt-get"):
        return None
    if getattr(os, "geteuid", lambda: 1)() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def apt_install(packages: Sequence[str]) -> bool:
    """All at once, else one by one: one unknown name must not keep the others away. False: no rights."""
    prefix = apt_prefix()
    if prefix is None:
        return False
    base = [
        *prefix,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-qq",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]
    subprocess.run([*base, "update"], capture_output=True, check=False)
    install = [*base, "install", "-y", "--no-install-recommends"]
    done = subprocess.run([*install, *packages], capture_output=True, text=True, check=False)
    if done.returncode:
        for package in packages:
            subprocess.run([*install, package], capture_output=True, check=False)
    return True
