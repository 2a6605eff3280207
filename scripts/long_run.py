"""`scripts/test.sh --long`: what takes longer than a run of everything may, in parts of under ten minutes each.

scripts/test.sh --long             every part that is not done yet for this commit: break it off, and run it again
scripts/test.sh --long fuzz soak   these parts alone, done or not; "requests mariadb 1/2" is one of them
scripts/test.sh --long --list      what there is, and how it ended
scripts/test.sh --long --write     keeps the results in docs/BENCHMARKS.md too
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from scripts import environment
from scripts.common import CODE, ROOT, RUN, ScriptError, say, spawn, stop

STATE = RUN / "long.json"
DOCUMENT = ROOT / "docs" / "BENCHMARKS.md"
BEGIN, END = "<!-- long run -->", "<!-- end of long run -->"
LIMIT = 600  # seconds of a part
PYTEST = ("-m", "pytest", "-q", "--long")
PARALLEL = (*PYTEST, "-n", "auto")
COVERAGE = RUN / "coverage"
# Of all parts together; the last line is the total.
REPORT = """
from coverage.cmdline import main
main(["combine", "--keep", "--quiet", "--data-file=.run/coverage/all", ".run/coverage"])
raise SystemExit(main(["report", "--data-file=.run/coverage/all"]))
"""
DATABASES = ("sqlite", "mariadb", "postgres")
REQUESTS, FRAMES, REQUEST_PARTS = 40_000, 60_000, 2  # on each database
FUZZ = (
    "backend/api/tests/test_fuzz.py",
    "backend/bot/tests/test_fuzz.py",
    "backend/chronicle/tests/test_evaluator.py",
    "backend/contract/tests/test_lookup.py",
    "backend/gateway/tests/test_frames.py",
    "backend/gateway/tests/test_fuzz.py",
    "backend/haven/tests/test_state_machine.py",
    "backend/rules/tests",
    "bot/tests/rodbot/test_cards.py",
    "bot/tests/rodbot/test_text.py",
)


@dataclass(frozen=True)
class Part:
    """`command`: arguments of the virtual environment's Python. `group`: the word that calls for it."""

    group: str
    number: str
    what: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.group} {self.number}".strip()


@dataclass(frozen=True)
class Result:
    good: bool
    words: str
    seconds: int
    date: str


Results = dict[str, Result]


def shards(group: str, count: int, what: str, *command: str, **env: str) -> list[Part]:
    """Split the same tests into so many parts."""
    numbers = [f"{number}/{count}" for number in range(1, count + 1)]
    return [Part(group, number, what, (*command, "--shard", number), env) for number in numbers]


