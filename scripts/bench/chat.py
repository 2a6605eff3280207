"""Talk in a channel of a thousand, beside a consumer for each socket; what a post costs, and an idle chatter."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from scripts.bench.client import Door, Viewer, close_all
from scripts.bench.numbers import Rung, highest_held, medians, milliseconds, ratio_of_rounds, spread
from scripts.bench.shapes import Bench
from scripts.bench.table import Row
from scripts.bench.talk import Listeners, authors, frame_of, listen, numbered
from scripts.bench.talk_costs import idle, one_author
from scripts.bench.viewers import LIMIT, Send, Side, climb, quiet, rung, turns
from scripts.bench.watchers import heartbeats, leave_all
from scripts.common import say

RATE, LATE = 50, 0.150
LOWER = (5, 10, 20, 30, 40)  # rates that are tried where that one was too much
TIMES = 10
TO_NODE = 1.4


async def run(bench: Bench) -> list[Row]:
    rows = _shown(await one_author(bench))
    async with _everybody(bench) as ours:
        rows += _shown([await _to_the_last(bench, ours)])
        talked = await _talk(bench, ours)
        rows += _shown([_talk_row(bench, ours, talked)])
        rows += _shown([await _beside_consumers(bench, ours, talked)])
    return [*rows, await idle(bench)]


def _shown(rows: list[Row]) -> list[Row]:
    """Show rows at once: the rest takes minutes."""
    for row in rows:
        say(" | ".join(row.cells()))
    return rows


@contextlib.asynccontextmanager
async def _everybody(bench: Bench) -> AsyncIterator[Side]:
    shape = bench.production
    listeners, watchers = await listen(shape, bench.options.viewers)
    alive = asyncio.ensure_future(heartbeats(watchers))
    await quiet(listeners)
    try:
        yield Side(shape.http, authors(shape)[0], listeners, shape.processes["gateway"])
    finally:
        alive.cancel()
        leave_all(watchers)


async def _to_the_last(bench: Bench, ours: Side) -> Row:
    """From the request to the last of all, and from the same frame posted to node's `ws`, which only writes it."""
    what = f"message, from its post to the last of {bench.options.viewers} in the channel / node ws, plain broadcast"
    if bench.node is None:
        return Row(what, "not run: node or its package ws is missing")
    port, pid = bench.node
    send = numbered(await frame_of(bench.production), "/broadcast")
    ours.audience.forget()
    node = await _floor(port, pid, send, bench.options.viewers)
    await turns(bench, [ours, node])
    close_all(node.sockets)
    ratio = ratio_of_rounds(medians(ours.taken), medians(node.taken))
    return Row(what, spread(ours.taken), spread(node.taken), ratio, f"≤ {TO_NODE}", ratio <= TO_NODE)


async def _floor(port: int, pid: int, send: Send, count: int) -> Side:
    listeners = Listeners(count)
    sockets = [await Viewer.open(Door(port), listeners.on_text) for _ in range(count)]
    return Side(port, send, listeners, pid, sockets=sockets)


async def _talk(bench: Bench, ours: Side) -> Rung:
    """Post at fixed times, whatever became of the messages before."""
    ours.audience.forget()
    return await rung(ours, authors(bench.production), RATE, bench.options.chat_seconds)


def _talk_row(bench: Bench, ours: Side, talked: Rung) -> Row:
    listeners = ours.audience
    assert isinstance(listeners, Listeners)
    count, seconds = bench.options.viewers, bench.options.chat_seconds
    whole = talked.arrived == talked.due and not listeners.disorder
    share = f"{talked.arrived / talked.due:.2%} of {talked.due:,} arrived"
    order = "all in order" if not listeners.disorder else f"{listeners.disorder:,} out of order"
    return Row(
        f"{RATE} messages/s for {seconds:g} s to {count} members of a channel: to the last of them",
        f"{share}, {order}, p95 {milliseconds(talked.p95)}",
        aim=f"all in order, p95 ≤ {LATE * 1000:g} ms",
        met=whole and talked.p95 <= LATE,
    )


async def _beside_consumers(bench: Bench, ours: Side, talked: Rung) -> Row:
    """How many messages a second reach all within a second, where each socket is a consumer in a group of Channels."""
    count = bench.options.viewers
    best = float(RATE) if talked.held(LIMIT) else await _best(bench, ours)
    with bench.fresh("scripts.bench.floor.consumers:application") as (port, pid):
        send = numbered(await frame_of(bench.production), "/broadcast")
        floor = await _floor(port, pid, send, count)
        rungs = await climb(floor, [send], bench, bench.options.consumer_ladder)
        close_all(floor.sockets)
    reached, lowest = highest_held(rungs, LIMIT), bench.options.consumer_ladder[0]
    what = (
        f"messages/s to {count} members, all delivered within a second / a Channels consumer for each socket"
    )
    shown = f"{best:g}/s" + (" (no more was tried)" if best == RATE else "")
    beside = f"{reached:g}/s" if reached else f"less than {lowest:g}/s"
    ratio = best / (reached or lowest)
    return Row(what, shown, beside, ratio, f"≥ {TIMES}", ratio >= TIMES)


async def _best(bench: Bench, ours: Side) -> float:
    ours.audience.forget()
    return highest_held(await climb(ours, authors(bench.production), bench, LOWER), LIMIT)
