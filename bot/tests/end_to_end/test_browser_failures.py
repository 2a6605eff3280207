"""What a page says when a request fails: the roll, its odds, drawers, forms, each in words and in its place."""

import contextlib
import re

import pytest
from playwright.async_api import Error, Page, expect

pytestmark = pytest.mark.browser


async def open_dice(page: Page):
    await page.get_by_role("link", name="Dice").click()
    tray = page.locator("#dice")
    await expect(tray.get_by_label("Pool", exact=True)).to_be_visible()
    return tray


@pytest.mark.parametrize(("width", "height"), [pytest.param(1280, 900, marks=pytest.mark.long), (390, 844)])
async def test_web_01_the_result_stands_large_where_the_button_was(width, height, stack, person, open_sheet):
    name = f"Result Owl {width}"
    await stack.new_vampire(await person("mira"), name)
    page = await open_sheet("mira", name, width=width, height=height)
    tray = await open_dice(page)
    await tray.get_by_label("Pool", exact=True).fill("5")
    button = tray.get_by_role("button", name="Roll", exact=True)
    await button.dblclick()
    result = tray.locator("#result .result")
    await expect(result).to_be_in_viewport(ratio=0.9)
    verdict = await result.locator(".verdict").evaluate(
        "(node) => parseFloat(getComputedStyle(node).fontSize)"
    )
    body = await page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    assert verdict >= 2 * body, "the result is the largest thing there"
    await expect(result.locator(".die")).to_have_count(5)
    await expect(tray.locator("#result-says")).to_contain_text("Dice: ")
    await expect(button).to_be_in_viewport()
    gap = "([above, below]) => below.getBoundingClientRect().top - above.getBoundingClientRect().bottom"
    assert await page.evaluate(gap, [await result.element_handle(), await button.element_handle()]) < 60
    await expect(tray.locator("#rolls .roll")).to_have_count(1)
    await tray.get_by_role("button", name="Rouse check", exact=True).click()
    await expect(result).to_be_in_viewport(ratio=0.9)
    await expect(tray.locator("#rolls .roll")).to_have_count(2)


@pytest.mark.long
async def test_web_04_errors_go_with_their_cause_and_odds_belong_to_what_is_typed(stack, person, open_sheet):
    await stack.new_vampire(await person("mira"), "Odds Owl")
    page = await open_sheet("mira", "Odds Owl")
    tray = await open_dice(page)
    pool, odds = tray.get_by_label("Pool", exact=True), tray.locator("#odds")
    for wrong in ("999", "-5", "strength+"):
        await pool.fill(wrong)
        await expect(pool).to_have_attribute("aria-invalid", "true")
        await expect(tray.locator("#pool-problem")).to_have_count(1)
        await expect(odds).to_be_empty()
    await expect(pool).to_be_focused()
    await pool.fill("6")
    await expect(odds).to_contain_text("to win")
    await expect(pool).not_to_have_attribute("aria-invalid", "true")
    await expect(tray.locator(".field-error:visible")).to_have_count(0)


@pytest.mark.long
async def test_web_04_a_late_answer_of_other_odds_is_dropped(stack, person, open_sheet):
    await stack.new_vampire(await person("mira"), "Late Owl")
    page = await open_sheet("mira", "Late Owl")
    tray = await open_dice(page)
    pool, odds = tray.get_by_label("Pool", exact=True), tray.locator("#odds")
    await pool.fill("6")
    await expect(odds.locator(".odds-pool")).to_have_text("Pool 6")
    held = []

    async def hold(route):
        held.append(route)

    await page.route("**/dice/odds/?*", hold)
    async with page.expect_request("**/dice/odds/?*"):
        await pool.fill("7")
    await expect(odds.locator(".odds-pool")).to_be_hidden()
    await page.unroute("**/dice/odds/?*")
    await pool.fill("8")
    for route in held:
        with contextlib.suppress(Error):  # the question is given up already
            await route.continue_()
    await expect(odds.locator(".odds-pool")).to_have_text("Pool 8")


