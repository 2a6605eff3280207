"""Ten thousand servers over two real Discord processes: each its half, in bounded memory, within Discord's limits."""

from pathlib import Path

import pytest

from scripts.bench.many_servers import PROCESSES, WATCHED, measure

GUILDS = 10_000
# Of a process with half of the servers, each with ten channels and ten roles: it keeps those and no members.
MOST_BYTES = 500 * 2**20


@pytest.mark.long
async def test_ten_thousand_servers_over_two_processes(tmp_path: Path) -> None:
    ours, floor = await measure(GUILDS, tmp_path)
    assert ours.servers == floor.servers == [GUILDS // PROCESSES] * PROCESSES
    assert max(ours.memory) < MOST_BYTES
    assert max(ours.memory) < 2 * max(floor.memory)
    assert ours.calls["refused by Discord"] == 0
    assert 0 < ours.calls["asked of Discord"] <= 50 * WATCHED
    assert ours.calls["servers told"] > 0
