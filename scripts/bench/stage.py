"""A campaign in public: a change to the last of thousands of viewers, and what its overlay costs in Chromium."""

import asyncio
import ipaddress
import json
import time
from dataclasses import replace

from scripts import environment, services
from scripts.bench import stage_page
from scripts.bench.bodies import Target, targets
from scripts.bench.client import Audience, Door, Http, Viewer, close_all
from scripts.bench.numbers import medians, ratio_of_rounds, spread
from scripts.bench.options import Show
from scripts.bench.shapes import Bench, Shape
from scripts.bench.table import Row
from scripts.bench.viewers import Side, floor_side, posting, quiet, turns
from scripts.common import run as run_program
from scripts.common import say

TO_NODE = 1.4
AT_ONCE = 50
FIRST_ADDRESS = ipaddress.IPv4Address("10.0.0.1")


async def run(bench: Bench) -> list[Row]:
    shape = bench.production
    show = _make_show(shape)
    cast = targets(shape.key, show["community"])
    # In production sockets come through a proxy, which says where from: that is what they are counted by.
    behind_proxy = replace(shape, env=shape.env | {"TRUST_PROXY": "1"})
    with bench.fresh("rod.asgi:application", behind_proxy) as (port, pid):
        rows = await _to_the_last(bench, show, cast[0], port, pid)
        for row in rows:
            say(" | ".join(row.cells()))  # at once: the rest takes minutes
        binary = services.chromium_binary()
        if not binary:
            return [*rows, Row("overlay in Chromium", "not run: Chromium is not installed")]
        place = stage_page.Place(shape, f"http://127.0.0.1:{port}{show['overlay']}", cast)
        return rows + await stage_page.measure(bench, place, binary)


def _make_show(shape: Shape) -> Show:
    problem = "The campaign could not be made:"
    show: Show = json.loads(
        run_program([environment.python(), "-m", "scripts.bench.stage_world"], problem, env=shape.env)
    )
    return show


async def _to_the_last(bench: Bench, show: Show, target: Target, port: int, pid: int) -> list[Row]:
    """From a change to the last viewer, and from the same frame posted to node's `ws`, which only writes it."""
    count, http = bench.options.public, bench.production.http
    frame = await _frame_of(show, target, port, http)
    audience = _audience(count)
    began = time.perf_counter()
    viewers = await _enter_all(show, audience, port, count)
    rows = [
        Row(f"{count} public viewers of one campaign connect", f"{time.perf_counter() - began:.1f} s"),
    ]
    await quiet(audience)
    ours = Side(http, target.change, audience, pid, sockets=viewers)
    rows.append(await _beside_node(bench, ours, frame, count))
    close_all(viewers)
    return rows


async def _beside_node(bench: Bench, ours: Side, frame: bytes, count: int) -> Row:
    what = f"change to the last of {count} public viewers / node ws, plain broadcast"
    if bench.node is None:
        return Row(what, "not run: node or its package ws is missing")
    port, pid = bench.node
    node = await floor_side(port, posting("/broadcast", "POST", frame), count, port, pid, _audience(count))
    await turns(bench, [ours, node])
    close_all(node.sockets)
    ratio = ratio_of_rounds(medians(ours.taken), medians(node.taken))
    return Row(what, spread(ours.taken), spread(node.taken), ratio, f"≤ {TO_NODE:g}", ratio <= TO_NODE)


def _audience(count: int) -> Audience:
    return Audience(count, "event", "campaign_id")


async def _enter_all(show: Show, audience: Audience, port: int, count: int) -> list[Viewer]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def enter(number: int) -> Viewer:
        async with turn:
            return await Viewer.open(_door(show, port, number), audience.on_text)

    return await asyncio.gather(*map(enter, range(count)))


def _door(show: Show, port: int, number: int) -> Door:
    """Return the campaign's socket, for a viewer with an address of their own."""
    return Door(port, f"/campaigns/{show['campaign']}/ws", forwarded=str(FIRST_ADDRESS + number))


async def _frame_of(show: Show, target: Target, port: int, http_port: int) -> bytes:
    """Return the frame of a change as the public gets it, for the floor to send the same."""
    frames: list[bytes] = []
    audience = _audience(1)

    def keep(viewer: Viewer, payload: bytes) -> None:
        frames.append(payload)
        audience.on_text(viewer, payload)

    viewer = await Viewer.open(_door(show, port, 0), keep)
    await quiet(audience)
    http = await Http.open(http_port)
    await target.change(http)
    await audience.next_complete()
    close_all([http, viewer])
    return frames[-1]
