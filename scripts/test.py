"""`scripts/test.sh`: everything that must be green, from a fresh clone, in one command.

With arguments it runs pytest alone, on SQLite, with those arguments: `scripts/test.sh backend/haven -k undo`.
`scripts/test.sh --long` runs what takes longer, in parts (`scripts.long_run`).
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from scripts import environment, long_run, node, services
from scripts.common import BACKEND, BOT, CODE, ROOT, ScriptError, say, spawn, stop
from scripts.environment_for_tests import environment_for_tests

PATHS = os.pathsep.join(str(path) for path in (BACKEND, BOT, ROOT))
DEPLOYED_WITH = ("nginx", "caddy", "docker-compose")
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)")
CLOSING = re.compile(r"^=*\s*(?=.*\b(?:passed|failed|error|errors|no tests ran)\b).* in [\d.]+s.*$")


@dataclass(frozen=True)
class Job:
    """One program of the run, which takes one processor. `first` makes ready what it alone needs."""

    name: str
    command: list[str]
    env: Mapping[str, str]
    first: Callable[[], object] = lambda: None


@dataclass
class Part:
    """Something of the system that part of the tests need."""

    name: str
    there: object
    packages: list[str]
    without: str


def main(arguments: Sequence[str]) -> int:
    began = time.monotonic()
    if not environment.can_make() and environment.apt_install([environment.venv_package()]):
        say(f"Installed {environment.venv_package()}.")
    # Dozens of processes start from here: none should compile what another one has.
    os.environ["PYTHONDONTWRITEBYTECODE"] = ""
    if arguments and arguments[0] != "--long":
        environment.prepare()
        return subprocess.run(
            [str(environment.python()), "-m", "pytest", *arguments], cwd=ROOT, check=False
        ).returncode
    missing = prepare(for_long_run=bool(arguments))
    if arguments:
        if "mariadb" not in missing:
            compile_driver()
        return long_run.main(arguments[1:])
    counts = dict.fromkeys(("passed", "failed", "skipped"), 0)
    broken = run_everything(missing, counts)
    return close(broken, missing, counts, time.monotonic() - began)


def prepare(for_long_run: bool = False) -> dict[str, str]:
    """Install what all the tests need, packages of Python beside those of the system; see `missing_parts`."""
    with ThreadPoolExecutor(1) as beside:
        system = beside.submit(install_beside, for_long_run)
        environment.prepare()
        system.result()
    return missing_parts(for_long_run)


def run_everything(missing: Mapping[str, str], counts: dict[str, int]) -> list[str]:
    """Run the tests on SQLite and, beside them, the other jobs; returns the names of what failed.

    Three processes for two processors work on SQLite, as those tests often wait for a browser or a server, and half
    as many jobs as processors run beside them.
    """
    others = dict.fromkeys(counts, 0)
    with tempfile.TemporaryDirectory(prefix="rod-checks-") as folder, ThreadPoolExecutor(1) as beside:
        env = os.environ | environment_for_tests(Path(folder)) | {"PYTHONPATH": PATHS}
        at_once = max(1, processors() // 2)
        jobs = beside.submit(run_jobs, [*checks(env, missing), *engines(missing)], others, at_once)
        works = run_on_sqlite(counts)
        broken = jobs.result()
    for word, number in others.items():
        counts[word] += number
    return broken if works else [*broken, "pytest on sqlite"]


def processors() -> int:
    return os.cpu_count() or 1


def parts(for_long_run: bool = False) -> dict[str, Part]:
    """By name; `mariadb` and `postgres` are at once the names of the runs that need them."""
    driver = environment.has(environment.mysqlclient_pin())
    deployed = {
        name: Part(name, shutil.which(name), [name], f"the tests of docs/deploy with {name}")
        for name in (DEPLOYED_WITH if for_long_run else ())
    }
    return deployed | {
        "redis": Part("Redis", services.redis_binary(), ["redis-server"], "the tests that need a real Redis"),
        "chromium": Part("Chromium", services.chromium_binary(), ["chromium"], "the tests in a browser"),
        "node": Part(
            "Node 20.19", node.there(), ["nodejs", "npm"], "the checks and tests of the pages' scripts"
        ),
        "curl": Part(
            "curl and jq",
            shutil.which("curl") and shutil.which("jq"),
            ["curl", "jq"],
            "the test of the examples in docs/CHAT.md",
        ),
        "postgres": Part("PostgreSQL", services.postgres_folder(), ["postgresql"], "the run on PostgreSQL"),
        "mariadb": Part(
            "MariaDB with its headers",
            services.mariadb_binary() and shutil.which("mariadb-install-db") and (driver or _can_compile()),
            ["mariadb-server", "libmariadb-dev", "pkg-config", "gcc", "libc6-dev", *_python_headers()],
            "the run on MariaDB",
        ),
    }


def _can_compile() -> bool:
    tools = all(shutil.which(tool) for tool in ("gcc", "pkg-config"))
    headers = any(shutil.which(tool) for tool in ("mariadb_config", "mysql_config"))
    return tools and headers and not _python_headers()


def _python_headers() -> list[str]:
    if (Path(sysconfig.get_path("include")) / "Python.h").exists():
        return []
    return [f"python{sys.version_info.major}.{sys.version_info.minor}-dev"]


def install_beside(for_long_run: bool) -> None:
    install_packages(for_long_run)
    if node.there():
        node.install()


def install_packages(for_long_run: bool = False) -> None:
    """Install what the system lacks, where that needs no password."""
    lacking = [part for part in parts(for_long_run).values() if not part.there]
    packages = [package for part in lacking for package in part.packages] + quicker()
    if packages:
        say(f"Installing system packages: {' '.join(packages)} …")
        environment.apt_install(packages)


def missing_parts(for_long_run: bool = False) -> dict[str, str]:
    """Return what is missing after all: name of the part → what will not run."""
    missing = {name: _sentence(part) for name, part in parts(for_long_run).items() if not part.there}
    if "node" not in missing and not node.install():
        missing["node"] = (
            "NOT RUN: the checks and tests of the pages' scripts. npm could not install their packages."
        )
    for sentence in missing.values():
        say(f"!! {sentence}")
    return missing


def quicker() -> list[str]:
    """The browser without a window, where Debian has it for us: the tests in a browser take half the time with it."""
    if services.headless_shell() or environment.apt_prefix() is None or not shutil.which("apt-cache"):
        return []
    asked = ["apt-cache", "show", "-q", services.HEADLESS_SHELL]
    known = subprocess.run(asked, capture_output=True, check=False).returncode == 0
    return [services.HEADLESS_SHELL] if known else []


def _sentence(part: Part) -> str:
    return (
        f"NOT RUN: {part.without}. Missing: {part.name} (Debian: sudo apt install {' '.join(part.packages)})"
    )


def checks(env: Mapping[str, str], missing: Mapping[str, str]) -> list[Job]:
    python, manage = str(environment.python()), str(BACKEND / "manage.py")
    commands = {
        "mypy": [python, "-m", "mypy", "backend", "bot", "scripts"],
        "layers": [python, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        "black": [python, "-m", "scripts.formatted"],
        "ruff": [python, "-m", "ruff", "check", "--quiet", *CODE],
        "djlint": [python, "-m", "djlint", "--check", "--lint", "backend"],
        "django check": [python, manage, "check", "--fail-level", "WARNING"],
        "migrations": [python, manage, "makemigrations", "--check", "--dry-run"],
    }
    if "node" not in missing:
        commands |= node.commands(environment.python())
    return [Job(name, command, env) for name, command in commands.items()]


def engines(missing: Mapping[str, str]) -> list[Job]:
    """What depends on the database engine, on the two that the rest of the tests do not see."""
    # Nothing of theirs is asked by schemathesis, whose plugin takes a second to read.
    command = [str(environment.python()), "-m", "pytest", "-q", "-p", "no:schemathesis"]
    command += [*marked_modules(), "--database"]
    drivers = {"mariadb": compile_driver, "postgres": lambda: None}
    return [
        Job(f"pytest on {database}", [*command, database], os.environ, driver)
        for database, driver in drivers.items()
        if database not in missing
    ]


def compile_driver() -> None:
    """MariaDB's, which nothing else of the run waits for."""
    if not environment.has(environment.mysqlclient_pin()):
        environment.pip("install", environment.mysqlclient_pin())


