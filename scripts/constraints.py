"""Write scripts/constraints.txt: the version of every package that comes with those of the requirements files.

    python -m scripts.constraints python3.11 python3.12 python3.13

asks pip of each interpreter what it would install (it installs nothing), and notes where they differ. Run it after a
change of a requirements file; pip reads the result by the `-c` line in both.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from scripts.common import ROOT, ScriptError, say

FILE = ROOT / "scripts" / "constraints.txt"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
HEAD = """# What comes along with the packages of both requirements files, for Python {oldest} to {newest}.
# Written by `python -m scripts.constraints`; do not edit by hand.
"""
# What only Windows needs, which nobody's pip on another system asks for: a version that does for all.
ON_WINDOWS = {"colorama": "0.4.6", "tzdata": "2026.6"}
Versions = dict[str, str]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("interpreter", nargs="+", help="the oldest first")
    found = dict(resolve(interpreter) for interpreter in parser.parse_args(arguments).interpreter)
    FILE.write_text(as_text(found, pinned()), encoding="utf-8")
    say(f"{FILE.relative_to(ROOT)}: {len(set().union(*found.values()) - pinned())} packages")
    return 0


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned() -> set[str]:
    """Names in the requirements files: their versions stand there."""
    lines = [line for file in REQUIREMENTS for line in (ROOT / file).read_text().splitlines()]
    return {normal(re.split(r"[\[=]", line)[0]) for line in lines if line and line[0] not in "#-"}


def resolve(interpreter: str) -> tuple[str, Versions]:
    """(its version, package → version). Leaves out mysqlclient, which has to be compiled and needs nothing else."""
    with tempfile.TemporaryDirectory(prefix="rod-constraints-") as folder:
        wanted, report = Path(folder) / "wanted.txt", Path(folder) / "report.json"
        lines = [line for file in REQUIREMENTS for line in (ROOT / file).read_text().splitlines()]
        wanted.write_text("\n".join(line for line in lines if not line.startswith(("mysqlclient", "-c"))))
        _run(interpreter, "-m", "venv", f"{folder}/venv")
        asked = ["--dry-run", "--ignore-installed", "--report", str(report), "-r", str(wanted)]
        _run(f"{folder}/venv/bin/python", "-m", "pip", "install", "-q", *asked)
        version = _run(interpreter, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").strip()
        packages = [entry["metadata"] for entry in json.loads(report.read_text())["install"]]
    return version, {normal(package["name"]): package["version"] for package in packages}


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ScriptError(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
    return done.stdout


def as_text(found: Mapping[str, Versions], leave_out: set[str]) -> str:
    """A line a package; where the Pythons differ, a line for each version with its marker."""
    names = sorted(set().union(*found.values()) - leave_out)
    lines = [line for name in names for line in _lines(name, found)]
    windows = [f'{name}=={version}; sys_platform == "win32"' for name, version in ON_WINDOWS.items()]
    return (
        HEAD.format(oldest=next(iter(found)), newest=list(found)[-1]) + "\n".join([*lines, *windows]) + "\n"
    )


def _lines(name: str, found: Mapping[str, Versions]) -> list[str]:
    versions = {python: packages.get(name) for python, packages in found.items()}
    if len(set(versions.values())) == 1:
        return [f"{name}=={next(iter(versions.values()))}"]
    return [
        f'{name}=={version}; python_version == "{python}"' for python, version in versions.items() if version
    ]


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ScriptError as error:
        say(str(error))
        sys.exit(1)
