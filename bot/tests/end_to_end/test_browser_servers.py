"""Pages of a community in a real browser: a refused form keeps what was typed, a macro is changed and done with."""

import re

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.browser


async def _desk(stack, new_page, search, **options):
    """Of the Night Court, narrowed down: others have characters there too."""
    page = await new_page(**options)
    await stack.log_in(page, "vesna")
    await page.get_by_role("link", name="Desk : Night Court", exact=True).click()
    await page.get_by_label("Search").fill(search)
    await page.get_by_label("Search").press("Enter")
    await page.wait_for_url("**/desk/?search=*")
    return page


async def test_a_refused_award_keeps_what_was_typed_and_the_desk_goes_on(stack, person, new_page):
    mira = await person("mira")
    await stack.new_vampire(mira, "Refused Raven", hunger=1)
    desk = await _desk(stack, new_page, "Refused Raven", width=390)
    card = desk.locator("tr", has_text="Refused Raven")
    await card.get_by_role("checkbox").check()
    await desk.get_by_label("Experience each").fill("3")
    await desk.get_by_label("Reason", exact=True).fill("  ")
    await desk.get_by_role("button", name="Award", exact=True).click()
    await expect(desk.get_by_role("alert")).to_contain_text("Say what for")
    wrong = desk.get_by_label("Reason", exact=True)
    await expect(wrong).to_have_attribute("aria-invalid", "true")
    await expect(wrong).to_be_focused()
    await expect(desk.locator("#reason-problem")).to_contain_text("Say what for")
    await expect(desk.get_by_label("Experience each")).to_have_value("3")
    await expect(card.get_by_role("checkbox")).to_be_checked()
    # It still follows the table, from where it stands now.
    await mira.slash("vampire set", name="Refused Raven", hunger=3)
    await expect(card.locator('[of="hunger"]')).to_have_text("3/5")
    await mira.slash("character propose", name="Refused Raven", trait="wits", value="2", reason="Study")
    await wrong.fill("Session 1")
    await desk.get_by_role("button", name="Award", exact=True).click()
    await desk.wait_for_url("**/desk/?search=*")
    await expect(desk.get_by_role("alert")).to_have_count(0)
    await expect(card.get_by_role("checkbox")).not_to_be_checked()
    await expect(desk.locator("#waiting", has_text="Refused Raven")).to_be_visible()


@pytest.mark.long
async def test_a_channel_says_what_a_role_may_do(stack, person, new_page):
    page = await new_page(width=390)
    await stack.log_in(page, "vesna")
    await (
        page.get_by_role("navigation", name="Chronicles")
        .get_by_role("link", name="Night Court", exact=True)
        .last.click()
    )
    await page.get_by_role("link", name="Channels").click()
    await page.get_by_role("link", name="out-of-character").click()
    await page.get_by_text("Add role").click()
    form = page.locator("details[open] form")
    await form.get_by_label("Role").select_option(label="Moderator")
    await form.get_by_label("Write").select_option(label="Deny")
    await form.get_by_role("button", name="Add").click()
    said = page.locator("article", has_text="Moderator")
    await expect(said.get_by_label("Write")).to_have_value("deny")
    await expect(said.get_by_label("View")).to_have_value("")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await said.get_by_label("Write").select_option(label="Not set")
    await said.get_by_role("button", name="Save").click()
    await expect(page.locator("article", has_text="Moderator")).to_have_count(0)


@pytest.mark.long
async def test_a_macro_is_changed_and_the_tray_is_free_again(stack, person, open_sheet):
    await stack.new_vampire(await person("mira"), "Macro Owl")
    sheet = await open_sheet("mira", "Macro Owl", width=390)
    await sheet.get_by_role("link", name="Dice").click()
    tray = sheet.locator("#dice")
    await tray.get_by_label("Pool").fill("strength + 4")
    await tray.get_by_text("Save as macro").click()
    await tray.get_by_label("Name", exact=True).fill("Swoop")
    await tray.get_by_role("button", name="Save macro", exact=True).click()
    await tray.get_by_role("link", name="Edit macro Swoop").click()
    await expect(tray.get_by_text("Edit macro “Swoop”")).to_be_visible()
    await expect(tray.get_by_label("Pool")).to_be_focused()
    await tray.get_by_label("Pool").fill("6")
    await tray.get_by_role("button", name="Save macro", exact=True).click()
    await expect(tray.get_by_text("Save as macro")).to_be_visible()
    await expect(tray.get_by_text("Edit macro")).to_have_count(0)
    await expect(tray.get_by_label("Pool")).to_have_value("")
    swoop = tray.get_by_role("button", name=re.compile("^Swoop"))
    await expect(swoop).to_contain_text("6")
    await expect(swoop).to_be_focused()
    await tray.get_by_role("link", name="Edit macro Swoop").click()
    await tray.get_by_role("link", name="Cancel").click()
    await expect(tray.get_by_text("Save as macro")).to_be_visible()


@pytest.mark.long
async def test_a_storyteller_acts_for_a_player_on_the_sheet(stack, person, open_sheet):
    await stack.new_vampire(await person("mira"), "Absent Owl", hunger=1)
    sheet = await open_sheet("vesna", "Absent Owl", width=390)
    await sheet.get_by_label("Act for Mira").check()
    strength = sheet.get_by_role("slider", name="Strength")
    await strength.press("ArrowRight")
    await expect(sheet.locator("[data-sync]")).to_contain_text("Saved")
    await sheet.get_by_label("Act for Mira").uncheck()
    await strength.press("ArrowRight")
    await expect(strength).to_have_attribute("aria-valuenow", "3")
    await expect(sheet.locator("[data-sync]")).to_contain_text("Saved")
    await sheet.get_by_role("link", name="History").click()
    events = sheet.locator("#history .event")
    await expect(events.filter(has_text="2 → 3").locator("[data-slot=by]")).to_have_text("Vesna")
    await expect(events.filter(has_text="1 → 2").locator("[data-slot=by]")).to_have_text("Vesna for Mira")
    await sheet.locator("#history").get_by_role("button", name="Close").click()
    await sheet.get_by_label("Act for Mira").check()
    await sheet.get_by_role("link", name="History").click()
    await events.filter(has_text="2 → 3").get_by_role("button", name="Undo").click()
    await expect(events.filter(has_text="3 → 2").locator("[data-slot=by]")).to_have_text("Vesna for Mira")
