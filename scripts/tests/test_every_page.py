"""Every page and state for everybody: axe in both themes, the keyboard, contrast themes, 400 % zoom, paper."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, expect

from scripts.showcase import SHOTS, Shot, Showcase, serve

pytestmark = pytest.mark.browser

CHECKS = Path(__file__).with_name("every_page.js")
SERIOUS = """async (rules) => {
  const {violations} = await axe.run({resultTypes: ["violations"], ...(rules && {runOnly: rules})})
  // What lies under the bar at the foot can be scrolled from there: it is measured again in the middle of the window.
  const small = async ({target}) => {
    document.querySelector(target[0]).scrollIntoView({block: "center", behavior: "instant"})
    return (await axe.run(target[0], {runOnly: ["target-size"]})).violations.length > 0
  }
  const wrong = []
  for (const {id, nodes} of violations.filter(({impact}) => ["serious", "critical"].includes(impact))) {
    const stay = []
    for (const node of nodes) if (id !== "target-size" || (await small(node))) stay.push(node)
    if (stay.length) wrong.push([id, ...stay.slice(0, 3).map(({html, any}) => [html.slice(0, 160), any[0]?.message])])
  }
  return wrong
}"""
# The rest is the same in both themes.
OF_LOOKS = ["color-contrast", "target-size", "scrollable-region-focusable"]
PHONE = {"width": 390, "height": 844}


# One of each kind of page; the long run looks at every page and state.
SAMPLE = {
    "dashboard-storyteller",
    "sheet-vampire",
    "dice",
    "conflict-storyteller",
    "desk",
    "setup",
}


def each_state() -> Iterator[ParameterSet]:
    for shot in SHOTS:
        yield pytest.param(shot, id=shot.name, marks=[] if shot.name in SAMPLE else [pytest.mark.long])


def test_the_sample_names_states_that_there_are() -> None:
    assert {shot.name for shot in SHOTS} >= SAMPLE | set(GERMAN)


ZOOMED = {"width": 320, "height": 256}  # what is left of 1280×1024 at 400 %


@pytest.fixture(scope="module")
def showcase(tmp_path_factory) -> Iterator[Showcase]:
    with serve(tmp_path_factory.mktemp("showcase")) as served:
        yield served


async def opened(new_page, showcase: Showcase, shot: Shot, **options) -> Page:
    page = await new_page(**options)
    await page.context.add_cookies(showcase.session(shot))
    await page.context.add_init_script(path=CHECKS)
    await page.goto(showcase.url(shot))
    for selector in shot.press:
        await page.click(selector)
    if shot.waits:
        await page.wait_for_selector(shot.waits)
    return page


@pytest.mark.parametrize("shot", list(each_state()))
async def test_every_page_is_for_everybody(shot, showcase, new_page):
    """WEB-09, WEB-10, WEB-12: on a desk and a phone, by keyboard, at 400 % zoom, in a contrast theme."""
    page = await opened(new_page, showcase, shot, width=1280, color_scheme="light")
    await page.evaluate(AXE_SCRIPT)
    found = {"axe, light": await page.evaluate(SERIOUS)}
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size(PHONE)
    found["axe, dark"] = await page.evaluate(SERIOUS, OF_LOOKS)
    found["keyboard"] = await walk(page)
    await page.set_viewport_size(ZOOMED)
    found["zoom"] = await page.evaluate("checks.cutOff()")
    await page.emulate_media(forced_colors="active")
    found["contrast theme"] = await page.evaluate("checks.alike()")
    wrong = "\n".join(f"{check}: {one}" for check, many in found.items() for one in many)
    assert not wrong, wrong


async def walk(page: Page) -> list[str]:
    """Press Tab through everything: what was not reached, not seen, or hidden."""
    for _ in range(4 + await page.evaluate("checks.walk()")):
        await page.keyboard.press("Tab")
    wrong: list[str] = await page.evaluate("checks.walked()")
    return wrong


def shot_of(name: str) -> Shot:
    return next(shot for shot in SHOTS if shot.name == name)


# The traits whose dots do not stand beside their word.
UNDER_THEIR_WORD = """[...document.querySelectorAll(".columns .trait")]
  .map((trait) => [trait.querySelector(".trait-label"), trait.querySelector(".pips")])
  .filter(([word, dots]) => dots && dots.getBoundingClientRect().top >= word.getBoundingClientRect().bottom - 2)
  .map(([word]) => word.textContent.trim())"""


@pytest.mark.parametrize("name", ["sheet-vampire", pytest.param("sheet-mage", marks=pytest.mark.long)])
async def test_on_a_tablet_dots_stand_beside_their_word_in_german_too(name, showcase, new_page):
    page = await opened(new_page, showcase, shot_of(name), width=768, locale="de-DE", has_touch=True)
    await expect(page.get_by_text("Körperkraft").first).to_be_visible()
    for width in (768, 820, 1024):
        await page.set_viewport_size({"width": width, "height": 1100})
        assert await page.evaluate(UNDER_THEIR_WORD) == [], width
        assert await page.evaluate("document.documentElement.scrollWidth") <= width


# What opens a dialog, and how it is reached.
OPENERS = [
    ("[data-drawer=dice]", ""),
    ("[data-drawer=history]", ""),
    ("[data-visibility]", "[data-menu] summary"),
    ("[data-delete]", "[data-menu] summary"),
    ("[path=disciplines] .trait-head button", ""),
]


@pytest.mark.parametrize("width", [390, pytest.param(1440, marks=pytest.mark.long)])
async def test_dialogs_take_the_focus_and_give_it_back(width, showcase, new_page):
    page = await opened(new_page, showcase, shot_of("sheet-vampire"), width=width)
    for opener, menu in OPENERS:
        if menu:
            await page.locator(menu).press("Enter")
        control = page.locator(f"{opener} >> visible=true").first
        await control.press("Enter")
        dialog = page.locator("dialog[open]")
        await expect(dialog).to_be_visible()
        assert await dialog.evaluate("(node) => node.contains(document.activeElement)"), opener
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        await expect(control if not menu else page.locator(menu)).to_be_focused()
    more = page.locator("[data-menu]")
    await more.locator("summary").press("Enter")
    await more.locator("button").first.focus()
    await page.keyboard.press("Escape")  # WEB-21
    await expect(more).not_to_have_attribute("open", "")
    await expect(more.locator("summary")).to_be_focused()
    await page.goto(f"{showcase.address}/")
    control = page.locator("[data-new-character]").first
    await control.press("Enter")
    await page.keyboard.press("Escape")
    await expect(control).to_be_focused()


async def test_a_plain_form_stays_as_it_is_while_the_server_is_down(showcase, new_page):
    """WEB-05 for forms that no script sends: the browser's own page of errors would lose what was typed."""
    page = await opened(new_page, showcase, shot_of("create-server"))
    name, button = page.get_by_label("Name", exact=True), page.locator("main form [type=submit]")
    await name.fill("Salon of the Unreached")
    await page.route("**/*", lambda route: route.abort())
    await button.click()
    await expect(page.locator("#toasts")).to_contain_text("be reached just now")
    await expect(name).to_have_value("Salon of the Unreached")
    await page.unroute("**/*")
    await button.click()
    await page.wait_for_url("**/servers/*/")