def failing_with(status):
    """What becomes of a request: this answer, or none."""

    async def fail(route):
        await (route.abort() if status is None else route.fulfill(status=status, body=""))

    return fail


async def test_web_05_a_roll_that_fails_says_so_in_words(stack, person, open_sheet):
    await stack.new_vampire(await person("mira"), "Failing Owl")
    page = await open_sheet("mira", "Failing Owl", width=390, height=844)
    tray = await open_dice(page)
    failures = {None: "can’t be reached", 503: "needs a moment", 500: "didn’t work", 401: "signed out"}
    for rolls, (status, words) in enumerate(failures.items(), 1):
        await tray.get_by_label("Pool", exact=True).fill("5")
        await page.route("**/dice/roll/", failing_with(status))
        await tray.get_by_role("button", name="Roll", exact=True).click()
        await expect(page.get_by_text(re.compile(words)).first).to_be_in_viewport()
        await page.unroute("**/dice/roll/")
        await tray.get_by_role("button", name="Roll", exact=True).click()
        await expect(tray.locator("#rolls .roll")).to_have_count(rolls)
        if status != 401:
            await expect(tray.locator(".refusal:visible")).to_have_count(0)


@pytest.mark.long
async def test_web_05_a_signed_out_reader_is_asked_to_sign_in(stack, person, open_sheet):
    await stack.new_vampire(await person("mira"), "Leaving Owl")
    page = await open_sheet("mira", "Leaving Owl")
    tray = await open_dice(page)
    await page.context.clear_cookies()
    await tray.get_by_label("Pool", exact=True).fill("5")
    await tray.get_by_role("button", name="Roll", exact=True).click()
    await expect(page.get_by_role("button", name="Sign in").first).to_be_visible()
    await page.goto(f"{stack.backend}/odds/")


@pytest.mark.long
@pytest.mark.parametrize(("link", "drawer"), [("Dice", "#dice"), ("History", "#history")])
async def test_web_03_a_drawer_opened_offline_fills_itself(link, drawer, stack, person, open_sheet):
    name = f"Offline Owl {link}"
    await stack.new_vampire(await person("mira"), name)
    page = await open_sheet("mira", name)
    await page.context.set_offline(True)
    await page.get_by_role("link", name=link, exact=True).click()
    await expect(page.locator(drawer)).to_contain_text("You’re offline")
    await page.context.set_offline(False)
    await expect(page.locator(f"{drawer} :is(.tray, .event)").first).to_be_visible()
    await expect(page.locator(drawer)).not_to_contain_text("You’re offline")


@pytest.mark.long
async def test_web_03_a_drawer_says_that_it_loads_while_the_server_hangs(stack, person, open_sheet):
    await stack.new_vampire(await person("mira"), "Hanging Owl")
    page = await open_sheet("mira", "Hanging Owl")
    held = []

    async def hold(route):
        held.append(route)

    await page.route("**/history/", hold)
    await page.get_by_role("link", name="History", exact=True).click()
    await expect(page.locator("#history [role=status]")).to_contain_text("Loading")
    await expect(page.locator("#history [role=status]")).to_contain_text("is slow right now")
    for route in held:
        await route.continue_()
    await expect(page.locator("#history .event").first).to_be_visible()


async def test_web_07_a_form_sent_after_the_session_ended_signs_in_and_goes_on(stack, new_page):
    """The way to the login is not barred by the page's own rules for forms, and nothing is typed twice."""
    page = await new_page()
    await stack.sign_in(page, "jonas")
    await page.goto(f"{stack.backend}/create-server/")
    await page.get_by_label("Name", exact=True).fill("Salon of the Late")
    sessions = [cookie for cookie in await page.context.cookies() if cookie["name"] == "sessionid"]
    assert sessions
    await page.context.clear_cookies(name="sessionid")
    await page.locator("main form [type=submit]").last.click()
    await expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    await expect(page.get_by_text("Salon of the Late")).to_be_visible()
    await page.get_by_role("link", name="Sign in and go on").click()
    await page.locator("label", has_text="jonas").click()
    await page.get_by_role("button", name="Allow").click()
    await page.wait_for_url("**/servers/*/")
    await expect(page.get_by_role("heading", name="Salon of the Late").first).to_be_visible()


