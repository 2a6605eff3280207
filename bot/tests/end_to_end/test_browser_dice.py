"""Dice in real browsers: a tray on the sheet, others see what fell, a storyteller asks and is answered."""

import re

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.browser


async def _log_page(stack, new_page, who, name, **options):
    """The rolls of the chronicle that this character is in, live."""
    page = await new_page(**options)
    await stack.sign_in(page, who)
    await page.goto(f"{stack.chronicle(name)}rolls/")
    await expect(page.locator("#rolls")).to_be_visible()
    return page


async def test_a_roll_from_the_sheet_is_seen_by_the_table(stack, person, open_sheet, new_page):
    await stack.new_vampire(await person("jonas"), "Dicing Owl")
    sheet = await open_sheet("jonas", "Dicing Owl", width=390)
    log = await _log_page(stack, new_page, "vesna", "Dicing Owl")
    await sheet.get_by_role("link", name="Dice").click()
    tray = sheet.locator("#dice")
    await tray.get_by_label("Add a trait").select_option("strength")
    await expect(tray.get_by_label("Pool")).to_have_value("strength")
    await tray.get_by_label("Pool").fill("3 + stren")
    await expect(tray.locator("#pool-ways option")).to_have_attribute("value", "3 + strength")
    await tray.get_by_label("Pool").fill("strength + 4")
    await expect(tray.locator("#odds")).to_contain_text("to win")
    await tray.locator("#roll-form").get_by_label("Difficulty", exact=True).fill("2")
    await tray.get_by_role("button", name="Roll", exact=True).click()
    fell = tray.locator("#rolls .roll").first
    await expect(fell).to_contain_text("Strength 1 + ")
    await expect(fell.locator(".dice .die")).to_have_count(5)
    seen = log.locator("#rolls .roll", has_text="Dicing Owl").first
    await expect(seen).to_contain_text("difficulty 2")
    await tray.get_by_role("button", name="Rouse check", exact=True).click()
    await expect(tray.locator("#rolls .roll").first).to_contain_text(re.compile("Rouse check"))
    await expect(log.locator("#rolls .roll", has_text="Rouse check").first).to_be_visible()
    await expect(log.get_by_text("No rolls yet")).to_have_count(0)
    await tray.get_by_text("Save as macro").click()
    await tray.get_by_label("Name", exact=True).fill("Claws")
    await tray.get_by_role("button", name="Save macro", exact=True).click()
    for many in (3, 4):  # each press is a roll of its own, and stands in the list once
        await tray.get_by_role("button", name=re.compile("^Claws")).click()
        await expect(tray.locator("#rolls .roll")).to_have_count(many)
    await expect(log.locator("#rolls .roll", has_text="Dicing Owl")).to_have_count(4)


@pytest.mark.long
async def test_a_request_is_answered_with_one_press(stack, person, new_page):
    mira = await person("mira")
    for name in ("Asked Owl", "Asked Crow"):  # who has two says which of them rolls
        await stack.new_vampire(mira, name)
    teller = await _log_page(stack, new_page, "vesna", "Asked Owl")
    player = await _log_page(stack, new_page, "mira", "Asked Owl", width=390)
    elsewhere = await new_page(width=390)
    await stack.sign_in(elsewhere, "mira")
    await elsewhere.goto(f"{stack.backend}/odds/")
    await teller.get_by_text("Ask for a roll").click()
    await teller.get_by_role("checkbox", name="Mira").check()
    await teller.get_by_label("What for").fill("Who hears the steps?")
    await teller.locator(".ask").get_by_label("Pool").fill("4")
    await teller.get_by_role("button", name="Ask", exact=True).click()
    await expect(elsewhere.locator("#toasts")).to_contain_text("Who hears the steps?")
    await elsewhere.locator("#toasts").get_by_role("button", name="Roll").click()
    await elsewhere.wait_for_url("**/rolls/#request-*")
    assert await player.evaluate("document.documentElement.scrollWidth") <= 390
    asked = player.locator(".request", has_text="Who hears the steps?")
    await asked.get_by_label("Who rolls").select_option(label="Asked Owl")
    await asked.get_by_role("button", name="Roll").click()
    answered = teller.locator(".request", has_text="Who hears the steps?")
    await expect(answered.locator(".asked a")).to_be_visible()


async def test_a_pool_is_picked_on_the_sheet(stack, person, open_sheet):
    await stack.new_vampire(await person("mira"), "Picking Owl")
    sheet = await open_sheet("mira", "Picking Owl", width=390)
    await sheet.get_by_role("link", name="Dice").click()
    tray = sheet.locator("#dice")
    await tray.get_by_role("button", name="Pick on the sheet").click()
    bar = sheet.get_by_role("group", name="Pool")
    await expect(bar).to_contain_text("Choose traits")
    await sheet.get_by_role("button", name="Strength", exact=True).click()
    await sheet.get_by_role("button", name="Brawl", exact=True).press("Enter")
    await expect(bar).to_contain_text("strength + brawl")
    assert await sheet.evaluate("document.documentElement.scrollWidth") <= 390
    await bar.get_by_role("button", name="Roll it").click()
    await expect(tray.get_by_label("Pool", exact=True)).to_have_value("strength + brawl")
    await expect(sheet.get_by_role("button", name="Strength", exact=True)).to_have_count(0)
    await tray.get_by_role("button", name="Pick on the sheet").click()
    await sheet.get_by_role("button", name="Strength", exact=True).press("Escape")
    await expect(bar).to_have_count(0)
    await expect(tray.get_by_label("Pool", exact=True)).to_have_value("strength + brawl")
    await tray.get_by_label("Pool", exact=True).fill("no such trait")
    await tray.get_by_role("button", name="Roll", exact=True).click()
    await expect(tray.get_by_label("Pool", exact=True)).to_have_attribute("aria-invalid", "true")
