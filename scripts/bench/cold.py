"""A sheet that is opened for the first time, on a slow line and a slow device: painted, editable, requests, bytes."""

from dataclasses import dataclass, field

from playwright.async_api import CDPSession, Page

from scripts.bench.numbers import milliseconds
from scripts.bench.table import Row

# What browsers call slow 4G: a wait for each request, and 1.4 Mbit/s.
SLOW_4G = {"offline": False, "latency": 562, "downloadThroughput": 180_000, "uploadThroughput": 84_000}
SLOWER = 4
PAINTED, EDITABLE = 2.0, 3.5
REQUESTS, KILOBYTES = 20, 150
# When the first trait could be edited, by the page's own clock.
WATCH = """new MutationObserver((_, observer) => {
  if (!document.querySelector(".trait.editable")) return
  window.editableAt = performance.now()
  observer.disconnect()
}).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ["class"]})"""
# A function: Playwright evaluates a text again at each look, which the page's security policy forbids.
READY = "() => window.editableAt && performance.getEntriesByName('first-contentful-paint').length"
TIMES = """() => [performance.getEntriesByName("first-contentful-paint")[0].startTime, window.editableAt]"""


@dataclass
class Cold:
    """Seconds, and what came over the line."""

    painted: float = 0.0
    editable: float = 0.0
    asked: list[str] = field(default_factory=list)
    bytes: int = 0


async def open_cold(page: Page, address: str, *, slow: bool = True) -> Cold:
    """Open a page as a browser does that has never seen it."""
    taken, session = Cold(), await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    count(session, taken)
    if slow:
        await session.send("Network.emulateNetworkConditions", SLOW_4G)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.add_init_script(WATCH)
    await page.goto(address, wait_until="load")
    await page.bring_to_front()  # a page behind another is not painted
    await page.wait_for_function(READY)
    painted, editable = await page.evaluate(TIMES)
    taken.painted, taken.editable = painted / 1000, editable / 1000
    return taken


def count(session: CDPSession, taken: Cold) -> None:
    def finished(event: dict[str, float]) -> None:
        taken.bytes += int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", lambda event: taken.asked.append(event["request"]["url"]))
    session.on("Network.loadingFinished", finished)


def rows(taken: Cold) -> list[Row]:
    what = "cold sheet on slow 4G, four times slower"
    return [
        _timed(f"{what}: painted", taken.painted, PAINTED),
        _timed(f"{what}: editable", taken.editable, EDITABLE),
        Row(
            f"{what}: requests", str(len(taken.asked)), aim=f"≤ {REQUESTS}", met=len(taken.asked) <= REQUESTS
        ),
        Row(
            f"{what}: over the line",
            f"{taken.bytes / 1000:.0f} KB",
            aim=f"≤ {KILOBYTES} KB",
            met=taken.bytes <= KILOBYTES * 1000,
        ),
    ]


def _timed(what: str, seconds: float, aim: float) -> Row:
    return Row(what, milliseconds(seconds), aim=f"≤ {milliseconds(aim)}", met=seconds <= aim)
