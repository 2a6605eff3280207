"""The overlay of a campaign in Chromium: change to pixel, first frame and longest task."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
from playwright.async_api import Page

from scripts.bench.bodies import Target
from scripts.bench.browser import pages, take_turns
from scripts.bench.client import HOST, Http, close_all
from scripts.bench.cold import SLOWER, Cold, count
from scripts.bench.numbers import median, medians, milliseconds, percentile, ratio_of_rounds, spread
from scripts.bench.shapes import Bench, Shape
from scripts.bench.table import Row
from scripts.common import ScriptError, say

PIXEL, FIRST_FRAME, TASK = 0.060, 0.300, 0.050
KILOBYTES = 60
BURSTS = 20
STAGE = "#stage"
PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length"
FIRST = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
TASKS = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "__metadata"]
# How Chromium calls a task of a thread, in this and that version.
TASK_NAMES = ("RunTask", "ThreadControllerImpl::RunTask")
NewPage = Callable[[], Awaitable[Page]]


@dataclass(frozen=True)
class Place:
    shape: Shape
    address: str
    cast: list[Target]


async def measure(bench: Bench, place: Place, binary: str) -> list[Row]:
    rows: list[Row] = []
    for part in (_opened, _to_pixel, _longest_task):
        # A browser of its own for each: nothing of another page is in its trace.
        async with pages(binary) as new_page:
            new = await part(bench, place, new_page)
        for row in new:
            say(" | ".join(row.cells()))
        rows += new
    return rows


async def _opened(bench: Bench, place: Place, new_page: NewPage) -> list[Row]:
    """Open it as a browser that has never seen it, several times."""
    await _open_once(place, new_page)  # the gateway's own first time
    taken = [await _open_once(place, new_page) for _ in range(2 * bench.options.rounds)]
    seconds, size = [opened.painted for opened in taken], max(opened.bytes for opened in taken)
    first, limit = median(seconds), KILOBYTES * 1000
    shown = f"{milliseconds(first)} (p95 {milliseconds(percentile(seconds, 0.95))})"
    return [
        Row(
            "overlay of eight: first frame after navigation",
            shown,
            aim=f"≤ {milliseconds(FIRST_FRAME)}",
            met=first <= FIRST_FRAME,
        ),
        Row(
            f"overlay of eight: over the line, {len(taken[0].asked)} requests",
            f"{size / 1000:.1f} KB",
            aim=f"≤ {KILOBYTES} KB",
            met=size <= limit,
        ),
    ]


async def _open_once(place: Place, new_page: NewPage) -> Cold:
    page, taken = await new_page(), Cold()
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    count(session, taken)
    await page.bring_to_front()  # a page behind another is not painted
    await page.goto(place.address, wait_until="load")
    await page.wait_for_function(PAINTED)
    taken.painted = await page.evaluate(FIRST) / 1000
    await page.context.close()
    return taken


async def _to_pixel(bench: Bench, place: Place, new_page: NewPage) -> list[Row]:
    overlay, bare = await _open(place, new_page), await new_page()
    floor_port = place.shape.floor_gateway
    await bare.goto(f"http://{HOST}:{floor_port}/")
    writer, broadcaster = await Http.open(place.shape.http), await Http.open(floor_port)
    numbers = itertools.count(1)

    async def change() -> None:
        await place.cast[0].change(writer)

    async def broadcast() -> None:
        await broadcaster.call("POST", "/broadcast", orjson.dumps({"value": next(numbers)}))

    ours, floor = await take_turns(bench, (overlay, STAGE, change), (bare, "#value", broadcast))
    close_all([writer, broadcaster])
    ratio = ratio_of_rounds(medians(ours), medians(floor))
    met = median([value for taken in ours for value in taken]) <= PIXEL
    what = "change to changed pixel of an overlay / bare page, one frame"
    return [Row(what, spread(ours), spread(floor), ratio, f"≤ {milliseconds(PIXEL)}", met)]


async def _longest_task(bench: Bench, place: Place, new_page: NewPage) -> list[Row]:
    page = await _open(place, new_page)
    browser, session = page.context.browser, await page.context.new_cdp_session(page)
    assert browser
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    clients = [await Http.open(place.shape.http) for _ in place.cast]
    await browser.start_tracing(page=page, categories=TASKS)
    for _ in range(BURSTS):
        await asyncio.gather(*map(Target.change, place.cast, clients))
        await asyncio.sleep(0.2)
    longest = longest_task(await browser.stop_tracing())
    close_all(clients)
    what = f"longest task of an overlay, {SLOWER} times slower, eight characters changed {BURSTS} times"
    aim = f"< {milliseconds(TASK)}"
    return [Row(what, milliseconds(longest), aim=aim, met=longest < TASK)]


def longest_task(trace: bytes) -> float:
    """Return the seconds of the longest task of any page's main thread in a trace of Chromium."""
    events: list[dict[str, Any]] = orjson.loads(trace)["traceEvents"]
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = [
        float(event["dur"])
        for event in events
        if event["name"] in TASK_NAMES and (event["pid"], event["tid"]) in mains and "dur" in event
    ]
    if not tasks:
        raise ScriptError("The browser's trace holds no task of a page.")
    return max(tasks) / 1_000_000


async def _open(place: Place, new_page: NewPage) -> Page:
    page = await new_page()
    await _show(page, place)
    return page


async def _show(page: Page, place: Place) -> None:
    await page.bring_to_front()
    await page.goto(place.address, wait_until="load")
    await page.locator(STAGE).wait_for(state="attached")
    await asyncio.sleep(1)  # its socket opens
