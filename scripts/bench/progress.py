"""Points, boards, badges and the reset of them, at the size of a platform that has been played on for years.

All of it runs beside the servers, in one process (`scripts.bench.earned`) on the database of production.
"""

import json
import subprocess
from dataclasses import asdict

from scripts import environment
from scripts.bench.earned_shapes import Figures, Live, Place, Sizes
from scripts.bench.numbers import milliseconds
from scripts.bench.shapes import Bench, Shape
from scripts.bench.table import Row
from scripts.common import ROOT, ScriptError

FLAT = 64  # MiB that a process may grow by, whatever it goes through


async def run(bench: Bench) -> list[Row]:
    found = _measure(bench)
    sizes, board = found.sizes, found.board
    many = f"{sizes.people:,} people"
    return [
        Row(
            "award of points, with boards and event / change of a sheet",
            milliseconds(found.award),
            milliseconds(found.change),
            found.award / found.change,
            "≤ 3",
            found.award <= 3 * found.change,
        ),
        Row(
            "award of points to a page that listens / change of a sheet to the same page",
            milliseconds(found.live.award),
            milliseconds(found.live.change),
            found.live.ratio,
            "≤ 3",
            found.live.ratio <= 3,
        ),
        Row(
            "award of points to the row of a board that is open / change of a sheet to a page",
            milliseconds(found.live.moved),
            milliseconds(found.live.change),
            found.live.moved_ratio,
            "≤ 3",
            found.live.moved_ratio <= 3,
        ),
        Row("that board read again whole", milliseconds(found.live.read_again)),
        Row(
            f"board of {many}: a page, own place, neighbours / as many keyed SELECTs",
            milliseconds(board),
            milliseconds(found.board_floor),
            board / found.board_floor,
            "≤ 50 ms",
            board <= 0.05,
        ),
        Row(
            f"statements of that board, of {many}",
            str(found.board_statements),
            aim="≤ 3",
            met=found.board_statements <= 3,
        ),
        *_takes("reset", sizes.attempts, "answers", found.reset, found.reset_floor, found.reset_memory),
        *_takes("undo", sizes.attempts, "answers", found.undo, found.undo_floor, found.undo_memory),
        *_takes("badge rules", sizes.events, "events", found.badges, found.badges_floor, found.badges_memory),
    ]


def _takes(what: str, count: int, things: str, ours: float, floor: float, memory: float) -> list[Row]:
    return [
        Row(
            f"{what}, {count:,} {things} / plain SQL over the same rows",
            f"{ours:.1f} s",
            f"{floor:.1f} s",
            ours / floor,
        ),
        Row(
            f"memory that {what} of {count:,} {things} takes",
            f"{memory:.0f} MiB",
            aim=f"≤ {FLAT} MiB",
            met=memory <= FLAT,
        ),
    ]


def _measure(bench: Bench) -> Figures:
    """Its bars are shown as it goes."""
    sizes = json.dumps(asdict(bench.options.earned))
    place = json.dumps(asdict(_place(bench.production)))
    command = [str(environment.python()), "-m", "scripts.bench.earned", sizes, place]
    done = subprocess.run(
        command, env=bench.production.env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise ScriptError("What players earn could not be measured.")
    found = json.loads(done.stdout.splitlines()[-1])
    return Figures(**found | {"sizes": Sizes(**found["sizes"]), "live": Live(**found["live"])})


def _place(shape: Shape) -> Place:
    large = shape.world["large"]
    session, character = shape.world["sessions"][0], large["characters"][1]
    return Place(shape.gateway, shape.http, session, large["stream"], character)
