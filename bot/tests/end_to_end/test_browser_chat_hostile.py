"""Hostile messages on the chat page in a real browser: nothing runs, nothing leaves its place."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from chat.tests.hostile import CORPUS
from contract.chat import MAX_TEXT
from rules.text import lines
from tests.end_to_end.chat_rooms import channel, fill, open_room, write

pytestmark = pytest.mark.browser

# A name that turns the direction of writing, towers over its line, and would be a picture if it were HTML.
NAME = ("\u202eetan" + "Z" + "\u0351\u036b\u0343" * 12 + "<img src=x onerror=alert(1)>")[:100]
# What is wrong with the rows in the page, in words.
FAULTS = """() => {
  const faults = []
  const log = document.querySelector("[role=log]")
  const frame = log.getBoundingClientRect()
  const row = (node) => node.closest(".talk-row").innerText.slice(0, 80)
  for (const node of document.querySelectorAll(".words *, .who *, .excerpt *")) {
    if (!/^(A|BLOCKQUOTE|BR|CODE|EM|LI|OL|P|PRE|S|SPAN|STRONG|UL|BDI)$/.test(node.tagName)) {
      faults.push(`<${node.tagName}> in ${row(node)}`)
    }
    for (const { name, value } of node.attributes) {
      if (/^on|^style$/i.test(name)) faults.push(`${name} in ${row(node)}`)
      if (name === "href" && !/^(https?|mailto):/i.test(value)) faults.push(`${value} in ${row(node)}`)
    }
    if (/fixed|absolute|sticky/.test(getComputedStyle(node).position)) faults.push(`positioned in ${row(node)}`)
  }
  for (const node of document.querySelectorAll(".talk-row")) {
    const { left, right } = node.getBoundingClientRect()
    if (left < frame.left - 1 || right > frame.right + 1) faults.push(`wide: ${row(node)}`)
    for (const part of node.querySelectorAll(".words, .who")) {
      const inner = part.getBoundingClientRect(), outer = part.closest(".body")?.getBoundingClientRect()
      const leaves = outer && (inner.left < outer.left - 1 || inner.right > outer.right + 1)
      if (leaves) faults.push(`out of its body: ${row(node)}`)
      if (!/hidden|clip/.test(getComputedStyle(part).overflowX)) faults.push(`not clipped: ${row(node)}`)
    }
  }
  if (log.scrollWidth > log.clientWidth) faults.push("the log scrolls sideways")
  if (document.documentElement.scrollWidth > innerWidth) faults.push("the page scrolls sideways")
  return faults
}"""


def stored() -> list[str]:
    """The messages that are not refused, as they are kept."""
    kept = [
        lines(text.encode("utf-8", "replace").decode()) for text in CORPUS.values() if len(text) <= MAX_TEXT
    ]
    return [text for text in kept if text.strip()]


@pytest.mark.req("S003-61")
@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("width", "every"),
    [(390, 8), pytest.param(390, 1, marks=pytest.mark.long), pytest.param(1440, 1, marks=pytest.mark.long)],
)
async def test_hostile_messages_run_nothing_and_stay_in_their_place(stack, new_page, width, every):
    room = channel(stack, "table")
    page = await new_page(width=width)
    alarms: list[str] = []
    page.on("dialog", lambda dialog: alarms.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: alarms.extend(foreign(request.url)))
    await open_room(stack, page, "mira", room)
    await write(page, "before")
    await expect(page.locator(".pending")).to_have_count(0)
    texts = stored()
    assert len(texts) >= 200
    texts = texts[::every]
    fill(stack, room, texts, NAME)
    await page.reload()
    log = page.get_by_role("log")
    await expect(log.locator(".talk-row").first).to_be_visible()
    foot = await page.get_by_role("textbox", name="Message to").bounding_box()
    seen: set[str] = set()
    for _ in range(400):
        assert await page.evaluate(FAULTS) == []
        seen |= set(
            await log.locator(".talk-row[data-key]").evaluate_all(
                "(rows) => rows.map((row) => row.dataset.key)"
            )
        )
        if await log.evaluate("(log) => log.scrollTop <= 0 && !log.querySelector('.talk-loads')"):
            break
        await log.evaluate("(log) => log.scrollBy(0, -log.clientHeight)")
        await page.wait_for_timeout(40)
    assert len(seen) >= len(texts)
    assert await page.get_by_role("textbox", name="Message to").bounding_box() == foot
    assert alarms == []


def foreign(url: str) -> list[str]:
    parts = urlsplit(url)
    return [] if parts.scheme in ("data", "blob") or parts.hostname == "localhost" else [f"request: {url}"]
