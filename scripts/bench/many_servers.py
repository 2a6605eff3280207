"""Thousands of servers over several Discord processes: real ones at the sandbox, a stand-in for the bot API.

`python -m scripts.bench.many_servers 10000 <folder>` prints what was measured as JSON.
"""

import asyncio
import contextlib
import json
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from contract.shards import Shards
from sandbox.defaults import NIGHT_COURT
from sandbox.server import Sandbox
from sandbox.state import objects
from scripts.bench import counters
from scripts.common import BACKEND, BOT, ROOT, ScriptError

PROCESSES, SHARDS = 2, 4
CHANNELS, ROLES, MEMBERS = 10, 10, 20
READY_SECONDS = 300.0
# How long the processes are watched once they are ready: Discord's limits pace what they do then.
WATCHED = 20.0
FIRST = 1 << 60  # the id of the first server: the next ones are on the next shards
READY = re.compile(r"Ready as .* on (\d+) servers")


if TYPE_CHECKING:
    from tests.rodbot.fake_backend import FakeBackend


@dataclass
class Measured:
    """What was seen of the processes together; memory of each, in bytes."""

    servers: list[int] = field(default_factory=list)
    ready: float = 0.0
    memory: list[int] = field(default_factory=list)
    # Requests by kind while they were watched.
    calls: dict[str, int] = field(default_factory=dict)


async def measure(guilds: int, folder: Path) -> tuple[Measured, Measured]:
    """Ours and the floor, one after the other at the same sandbox."""
    from tests.rodbot.fake_backend import FakeBackend, running

    limits = Sandbox(shards=SHARDS, rate_limits=True, identify_seconds=0.01)
    async with limits as box, running(FakeBackend()) as fake:
        async with _started(box, folder, _ours(fake)):
            await _until(lambda: len(box.world.commands) == len(box.world.guilds) + 1)
            registered = box.world.commands[NIGHT_COURT]
        _fill(box, guilds)
        # As after an update that changed no command: one set for all, which costs the sandbox no memory.
        box.world.commands |= dict.fromkeys(box.world.guilds, registered)
        fake.mirrored_guilds = set(box.world.guilds)
        async with _started(box, folder, _floor()) as floor:
            pass
        async with _started(box, folder, _ours(fake)) as ours:
            fake.requests.clear()
            before = _asked(box)
            await asyncio.sleep(WATCHED)
            ours.calls = _calls(fake) | {kind: count - before[kind] for kind, count in _asked(box).items()}
        return ours, floor


Start = tuple[list[str], dict[str, str]]


def _ours(fake: "FakeBackend") -> list[Start]:
    from tests.rodbot.fake_backend import KEY

    env = {"BACKEND_URL": fake.url, "API_KEY": KEY, "DISCORD_SHARDS": str(SHARDS), "DISCORD_DICE_EMOJI": "0"}
    ranges = [f"{part.first}-{part.last}" for part in _parts()]
    return [(["-m", "rodbot"], env | {"DISCORD_SHARD_RANGE": served}) for served in ranges]


def _floor() -> list[Start]:
    return [(["-m", "scripts.bench.floor.client", str(part)], {}) for part in _parts()]


def _parts() -> list[Shards]:
    return Shards(SHARDS, 0, SHARDS - 1).split(PROCESSES)


def _fill(box: Sandbox, guilds: int) -> None:
    """Put so many servers of a usual size in place of the sandbox's own."""
    world = box.world
    people = [box.actions.add_user(f"player{number}", None)["id"] for number in range(MEMBERS)]
    world.guilds.clear()
    world.channels.clear()
    for number in range(guilds):
        guild_id = FIRST + (number << 22)
        guild = objects.guild(str(guild_id), f"Court {number}", people[0])
        for place in range(1, ROLES):
            role_id = str(guild_id + place)
            guild["roles"][role_id] = objects.role(role_id, f"Role {place}", position=place)
        for person in (world.bot_id, *people):
            guild["members"][person] = objects.member(person)
        world.guilds[guild["id"]] = guild
        for place in range(CHANNELS):
            channel_id = str(guild_id + ROLES + place)
            channel = objects.channel(channel_id, guild["id"], f"scene-{place}", position=place)
            world.channels[channel_id] = channel


def _asked(box: Sandbox) -> dict[str, int]:
    limits = box.rate_limits
    return {"asked of Discord": limits.asked, "refused by Discord": limits.refused} if limits else {}


def _calls(fake: "FakeBackend") -> dict[str, int]:
    paths = [request.path for request in fake.requests]
    return {
        "servers told": sum(bool(re.fullmatch(r"/bot/servers/\d+", path)) for path in paths),
        "lists of members told": sum(path.endswith("/members") for path in paths),
    }


async def _until(true: Callable[[], bool], logs: Sequence[Path] = ()) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not true():
        if time.monotonic() > deadline:
            raise ScriptError("Not ready in time:\n" + "\n".join(log.read_text()[-2000:] for log in logs))
        await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def _started(box: Sandbox, folder: Path, starts: Sequence[Start]) -> AsyncIterator[Measured]:
    """The processes once all are ready; their memory is taken at the end."""
    paths = os.pathsep.join(map(str, (BACKEND, BOT, ROOT)))
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": paths, "ENV_FILE": "", **box.env()}
    logs = [folder / f"discord-{number}.log" for number in range(len(starts))]
    began = time.monotonic()
    children = []
    for log, (arguments, more) in zip(logs, starts, strict=True):
        with log.open("w") as output:
            command = [sys.executable, *arguments]
            children.append(
                await asyncio.create_subprocess_exec(*command, env=env | more, stdout=output, stderr=output)
            )
    seen = Measured()
    try:
        await _until(lambda: all(READY.search(log.read_text()) for log in logs), logs)
        seen.ready = time.monotonic() - began
        seen.servers = [int(found[1]) for log in logs if (found := READY.search(log.read_text()))]
        yield seen
        seen.memory = [counters.memory(child.pid) for child in children]
    finally:
        for child in children:
            child.terminate()
        await asyncio.gather(*(child.wait() for child in children))


def main(guilds: str, folder: str) -> None:
    import django

    django.setup()  # the stand-in answers with the schema of the real one
    print(json.dumps([asdict(each) for each in asyncio.run(measure(int(guilds), Path(folder)))]))


if __name__ == "__main__":
    main(*sys.argv[1:])