def marked_modules() -> list[str]:
    """The others need not even be read."""
    tests = sorted(path for part in (BACKEND, BOT) for path in part.glob("**/tests/**/test_*.py"))
    return [
        str(path.relative_to(ROOT)) for path in tests if "mark.engine" in path.read_text(encoding="utf-8")
    ]


def run_jobs(jobs: Sequence[Job], counts: dict[str, int], at_once: int) -> list[str]:
    """So many at a time; returns the names of those that failed.

    The words of each come when it ends, and only when it failed.
    """
    broken = []
    with ThreadPoolExecutor(at_once) as pool:
        running = {pool.submit(_run, job): job.name for job in jobs}
        for future in as_completed(running):
            code, words, seconds = future.result()
            name = running[future]
            tally(words, counts)
            say(f"{'FAILED' if code else '  ok  '}  {name}  ({seconds:.0f} s)")
            if code:
                broken.append(name)
                say(words)
    return broken


def _run(job: Job) -> tuple[int, str, float]:
    began = time.monotonic()
    try:
        job.first()
    except ScriptError as error:
        return 1, str(error), time.monotonic() - began
    done = subprocess.run(job.command, cwd=ROOT, env=job.env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr, time.monotonic() - began


def run_on_sqlite(counts: dict[str, int]) -> bool:
    """Everything, its words as they come."""
    say("\npytest on sqlite, and beside it what is marked ok or FAILED")
    color = "yes" if sys.stdout.isatty() else "no"
    options = ["-q", "-n", str(processors() * 3 // 2), f"--color={color}"]
    process = spawn([environment.python(), "-m", "pytest", *options])
    words = []
    try:
        for line in process.stdout or ():
            say(line.rstrip("\n"))
            words.append(line)
        code = process.wait()
    finally:
        stop(process)
    tally("".join(words), counts)
    return code == 0


def tally(words: str, counts: dict[str, int]) -> None:
    """Add what pytest's closing line says, if there is one."""
    plain = [re.sub(r"\x1b\[[\d;]*m", "", line).strip() for line in words.splitlines()]
    closing = next((line for line in reversed(plain) if CLOSING.match(line)), "")
    for number, word in COUNT.findall(closing):
        counts["failed" if word.startswith("error") else word] += int(number)


def close(broken: list[str], missing: Mapping[str, str], counts: Mapping[str, int], seconds: float) -> int:
    say(f"\nAll of it took {seconds:.0f} s.")
    for sentence in missing.values():
        say(f"!! {sentence}")
    strict = bool(missing) and os.environ.get("CI") == "true"
    if broken:
        say(f"FAILED: {', '.join(broken)}")
    if strict:
        say("FAILED: a run in CI leaves nothing out.")
    skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    say(f"{counts['passed']} passed, {counts['failed']} failed{skipped}")
    return 1 if broken or strict else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ScriptError as error:
        say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
