"""Command line of `scripts/bench.sh`."""

import argparse
import os
import platform
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

from scripts import environment
from scripts.bench.options import Options
from scripts.common import BOT, ROOT, ScriptError, run_main, say
from scripts.dev import stop_on_signals

PARTS = {
    "change": "bot API changes: one client, many clients",
    "statements": "SQL statements of a change and of a connect",
    "viewers": "change to one socket, to the last of many, and how many changes a second",
    "snapshot": "what a viewer of a large chronicle waits for",
    "connects": "authenticated connects a second",
    "memory": "memory of an idle viewer",
    "browser": "slash command in the sandbox to changed pixel, a sheet opened cold",
    "dice": "rolls and exact odds a second, and those of the largest pools",
    "community": "a guild of thousands mirrored, permission checks a second, the storyteller's desk",
    "shards": "thousands of servers over two Discord processes",
    "machine": "memory for a large picture, connections to PostgreSQL, seconds until dev.sh serves",
    "growth": "cost of a change and of a resume after years of play",
    "progress": "boards, awards and badges of years of play, their reset and its undo",
    "chat": "a channel of a thousand: talk to the last of them, beside a consumer for each socket, and idle",
    "stage": "a public campaign: a change to the last of its viewers, and its overlay in Chromium",
    "history": "a channel of a million messages: pages, search, unread counts",
    "soak": "memory over time (only when named, or with --soak)",
}
DOCUMENT = ROOT / "docs" / "BENCHMARKS.md"


def arguments_of(arguments: Sequence[str]) -> argparse.Namespace:
    parts = "\n".join(f"  {name:<11} {what}" for name, what in PARTS.items())
    parser = argparse.ArgumentParser(
        prog="scripts/bench.sh",
        description=f"{sys.modules['scripts.bench'].__doc__}\n\nparts (all but soak without an argument):\n{parts}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="part")
    parser.add_argument("--quick", action="store_true", help="small and short, to see that everything runs")
    parser.add_argument("--viewers", type=int, help="sockets of the fan-out (1000)")
    parser.add_argument("--seconds", type=float, help="of each measured stretch (1.5)")
    parser.add_argument("--rounds", type=int, help="how often ours and the floor take turns (4)")
    parser.add_argument("--events", type=int, help="size of the grown timeline (100000)")
    parser.add_argument("--characters", type=int, help="size of the grown table of characters (100000)")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="run the soak too, so long")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/BENCHMARKS.md")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return chosen


def main(arguments: Sequence[str]) -> int:
    chosen = arguments_of(arguments)
    environment.prepare()
    if Path(sys.prefix).resolve() != environment.VENV.resolve():
        command = [str(environment.python()), "-m", "scripts.bench", *arguments]
        os.execv(command[0], command)  # noqa: S606  (our own interpreter, and no shell is wanted)
    if sys.platform != "linux":
        raise ScriptError("The benchmarks need Linux: they read memory and processes from /proc.")
    return run(chosen)


def run(chosen: argparse.Namespace) -> int:
    import uvloop

    from scripts.bench.shapes import Bench
    from scripts.bench.table import Row, in_markdown, in_terminal, write

    _more_sockets()
    sys.path.append(str(BOT))
    options = _sized(chosen)
    names = chosen.parts or [name for name in PARTS if name != "soak"]
    if chosen.soak and "soak" not in names:
        names.append("soak")
    parts = {name: import_module(f"scripts.bench.{name}") for name in names}
    rows: list[Row] = []
    began = time.monotonic()
    with Bench(options) as bench:
        for name, part in parts.items():
            started = time.monotonic()
            new = uvloop.run(part.run(bench))
            say(f"\n{in_terminal(new)}\n{name} took {time.monotonic() - started:.0f} s")
            rows += new
    # A figure comes last: the long run keeps that line.
    say(f"\n{machine()}; {time.monotonic() - began:.0f} s\n\n{in_terminal(rows)}")
    if chosen.write:
        write(DOCUMENT, f"{date.today()}, {machine()}\n\n{in_markdown(rows)}")
    return 0


def _sized(chosen: argparse.Namespace) -> Options:
    options = Options().quick() if chosen.quick else Options()
    sizes = {name: getattr(chosen, name) for name in ("viewers", "seconds", "rounds")}
    sizes["soak_minutes"] = chosen.soak
    for name in ("events", "characters"):
        if getattr(chosen, name):
            sizes[name] = (getattr(options, name)[0], getattr(chosen, name))
    return replace(options, **{name: size for name, size in sizes.items() if size})


def _more_sockets() -> None:
    """Allow thousands of sockets in a process; children inherit the limit."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def machine() -> str:
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{os.cpu_count()} × {cpu}, Linux {platform.release()}, Python {platform.python_version()}, load {load}"


if __name__ == "__main__":
    stop_on_signals()
    run_main(main)
