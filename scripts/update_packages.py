"""`scripts/update_packages.sh`: shows the outdated packages of requirements-dev.txt, and updates those you choose.

It writes their versions into requirements-dev.txt and what comes along with them into scripts/constraints.txt, both or
neither. Then: test, scripts/sync_requirements.sh, commit (.github/CONTRIBUTING.md, "To update packages").
"""

import argparse
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts import constraints, environment, pins
from scripts.common import ScriptError, run, run_main, say
from scripts.environment import DEVELOPMENT, PRODUCTION
from scripts.setup import on_terminal

Ask = Callable[[str], str]


@dataclass(frozen=True)
class Update:
    pin: pins.Pin
    version: str

    def __str__(self) -> str:
        return f"{self.pin.name} {self.pin.version} → {self.version}"


def outdated() -> dict[str, str]:
    """Ask pip for the newest version of every installed package that has a newer one."""
    command: list[str | Path] = [environment.python(), "-m", "pip", "list", "--outdated", "--format=json"]
    problem = "pip could not look for newer versions:"
    answer = run([*command, "--disable-pip-version-check"], problem)
    return {pins.normal(package["name"]): package["latest_version"] for package in json.loads(answer)}


def updates(text: str, newest: dict[str, str]) -> list[Update]:
    """What the file pins in an older version than the newest."""
    return [
        Update(pin, newest[pin.name])
        for pin in pins.pins(text)
        if pin.name in newest and pins.is_newer(newest[pin.name], pin.version)
    ]


def choose(found: Sequence[Update], ask: Ask) -> list[Update]:
    """Ask until the answer makes sense: numbers, names, `all`, or nothing at all."""
    for number, update in enumerate(found, start=1):
        say(f"{number:>4}  {update}")
    while True:
        try:
            return chosen(found, ask("Update which? (numbers or names, 'all', Enter for none): "))
        except ScriptError as error:
            say(str(error))


def chosen(found: Sequence[Update], answer: str) -> list[Update]:
    """The updates that an answer names: `1 3-5 django`, `all`."""
    wanted: set[int] = set()
    for word in answer.replace(",", " ").split():
        wanted |= _places(found, word)
    return [update for place, update in enumerate(found) if place in wanted]


def _places(found: Sequence[Update], word: str) -> set[int]:
    if word.lower() == "all":
        return set(range(len(found)))
    if match := re.fullmatch(r"(\d+)(?:-(\d+))?", word):
        first, last = int(match[1]), int(match[2] or match[1])
        if 1 <= first <= last <= len(found):
            return set(range(first - 1, last))
        raise ScriptError(f"There is no {word}: the list goes from 1 to {len(found)}.")
    places = {place for place, update in enumerate(found) if update.pin.name == pins.normal(word)}
    if not places:
        raise ScriptError(f"{word} is not in the list.")
    return places


def update(wanted: Sequence[Update]) -> None:
    """Write both files; when pip cannot install the versions together, leave both as they were."""
    before = DEVELOPMENT.read_bytes()
    text = pins.rewritten(before.decode(), {update.pin: update.version for update in wanted})
    DEVELOPMENT.write_bytes(text.encode())
    say("Looking for what comes along with them …")
    try:
        constraints.write(constraints.interpreters())
    except BaseException:
        DEVELOPMENT.write_bytes(before)
        say(f"{DEVELOPMENT.name} stays as it was.")
        raise
    for one_update in wanted:
        say(f"Updated: {one_update}")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/update_packages.sh", description=__doc__)
    parser.add_argument("package", nargs="*", help="update these without asking")
    parser.add_argument("--all", action="store_true", help="update all without asking")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit with 1 when some are outdated"
    )
    options = parser.parse_args(arguments)
    if not environment.python().exists():
        raise ScriptError("There is no virtual environment yet. Run scripts/dev.sh first, then this again.")
    newest = outdated()
    found = updates(DEVELOPMENT.read_bytes().decode(), newest)
    mention_production(newest)
    if not found:
        say(f"Every package of {DEVELOPMENT.name} is up to date.")
        return 0
    return act(options, found)


def act(options: argparse.Namespace, found: Sequence[Update]) -> int:
    if options.all or options.package:
        wanted = chosen(found, "all" if options.all else " ".join(options.package))
    elif options.check or not on_terminal():
        for outdated_package in found:
            say(str(outdated_package))
        say("Update them with: scripts/update_packages.sh --all, or by name.")
        return 1 if options.check else 0
    else:
        wanted = choose(found, input)
    if not wanted:
        say("Nothing was updated.")
        return 0
    update(wanted)
    say(
        "Next: scripts/dev.sh --no-serve installs them; then scripts/test.sh and scripts/sync_requirements.sh."
    )
    return 0


def mention_production(newest: dict[str, str]) -> None:
    """What stands in requirements.txt alone is raised there, by hand: it runs in production only."""
    development = pins.names(DEVELOPMENT.read_text(encoding="utf-8"))
    for outdated_package in updates(PRODUCTION.read_text(encoding="utf-8"), newest):
        if outdated_package.pin.name not in development:
            say(f"Only in {PRODUCTION.name}, to be raised there by hand: {outdated_package}")


if __name__ == "__main__":
    run_main(main)
