"""From a change to the sockets: the first one, the last of many, and how many changes a second they take."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import uvloop
from redis.asyncio import Redis

from scripts.bench import counters, published
from scripts.bench.bodies import Target, targets
from scripts.bench.client import Answer, Audience, Door, Http, Viewer
from scripts.bench.numbers import Rung, highest_held, median, milliseconds, percentile, ratio_of_rounds
from scripts.bench.options import CHANNEL, NODE_CHANNEL
from scripts.bench.shapes import Bench, Shape
from scripts.bench.table import Row
from scripts.bench.watchers import Watcher, doors, enter_all, heartbeats, leave_all

LIMIT = 1.0  # seconds: a rung is held when the last viewer of 95 % of its changes had them by then
AIM_RATE = 60
SENDERS = 12
JSON = {"Content-Type": "application/json"}
Send = Callable[[Http], Awaitable[Answer]]


def run(bench: Bench) -> list[Row]:
    return uvloop.run(_run(bench))


async def _run(bench: Bench) -> list[Row]:
    production = bench.production
    rows = [await _one_viewer(bench, production)]
    async with gathered(bench, production) as (house, arrival):
        rows.append(arrival)
        rows += await _last_viewer(bench, production, house)
        rows += await _ladders(bench, production, house)
        # Last: it uses numbers that no event has.
        rows += await _published(bench, production, house)
    rows.append(await _development(bench))
    return rows


@dataclass
class Side:
    """A set of sockets, what makes an event for them, and what it costs to send it."""

    port: int
    send: Send
    audience: Audience
    # The process that holds the sockets.
    pid: int
    taken: list[list[float]] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)

    async def once(self, http: Http) -> float:
        """From the request to the last of the audience."""
        began = time.perf_counter()
        answer = asyncio.ensure_future(self.send(http))
        last = await self.audience.next_complete()
        await answer
        return last - began


def hall_targets(shape: Shape) -> list[Target]:
    return targets(shape.key, shape.world["hall"])


async def watch(shape: Shape, count: int) -> tuple[Audience, list[Watcher]]:
    """Members of the hall, each in a session of their own; they see its characters' Hunger."""
    audience = Audience(count)
    streams = [shape.world["hall"]["stream"]] * count
    watchers = await enter_all(doors(shape.gateway, shape.world["sessions"][:count]), streams)
    for watcher in watchers:
        watcher.listen(audience.on_text)
    return audience, watchers


async def plain_sockets(port: int, count: int) -> tuple[Audience, list[Viewer]]:
    audience = Audience(count)
    viewers = [await Viewer.open(Door(port), audience.on_text) for _ in range(count)]
    return audience, viewers


def posting(path: str, method: str, body: bytes) -> Send:
    return lambda http: http.call(method, path, body, JSON)


async def frame_of(shape: Shape) -> bytes:
    """An event's frame as the platform sends it, for the floors to send the same."""
    kept: list[bytes] = []
    watcher = await Watcher.enter(
        doors(shape.gateway, shape.world["sessions"][:1])[0], shape.world["hall"]["stream"]
    )
    audience = Audience(1)

    def keep(viewer: Viewer, payload: bytes) -> None:
        kept.append(payload)
        audience.on_text(viewer, payload)

    watcher.listen(keep)
    http = await Http.open(shape.http)
    await hall_targets(shape)[1].change(http)
    await audience.next_complete()
    http.close()
    watcher.viewer.close()
    return next(payload for payload in kept if payload.startswith(b'{"type":"update"'))


async def turns(bench: Bench, sides: Sequence[Side]) -> None:
    """Fills `taken` and `spent` of each side, a round at a time; the sides take turns."""
    clients = [await Http.open(side.port) for side in sides]
    samples = bench.options.samples // 2
    for turn in range(bench.options.rounds + 1):
        for side, http in zip(sides, clients, strict=True):
            before = counters.cpu(side.pid)
            found = [await side.once(http) for _ in range(samples)]
            if turn:  # the first warms up
                side.taken.append(found)
                side.spent.append((counters.cpu(side.pid) - before) / samples / side.audience.wanted)
    for http in clients:
        http.close()


def _row(what: str, ours: Side, floor: Side, most: float | None) -> Row:
    ratio = ratio_of_rounds([median(one) for one in ours.taken], [median(one) for one in floor.taken])
    aim = "" if most is None else f"≤ {most:g}"
    return Row(what, _shown(ours), _shown(floor), ratio, aim, None if most is None else ratio <= most)


def _shown(side: Side) -> str:
    flat = [value for one in side.taken for value in one]
    return f"{milliseconds(median(flat))} (p95 {milliseconds(percentile(flat, 0.95))})"


