"""The spine, as people use it: a command in the sandbox changes the sheet that is open in a browser."""

import pytest
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser


async def open_sheet(stack, page: Page, username: str, name: str) -> None:
    await stack.log_in(page, username)
    await page.goto(f"{stack.backend}/")
    await page.get_by_role("link", name=name).first.click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()


@pytest.mark.req("CARD-12", "CARD-13")
async def test_a_slash_command_changes_the_open_sheet(stack, person, new_page):
    mira = await person("mira")
    await stack.new_vampire(mira, "Night Owl", health=6)
    page = await new_page()
    await open_sheet(stack, page, "mira", "Night Owl")
    hunger = page.locator('[path="hunger"]').first
    await expect(hunger).to_contain_text("1 of 5")
    await mira.slash("vampire update", name="Night Owl", hunger=2, health_superficial=3)
    await expect(hunger).to_contain_text("3 of 5")
    await expect(page.locator('[path="health"]').first).to_contain_text("3 superficial")