def requests(database: str) -> list[Part]:
    """A hundred thousand on this database; each part draws others."""
    tests = ("backend/rod/tests/matrix/test_fuzz.py", "backend/gateway/tests/test_fuzz.py")
    command = (*PYTEST, "-n", "2", *tests, "-k", "our_own_fault or of_thousands", "--database", database)
    much = {"REQUESTS": str(REQUESTS // REQUEST_PARTS), "FRAMES": str(FRAMES // REQUEST_PARTS)}
    what = f"{REQUESTS + FRAMES:,} requests and frames in {REQUEST_PARTS} parts: none is answered by our own fault"
    return [
        Part("requests", f"{database} {number}/{REQUEST_PARTS}", what, command, much | {"SEED": str(number)})
        for number in range(1, REQUEST_PARTS + 1)
    ]


def storm(database: str) -> Part:
    command = (*PYTEST, "bot/tests/faults/test_writers.py", "--database", database)
    return Part("storm", database, "10,000 operations of 16 writers at one character", command)


def parts() -> list[Part]:
    """In the order in which they run."""
    every = "every test that touches the database"
    measured = ("-m", "coverage", "run", *PARALLEL, "backend", "bot")
    return [
        *shards("mariadb", 3, every, *PARALLEL, "--database", "mariadb", "backend"),
        *shards("postgres", 3, every, *PARALLEL, "--database", "postgres", "backend"),
        *shards("fuzz", 12, "twenty times the tries, others in every run", *PARALLEL, *FUZZ, FUZZ="20"),
        *(part for database in DATABASES for part in requests(database)),
        *shards("faults", 3, "processes die and come back, guilds of thousands", *PYTEST, "bot/tests/faults"),
        *(storm(database) for database in DATABASES),
        *shards(
            "marked",
            6,
            "whatever else is marked long",
            *PARALLEL,
            "-m",
            "long",
            "--ignore",
            "bot/tests/faults",
        ),
        Part("black", "", "Black would change no file", ("-m", "black", "--check", "--diff", *CODE)),
        Part(
            "soak", "", "memory over four minutes", ("-m", "scripts.bench", "soak", "--quick", "--soak", "4")
        ),
        *shards("coverage", 5, "lines that the tests reach", *measured),
        Part(
            "coverage", "total", "lines that the tests reach", ("-m", "coverage", "report", "--format=total")
        ),
    ]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/test.sh --long",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("groups", nargs="*", metavar="part")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    if set(options.groups) - {name for part in parts() for name in (part.group, part.name)}:
        parser.error(f"there are these parts: {', '.join(sorted({part.group for part in parts()}))}")
    results = load()
    COVERAGE.mkdir(parents=True, exist_ok=True)
    if not options.list:
        for part in wanted(options.groups, results):
            results[part.name] = run(part)
            save(results)
    return close(results, options.write)


def wanted(groups: Sequence[str], results: Results) -> list[Part]:
    if groups:
        return [part for part in parts() if {part.group, part.name} & set(groups)]
    return [part for part in parts() if part.name not in results or not results[part.name].good]


def run(part: Part) -> Result:
    say(f"\n{part.name}: {part.what}")
    began = time.monotonic()
    process = spawn([environment.python(), *part.command], env=os.environ | dict(part.env))
    try:
        output, _ = process.communicate(timeout=LIMIT)
        code = process.returncode
    except subprocess.TimeoutExpired:
        output, code = f"took more than {LIMIT} s", 1
    finally:
        stop(process)
    lines = [line for line in re.sub(r"\x1b\[[\d;]*m", "", output).splitlines() if line.strip()]
    last = lines[-1].strip("= ") if lines else "said nothing"
    say(last if code == 0 else output)
    return Result(code == 0, last, round(time.monotonic() - began), date.today().isoformat())


def commit() -> str:
    asked = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()


def load() -> Results:
    """What is done for this commit; of another one nothing counts."""
    kept = json.loads(STATE.read_text()) if STATE.is_file() else {}
    if kept.get("commit") != commit():
        shutil.rmtree(COVERAGE, ignore_errors=True)
        return {}
    return {name: Result(**result) for name, result in kept["results"].items()}


def save(results: Results) -> None:
    STATE.parent.mkdir(exist_ok=True)
    kept = {"commit": commit(), "results": {name: asdict(result) for name, result in results.items()}}
    STATE.write_text(json.dumps(kept, indent=1))


def close(results: Results, write: bool) -> int:
    rows = in_markdown(results)
    say(f"\n{rows}")
    if write:
        put_in(DOCUMENT, rows)
    return 0 if all(result.good for result in results.values()) else 1


def in_markdown(results: Results) -> str:
    rows: list[tuple[str, ...]] = [("part", "what", "result", "seconds", "date"), ("---",) * 5]
    before = rows_in(DOCUMENT)
    for part in parts():
        done = results.get(part.name)
        ended = (
            (done.words, str(done.seconds), done.date)
            if done
            else before.get(part.name, ("not run yet", "", ""))
        )
        rows.append((part.name, part.what, *ended))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def rows_in(document: Path) -> dict[str, tuple[str, ...]]:
    """How each part ended last, by what is kept: it stands with its date until the part ends again."""
    text = document.read_text(encoding="utf-8") if document.is_file() else ""
    lines = text.partition(BEGIN)[2].partition(END)[0].splitlines()
    cells = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    return {row[0]: row[2:] for row in cells if len(row) == 5}


def put_in(document: Path, rows: str) -> None:
    """Replace what stands between the two marks."""
    text = document.read_text(encoding="utf-8")
    before, mark, rest = text.partition(BEGIN)
    if not mark or END not in rest:
        raise ScriptError(f"{document.name} has no place for the long run: {BEGIN} … {END}")
    document.write_text(f"{before}{BEGIN}\n{rows}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
