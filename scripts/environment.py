"""The virtual environment `.venv`: made when needed, packages installed only when the pinned list changed."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from scripts import catalogues
from scripts.common import LAST_LINES, ROOT, WINDOWS, ScriptError, run, say, spawn
from scripts.pins import normal

VENV = ROOT / ".venv"
STAMP = VENV / "installed.sha256"
RUNNING_STAMP = VENV / "running.sha256"
DEVELOPMENT = ROOT / "requirements-dev.txt"
PRODUCTION = ROOT / "requirements.txt"
CONSTRAINTS = ROOT / "scripts" / "constraints.txt"
OLDEST = (3, 11)
# Python compiles what is really imported; pip would compile all of it.
NOT_COMPILED = "--no-compile"


def python() -> Path:
    return VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def prepare_to_run() -> None:
    """Make or update `.venv` with what serving needs, and show how far it is; compile the translations."""
    _install_to_run()
    compile_translations()


def _install_to_run() -> None:
    if not _works():
        _make()
    wanted = _fingerprint()
    if any(stamp.is_file() and stamp.read_text() == wanted for stamp in (STAMP, RUNNING_STAMP)):
        return
    pins = running_pins()
    say(f"Installing the {len(pins)} packages that running needs, and theirs …")
    pip("install", *pins, "-c", str(CONSTRAINTS), NOT_COMPILED, progress=True)
    RUNNING_STAMP.write_text(wanted)


def prepare() -> None:
    """Make or update `.venv` with everything that development needs; compile the translations."""
    _install_all()
    compile_translations()


def _install_all() -> None:
    if not _works():
        _make()
    wanted = _fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return
    say("Installing the tools of development (the first time this takes about a minute) …")
    pip("install", "-r", str(DEVELOPMENT), NOT_COMPILED)
    STAMP.write_text(wanted)


def prepare_production(with_mysql: bool = True) -> None:
    """Make or update `.venv` with what production runs; MySQL's driver, which is compiled, only where it is used."""
    if not _works():
        _make()
    pins = [pin for pin in _pins(PRODUCTION) if with_mysql or _name(pin) != "mysqlclient"]
    if wanted := _not_installed(pins):
        say(f"Installing {len(wanted)} packages of requirements.txt, and theirs …")
        pip("install", *wanted, "-c", str(CONSTRAINTS), NOT_COMPILED, progress=True)
    compile_translations()


def _not_installed(pins: Sequence[str]) -> list[str]:
    """Which of these `name[extra]==version` are not there in exactly this version."""
    code = (
        "import json, sys, importlib.metadata as m\n"
        "print(json.dumps({d.metadata['Name']: d.version for d in m.distributions()}))"
    )
    found = json.loads(run([python(), "-c", code], "The virtual environment is broken:"))
    there = {normal(name): version for name, version in found.items()}
    return [pin for pin in pins if there.get(normal(_name(pin))) != pin.split("==")[1]]


def compile_translations() -> None:
    if catalogues.stale():
        run([python(), "-m", "scripts.translations", "compile"], "The translations could not be compiled:")


def running_pins() -> list[str]:
    """Return what production runs, without what development leaves out (a driver that needs a compiler)."""
    names = set(map(_name, _pins(DEVELOPMENT)))
    return [pin for pin in _pins(PRODUCTION) if _name(pin) in names]


def _pins(file: Path) -> list[str]:
    return re.findall(r"^[A-Za-z][^\s#]*==\S+", file.read_text(), re.MULTILINE)


def _name(pin: str) -> str:
    return re.split(r"[\[=]", pin)[0].lower()


def pip(*arguments: str, progress: bool = False) -> None:
    """Run pip; its output is shown only when it fails, or as the names of the packages."""
    options = ["--disable-pip-version-check", "--no-input", *([] if progress else ["-q"])]
    command: list[str | Path] = [python(), "-m", "pip", *arguments, *options]
    if not progress:
        run(command, "pip could not install the packages:")
        return
    last: deque[str] = deque(maxlen=LAST_LINES)
    with spawn(command) as process:
        for line in process.stdout or ():
            last.append(line.rstrip())
            if line.startswith(("Collecting ", "Installing ")):
                say(f"  {line.split('==')[0].split(' (')[0].split(':')[0].rstrip()}")
    if process.returncode:
        raise ScriptError("\n  ".join(["pip could not install the packages:", *last]))


def _works() -> bool:
    """Tell whether the environment runs: it breaks when its Python is updated away or the folder is moved."""
    return python().exists() and _succeeds(f"import sys, pip; sys.exit(sys.version_info < {OLDEST})")


def _succeeds(code: str, interpreter: str = "") -> bool:
    """Run Python code in the environment, or with another interpreter."""
    command = [interpreter or str(python()), "-c", code]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _make() -> None:
    if not can_make():
        raise ScriptError(how_to_get_venv())
    say("Making the virtual environment .venv …")
    problem = "The virtual environment could not be made:"
    run([sys.executable, "-m", "venv", "--clear", VENV], problem)
    if not _works():
        raise ScriptError(problem)


def can_make() -> bool:
    """Tell whether this Python has venv and ensurepip: Debian and Ubuntu ship it without them."""
    return _succeeds("import venv, ensurepip", sys.executable)


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
    """Hash the lists of packages and the Python that they are installed for."""
    version = subprocess.run([str(python()), "-V"], capture_output=True, check=True).stdout
    return hashlib.sha256(DEVELOPMENT.read_bytes() + CONSTRAINTS.read_bytes() + version).hexdigest()


def mysqlclient_pin() -> str:
    """Return `mysqlclient==…` of requirements.txt: production's driver, which the tests on MariaDB use too."""
    pin = re.search(r"^mysqlclient==\S+$", PRODUCTION.read_text(), re.MULTILINE)
    if not pin:
        raise ScriptError("requirements.txt pins no mysqlclient.")
    return pin.group()


def has(pin: str) -> bool:
    """Tell whether exactly this `name==version` is installed."""
    name, version = pin.split("==")
    asked = f"import sys, importlib.metadata as m; sys.exit(m.version({name!r}) != {version!r})"
    return python().exists() and _succeeds(asked)


def has_module(name: str) -> bool:
    return _succeeds(f"import {name}")


def apt_prefix() -> list[str] | None:
    """Return what to put before apt-get so that it asks for no password; None when that is impossible."""
    if not shutil.which("apt-get"):
        return None
    if getattr(os, "geteuid", lambda: 1)() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def apt_install(packages: Sequence[str]) -> bool:
    """Install packages all at once, else one by one, in case one name is unknown. False: no rights."""
    prefix = apt_prefix()
    if prefix is None:
        return False

    def apt(*arguments: str) -> bool:
        quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
        command = [*prefix, *quiet, *arguments]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    install = ("install", "-y", "--no-install-recommends")
    apt("update")
    if not apt(*install, *packages):
        for package in packages:
            apt(*install, package)
    return True


if __name__ == "__main__":  # the environment of production alone, as an image needs it
    prepare_production()
