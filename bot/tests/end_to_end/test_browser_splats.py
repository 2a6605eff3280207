"""What the 20th edition brings to the sheet: pools, counters that roll over, the wheel and wounds, live by hand."""

import itertools
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, expect

from haven.schema import schema

pytestmark = pytest.mark.browser
_numbers = itertools.count(1)
CSRF = "t" * 32

NewSheet = Callable[..., Awaitable[tuple[Page, Page]]]


def trait(page: Page, path: str) -> Locator:
    return page.locator(f'.trait[path="{path}"]')


def more(page: Page, path: str, what: str, verb: str = "one more") -> Locator:
    return trait(page, path).get_by_role("button", name=f"{what}: {verb}", exact=True)


@pytest.fixture
def sheet(stack, new_page) -> NewSheet:
    """`mine, other = await sheet("mage20th")`: a new character's sheet, open twice."""

    async def create(splat: str, **options) -> tuple[Page, Page]:
        page = await new_page(**options)
        await stack.sign_in(page, "sam")
        await page.context.add_cookies([{"name": "csrftoken", "value": CSRF, "url": stack.backend}])
        made = await page.request.post(
            f"{stack.backend}/api/characters/",
            data={"splat": splat, "name": f"{splat} {next(_numbers)}", "chronicle": None, "changes": []},
            headers={"X-CSRFToken": CSRF, "Referer": stack.backend},
        )
        address = f"{stack.backend}/characters/{(await made.json())['character']['id']}/"
        other = await page.context.new_page()
        for tab in (page, other):
            await tab.goto(address)
            await expect(tab.locator("[data-live]")).to_have_attribute("data-state", "live")
        return page, other

    return create


@pytest.mark.long
async def test_a_chronicles_edition_is_offered_to_a_new_character(stack, new_page):
    page = await new_page()
    await stack.log_in(page, "mira")
    await page.locator("[data-new-character]").first.click()
    form = page.locator("#new-character")
    await form.locator("[name=chronicle]").select_option(index=1)
    edition = await form.locator("[name=chronicle] option:checked").get_attribute("data-edition")
    await expect(form.locator("[name=splat]:checked")).to_have_attribute("data-edition", edition)
    other = form.locator(f"[name=splat]:not([data-edition='{edition}'])").first
    await other.check(force=True)
    await form.locator("[name=chronicle]").select_option(index=0)
    await expect(other).to_be_checked()
    await form.locator("[name=chronicle]").select_option(index=1)
    await expect(form.locator("[name=splat]:checked")).to_have_attribute("data-edition", edition)


@pytest.mark.long
async def test_points_of_a_pool_fall_and_rise_above_their_rating(sheet: NewSheet):
    mine, other = await sheet("werewolf20th")
    rage, theirs = trait(mine, "rage"), trait(other, "rage")
    await expect(rage).to_contain_text("1 of 1")
    await rage.get_by_role("slider", name="Rage: rating").locator(".pip").nth(6).click()
    await expect(rage).to_contain_text("7 of 7")
    await rage.locator(".points .box").nth(2).click()
    await expect(theirs).to_contain_text("3 of 7")
    await expect(theirs.locator(".points .on")).to_have_count(3)
    await rage.get_by_role("slider", name="Rage: rating").locator(".pip").nth(3).click()
    await expect(theirs).to_contain_text("3 of 4")
    await expect(theirs.locator(".rating .on")).to_have_count(4)
    for _ in range(3):
        await more(mine, "rage", "Rage left").click()
    await expect(theirs).to_contain_text("6 of 4")
    await expect(theirs.locator(".points .over")).to_have_count(2)
    await expect(rage.locator(".points .over")).to_have_count(2)


@pytest.mark.long
async def test_a_pool_without_room_above_stops_at_its_rating(sheet: NewSheet):
    mine, other = await sheet("werewolf20th")
    await more(mine, "willpower", "Willpower left").click()
    await expect(mine.locator("#toasts")).to_contain_text("Willpower stops at 6")
    await expect(trait(mine, "willpower")).to_contain_text("6 of 6")
    await more(mine, "willpower", "Willpower left", "one less").click()
    await expect(trait(other, "willpower")).to_contain_text("5 of 6")


@pytest.mark.long
async def test_a_large_pool_has_its_rating_asked_for(sheet: NewSheet):
    mine, other = await sheet("vampire20th")
    await trait(mine, "blood").get_by_role("button", name="10 of 10").click()
    await mine.locator("dialog[open] input").fill("50")
    await mine.locator("dialog[open] [type=submit]").click()
    await expect(trait(other, "blood")).to_contain_text("50 of 50")
    await expect(trait(other, "blood").locator(".points")).to_be_hidden()
    await more(mine, "blood", "Blood left", "one less").click()
    await expect(trait(other, "blood")).to_contain_text("49 of 50")