@pytest.mark.long
async def test_filters_fold_on_a_phone_and_say_what_is_active(showcase, new_page):
    page = await opened(new_page, showcase, shot_of("rolls-player"), **PHONE)
    dice, toggle = page.locator("#by-system"), page.get_by_role("button", name="Filter")
    await expect(dice).to_be_hidden()
    await toggle.click()
    await dice.select_option(index=1)
    chosen = await dice.evaluate("(menu) => menu.selectedOptions[0].textContent")
    await page.get_by_role("button", name="Show").click()
    await page.wait_for_url("**/rolls/?*")
    await expect(dice).to_be_hidden()
    await expect(page.locator("[data-filter-active]")).to_have_text(chosen)


@pytest.mark.long
async def test_web_20_what_one_did_in_another_tab_one_did_oneself(showcase, new_page):
    sheet = Shot("", "sam", "/characters/{ghoul20th}/")
    page = await opened(new_page, showcase, sheet)
    await expect(page.locator("[data-live]")).to_have_attribute("data-state", "live")
    other = await page.context.new_page()
    await other.goto(page.url)
    await other.locator("[data-menu] summary").click()
    await other.locator("[data-delete]").click()
    await other.locator("dialog[open] [type=submit]").click()
    await expect(page.locator("dialog[open]")).to_contain_text("You deleted it in another tab")


