"""A change through the bot API: how long one takes, and how many fit into a second."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Sequence

from scripts.bench import counters
from scripts.bench.bodies import Target, targets
from scripts.bench.client import Http
from scripts.bench.numbers import median, medians, milliseconds, ratio_of_rounds, spread
from scripts.bench.options import SMALL_MEMBERS
from scripts.bench.shapes import Bench, Shape, connect
from scripts.bench.table import Row

Call = Callable[[Http], Awaitable[object]]
JSON = {"Content-Type": "application/json"}


async def run(bench: Bench) -> list[Row]:
    production, options = bench.production, bench.options
    each = await statements(bench, production)
    rows = await _one_client(production, each, bench, "production")
    rows += await _many_clients(production, each, bench)
    development = bench.development
    rows += await _one_client(development, each, bench, "development")
    return rows + await _development_rate(development, options.clients, bench)


async def statements(bench: Bench, shape: Shape, times: int = 50) -> dict[str, float]:
    """Count the statements of a change at the database server."""
    target = small_targets(shape)[0]
    http = await Http.open(shape.http)
    await repeat(http, target.change, 2 * times)  # every worker has its connection and its caches
    with connect(bench.mariadb) as cursor:
        before = counters.snapshot(cursor)
        await repeat(http, target.change, times)
        after = counters.snapshot(cursor)
    http.close()
    return counters.difference(before, after, times)


def small_targets(shape: Shape) -> list[Target]:
    """Return characters of different chronicles."""
    return [
        target
        for number, community in enumerate(shape.world["small"])
        for target in targets(shape.key, community, number * SMALL_MEMBERS)
    ]


def one_update(shape: Shape, things: Sequence[int] = ()) -> Call:
    return _floor("one", shape, things, "")


def same_statements(shape: Shape, each: dict[str, float], things: Sequence[int] = ()) -> Call:
    """Return the floor's call with as many statements as ours; its own locked SELECT is one of them."""
    query = "&".join(f"{name}={max(round(each.get(name, 0)), 1)}" for name in ("select", "update", "insert"))
    return _floor("same", shape, things, f"?{query}")


def _floor(name: str, shape: Shape, things: Sequence[int], query: str) -> Call:
    chosen = itertools.cycle(things or shape.world["things"])
    body = small_targets(shape)[0].body(0)

    async def call(http: Http) -> None:
        answer = await http.call("PATCH", f"/{name}/{next(chosen)}{query}", body, JSON)
        if answer.status != 200:
            raise RuntimeError(f"the floor answered {answer.status}: {answer.body[-500:]!r}")

    return call


async def repeat(http: Http, call: Call, times: int) -> list[float]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await call(http)
        taken.append(time.perf_counter() - began)
    return taken


async def _one_client(shape: Shape, each: dict[str, float], bench: Bench, where: str) -> list[Row]:
    options = bench.options
    target = small_targets(shape)[0]
    sides = [
        (await Http.open(shape.http), target.change),
        (await Http.open(shape.floor_http), one_update(shape)),
        (await Http.open(shape.floor_http), same_statements(shape, each)),
    ]
    taken: list[list[list[float]]] = [[], [], []]
    spent: list[list[float]] = [[], [], []]
    for http, call in sides:
        await repeat(http, call, options.samples)
    for _ in range(options.rounds):
        for side, (http, call) in enumerate(sides):
            before = _spent(bench, shape, side)
            taken[side].append(await repeat(http, call, options.samples))
            spent[side].append((_spent(bench, shape, side) - before) / options.samples)
    for http, _ in sides:
        http.close()
    return _latency_rows(taken, where) + _cost_rows(spent, where)


def _spent(bench: Bench, shape: Shape, side: int) -> float:
    """Return the processor time so far of our web processes (side 0) or the floor's, and of the database server."""
    database = counters.cpu(bench.mariadb.process.pid) if shape is bench.production else 0
    return database + counters.cpu(shape.processes["floor-http" if side else "http"])


