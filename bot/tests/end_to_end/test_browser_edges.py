"""What goes wrong in a browser: no connection, two people at one trait, no script; and the pages around the sheet."""

import io
import re

import pytest
from PIL import Image
from playwright.async_api import Locator, Page, expect

pytestmark = pytest.mark.browser


def trait(page: Page, path: str) -> Locator:
    return page.locator(f'.trait[path="{path}"]')


def pip(page: Page, path: str, number: int) -> Locator:
    return trait(page, path).locator(".pip").nth(number - 1)


async def test_edits_without_a_connection_wait_and_then_merge(stack, person, open_sheet):
    jonas = await person("jonas")
    await stack.new_vampire(jonas, "Cellar Owl")
    page = await open_sheet("jonas", "Cellar Owl")
    await page.context.set_offline(True)
    await pip(page, "wits", 4).click()
    await pip(page, "hunger", 3).click()
    await pip(page, "hunger", 4).click()
    await expect(page.locator("[data-sync]")).to_contain_text("Offline")
    await expect(trait(page, "hunger")).to_contain_text("4 of 5")
    await jonas.slash("vampire set", name="Cellar Owl", willpower=5)
    await page.context.set_offline(False)
    await expect(page.locator("[data-sync]")).to_have_text("Saved", timeout=20_000)
    await expect(trait(page, "willpower")).to_contain_text("5 boxes", timeout=20_000)
    await page.reload()
    await expect(trait(page, "hunger")).to_contain_text("4 of 5")
    await expect(trait(page, "wits").locator("[data-pips]")).to_have_attribute("aria-valuenow", "4")


