"""A room with ten thousand messages in a real browser: while they scroll by, the page never stops answering."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.end_to_end.chat_rooms import channel, fill, open_room, write

pytestmark = [pytest.mark.browser, pytest.mark.long]

MESSAGES, MOST_MILLISECONDS = 10_000, 50
# Up through the whole room, as fast as it comes; resolves with the number of messages that were in the page.
SCROLL = """() => new Promise((done) => {
  const log = document.querySelector("[role=log]"), seen = new Set()
  const step = () => {
    for (const row of log.querySelectorAll(".talk-row[data-key]")) seen.add(row.dataset.key)
    if (log.querySelector(".talk-begin") && log.scrollTop < 1) return done(seen.size)
    log.scrollBy(0, -350)
    requestAnimationFrame(step)
  }
  step()
})"""
WORDS = (
    "the",
    "rain",
    "a",
    "car",
    "without",
    "plates",
    "somebody",
    "who",
    "waits",
    "across",
    "the",
    "street",
)


def text(number: int) -> str:
    """A line of any length, some with what is drawn differently."""
    words = " ".join(WORDS[at % len(WORDS)] for at in range(number % 37 + 1))
    return f"{number}: **{words}** ||hidden||" if number % 11 == 0 else f"{number}: {words}"


@pytest.mark.timeout(600)
async def test_ten_thousand_messages_scroll_without_a_task_over_fifty_milliseconds(stack, new_page):
    """Counted is the processor's time of each task of the page's main thread: others may be using the machine."""
    room = channel(stack, "table")
    page = await new_page()
    await open_room(stack, page, "mira", room)
    await write(page, "before")
    await expect(page.locator(".pending")).to_have_count(0)
    fill(stack, room, [text(number) for number in range(MESSAGES)])
    await page.reload()
    await expect(page.locator(".talk-row", has_text=f"{MESSAGES - 1}:")).to_be_in_viewport()
    events: list[dict] = []
    session = await page.context.new_cdp_session(page)
    session.on("Tracing.dataCollected", lambda found: events.extend(found["value"]))
    done = asyncio.Event()
    session.on("Tracing.tracingComplete", lambda _: done.set())
    await session.send(
        "Tracing.start", {"categories": "toplevel,disabled-by-default-devtools.timeline,__metadata"}
    )
    page.set_default_timeout(500_000)
    seen = await page.evaluate(SCROLL)
    await session.send("Tracing.end")
    await asyncio.wait_for(done.wait(), 60)
    assert seen > MESSAGES
    tasks = tasks_of_page(events)
    assert len(tasks) > 1000
    slow = sorted((task for task in tasks if task > MOST_MILLISECONDS), reverse=True)
    assert slow == []


def tasks_of_page(events: list[dict]) -> list[float]:
    """Milliseconds that each task took on the main thread that scrolled: the one with most of them."""
    names = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    by_thread: dict[tuple[int, int], list[float]] = {}
    for event in events:
        thread = event["pid"], event["tid"]
        if "RunTask" in event["name"] and "tdur" in event and thread in names:
            by_thread.setdefault(thread, []).append(event["tdur"] / 1000)
    return max(by_thread.values(), key=len, default=[])
