"""From a change to one socket, to the last of many, and how many changes a second are delivered."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import orjson
from redis.asyncio import Redis

from scripts.bench import counters, published
from scripts.bench.bodies import Target, targets
from scripts.bench.client import Answer, Audience, Door, Http, Viewer, close_all
from scripts.bench.numbers import (
    Rung,
    highest_held,
    median,
    medians,
    milliseconds,
    percentile,
    ratio_of_rounds,
    spread,
)
from scripts.bench.options import CHANNEL, NODE_CHANNEL
from scripts.bench.shapes import Bench, Shape
from scripts.bench.table import Row
from scripts.bench.watchers import Watcher, doors, enter_all, heartbeats, leave_all

LIMIT = 1.0  # seconds: a rung is held when the last viewer had 95 % of its changes by then
AIM_RATE = 60
SENDERS = 12
JSON = {"Content-Type": "application/json"}
Send = Callable[[Http], Awaitable[Answer]]


async def run(bench: Bench) -> list[Row]:
    production = bench.production
    rows = [await _one_viewer(bench, production)]
    async with audience_of_all(bench, production) as (ours, arrival):
        rows.append(arrival)
        rows += await _last_viewer(bench, production, ours)
        rows += await _ladders(bench, production, ours)
        # Last: it uses numbers that no event has.
        rows += await _published(bench, production, ours)
    rows.append(await _development(bench))
    return rows


@dataclass
class Side:
    """A set of sockets, what sends an event to them, and what that costs. `pid` is the process with the sockets."""

    port: int
    send: Send
    audience: Audience
    pid: int
    sockets: list[Viewer] = field(default_factory=list)
    taken: list[list[float]] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)

    async def once(self, http: Http) -> float:
        """Return the seconds from the request to the last of the audience."""
        began = time.perf_counter()
        answer = asyncio.ensure_future(self.send(http))
        last = await self.audience.next_complete()
        await answer
        return last - began


def large_targets(shape: Shape) -> list[Target]:
    return targets(shape.key, shape.world["large"])


async def watch(shape: Shape, count: int) -> tuple[Audience, list[Watcher]]:
    """Connect members of the large community, each in an own session; they see its characters' Hunger."""
    audience = Audience(count)
    streams = [shape.world["large"]["stream"]] * count
    watchers = await enter_all(doors(shape.gateway, shape.world["sessions"][:count]), streams)
    for watcher in watchers:
        watcher.listen(audience.on_text)
    return audience, watchers


async def floor_side(
    http: int, send: Send, count: int, port: int, pid: int, audience: Audience | None = None
) -> Side:
    """Connect plain sockets to a floor; `http` is where the request goes."""
    audience = audience or Audience(count)
    sockets = [await Viewer.open(Door(port), audience.on_text) for _ in range(count)]
    return Side(http, send, audience, pid, sockets=sockets)


def our_side(shape: Shape, audience: Audience, target: Target) -> Side:
    return Side(shape.http, target.change, audience, shape.processes["gateway"])


def posting(path: str, method: str, body: bytes) -> Send:
    return lambda http: http.call(method, path, body, JSON)


async def frame_of(shape: Shape) -> bytes:
    """Return an event's frame as the platform sends it, for the floors to send the same."""
    frames: list[bytes] = []
    watcher = await Watcher.enter(
        doors(shape.gateway, shape.world["sessions"][:1])[0], shape.world["large"]["stream"]
    )
    audience = Audience(1)

    def keep(viewer: Viewer, payload: bytes) -> None:
        frames.append(payload)
        audience.on_text(viewer, payload)

    watcher.listen(keep)
    http = await Http.open(shape.http)
    await large_targets(shape)[1].change(http)
    await audience.next_complete()
    http.close()
    watcher.viewer.close()
    return next(payload for payload in frames if payload.startswith(b'{"type":"update"'))


async def turns(bench: Bench, sides: Sequence[Side]) -> None:
    """Fill `taken` and `spent` of each side, a round at a time; the sides take turns."""
    clients = [await Http.open(side.port) for side in sides]
    samples = bench.options.samples // 2
    for turn in range(bench.options.rounds + 1):
        for side, http in zip(sides, clients, strict=True):
            before = counters.cpu(side.pid)
            taken = [await side.once(http) for _ in range(samples)]
            if turn:  # the first warms up
                side.taken.append(taken)
                side.spent.append((counters.cpu(side.pid) - before) / samples / side.audience.wanted)
    close_all(clients)


