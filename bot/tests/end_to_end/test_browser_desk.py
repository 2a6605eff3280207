"""The storyteller's desk in a real browser: what players do shows by itself."""

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.browser


async def test_the_desk_follows_the_table(stack, person, open_sheet, new_page):
    mira = await person("mira")
    await stack.new_vampire(mira, "Desk Raven", hunger=1)
    desk = await new_page()
    await stack.log_in(desk, "vesna")
    await desk.get_by_role("link", name="Desk : Night Court", exact=True).click()
    card = desk.locator("tr", has_text="Desk Raven")
    await expect(card.locator('[of="hunger"]')).to_have_text("1/5")
    await mira.slash("vampire set", name="Desk Raven", hunger=3)
    await expect(card.locator('[of="hunger"]')).to_have_text("3/5")
    sent = await mira.slash("character propose", name="Desk Raven", trait="wits", value="2", reason="Study")
    assert "Wits: 1 → 2" in sent.text
    waiting = desk.locator(".submission", has_text="Desk Raven")
    await expect(waiting).to_contain_text("Wits: 1 → 2")
    await waiting.get_by_role("button", name="Approve").click()
    await expect(desk.locator(".submission", has_text="Desk Raven")).to_have_count(0)
    await card.get_by_role("checkbox").check()
    await desk.get_by_label("Experience each").fill("2")
    await desk.get_by_label("Reason", exact=True).fill("Session 1")
    await desk.get_by_role("button", name="Award", exact=True).click()
    # The page comes back with empty fields when the award is made.
    await expect(desk.get_by_label("Experience each")).to_have_value("")
    reply = await mira.slash("character history", name="Desk Raven")
    assert "Experience" in str(reply.message)
    await desk.set_viewport_size({"width": 390, "height": 844})
    assert await desk.evaluate("document.documentElement.scrollWidth") <= 390
