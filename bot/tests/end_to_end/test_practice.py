"""A drill in the sandbox: somebody answers by buttons, and gets points."""

from typing import Any

import pytest
from playwright.async_api import expect

from sandbox.person import Person


@pytest.mark.req("S001-71", "CARD-07")
async def test_a_drill_in_discord(mira: Person) -> None:
    """Whatever is pressed is answered with the reason; after the fifth question the drill is over."""
    reply = await mira.slash("progress practice", options={"system": "cod", "level": 1})
    for number in range(1, 6):
        assert f"question {number} of 5" in reply.text
        reply = await mira.click(reply, "A")
        assert "Right!" in reply.text or "Not quite" in reply.text
    assert " of 5 right: " in reply.text
    assert "You practised 1 day in a row." in reply.text
    assert "question 1 of 5" in (await mira.click(reply, "Another drill")).text


@pytest.mark.browser
async def test_a_drill_goes_on_on_another_device(stack: Any, person: Any, new_page: Any) -> None:
    """The page follows Discord, a number key answers, and then the button in Discord is late."""
    jonas = await person("jonas")
    page = await new_page()
    await stack.log_in(page, "jonas")
    await page.goto(f"{stack.backend}/progress/practice/")
    begun = await jonas.slash("progress practice", options={"system": "v5", "level": 1})
    await expect(page.get_by_text("Question 1 of 5", exact=True)).to_be_visible()
    await page.keyboard.press("1")
    await expect(page.get_by_text("Question 2 of 5", exact=True)).to_be_visible()
    await expect(page.locator("[data-verdict]")).to_be_visible()
    late = await jonas.click(begun, "A")
    assert "You already answered this question." in late.text
    await page.get_by_role("button", name="Stop here").click()
    await expect(page.get_by_role("button", name="Another drill")).to_be_visible()
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