async def test_the_tenth_temporary_point_becomes_a_lasting_one(sheet: NewSheet):
    mine, other = await sheet("changeling20th")
    banality = trait(mine, "banality")
    await banality.get_by_role("slider", name="Banality, temporary").locator(".box").nth(8).click()
    await expect(trait(other, "banality")).to_contain_text("3 of 10, 9 temporary")
    await more(mine, "banality", "Banality, temporary").click()
    for page in (mine, other):
        await expect(trait(page, "banality")).to_contain_text("4 of 10, 0 temporary")
        await expect(trait(page, "banality").locator(".rating .on")).to_have_count(4)
    await expect(mine.locator("#toasts")).to_contain_text("Banality is now 4")


@pytest.mark.long
async def test_the_wheel_turns_from_both_sides(sheet: NewSheet):
    mine, other = await sheet("mage20th")
    wheel, theirs = trait(mine, "wheel"), trait(other, "wheel")
    await expect(wheel.locator(".box")).to_have_count(20)
    await more(mine, "wheel", "Paradox").click()
    await more(mine, "wheel", "Quintessence").click()
    await expect(theirs).to_contain_text("Quintessence 6, Paradox 1, of 20")
    await expect(theirs.locator(".box").last).to_have_class("box paradox")
    await expect(theirs.locator(".box.on")).to_have_count(6)
    await expect(theirs.locator(".box").first).to_have_class("box on")


async def test_wounds_go_round_and_are_told_with_their_penalty(sheet: NewSheet):
    mine, other = await sheet("human20th")
    box, theirs = trait(mine, "health").locator(".box").first, trait(other, "health")
    for kind in ("bashing", "lethal", "aggravated"):
        await box.click()
        await expect(theirs.locator(".box").first).to_have_class(f"box {kind}")
        await expect(theirs).to_contain_text("Bruised")
    await box.click()
    await expect(theirs).to_contain_text("7 boxes")
    await expect(theirs.locator(".box:not([class=box])")).to_have_count(0)
    for _ in range(2):
        await more(mine, "health", "Health, lethal damage").click()
    await more(mine, "health", "Health, bashing damage").click()
    words = "Health: 7 boxes: 1 bashing, 2 lethal (Injured, −1 die)"
    await expect(theirs.locator("[data-boxes]")).to_have_attribute("aria-label", words)
    await expect(trait(mine, "health")).to_contain_text("Injured, −1 die")
    # What the server says in the same words.
    await other.reload()
    await expect(theirs.locator("[data-boxes]")).to_have_attribute("aria-label", words)


CREATE = """async (slugs) => {
    const { call } = await import("/static/main/js/api.js");
    const made = {};
    for (const splat of slugs) {
        const body = { splat, name: `Phone ${splat}`, chronicle: null, changes: [] };
        made[splat] = (await call("POST", "/api/characters/", body)).character.id;
    }
    return made;
}"""


async def test_every_splat_stands_on_a_phone(sheet: NewSheet, stack):
    """The rows and cards of all fit the screen, and so do the widest of the sheets with their bar open."""
    page, _ = await sheet("vampire5th", width=390, height=800, has_touch=True)
    slugs = [splat["slug"] for splat in schema()["splats"]]
    made = await page.evaluate(CREATE, slugs)
    for splat in ("changeling20th", "mage20th", "vampire20th"):
        await page.goto(f"{stack.backend}/characters/{made[splat]}/")
        await page.locator(".deck-summary").click()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390, splat
    for view, drawn in (("", "tr"), ("?view=cards", ".card")):
        await page.goto(f"{stack.backend}/{view}")
        await expect(page.locator(drawn, has_text="Phone ")).to_have_count(len(slugs))
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.long
async def test_play_21_a_new_generation_brings_its_dots_to_open_sheets(sheet):
    """Case PLAY-21: 7 dots at the 6th generation, at once and for everybody who looks."""
    page, other = await sheet("vampire20th")
    strength = '.trait[path="strength"] [data-pips]'
    await expect(page.locator(f"{strength} .pip")).to_have_count(5)
    generation = trait(page, "generation").locator("input")
    for given, most in (("6", 7), ("13", 5)):
        await generation.fill(given)
        await generation.press("Enter")
        for tab in (page, other):
            await expect(tab.locator(f"{strength} .pip")).to_have_count(most)
            await expect(tab.locator(strength)).to_have_attribute("aria-valuemax", str(most))
    await generation.fill("6")
    await generation.press("Enter")
    await other.locator(f"{strength} .pip").nth(6).click()
    await expect(page.locator(strength)).to_have_attribute("aria-valuetext", "7 of 7")