@pytest.mark.long
async def test_web_07_a_form_is_not_sent_as_somebody_else(stack, new_page):
    page = await new_page()
    await stack.sign_in(page, "jonas")
    await page.goto(f"{stack.backend}/create-server/")
    await page.get_by_label("Name", exact=True).fill("Salon of Another")
    other = await page.context.new_page()
    await other.goto(f"{stack.backend}/")
    async with other.expect_navigation():
        await other.get_by_role("button", name="Sign out").click()
    await stack.log_in(other, "mira")
    await page.locator("main form [type=submit]").last.click()
    await expect(page.get_by_text("Salon of Another")).to_be_visible()
    await expect(page.get_by_text("Another account is signed in here now")).to_be_visible()
    await expect(page.locator("main button[type=submit]")).to_have_count(0)


@pytest.mark.long
async def test_web_22_a_page_follows_what_others_change_and_keeps_what_is_typed(stack, new_page):
    """A server's page: its name changes while somebody writes its description, and the focus stays."""
    writes, renames = await new_page(), await new_page()
    for page in (writes, renames):
        await stack.sign_in(page, "jonas")
    await renames.goto(f"{stack.backend}/create-server/")
    await renames.get_by_label("Name", exact=True).fill("Salon before")
    await renames.locator("main form [type=submit]").last.click()
    await renames.wait_for_url("**/servers/*/")
    await writes.goto(renames.url)
    for page in (writes, renames):  # what is open stays open
        await page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true")
    await expect(writes.get_by_role("heading", name="Salon before").first).to_be_visible()
    description = writes.locator("#s-description")
    await description.fill("Half a sen")
    await renames.locator("#s-name").fill("Salon after")
    await renames.locator("form:has(#s-name) [type=submit]").click()
    await expect(writes.get_by_role("heading", name="Salon after").first).to_be_visible()
    await expect(description).to_be_focused()
    await expect(description).to_have_value("Half a sen")


@pytest.mark.long
async def test_web_05_a_plain_form_sent_offline_stays_with_what_was_typed(stack, new_page):
    page = await new_page()
    await stack.sign_in(page, "jonas")
    await page.goto(f"{stack.backend}/create-server/")
    await page.get_by_label("Name", exact=True).fill("Salon without a line")
    await page.context.set_offline(True)
    await page.locator("main form [type=submit]").last.click()
    await expect(page.locator("#toasts")).to_contain_text("You’re offline")
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Salon without a line")
    await page.context.set_offline(False)


LOOKS = """(dice) => dice.map((die) => {
  const style = getComputedStyle(die)
  const word = die.querySelector(".visually-hidden").textContent.trim()
  const shape = die.querySelector(".shape").textContent
  return [word, [shape, style.borderRadius, style.borderWidth, style.boxShadow !== "none"].join(" ")]
})"""


@pytest.mark.long
async def test_web_02_dice_look_and_read_differently_without_colour(stack, person, open_sheet):
    """Each kind of die has a look and words of its own. Rolls until every kind has fallen."""
    await stack.new_vampire(await person("mira"), "Many Owl", hunger=5)
    page = await open_sheet("mira", "Many Owl")
    tray = await open_dice(page)
    kinds = {"critical", "success", "failure", "success, hunger", "failure, hunger"}
    looks: dict[str, set[str]] = {}
    for number in range(1, 11):
        await tray.get_by_label("Pool", exact=True).fill("40")
        await tray.get_by_role("button", name="Roll", exact=True).click()
        await expect(tray.locator("#rolls .roll")).to_have_count(number)
        for word, look in await tray.locator("#rolls ol.dice > .die").evaluate_all(LOOKS):
            looks.setdefault(word, set()).add(look)
        if kinds <= set(looks):
            break
    assert kinds <= set(looks)
    assert all(len(seen) == 1 for seen in looks.values())
    assert len({look for seen in looks.values() for look in seen}) == len(looks)
