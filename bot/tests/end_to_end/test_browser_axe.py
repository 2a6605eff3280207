"""axe-core finds nothing serious on the main pages, in either theme."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser

SERIOUS = """async () => (await axe.run()).violations
  .filter((found) => ["serious", "critical"].includes(found.impact))
  .map((found) => [found.id, ...found.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))])"""


async def serious(page: Page) -> Any:
    await page.evaluate(AXE_SCRIPT)
    return await page.evaluate(SERIOUS)


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_serious(theme, stack, person, open_sheet):
    name = f"Axe Owl {theme}"
    await stack.new_vampire(await person("mira"), name, hunger=3)
    page = await open_sheet("mira", name, width=1280, color_scheme=theme, reduced_motion="reduce")
    assert not await serious(page)
    await page.get_by_role("link", name="Dice").click()
    tray = page.locator("#dice")
    await tray.get_by_label("Pool", exact=True).fill("8")
    await tray.get_by_role("button", name="Roll", exact=True).click()
    await expect(tray.locator("#result .result")).to_be_visible()
    assert not await serious(page)
    sheet = page.url
    chronicle = await page.evaluate(
        "JSON.parse(document.getElementById('character').textContent).chronicle.id"
    )
    of_chronicle = [f"/chronicles/{chronicle}/{part}" for part in ("", "rolls/", "conflicts/")]
    for address in ("/", "/odds/?system=v5&pool=6", "/luck/", "/account/", "/create-server/", *of_chronicle):
        await page.goto(f"{stack.backend}{address}")
        assert not await serious(page), address
    await page.goto(f"{sheet}history/")
    assert not await serious(page)