def _row(what: str, ours: Side, floor: Side, most: float | None) -> Row:
    ratio = ratio_of_rounds(medians(ours.taken), medians(floor.taken))
    aim = "" if most is None else f"≤ {most:g}"
    met = None if most is None else ratio <= most
    return Row(what, spread(ours.taken), spread(floor.taken), ratio, aim, met)


def _cost_row(what: str, ours: Side, floor: Side) -> Row:
    shown = [f"{median(side.spent) * 1e6:.1f} µs" for side in (ours, floor)]
    return Row(what, shown[0], shown[1], ratio_of_rounds(ours.spent, floor.spent))


async def _one_viewer(bench: Bench, shape: Shape) -> Row:
    frame = await frame_of(shape)
    audience, watchers = await watch(shape, 1)
    ours = our_side(shape, audience, large_targets(shape)[0])
    body = orjson.dumps({"frame": frame.decode()})
    publish = posting(f"/publish/{shape.world['things'][0]}", "PATCH", body)
    pid = shape.processes["floor-gateway"]
    floor = await floor_side(shape.floor_http, publish, 1, shape.floor_gateway, pid)
    await turns(bench, [ours, floor])
    leave_all(watchers)
    close_all(floor.sockets)
    return _row("change to one viewer / WSGI, one UPDATE, Redis, uvicorn", ours, floor, 3)


@contextlib.asynccontextmanager
async def audience_of_all(bench: Bench, shape: Shape) -> AsyncIterator[tuple[Side, Row]]:
    """Keep all viewers of the large community connected; the row says how long that took."""
    count = bench.options.viewers
    began = time.perf_counter()
    audience, watchers = await watch(shape, count)
    taken = time.perf_counter() - began
    alive = asyncio.ensure_future(heartbeats(watchers))
    await quiet(audience)
    arrival = Row(
        f"{count} viewers of one chronicle connect, each with the presence of the others", f"{taken:.1f} s"
    )
    try:
        yield our_side(shape, audience, large_targets(shape)[0]), arrival
    finally:
        alive.cancel()
        leave_all(watchers)


async def quiet(audience: Audience, pause: float = 1.0, most: float = 60) -> None:
    """Wait until no frames have come for a while: the others get the presence of each who comes."""
    end = time.perf_counter() + most
    known = -1
    while audience.frames != known and time.perf_counter() < end:
        known = audience.frames
        await asyncio.sleep(pause)
    audience.forget()


async def _last_viewer(bench: Bench, shape: Shape, ours: Side) -> list[Row]:
    count = bench.options.viewers
    broadcast = posting("/broadcast", "POST", await frame_of(shape))
    ours.audience.forget()
    port, pid = shape.floor_gateway, shape.processes["floor-gateway"]
    uvicorn = await floor_side(port, broadcast, count, port, pid)
    node = await floor_side(bench.node[0], broadcast, count, *bench.node) if bench.node else None
    await _turns_with_floors(bench, ours, uvicorn, node)
    what = f"change to the last of {count} viewers"
    cost = f"processor time of the gateway a viewer, {count} viewers"
    rows = [_row(f"{what} / uvicorn, plain broadcast", ours, uvicorn, None)]
    rows.append(_cost_row(f"{cost} / uvicorn, plain broadcast", ours, uvicorn))
    if node is None:
        return [*rows, Row(f"{what} / node ws", "not run: node or its package ws is missing")]
    rows.append(_cost_row(f"{cost} / node ws, plain broadcast", ours, node))
    return [*rows, _row(f"{what} / node ws, plain broadcast", ours, node, 1.4)]


async def _turns_with_floors(bench: Bench, ours: Side, uvicorn: Side, node: Side | None) -> None:
    floors = [uvicorn] if node is None else [uvicorn, node]
    await turns(bench, [ours, *floors])
    for floor in floors:
        close_all(floor.sockets)