@pytest.mark.long
async def test_a_backend_without_its_database_keeps_edits_waiting(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Waiting Owl")
    page = await open_sheet("jonas", "Waiting Owl")
    sent = []

    async def away(route):
        sent.append(route.request.headers["idempotency-key"])
        body = {"code": "unavailable", "detail": "The database does not answer at the moment."}
        await route.fulfill(status=503, json=body)

    await page.route("**/api/characters/**", away)
    await pip(page, "wits", 4).click()
    await expect(page.locator("[data-sync]")).to_contain_text("Offline: 1 change waits")
    await page.unroute("**/api/characters/**")
    await expect(page.locator("[data-sync]")).to_have_text("Saved", timeout=20_000)
    assert len(set(sent)) == 1, "the change goes out again under its first key"
    await page.reload()
    await expect(trait(page, "wits").locator("[data-pips]")).to_have_attribute("aria-valuenow", "4")


@pytest.mark.long
async def test_run_10_a_page_out_of_date_keeps_its_edit_and_saves_it_after_a_reload(
    stack, person, open_sheet
):
    await stack.new_vampire(await person("jonas"), "Stale Owl")
    page = await open_sheet("jonas", "Stale Owl")

    reloads = []

    async def with_an_old_token(route):
        old = {} if reloads else {"x-csrftoken": "x" * 32}
        await route.continue_(headers=route.request.headers | old)

    # The page tries again by itself: until it is another page its token stays an old one.
    await page.route("**/api/characters/**", with_an_old_token)
    page.on("framenavigated", lambda frame: reloads.append(frame.url))
    await pip(page, "wits", 4).click()
    await expect(page.locator("[data-sync]")).to_have_text("Not saved")
    await page.get_by_role("button", name="Reload").click()
    await expect(page.locator("[data-sync]")).to_have_text("Saved", timeout=20_000)
    await page.reload()
    await expect(trait(page, "wits").locator("[data-pips]")).to_have_attribute("aria-valuenow", "4")


async def test_a_closed_tab_loses_nothing_that_was_not_sent(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Closed Owl")
    page = await open_sheet("jonas", "Closed Owl")
    address, context = page.url, page.context
    await context.set_offline(True)
    await pip(page, "wits", 5).click()
    await expect(page.locator("[data-sync]")).to_contain_text("Offline: 1 change waits")
    await page.close()
    await context.set_offline(False)
    again = await context.new_page()
    await again.goto(address)
    await expect(trait(again, "wits").locator("[data-pips]")).to_have_attribute("aria-valuenow", "5")
    await expect(again.locator("[data-sync]")).to_have_text("Saved")
    await again.reload()
    await expect(trait(again, "wits").locator("[data-pips]")).to_have_attribute("aria-valuenow", "5")


async def test_two_people_at_one_trait_are_asked(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Contested Owl")
    mine = await open_sheet("jonas", "Contested Owl")
    hers = await open_sheet("vesna", "Contested Owl")
    for path, mine_wins in (("ambition", True), ("desire", False)):
        typed = trait(mine, path).locator("input")
        await typed.fill("To sleep")
        await trait(hers, path).locator("input").fill("To rule <b>")
        await hers.keyboard.press("Enter")
        # What is being typed stays; the other value is told beside it.
        await expect(trait(mine, path)).to_have_attribute("data-theirs", re.compile("To rule <b>"))
        await expect(typed).to_have_value("To sleep")
        await expect(typed).to_be_focused()

        await typed.blur()
        dialog = mine.locator("dialog[open]")
        await expect(dialog).to_contain_text("To rule <b>")
        await expect(dialog).to_contain_text("by Vesna")
        await expect(dialog).to_contain_text("To sleep")
        await dialog.locator(".tile").nth(1 if mine_wins else 0).click()
        await dialog.get_by_role("button", name="Apply my choice").click()
        winner = "To sleep" if mine_wins else "To rule <b>"
        await expect(typed).to_have_value(winner)
        await expect(trait(hers, path).locator("input")).to_have_value(winner)


async def test_a_refused_value_is_told_and_the_typed_text_stays(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Taken Owl")
    await stack.new_vampire(await person("jonas"), "Other Owl")
    page = await open_sheet("jonas", "Other Owl")
    name = trait(page, "name").locator("input")
    await name.fill("Taken Owl")
    await page.keyboard.press("Enter")
    await expect(page.locator("#toasts")).to_contain_text("already a character")
    await expect(name).to_have_value("Taken Owl")
    await expect(page.locator("h1")).to_have_text("Other Owl")


@pytest.mark.long
async def test_undo_is_refused_with_the_reason(stack, person, open_sheet):
    jonas = await person("jonas")
    await stack.new_vampire(jonas, "Undo Owl")
    for hunger in (2, 3):
        await jonas.slash("vampire set", name="Undo Owl", hunger=hunger)
    page = await open_sheet("jonas", "Undo Owl")
    await page.goto(f"{page.url}history/")
    older = page.locator(".event", has_text="Hunger: 1 → 2")
    await older.get_by_role("button", name="Undo").click()
    await expect(older.get_by_role("alert")).to_contain_text("These traits were changed again later")
    await page.locator(".event", has_text="Hunger: 2 → 3").get_by_role("button", name="Undo").click()
    await expect(page.locator(".event").first).to_contain_text("Undid an earlier change")
    await expect(page.locator(".event").first).to_contain_text("Hunger: 3 → 2")


@pytest.mark.long
async def test_the_dashboard_follows_the_table(stack, person, new_page):
    jonas = await person("jonas")
    await stack.new_vampire(jonas, "Card Owl")
    page = await new_page()
    await stack.log_in(page, "jonas")
    row = page.locator("tr", has_text="Card Owl")
    await expect(row).to_have_count(1)
    await jonas.slash("vampire set", name="Card Owl", hunger=4)
    await expect(row.locator('[of="hunger"]')).to_have_text("4/5")
    await stack.new_vampire(jonas, "Newborn Owl")
    await expect(page.locator("tr", has_text="Newborn Owl")).to_have_count(1)


@pytest.mark.long
async def test_made_deleted_and_brought_back_on_the_web(stack, new_page):
    page = await new_page()
    await stack.log_in(page, "jonas")
    await page.get_by_role("button", name="New character").click()
    await page.get_by_label("Name", exact=True).fill("Web <Owl>")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Web <Owl>")
    await expect(page.locator("[data-live]")).to_have_attribute("data-state", "live")
    await page.get_by_label("More", exact=True).click()
    await page.get_by_role("button", name="Delete").click()
    await page.locator("dialog[open]").get_by_role("button", name="Delete").click()
    await page.wait_for_url(f"{stack.backend}/")  # and its scripts, which hear the buttons
    await expect(page.locator("tr", has_text="Web <Owl>")).to_have_count(0)
    await page.get_by_text("Recently deleted").click()
    await page.get_by_role("button", name="Restore : Web <Owl>").click()
    await expect(page.locator("tr", has_text="Web <Owl>")).to_have_count(1)


@pytest.mark.long
async def test_the_sheet_reads_without_script(stack, person, open_sheet, new_page):
    await stack.new_vampire(await person("jonas"), "Quiet Owl", hunger=3)
    live = await open_sheet("jonas", "Quiet Owl")
    page = await new_page(java_script_enabled=False, width=390)
    await page.context.add_cookies(await live.context.cookies(stack.backend))
    await page.goto(live.url)
    await expect(trait(page, "hunger")).to_be_visible()
    await expect(trait(page, "hunger")).to_contain_text("3 of 5")
    await expect(page.get_by_role("heading", name="Disciplines").first).to_be_visible()


@pytest.mark.long
async def test_pages_say_nothing_in_the_console(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Silent Owl")
    page = await open_sheet("jonas", "Silent Owl")
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    sheet = page.url
    for address in (sheet, f"{sheet}history/", stack.backend, f"{stack.backend}/?search=nobody"):
        await page.goto(address)
        await page.wait_for_load_state("networkidle")
    assert not [line for line in said if "favicon" not in line]


@pytest.mark.long
async def test_dark_or_light_is_remembered(stack, new_page):
    page = await new_page(color_scheme="dark")
    await page.goto(stack.backend)
    dark = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    await page.get_by_role("button", name="Switch between dark and light").click()
    light = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    await page.reload()
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == light


@pytest.mark.long
async def test_a_portrait_from_this_device_reaches_other_sheets(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Painted Owl")
    mine = await open_sheet("jonas", "Painted Owl")
    hers = await open_sheet("vesna", "Painted Owl")
    await expect(hers.locator("[data-live]")).to_have_text("Live")
    picture = io.BytesIO()
    Image.new("RGB", (1600, 1200), "#3b6ea5").save(picture, "JPEG")
    file = {"name": "owl.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    await mine.locator("[data-portrait]").set_input_files(file)
    for page in (mine, hers):
        shown = page.locator(".sheet-head img.portrait")
        await expect(shown).to_have_js_property("naturalWidth", 1024)
    await mine.get_by_label("More", exact=True).click()
    await mine.get_by_role("button", name="Remove portrait").click()
    await expect(hers.locator(".sheet-head img.portrait")).to_have_count(0)


@pytest.mark.long
async def test_the_player_decides_who_sees_a_trait(stack, person, open_sheet, new_page):
    await stack.new_vampire(await person("jonas"), "Shown Owl")
    mine = await open_sheet("jonas", "Shown Owl")
    theirs = await new_page()
    await stack.sign_in(theirs, "mira")
    await theirs.goto(mine.url)
    await expect(trait(theirs, "strength")).to_have_count(0)
    await mine.get_by_label("More", exact=True).click()
    await mine.get_by_role("button", name="Visibility").click()
    await mine.locator("details.levels", has_text="Attributes").locator("summary").click()
    chosen = mine.get_by_role("combobox", name="Strength")
    async with mine.expect_response(lambda answer: answer.url.endswith("/visibility/")):
        await chosen.select_option(label="The table")
    await mine.get_by_role("button", name="Done").click()
    await theirs.reload()
    await expect(trait(theirs, "strength")).to_be_visible()


@pytest.mark.long
async def test_web_06_an_unsent_edit_waits_for_its_owner(stack, person, open_sheet):
    """In the same browser the storyteller signs in before the network is back."""
    mira = await person("mira")
    mira.guild, mira.channel = "Night Court", "table"
    await stack.new_vampire(mira, "Owners Owl")
    page = await open_sheet("mira", "Owners Owl")
    await page.route("**/api/characters/**", lambda route: route.abort())
    await pip(page, "wits", 4).click()
    await expect(page.locator("[data-sync]")).to_contain_text("Offline: 1 change waits")
    other = await page.context.new_page()
    await other.goto(f"{stack.backend}/")
    async with other.expect_navigation():
        await other.get_by_role("button", name="Sign out").click()
    await stack.log_in(other, "vesna")
    await page.unroute("**/api/characters/**")
    await expect(page.locator("[data-sync]")).to_have_text("Not saved", timeout=20_000)
    await expect(page.locator("#toasts")).to_contain_text("Another account is signed in here now")
    await other.goto(page.url)
    assert await trait(other, "wits").locator("[data-pips]").get_attribute("aria-valuenow") == "1"
    await expect(other.locator("[data-live]")).to_have_attribute("data-state", "live")
    assert await trait(other, "wits").locator("[data-pips]").get_attribute("aria-valuenow") == "1"
    await page.close()
    async with other.expect_navigation():
        await other.get_by_role("button", name="Sign out").click()
    await stack.log_in(other, "mira")
    await other.get_by_role("link", name="Owners Owl", exact=True).first.click()
    await expect(other.locator("[data-sync]")).to_have_text("Saved", timeout=20_000)
    await expect(trait(other, "wits").locator("[data-pips]")).to_have_attribute("aria-valuenow", "4")
    await other.goto(f"{other.url.split('?')[0]}history/")
    first = other.locator(".event").first
    await expect(first).to_contain_text("Mira")


@pytest.mark.long
async def test_safe_07_the_heartbeat_has_a_clock_that_hidden_tabs_do_not_slow_down(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Ticking Owl")
    page = await open_sheet("jonas", "Ticking Owl")
    if not page.workers:
        await page.wait_for_event("worker")
    assert [worker.url.rpartition("/")[2] for worker in page.workers] == ["clock.js"]
    tick = """(address) => new Promise((done) => {
        const clock = new Worker(address);
        clock.onmessage = () => done("tick");
        clock.onerror = () => done("error");
        clock.postMessage(20);
    })"""
    assert await page.evaluate(tick, page.workers[0].url) == "tick"
