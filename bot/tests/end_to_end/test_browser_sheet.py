"""The sheet in a real browser: live for everybody who looks, by hand, by keys, on a phone."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from contract.notices import PLACE, SENTENCES, read, sentence

pytestmark = pytest.mark.browser


def trait(page: Page, path: str) -> Locator:
    return page.locator(f'.trait[path="{path}"]')


def dots(page: Page, path: str) -> Locator:
    return trait(page, path).locator("[data-pips]")


async def version(page: Page) -> int:
    return int(await page.locator(".signs [data-bind=version]").inner_text())


@pytest.mark.req("CARD-12")
async def test_a_click_reaches_the_other_browser_marked_and_with_its_history(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Click Owl", health=6)
    mine = await open_sheet("jonas", "Click Owl")
    hers = await open_sheet("vesna", "Click Owl")
    before = await version(hers)
    await hers.get_by_role("link", name="History", exact=True).click()
    await expect(hers.locator("#history .event")).to_have_count(1)

    await dots(mine, "hunger").locator(".pip").nth(3).click()

    await expect(trait(hers, "hunger")).to_have_class(re.compile("changed"))
    await expect(trait(hers, "hunger")).to_contain_text("4 of 5")
    await expect(hers.locator(".signs [data-bind=version]")).to_have_text(str(before + 1))
    await expect(hers.locator("#toasts")).to_contain_text("Hunger 1 → 4")
    newest = hers.locator("#history .event").first
    await expect(newest).to_contain_text("on the web")
    await expect(newest).to_contain_text("Hunger: 1 → 4")
    await expect(trait(hers, "hunger")).not_to_have_class(re.compile("changed"))


async def test_clicking_the_last_dot_takes_it_away_and_damage_goes_round(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Round Owl", health=5)
    page = await open_sheet("jonas", "Round Owl")
    await dots(page, "hunger").locator(".pip").first.click()
    await expect(trait(page, "hunger")).to_contain_text("0 of 5")
    box = trait(page, "health").locator(".box").first
    for damage in ("1 superficial, 0 aggravated", "0 superficial, 1 aggravated", "no damage"):
        await box.click()
        await expect(trait(page, "health")).to_contain_text(damage)
    await expect(page.locator("[data-sync]")).to_have_text("Saved")
    await page.reload()
    await expect(trait(page, "health")).to_contain_text("no damage")


async def test_dots_are_a_slider_for_the_keyboard(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Key Owl")
    page = await open_sheet("jonas", "Key Owl")
    wits = page.get_by_role("slider", name="Wits")
    await wits.focus()
    for key, value in (("ArrowRight", "2"), ("End", "5"), ("ArrowLeft", "4"), ("Home", "1"), ("3", "3")):
        await page.keyboard.press(key)
        await expect(wits).to_have_attribute("aria-valuenow", value)
    await expect(wits).to_be_focused()
    await expect(page.locator("[data-sync]")).to_have_text("Saved")


@pytest.mark.long
async def test_lowering_a_discipline_keeps_its_powers_and_a_removal_can_be_taken_back(
    stack, person, open_sheet
):
    await stack.new_vampire(await person("jonas"), "Power Owl")
    page = await open_sheet("jonas", "Power Owl")
    disciplines = trait(page, "disciplines")
    await disciplines.get_by_role("button", name="Add to Disciplines").click()
    await page.locator("dialog[open] input").first.fill("Obfuscate <i>")
    await page.locator("dialog[open] select").first.select_option("3")
    await page.locator("dialog[open] [type=submit]").click()
    await disciplines.get_by_role("button", name="Power", exact=True).click()
    await page.locator("dialog[open] input").first.fill("Cloak of Shadows")
    await page.locator("dialog[open] [type=submit]").click()
    await expect(disciplines.locator(".powers summary")).to_contain_text("Cloak of Shadows")

    rating = disciplines.get_by_role("slider")
    await rating.focus()
    await page.keyboard.press("Home")
    await expect(rating).to_have_attribute("aria-valuenow", "0")
    await expect(page.locator("[data-sync]")).to_have_text("Saved")
    await page.reload()
    await expect(disciplines.locator(".powers summary")).to_contain_text("Cloak of Shadows")
    await expect(disciplines.locator(".entry-name")).to_have_text("Obfuscate <i>")

    await disciplines.get_by_role("button", name="Remove Obfuscate").click()
    await page.get_by_role("button", name="Remove", exact=True).click()
    await expect(disciplines.locator(".entry")).to_have_count(0)
    await page.locator("#toasts").get_by_role("button", name="Undo").click()
    await expect(disciplines.locator(".powers summary")).to_contain_text("Cloak of Shadows")


async def test_a_sheet_can_be_filled_in(stack, person, open_sheet):
    """One edit of each kind, and all of it is there after a reload."""
    await stack.new_vampire(await person("jonas"), "Filled Owl")
    page = await open_sheet("jonas", "Filled Owl")
    await trait(page, "clan").locator("input").fill("Nosferatu")
    await trait(page, "generation").locator("input").fill("12")
    await trait(page, "status").locator("select").select_option("draft")
    await trait(page, "notes").locator("textarea").fill("Line one\n<b>Line two</b>")
    await dots(page, "athletics").locator(".pip").nth(1).click()
    await page.get_by_role("button", name="Athletics: add a specialty").click()
    await page.locator("dialog[open] input").fill("Parkour")
    await page.keyboard.press("Enter")
    await trait(page, "experience").get_by_role("button", name="Earn").click()
    await page.locator("dialog[open] input").fill("20")
    await page.keyboard.press("Enter")
    await trait(page, "experience").get_by_role("button", name="Spend", exact=True).click()
    await page.locator("dialog[open] input").first.fill("Athletics 2")
    await page.locator("dialog[open] input").nth(1).fill("6")
    await page.locator("dialog[open] [type=submit]").click()
    await expect(trait(page, "experience").locator("[data-part=current]")).to_have_text("14")
    await expect(page.locator("[data-sync]")).to_have_text("Saved")

    await page.reload()
    await expect(trait(page, "clan").locator("input")).to_have_value("Nosferatu")
    await expect(trait(page, "generation").locator("input")).to_have_value("12")
    await expect(trait(page, "status").locator("select")).to_have_value("draft")
    await expect(trait(page, "notes").locator("textarea")).to_have_value("Line one\n<b>Line two</b>")
    await expect(trait(page, "athletics")).to_contain_text("Parkour")
    await expect(trait(page, "experience").locator("[data-part=total]")).to_have_text("20")


@pytest.mark.long
async def test_a_storytellers_lock_leaves_the_player_the_trackers(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Locked Owl")
    mine = await open_sheet("jonas", "Locked Owl")
    hers = await open_sheet("vesna", "Locked Owl")
    await hers.get_by_label("More", exact=True).click()
    await hers.get_by_role("button", name="Lock the sheet").click()
    await expect(mine.locator("[data-locked]")).to_be_visible()
    await expect(mine.get_by_role("slider", name="Wits")).to_have_count(0)
    await expect(mine.get_by_role("slider", name="Hunger")).to_have_count(1)
    await dots(mine, "hunger").locator(".pip").nth(2).click()
    await expect(trait(hers, "hunger")).to_contain_text("3 of 5")


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 390, 820])
async def test_nothing_is_wider_than_the_screen(width, stack, person, open_sheet):
    name = f"Wide Owl {width} with a name of many words"
    await stack.new_vampire(await person("jonas"), name)
    page = await open_sheet("jonas", name, width=width, height=800, has_touch=True)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    for address in (f"{page.url}history/", stack.backend):
        await page.goto(address)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.long
async def test_on_a_phone_the_trackers_are_at_the_thumb_and_large_enough(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Thumb Owl")
    page = await open_sheet("jonas", "Thumb Owl", width=390, height=800, has_touch=True)
    bar = page.locator(".deck-summary")
    place = await bar.bounding_box()
    assert place
    below = await page.locator(".places").bounding_box()
    assert below
    assert place["y"] + place["height"] == pytest.approx(below["y"], abs=1)
    assert below["y"] + below["height"] == pytest.approx(800, abs=1)
    await expect(bar).to_contain_text("1/5")
    await bar.click()
    for target in (
        dots(page, "hunger").locator(".pip").first,
        trait(page, "health").get_by_role("button", name="superficial damage: one more"),
    ):
        size = await target.bounding_box()
        assert size
        assert min(size["width"], size["height"]) >= 44
    await dots(page, "hunger").locator(".pip").nth(1).click()
    await expect(bar).to_contain_text("2/5")


async def test_scripts_make_the_same_sentences_of_notices_as_the_server(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Worded Owl")
    page = await open_sheet("jonas", "Worded Owl")
    notices = [
        {"code": code, "data": {place[1]: number for place in PLACE.finditer(text)}}
        for code, text in SENTENCES.items()
        for number in (1, 2)
    ]
    notices += [{"code": "of_a_later_version", "data": {}}, "The words of an old event."]
    script = "notices => import('/static/main/js/notices.js').then(made => notices.map(made.sentence))"
    assert await page.evaluate(script, notices) == [sentence(read(notice)) for notice in notices]