def _cost_row(what: str, ours: Side, floor: Side) -> Row:
    shown = [f"{median(side.spent) * 1e6:.1f} µs" for side in (ours, floor)]
    return Row(what, shown[0], shown[1], ratio_of_rounds(ours.spent, floor.spent))


async def _one_viewer(bench: Bench, shape: Shape) -> Row:
    frame = await frame_of(shape)
    audience, watchers = await watch(shape, 1)
    plain, sockets = await plain_sockets(shape.floor_gateway, 1)
    body = orjson.dumps({"frame": frame.decode()})
    thing = shape.world["things"][0]
    ours = Side(shape.http, hall_targets(shape)[0].change, audience, shape.processes["gateway"])
    publish = posting(f"/publish/{thing}", "PATCH", body)
    floor = Side(shape.floor_http, publish, plain, shape.processes["floor-gateway"])
    await turns(bench, [ours, floor])
    leave_all(watchers)
    for socket in sockets:
        socket.close()
    return _row("change to one viewer / WSGI, one UPDATE, Redis, uvicorn", ours, floor, 3)


@contextlib.asynccontextmanager
async def gathered(bench: Bench, shape: Shape) -> AsyncIterator[tuple[Side, Row]]:
    """The whole hall looks on, alive as long as this lasts; and how long it took them to come in."""
    count = bench.options.viewers
    began = time.perf_counter()
    audience, watchers = await watch(shape, count)
    taken = time.perf_counter() - began
    alive = asyncio.ensure_future(heartbeats(watchers))
    await _quiet(audience)
    arrival = Row(f"{count} viewers of one chronicle come in, each told of the others", f"{taken:.1f} s")
    try:
        yield Side(shape.http, hall_targets(shape)[0].change, audience, shape.processes["gateway"]), arrival
    finally:
        alive.cancel()
        leave_all(watchers)


async def _quiet(audience: Audience, pause: float = 1.0, most: float = 60) -> None:
    """Until nothing new has come for a while: who came in is told to all the others."""
    end = time.perf_counter() + most
    known = -1
    while audience.frames != known and time.perf_counter() < end:
        known = audience.frames
        await asyncio.sleep(pause)
    audience.forget()


async def _last_viewer(bench: Bench, shape: Shape, ours: Side) -> list[Row]:
    count = bench.options.viewers
    frame = await frame_of(shape)
    ours.audience.forget()
    broadcast = posting("/broadcast", "POST", frame)
    plain, sockets = await plain_sockets(shape.floor_gateway, count)
    uvicorn = Side(shape.floor_gateway, broadcast, plain, shape.processes["floor-gateway"])
    sides = [ours, uvicorn]
    if bench.node is not None:
        port, pid = bench.node
        held, more = await plain_sockets(port, count)
        sockets += more
        sides.append(Side(port, broadcast, held, pid))
    await turns(bench, sides)
    for socket in sockets:
        socket.close()
    what = f"change to the last of {count} viewers"
    cost = f"processor time of the gateway a viewer, {count} viewers"
    rows = [_row(f"{what} / uvicorn, plain broadcast", ours, uvicorn, None)]
    rows.append(_cost_row(f"{cost} / uvicorn, plain broadcast", ours, uvicorn))
    if bench.node is None:
        return [*rows, Row(f"{what} / node ws", "not run: node or its package ws is missing")]
    rows.append(_cost_row(f"{cost} / node ws, plain broadcast", ours, sides[2]))
    return [*rows, _row(f"{what} / node ws, plain broadcast", ours, sides[2], 1.4)]


async def _published(bench: Bench, shape: Shape, house: Side) -> list[Row]:
    """The gateway's own part, the same on all sides: a message in Redis, the last of its viewers."""
    count = bench.options.viewers
    stream, target = shape.world["hall"]["stream"], hall_targets(shape)[2]
    http = await Http.open(shape.http)
    async with Redis.from_url(bench.redis.url) as redis:
        channel, message = await published.overheard(redis, stream, lambda: target.change(http))
        http.close()
        await _quiet(house.audience)
        publishers = [published.Publisher(redis, channel, message) for _ in range(3)]
        sides = [Side(shape.http, publishers[0].to_hub, house.audience, shape.processes["gateway"])]
        plain, sockets = await plain_sockets(shape.floor_gateway, count)
        sides.append(
            Side(shape.http, publishers[1].to(CHANNEL), plain, shape.processes["floor-gateway"]),
        )
        if bench.node is not None:
            port, pid = bench.node
            held, more = await plain_sockets(port, count)
            sockets += more
            sides.append(Side(shape.http, publishers[2].to(NODE_CHANNEL), held, pid))
        await turns(bench, sides)
    for socket in sockets:
        socket.close()
    what = f"message in Redis to the last of {count} viewers"
    rows = [_row(f"{what} / uvicorn, plain broadcast of the same", sides[0], sides[1], None)]
    if bench.node is not None:
        rows.append(_row(f"{what} / node ws, broadcast of the same", sides[0], sides[2], 1.4))
    return rows