async def _published(bench: Bench, shape: Shape, all_viewers: Side) -> list[Row]:
    """Measure the gateway's own part, the same on all sides: a message in Redis to the last of its viewers."""
    count = bench.options.viewers
    stream, target = shape.world["large"]["stream"], large_targets(shape)[2]
    http = await Http.open(shape.http)
    async with Redis.from_url(bench.redis.url) as redis:
        channel, message = await published.published_by(redis, stream, lambda: target.change(http))
        http.close()
        await quiet(all_viewers.audience)
        to_hub, to_uvicorn, to_node = (published.Publisher(redis, channel, message) for _ in range(3))
        ours = Side(shape.http, to_hub.to_hub, all_viewers.audience, all_viewers.pid)
        place = (shape.floor_gateway, shape.processes["floor-gateway"])
        uvicorn = await floor_side(shape.http, to_uvicorn.to(CHANNEL), count, *place)
        node = None
        if bench.node is not None:
            node = await floor_side(shape.http, to_node.to(NODE_CHANNEL), count, *bench.node)
        await _turns_with_floors(bench, ours, uvicorn, node)
    what = f"message in Redis to the last of {count} viewers"
    rows = [_row(f"{what} / uvicorn, plain broadcast of the same", ours, uvicorn, None)]
    return rows + ([_row(f"{what} / node ws, broadcast of the same", ours, node, 1.4)] if node else [])


async def rung(side: Side, sends: Sequence[Send], rate: float, seconds: float) -> Rung:
    """Send changes at fixed times, whether earlier ones arrived or not; wait until all did or the limit is over."""
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
    return _evaluate(side.audience, rate, due)


def _evaluate(audience: Audience, rate: float, due: dict[tuple[str, int], float]) -> Rung:
    arrived = audience.events
    late = [arrived[key][1] - at for key, at in due.items() if key in arrived]
    frames = sum(int(arrived[key][0]) for key in due if key in arrived)
    return Rung(rate, len(due) * audience.wanted, frames, percentile(late, 0.95) if late else float("inf"))


async def climb(side: Side, sends: Sequence[Send], bench: Bench, ladder: Sequence[float] = ()) -> list[Rung]:
    """Raise the rate until a rung fails twice."""
    rungs: list[Rung] = []
    for rate in ladder or bench.options.ladder:
        result = await rung(side, sends, rate, bench.options.rung_seconds)
        if not result.held(LIMIT):
            await asyncio.sleep(1)
            result = await rung(side, sends, rate, bench.options.rung_seconds)
        rungs.append(result)
        if not result.held(LIMIT):
            break
    return rungs


async def _ladders(bench: Bench, shape: Shape, ours: Side) -> list[Row]:
    count = bench.options.viewers
    our_rungs = await climb(ours, [target.change for target in large_targets(shape)], bench)
    frame, thing = await frame_of(shape), shape.world["things"][0]
    pid = shape.processes["floor-gateway"]
    floor = await floor_side(shape.floor_http, ours.send, count, shape.floor_gateway, pid)
    floor_rungs = await climb(floor, [_numbered(frame, thing)], bench)
    close_all(floor.sockets)
    best = highest_held(our_rungs, LIMIT)
    return [
        Row(
            f"changes/s with {count} viewers, all delivered / WSGI, one UPDATE, Redis, uvicorn",
            _shown(our_rungs, bench),
            _shown(floor_rungs, bench),
            best / (highest_held(floor_rungs, LIMIT) or 1),
            f"≥ {AIM_RATE}",
            best >= AIM_RATE,
        )
    ]


def _shown(rungs: Sequence[Rung], bench: Bench) -> str:
    held = [rung for rung in rungs if rung.held(LIMIT)]
    best = f"{highest_held(rungs, LIMIT):g}/s"
    if not held:
        worst = rungs[0]
        return f"{best}; at {worst.rate:g}/s {worst.arrived / worst.due:.1%}, p95 {milliseconds(worst.p95)}"
    top = " (top of the ladder)" if len(held) == len(bench.options.ladder) else ""
    return f"{best}{top}, p95 {milliseconds(held[-1].p95)}"


def _numbered(frame: bytes, thing: int) -> Send:
    """Publish the frame, each time with another seq, and answer as the platform answers."""
    body = orjson.loads(frame)
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
    side = Side(shape.http, large_targets(shape)[0].change, audience, shape.processes["http"])
    await turns(bench, [side])
    leave_all(watchers)
    return Row("change to one viewer, development", spread(side.taken))
