"""Who does not read is told to resync, and until then costs neither the others nor the process anything."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import environment
from scripts.common import free_port
from tests.faults import proof
from tests.faults.stack import Part, Platform, listens
from tests.faults.viewers import Viewer

pytestmark = pytest.mark.long

SLOW = 12
# Past the 500 frames or 1 MB that one socket may have waiting.
EVENTS, TEXT = 120, 5500
MEGABYTE = 1024 * 1024


@pytest.fixture
def narrow(production: Platform, tmp_path: Path) -> Iterator[tuple[int, Part]]:
    port = free_port()
    command = [environment.python(), "-m", "tests.faults.narrow_gateway", str(port)]
    part = Part("narrow", command, production.env, tmp_path / "narrow.log", lambda: listens(port))
    part.start()
    yield port, part
    part.stop()


def resident(part: Part) -> int:
    """Bytes of memory that the process really holds."""
    return int(Path(f"/proc/{part.pid}/statm").read_text().split()[1]) * 4096


def write(platform: Platform, character: str, count: int) -> int:
    """Long notes, so that each event is about 12 KB. Returns the last event's seq."""
    for number in range(count):
        rows = [{"path": "notes", "op": "set", "value": chr(ord("a") + number % 26) * TEXT}]
        done = platform.clerk("change", owner="mira", character=character, rows=rows)
    return int(done["event"]["seq"])


@pytest.mark.req("S004-36")
async def test_a_viewer_that_does_not_read(production: Platform, narrow):
    people, clerk = production.people, production.clerk
    character = clerk("create", owner="mira", name="Slow Owl", chronicle=people["chronicle"])
    port, process = narrow
    session, stream = people["sessions"]["vesna"], people["stream"]
    slow = [Viewer(port, session, stream) for _ in range(SLOW)]
    quick = Viewer(port, people["sessions"]["olga"], stream)
    for viewer in (*slow, quick):
        await viewer.connect()
    try:
        start = clerk("head", stream=stream)
        for viewer in slow:
            viewer.pause()
        await quick.until(write(production, character, EVENTS))
        before = resident(process)
        last = write(production, character, 2 * EVENTS)
        # Nobody waits for the slow: the others have everything the moment it happened.
        await quick.until(last, seconds=5)
        proof.got_exactly(quick, range(start + 1, last + 1))
        grown = resident(process) - before
        written = SLOW * 2 * EVENTS * 2 * TEXT
        assert grown < written / 4, f"{grown / MEGABYTE:.1f} MB more for {written / MEGABYTE:.0f} MB unread"

        state = clerk("state", character=character)
        for viewer in slow:
            viewer.resume()
            await viewer.until(last)
            assert viewer.kinds.count("resync") == 1, json.dumps(viewer.kinds[-20:])
            proof.got_exactly(viewer, range(start + 1, last + 1))
            proof.viewer_agrees(viewer, character, state)
    finally:
        for viewer in (*slow, quick):
            await viewer.leave()