async def rung(side: Side, sends: Sequence[Send], rate: float, seconds: float) -> Rung:
    """Changes at fixed times, whatever became of those before; waits until all arrived or the limit is long over."""
    clients: asyncio.Queue[Http] = asyncio.Queue()
    for _ in range(SENDERS):
        clients.put_nowait(await Http.open(side.port))
    side.audience.forget()
    due: dict[tuple[str, int], float] = {}
    began = time.perf_counter() + 0.1

    async def send(number: int) -> None:
        at = began + number / rate
        await asyncio.sleep(at - time.perf_counter())
        http = await clients.get()
        event = (await sends[number % len(sends)](http)).json()["event"]
        clients.put_nowait(http)
        due[event["stream"], event["seq"]] = at

    count = round(rate * seconds)
    await asyncio.gather(*(send(number) for number in range(count)))
    await side.audience.until_complete(count, 3 * LIMIT)
    while not clients.empty():
        clients.get_nowait().close()
    return _judge(side.audience, rate, due)


def _judge(audience: Audience, rate: float, due: dict[tuple[str, int], float]) -> Rung:
    arrived = audience.events
    late = [arrived[key][1] - at for key, at in due.items() if key in arrived]
    got = sum(int(arrived[key][0]) for key in due if key in arrived)
    return Rung(rate, len(due) * audience.wanted, got, percentile(late, 0.95) if late else float("inf"))


async def climb(side: Side, sends: Sequence[Send], bench: Bench) -> list[Rung]:
    """Up the ladder until a rung fails twice."""
    rungs: list[Rung] = []
    for rate in bench.options.ladder:
        found = await rung(side, sends, rate, bench.options.rung_seconds)
        if not found.held(LIMIT):
            await asyncio.sleep(1)
            found = await rung(side, sends, rate, bench.options.rung_seconds)
        rungs.append(found)
        if not found.held(LIMIT):
            break
    return rungs


async def _ladders(bench: Bench, shape: Shape, ours: Side) -> list[Row]:
    count = bench.options.viewers
    own = await climb(ours, [target.change for target in hall_targets(shape)], bench)
    audience, sockets = await plain_sockets(shape.floor_gateway, count)
    floor = Side(shape.floor_http, ours.send, audience, shape.processes["floor-gateway"])
    frame = await frame_of(shape)
    thing = shape.world["things"][0]
    plain = await climb(floor, [_numbered(frame, thing)], bench)
    for socket in sockets:
        socket.close()
    best = highest_held(own, LIMIT)
    row = Row(
        f"changes/s with {count} viewers, all delivered / WSGI, one UPDATE, Redis, uvicorn",
        _told(own, bench),
        _told(plain, bench),
        best / (highest_held(plain, LIMIT) or 1),
        f"≥ {AIM_RATE}",
        best >= AIM_RATE,
    )
    return [row]


def _told(rungs: Sequence[Rung], bench: Bench) -> str:
    held = [one for one in rungs if one.held(LIMIT)]
    best = f"{highest_held(rungs, LIMIT):g}/s"
    if not held:
        worst = rungs[0]
        return f"{best}; at {worst.rate:g}/s {worst.arrived / worst.due:.1%}, p95 {milliseconds(worst.p95)}"
    top = " (top of the ladder)" if len(held) == len(bench.options.ladder) else ""
    return f"{best}{top}, p95 {milliseconds(held[-1].p95)}"


def _numbered(frame: bytes, thing: int) -> Send:
    """The same frame, each time with another seq, answered as the platform answers."""
    body: dict[str, Any] = orjson.loads(frame)
    numbers = iter(range(10**6))

    async def send(http: Http) -> Answer:
        seq = next(numbers)
        wanted = orjson.dumps({"frame": orjson.dumps(body | {"seq": seq}).decode()})
        await http.call("PATCH", f"/publish/{thing}", wanted, JSON)
        return Answer(200, orjson.dumps({"event": {"stream": body["stream"], "seq": seq}}))

    return send


async def _development(bench: Bench) -> Row:
    shape = bench.development
    audience, watchers = await watch(shape, 1)
    side = Side(shape.http, hall_targets(shape)[0].change, audience, shape.processes["http"])
    await turns(bench, [side])
    leave_all(watchers)
    return Row("change to one viewer, development", _shown(side))
