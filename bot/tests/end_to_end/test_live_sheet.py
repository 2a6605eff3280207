"""The spine, as people use it: a command in the sandbox changes the sheet that is open in a browser."""

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.req("CARD-12", "CARD-13")
async def test_a_slash_command_changes_the_open_sheet(stack, person, new_page):
    mira = await person("mira")
    await stack.new_vampire(mira, "Night Owl", health=6)
    page = await new_page()
    await stack.log_in_by_hand(page, "mira")
    await page.get_by_role("link", name="Night Owl", exact=True).first.click()
    await expect(page.locator("[data-live]")).to_have_attribute("data-state", "live")
    hunger = page.locator('[path="hunger"]').first
    await expect(hunger).to_contain_text("1 of 5")
    await mira.slash("vampire update", name="Night Owl", hunger=2, health_superficial=3)
    await expect(hunger).to_contain_text("3 of 5")
    await expect(page.locator('[path="health"]').first).to_contain_text("3 superficial")