# Of what is printed: the height of the smallest letters, in points, and what could be pressed.
ON_PAPER = """() => {
  const shown = [...document.querySelectorAll("body *")]
    .filter((node) => node.checkVisibility({visibilityProperty: true}) && !node.closest(".visually-hidden"))
  const isText = (child) => child.nodeType === 3 && child.data.trim()
  const written = shown.filter((node) => [...node.childNodes].some(isText))
  const points = written.map((node) => parseFloat(getComputedStyle(node).fontSize) * 0.75)
  const pressed = "a.button, nav, summary.button, button:not(.figure-button, .skill-name)"
  const controls = shown.filter((node) => node.matches(pressed)).map((node) => node.outerHTML.slice(0, 100))
  return { smallest: Math.min(...points), controls, wide: document.documentElement.scrollWidth }
}"""
PAPER = {"width": 718, "height": 1054}  # A4 within its margins, in CSS pixels


@pytest.mark.parametrize(
    ("who", "sheet"),
    [
        ("jonas", "mage"),
        *(
            pytest.param(who, sheet, marks=pytest.mark.long)
            for who, sheet in (("mira", "owl"), ("sam", "changeling20th"), ("sam", "werewolf5th"))
        ),
    ],
)
async def test_web_13_a_sheet_of_each_edition_fits_two_pages(who, sheet, showcase, new_page):
    page = await opened(new_page, showcase, Shot("", who, f"/characters/{{{sheet}}}/"), width=1280)
    await expect(page.locator("[data-live]")).to_have_attribute("data-state", "live")
    pages = re.findall(rb"/Type\s*/Page\b", await page.pdf(prefer_css_page_size=True))
    assert len(pages) <= 2
    await page.emulate_media(media="print")
    await page.set_viewport_size(PAPER)
    paper = await page.evaluate(ON_PAPER)
    assert paper["smallest"] >= 7
    assert paper["controls"] == []
    assert paper["wide"] <= PAPER["width"]


GERMAN = ["dashboard-player", "sheet-vampire", "conflict-storyteller", "desk", "account"]
GERMAN_TOO = [
    "welcome",
    "history",
    "dice",
    "rolls-storyteller",
    "server-owner",
    "chronicle-storyteller",
    "luck",
    "odds",
]


@pytest.mark.parametrize(
    "names", [GERMAN, pytest.param(GERMAN_TOO, marks=pytest.mark.long)], ids=["some", "more"]
)
async def test_no_page_breaks_under_german(names, showcase, new_page):
    """Its words are longer; nothing leaves the window of a phone. What scripts add is German too."""
    wide = {}
    for name in names:
        page = await opened(new_page, showcase, shot_of(name), width=390, locale="de")
        await expect(page.locator("html")).to_have_attribute("lang", "de")
        if name.startswith("sheet"):  # by a script
            await expect(page.get_by_role("button", name="hinzufügen").first).to_be_visible()
        wide[name] = await page.evaluate("document.documentElement.scrollWidth")
        await page.close()
    assert not {name: width for name, width in wide.items() if width > 390}
