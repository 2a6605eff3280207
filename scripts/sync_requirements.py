"""`scripts/sync_requirements.sh`: raises the versions of requirements.txt to those of requirements-dev.txt.

Only newer versions, and only of packages that stand in both files; nothing else of the file changes. It needs no
network and no virtual environment.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from scripts import pins
from scripts.common import run_main, say
from scripts.environment import DEVELOPMENT, PRODUCTION
from scripts.pins import Pin


@dataclass(frozen=True)
class Comparison:
    """What the two files say of the packages that stand in both."""

    raised: dict[Pin, str]  # pins of production, with the newer version of development
    ahead: dict[Pin, str]  # pins of production that are newer already
    only_development: list[str]


def compare(production: str, development: str) -> Comparison:
    theirs = pins.pins(development)
    pairs = {pin: _counterpart(pin, theirs) for pin in pins.pins(production)}
    return Comparison(
        {pin: version for pin, version in pairs.items() if pins.is_newer(version, pin.version)},
        {pin: version for pin, version in pairs.items() if pins.is_newer(pin.version, version)},
        sorted(pins.names(development) - pins.names(production)),
    )


def _counterpart(pin: Pin, theirs: Sequence[Pin]) -> str:
    """The version that development pins for the same case; its own where that is not one version."""
    same_package = [other for other in theirs if other.name == pin.name]
    same_case = {other.version for other in same_package if other.marker == pin.marker}
    versions = same_case or {other.version for other in same_package}
    return versions.pop() if len(versions) == 1 else pin.version


def synced(production: str, development: str) -> str:
    """The text of requirements.txt as this script leaves it."""
    return pins.rewritten(production, compare(production, development).raised)


def report(found: Comparison, check: bool) -> None:
    for pin, version in found.raised.items():
        say(f"{'To raise' if check else 'Raised'}: {pin.name} {pin.version} → {version}")
    for pin, version in found.ahead.items():
        say(f"Left alone: {pin.name} {pin.version}, which is newer than {version} in {DEVELOPMENT.name}")
    say(f"Only in {DEVELOPMENT.name}: {', '.join(found.only_development) or 'nothing'}")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/sync_requirements.sh", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 when out of step")
    check = parser.parse_args(arguments).check
    text, other = (file.read_bytes().decode() for file in (PRODUCTION, DEVELOPMENT))
    found = compare(text, other)
    report(found, check)
    if not found.raised:
        say(f"{PRODUCTION.name} is in step with {DEVELOPMENT.name}.")
        return 0
    if check:
        say(f"{PRODUCTION.name} is out of step. Run scripts/sync_requirements.sh.")
        return 1
    PRODUCTION.write_bytes(pins.rewritten(text, found.raised).encode())
    say(f"{len(found.raised)} updated in {PRODUCTION.name}. Run the tests, then commit both files.")
    return 0


if __name__ == "__main__":
    run_main(main)
