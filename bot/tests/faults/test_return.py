"""A viewer that was away: it gets exactly what it missed, whatever happened meanwhile."""

import pytest

from tests.faults import proof
from tests.faults.stack import Platform
from tests.faults.viewers import Viewer

MISSED, LONG = 40, 200


def play(platform: Platform, character: str, count: int) -> None:
    """So many changes, each of them an event."""
    for number in range(count):
        rows = [{"path": "experience", "op": "adjust", "value": 1}]
        if number % 10 == 9:
            rows = [{"path": "merits", "op": "add", "value": {"name": f"Merit {number}", "rating": 2}}]
        platform.clerk("change", owner="mira", character=character, rows=rows)


LONGER = [pytest.param(meanwhile, marks=pytest.mark.long) for meanwhile in ("an hour", "a restart")]


@pytest.mark.parametrize("meanwhile", ["nothing", "a killed worker", *LONGER])
@pytest.mark.req("S004-36", "S004-41")
async def test_who_returns_gets_exactly_what_was_missed(production: Platform, meanwhile, request):
    missed = LONG if request.config.option.long else MISSED
    people, clerk = production.people, production.clerk
    name = f"Absent Owl {meanwhile}"
    character = clerk("create", owner="mira", name=name, chronicle=people["chronicle"])
    session, stream = people["sessions"]["vesna"], people["stream"]
    port, gateway = production.gateway_ports[0], production.gateways[0]
    card = Viewer(port, session, stream)
    sheet = Viewer(port, session, stream, sheet=character)
    async with card, sheet:
        play(production, character, 3)
        left = clerk("head", stream=stream)
        for viewer in (card, sheet):
            await viewer.until(left)
            await viewer.cut()
            viewer.seqs.clear()
            viewer.kinds.clear()
        if meanwhile == "a killed worker":
            gateway.kill()
        play(production, character, missed)
        if meanwhile == "an hour":
            clerk("age", hours=1)
        elif meanwhile == "a restart":
            gateway.restart()
        elif meanwhile == "a killed worker":
            gateway.start()
        state, head = clerk("state", character=character), clerk("head", stream=stream)
        assert head - left == missed
        for viewer in (card, sheet):
            await viewer.connect()
            assert "snapshot" not in viewer.kinds
        play(production, character, 2)
        state = clerk("state", character=character)
        for viewer in (card, sheet):
            await viewer.until(head + 2)
            proof.got_exactly(viewer, range(left + 1, head + 3))
            proof.viewer_agrees(viewer, character, state)


async def test_who_missed_too_much_gets_a_snapshot(production: Platform):
    """The promise has an end, and says so: a snapshot in place of more than 5,000 events."""
    people, clerk = production.people, production.clerk
    character = clerk("create", owner="mira", name="Lost Owl", chronicle=people["chronicle"])
    async with Viewer(production.gateway_ports[1], people["sessions"]["vesna"], people["stream"]) as viewer:
        await viewer.cut()
        clerk("age", hours=100)
        viewer.seq = clerk("head", stream=people["stream"]) + 7  # a position that never was
        viewer.characters.clear()
        await viewer.connect()
        assert "snapshot" in viewer.kinds
        play(production, character, 1)
        await viewer.until(clerk("head", stream=people["stream"]))
        proof.viewer_agrees(viewer, character, clerk("state", character=character))