def _cost_rows(spent: list[list[float]], where: str) -> list[Row]:
    """Compare processor time, which a loaded machine stretches least."""
    shown = [milliseconds(median(side)) for side in spent]
    return [
        Row(
            f"processor time of a change, {where} / {against}",
            shown[0],
            shown[side],
            ratio_of_rounds(spent[0], spent[side]),
        )
        for side, against in ((1, "DRF and one UPDATE"), (2, "DRF and as many statements"))
    ]


def _latency_rows(taken: list[list[list[float]]], where: str) -> list[Row]:
    shown = [spread(side) for side in taken]
    plain, same = (ratio_of_rounds(medians(taken[0]), medians(taken[side])) for side in (1, 2))
    aims = ("≤ 4", plain <= 4) if where == "production" else ("", None)
    return [
        Row(f"change, one client, {where} / DRF and one UPDATE", shown[0], shown[1], plain, *aims),
        Row(f"change, one client, {where} / DRF and as many statements", shown[0], shown[2], same),
    ]


async def rate(port: int, calls: Sequence[Call], seconds: float) -> float:
    """Return the calls a second, with one client for each call."""
    clients = [await Http.open(port) for _ in calls]
    began, end = time.perf_counter(), time.perf_counter() + seconds

    async def repeat_until_end(http: Http, call: Call) -> int:
        done = 0
        while time.perf_counter() < end:
            await call(http)
            done += 1
        return done

    done = await asyncio.gather(*map(repeat_until_end, clients, calls))
    taken = time.perf_counter() - began
    for http in clients:
        http.close()
    return sum(done) / taken


async def _rates(bench: Bench, sides: Sequence[tuple[int, Sequence[Call]]]) -> list[list[float]]:
    rates: list[list[float]] = [[] for _ in sides]
    for _ in range(bench.options.rounds):
        for side, (port, calls) in zip(rates, sides, strict=True):
            side.append(await rate(port, calls, bench.options.seconds))
    return rates


async def _many_clients(shape: Shape, each: dict[str, float], bench: Bench) -> list[Row]:
    count = bench.options.clients
    small = [target.change for target in small_targets(shape)[:count]]
    large = [target.change for target in targets(shape.key, shape.world["large"])[:count]]
    things = shape.world["things"]
    floor = [one_update(shape, things[n : n + 1]) for n in range(count)]
    same = [same_statements(shape, each, things[n : n + 1]) for n in range(count)]
    locked = [same_statements(shape, each, things[:1])] * count
    sides: list[tuple[int, Sequence[Call]]] = [
        (shape.http, small),
        (shape.http, large),
        (shape.http, small[:1] * count),
        (shape.floor_http, floor),
        (shape.floor_http, same),
        (shape.floor_http, locked),
    ]
    apart, together, same_character, plain, alike, one_row = await _rates(bench, sides)
    what, aim = f"changes/s, {count} clients", ("≥ 0.33", 1 / 3)
    return [
        _rate_row(f"{what}, different chronicles / DRF and one UPDATE", apart, plain, *aim),
        _rate_row(f"{what}, different chronicles / as many statements", apart, alike),
        _rate_row(f"{what}, one chronicle / DRF and one UPDATE", together, plain, *aim),
        _rate_row(f"{what}, same character / as many statements on one row", same_character, one_row, *aim),
    ]


def _rate_row(
    what: str, ours: list[float], floor: list[float], aim: str = "", least: float | None = None
) -> Row:
    ratio = ratio_of_rounds(ours, floor)
    met = None if least is None else ratio >= least
    return Row(what, f"{median(ours):.0f}/s", f"{median(floor):.0f}/s", ratio, aim, met)


async def _development_rate(shape: Shape, clients: int, bench: Bench) -> list[Row]:
    small = [target.change for target in small_targets(shape)[:clients]]
    floor = [one_update(shape, [thing]) for thing in shape.world["things"][:clients]]
    ours, plain = await _rates(bench, [(shape.http, small), (shape.floor_http, floor)])
    return [_rate_row(f"changes/s, {clients} clients, development / DRF and one UPDATE", ours, plain)]
