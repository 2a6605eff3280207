"""Thousands of servers over several Discord processes (`scripts.bench.many_servers`)."""

import asyncio
import json
import os
import subprocess

from scripts import environment
from scripts.bench.many_servers import PROCESSES, SHARDS, WATCHED, Measured
from scripts.bench.shapes import Bench
from scripts.bench.table import Row
from scripts.common import BACKEND, BOT, ROOT, ScriptError
from scripts.environment_for_tests import environment_for_tests


async def run(bench: Bench) -> list[Row]:
    guilds = bench.options.guilds
    ours, floor = await asyncio.to_thread(_measured, guilds, bench)
    what = f"{guilds:,} servers over {PROCESSES} Discord processes, {SHARDS} shards"
    memory, bare = (max(each.memory) / 2**20 for each in (ours, floor))
    calls = ", ".join(f"{count / WATCHED:.1f} {kind}" for kind, count in sorted(ours.calls.items()))
    return [
        Row(
            f"{what}: start until ready / bare discord.py",
            f"{ours.ready:.1f} s",
            f"{floor.ready:.1f} s",
            ours.ready / floor.ready,
        ),
        Row(
            f"{what}: memory of the larger process / bare discord.py",
            f"{memory:.0f} MB",
            f"{bare:.0f} MB",
            memory / bare,
            "≤ 2.0",
            memory / bare <= 2.0,
        ),
        Row(f"{what}: requests a second after the start", calls),
    ]


def _measured(guilds: int, bench: Bench) -> list[Measured]:
    paths = ":".join(map(str, (BACKEND, BOT, ROOT)))
    env = environment_for_tests(bench.folder) | {
        "PYTHONPATH": paths,
        "DJANGO_SETTINGS_MODULE": "rod.settings",
        "PATH": os.environ["PATH"],
        "LOG_LEVEL": "WARNING",
    }
    command = [str(environment.python()), "-m", "scripts.bench.many_servers", str(guilds), str(bench.folder)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ScriptError(done.stderr[-3000:])
    return [Measured(**found) for found in json.loads(done.stdout.splitlines()[-1])]
