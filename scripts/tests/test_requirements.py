"""The two requirements files with their constraints: whole for Python 3.11 to 3.13, and installable on their own."""

import itertools
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from scripts import test
from scripts.common import ROOT
from scripts.constraints import FILE, normal
from scripts.pytest_services import need

PYTHONS = ("3.11", "3.12", "3.13")
SYSTEMS = ("linux", "win32")
FILES = ("requirements.txt", "requirements-dev.txt")
# What production imports at its start, beside what `manage.py check` does.
STARTS = "import rod.asgi, rod.wsgi, rodbot.client, discord, gunicorn.app.wsgiapp, uvicorn, MySQLdb, psycopg, redis"


def lines(path: Path) -> Iterator[Requirement]:
    for line in path.read_text().splitlines():
        if line and line[0] not in "#-":
            yield Requirement(line)


def environment(python: str, system: str) -> dict[str, str]:
    return {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": system,
        "extra": "",
    }


def applies(requirement: Requirement, where: dict[str, str], extras: set[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate(where | {"extra": extra}) for extra in extras | {""})


def needed(file: str, where: dict[str, str]) -> dict[str, list[Requirement]]:
    """Every package that installing this file there brings, with who asks for it how."""
    found: dict[str, list[Requirement]] = {}
    waiting = [requirement for requirement in lines(ROOT / file) if applies(requirement, where, set())]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        name = normal(requirement.name)
        found.setdefault(name, []).append(requirement)
        if (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        try:
            brought = requires(name) or []
        except PackageNotFoundError:  # what another system or Python needs: it is not here to be asked
            continue
        waiting += [
            each for each in map(Requirement, brought) if applies(each, where, set(requirement.extras))
        ]
    return found


def locked(where: dict[str, str]) -> dict[str, Version]:
    pins = itertools.chain(*(lines(ROOT / file) for file in FILES), lines(FILE))
    return {
        normal(pin.name): Version(str(pin.specifier).removeprefix("=="))
        for pin in pins
        if applies(pin, where, set())
    }


@pytest.mark.req("CARD-02")
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("file", FILES)
def test_every_package_that_comes_along_has_one_version(file: str, system: str, python: str) -> None:
    where = environment(python, system)
    versions = locked(where)
    for name, asked in needed(file, where).items():
        assert name in versions, f"run `python -m scripts.constraints`: {name} is locked nowhere"
        for requirement in asked:
            assert requirement.specifier.contains(versions[name], prereleases=True), (name, requirement)


def test_constraints_name_nothing_twice_and_nothing_that_is_pinned() -> None:
    pinned = {normal(pin.name) for file in FILES for pin in lines(ROOT / file)}
    names = [normal(pin.name) for pin in lines(FILE)]
    assert not pinned & set(names)
    for python, system in itertools.product(PYTHONS, SYSTEMS):
        there = [normal(pin.name) for pin in lines(FILE) if applies(pin, environment(python, system), set())]
        assert len(there) == len(set(there))


@pytest.mark.parametrize("file", FILES)
def test_both_files_name_the_constraints(file: str) -> None:
    assert re.findall(r"^-c (.+)$", (ROOT / file).read_text(), re.MULTILINE) == ["scripts/constraints.txt"]


@pytest.mark.req("S002-08")
def test_the_backends_folder_installs_the_same() -> None:
    """By its own name there; here nothing is left to install."""
    assert (ROOT / "backend" / "requirements.txt").read_text() == "-r ../requirements.txt\n"
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "-r", "requirements.txt"]
    done = subprocess.run(
        command, cwd=ROOT / "backend", capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert "Would install" not in done.stdout


def pythons() -> list[str]:
    found = {version: shutil.which(f"python{version}") for version in PYTHONS}
    return [sys.executable, *(path for version, path in found.items() if path and version not in sys.version)]


@pytest.mark.long
@pytest.mark.timeout(580)
@pytest.mark.req("CARD-02", "S002-08")
@pytest.mark.parametrize("python", pythons())
def test_a_real_environment_from_both_files(python: str, tmp_path: Path) -> None:
    """As on a new machine: installed, consistent, Django content, the processes importable, no test tool missing."""
    need(
        test.parts()["mariadb"].there,
        "MariaDB's headers, which mysqlclient compiles against, are not installed",
    )
    runs = subprocess.run([python, "-c", "import venv, ensurepip"], capture_output=True, check=False)
    need(runs.returncode == 0, f"{python} makes no environments")
    made = tmp_path / "venv"
    inside = made / "bin" / "python"
    run(python, "-m", "venv", str(made))
    for file in ("backend/requirements.txt", "requirements-dev.txt"):
        run(str(inside), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", str(ROOT / file))
    run(str(inside), "-m", "pip", "check")
    paths = {
        "PYTHONPATH": "backend:bot",
        "SECRET_KEY": "s" * 60,
        "API_KEY": "k" * 40,
        "PATH": "/usr/bin:/bin",
    }
    env = paths | {
        "ENV": "development",
        "DJANGO_SETTINGS_MODULE": "rod.settings",
        "DB_NAME": f"{tmp_path}/db",
    }
    run(str(inside), "-c", f"import django; django.setup(); {STARTS}", env=env)
    run(str(inside), "backend/manage.py", "check", env=env)
    run(str(inside), "-m", "pytest", "-q", "backend/rules/tests/test_ids.py", env=env)


def run(*command: str, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
