"""Write scripts/constraints.txt: the version of every package that comes with those of the requirements files.

    python -m scripts.constraints python3.11 python3.12 python3.13

asks pip of each interpreter what it would install (it installs nothing), and notes where they differ. A Python that is
not on this machine keeps what was noted for it, with the versions that the others agree on. Run it after a change of
a requirements file; pip reads the result by the `-c` line in both. `scripts/update_packages.sh` does it by itself.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts import pins
from scripts.common import ROOT, WINDOWS, run, run_main, say
from scripts.environment import DEVELOPMENT, PRODUCTION
from scripts.pins import normal
from scripts.sync_requirements import synced

FILE = ROOT / "scripts" / "constraints.txt"
PYTHONS = ("3.11", "3.12", "3.13")
HEAD = """# What comes along with the packages of both requirements files, for Python {oldest} to {newest}.
# Written by `python -m scripts.constraints`; do not edit by hand.
"""
# What only Windows needs, which nobody's pip on another system asks for: a version that does for all.
ON_WINDOWS = {"colorama": "0.4.6"}
Versions = dict[str, str]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("interpreter", nargs="*", help="all of the Pythons that are here, unless named")
    write(parser.parse_args(arguments).interpreter or interpreters())
    return 0


def interpreters() -> list[str]:
    """Find a Python of each version that we support; this one counts."""
    ours = "{}.{}".format(*sys.version_info)
    found = [sys.executable if python == ours else shutil.which(f"python{python}") for python in PYTHONS]
    return [path for path in found if path]


def write(asked: Sequence[str]) -> None:
    """Ask every interpreter, and write the file."""
    development = DEVELOPMENT.read_text(encoding="utf-8")
    wanted = development + synced(PRODUCTION.read_text(encoding="utf-8"), development)
    found = dict(resolve(interpreter, wanted) for interpreter in asked)
    if missing := [python for python in PYTHONS if python not in found]:
        say(f"Not on this machine: Python {', '.join(missing)}. CI tells whether they need something else.")
    found |= guess(missing, found, FILE.read_text(encoding="utf-8"))
    named = pins.names(wanted)
    FILE.write_text(as_text(dict(sorted(found.items())), named), encoding="utf-8")
    say(f"{FILE.relative_to(ROOT)}: {len(set().union(*found.values()) - named)} packages")


def guess(missing: Sequence[str], found: Mapping[str, Versions], text: str) -> dict[str, Versions]:
    """What was noted for Pythons that are not here, in the versions of those that are."""
    now = {name: version for packages in found.values() for name, version in packages.items()}
    before = pins.pins(text)
    here, noted = list(found), {}
    for python in missing:
        special = {pin.name: pin.version for pin in before if f'python_version=="{python}"' in pin.marker}
        common = {
            name: version
            for name, version in now.items()
            if all(name in packages for packages in found.values()) and not _is_special(name, before, here)
        }
        noted[python] = common | {name: now.get(name, version) for name, version in special.items()}
    return noted


def _is_special(name: str, before: Sequence[pins.Pin], here: Sequence[str]) -> bool:
    """Whether the package was noted for a Python that is here, and not for all."""
    return any(pin.name == name and any(python in pin.marker for python in here) for pin in before)


def resolve(interpreter: str, wanted: str) -> tuple[str, Versions]:
    """(its version, package → version). Leaves out mysqlclient, which has to be compiled and needs nothing else."""
    with tempfile.TemporaryDirectory(prefix="rod-constraints-") as folder:
        file, report = Path(folder) / "wanted.txt", Path(folder) / "report.json"
        lines = [line for line in wanted.splitlines() if not line.startswith(("mysqlclient", "-c"))]
        file.write_text("\n".join(lines), encoding="utf-8")
        run([interpreter, "-m", "venv", f"{folder}/venv"], f"{interpreter} makes no environment:")
        python = Path(folder) / "venv" / ("Scripts/python.exe" if WINDOWS else "bin/python")
        asked: list[str | Path] = ["--dry-run", "--ignore-installed", "--report", report, "-r", file]
        problem = f"With {interpreter}, pip cannot install these versions together:"
        run([python, "-m", "pip", "install", "-q", *asked], problem)
        version = run([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], "").strip()
        packages = [entry["metadata"] for entry in json.loads(report.read_text())["install"]]
    return version, {normal(package["name"]): package["version"] for package in packages}


def as_text(found: Mapping[str, Versions], leave_out: set[str]) -> str:
    """A line a package; where the Pythons differ, a line for each version with its marker."""
    names = sorted(set().union(*found.values()) - leave_out)
    lines = [line for name in names for line in _lines(name, found)]
    windows = [f'{name}=={version}; sys_platform == "win32"' for name, version in ON_WINDOWS.items()]
    head = HEAD.format(oldest=next(iter(found)), newest=list(found)[-1])
    return head + "\n".join([*lines, *windows]) + "\n"


def _lines(name: str, found: Mapping[str, Versions]) -> list[str]:
    versions = {python: packages.get(name) for python, packages in found.items()}
    if len(set(versions.values())) == 1:
        return [f"{name}=={next(iter(versions.values()))}"]
    return [
        f'{name}=={version}; python_version == "{python}"' for python, version in versions.items() if version
    ]


if __name__ == "__main__":
    run_main(main)
