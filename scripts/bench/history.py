"""What reading a channel costs after years of talk: a million messages against ten thousand.

It runs beside the servers, in one process (`scripts.bench.messages`) on the database of production.
"""

import json
import subprocess
from dataclasses import asdict

from scripts import environment
from scripts.bench.messages_shapes import Costs, Figures, Sizes
from scripts.bench.numbers import milliseconds
from scripts.bench.shapes import Bench
from scripts.bench.table import Row
from scripts.common import ROOT, ScriptError

FLAT = 1.3
SHOWN = {
    "newest": "newest page of a channel",
    "around": "page of a channel around a date",
    "found": "search for a word with 100 hits",
    "unread": "unread counts of a channel",
}


async def run(bench: Bench) -> list[Row]:
    found = _measure(bench)
    sizes = f"{found.sizes.few:,} → {found.sizes.many:,} messages"
    return [_row(f"{what}, {sizes}", name, found.few, found.many) for name, what in SHOWN.items()]


def _row(what: str, name: str, few: Costs, many: Costs) -> Row:
    """Both are read in the same rounds: other load on the machine meets them alike."""
    before, after = getattr(few, name), getattr(many, name)
    factor = after / before
    shown = f"{milliseconds(before)} → {milliseconds(after)}"
    floor = f"{milliseconds(few.floor)} → {milliseconds(many.floor)}"
    return Row(what, shown, floor, factor, f"flat (≤ {FLAT})", factor <= FLAT)


def _measure(bench: Bench) -> Figures:
    sizes = json.dumps(asdict(bench.options.messages))
    command = [str(environment.python()), "-m", "scripts.bench.messages", sizes]
    done = subprocess.run(
        command, env=bench.production.env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise ScriptError("The history of a channel could not be measured.")
    found = json.loads(done.stdout.splitlines()[-1])
    return Figures(Sizes(**found["sizes"]), Costs(**found["few"]), Costs(**found["many"]))
