"""An exam in a real browser and in Discord at once: one clock, one set of answers, one result."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

pytestmark = pytest.mark.browser


async def late(route: Route) -> None:
    await asyncio.sleep(1)
    await route.continue_()


async def test_an_exam_is_sat_on_two_devices(stack, person, new_page):
    mira = await person("mira")
    page = await new_page(width=390)
    await stack.sign_in(page, "mira")
    await page.goto(f"{stack.backend}/progress/exams/")
    await page.get_by_role("link", name="Chronicles of Darkness: the rules").click()
    # By keyboard: into the first question, and down to its second option, before the scripts are there.
    await page.route(re.compile("/htmx"), late)
    await page.get_by_role("button", name="Begin").click()
    await page.locator("#question-1 input").first.focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("timer")).to_contain_text(re.compile(r"2[45]:\d\d"))
    await expect(page.get_by_text("1 of 20 answered")).to_be_visible()
    # Discord goes on with the same sitting, and the page hears of it.
    reply = await mira.slash("progress exam")
    reply = await mira.select(reply, "Chronicles of Darkness: the rules")
    reply = await mira.click(reply, "Begin or go on")
    assert "1 of 20 answered" in reply.content
    await mira.click(reply, "A")
    await expect(page.locator("#question-2 input").first).to_be_checked()
    await expect(page.get_by_text("2 of 20 answered")).to_be_visible()
    # A clock that somebody sets counts for nothing.
    await page.clock.set_system_time("2030-01-01T00:00:00Z")
    await expect(page.get_by_role("timer")).to_contain_text(re.compile(r"2[345]:\d\d"))
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.locator("#question-20 input").first.focus()
    await expect(page.get_by_role("timer")).to_be_in_viewport()
    await page.locator("#hand-in").click()
    await expect(page.get_by_text("of 20 right")).to_be_visible()
    await expect(page.get_by_text("You didn’t answer.")).to_have_count(18)
    reply = await mira.click(reply, "Next")
    assert "You pass with 70%." in reply.content or "passed with" in reply.content
