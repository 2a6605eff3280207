"""The frame of pages in a real browser: sizes of forms and buttons, the bar on phones, the bar of what is ticked."""

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.browser

MEASURE, WORD = 44 * 16, 22 * 16
# Of each visible control that is neither in a menu nor in running text: its width, height and words.
SHOWN = ".page :is(.button, input:not([type=checkbox], [type=radio]), select), .places a"
CONTROLS = """(shown) => [...document.querySelectorAll(shown)]
  .filter((control) => control.checkVisibility())
  .map((control) => ({ kind: control.matches(".button") ? "button" : "field", width: control.offsetWidth,
                       height: control.offsetHeight, words: control.textContent.trim() }))"""
# Contrast of the borders of fields with what they stand on, by the browser's own colours.
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  const light = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1)
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ratio = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b)
    return (bright + 0.05) / (dark + 0.05)
  }
  const panel = getComputedStyle(document.querySelector(".panel"))
  const field = getComputedStyle(document.querySelector(".panel select"))
  const muted = getComputedStyle(document.querySelector(".panel :is(.muted, .hint, .lead, label)"))
  const grounds = [panel.backgroundColor, field.backgroundColor]
  return { border: Math.min(...grounds.map((ground) => ratio(field.borderColor, ground))),
           text: ratio(panel.color, panel.backgroundColor), muted: ratio(muted.color, panel.backgroundColor) }
}"""


async def _places(page, stack):
    """The pages of the Night Court with forms, as its owner reaches them."""
    await stack.log_in(page, "vesna")
    await (
        page.get_by_role("navigation", name="Chronicles")
        .get_by_role("link", name="Night Court")
        .first.click()
    )
    chronicle = page.url
    await (
        page.get_by_role("navigation", name="Breadcrumbs")
        .get_by_role("link", name="Night Court server")
        .click()
    )
    server = page.url
    own = ("account/", "create-server/", "odds/", "luck/")
    parts = ("", "rolls/", "conflicts/", "desk/")
    return [
        *(f"{stack.backend}/{part}" for part in own),
        *(f"{server}{part}" for part in ("", "members/", "channels/", "why/")),
        *(f"{chronicle}{part}" for part in parts),
    ]


@pytest.mark.long
async def test_web_14_forms_are_readable_and_buttons_as_wide_as_their_words(stack, new_page):
    page = await new_page(width=1440)
    for address in await _places(page, stack):
        await page.goto(address)
        forms = await page.eval_on_selector_all(
            ".page form.form", "forms => forms.map((form) => form.offsetWidth)"
        )
        assert all(width <= MEASURE for width in forms), (address, forms)
        for control in await page.evaluate(CONTROLS, SHOWN):
            if control["kind"] == "button":
                assert control["width"] <= WORD, (address, control)


@pytest.mark.long
async def test_web_15_on_a_phone_the_places_are_a_bar_at_the_thumb(stack, person, new_page):
    mira = await person("mira")
    await stack.new_vampire(mira, "Thumb Owl", hunger=1)
    page = await new_page(width=390, height=844, has_touch=True)
    for address in await _places(page, stack):
        await page.goto(address)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390, address
        for control in await page.evaluate(CONTROLS, SHOWN):
            assert control["height"] >= 44, (address, control)
    bar = page.get_by_role("navigation", name="Places in Night Court", exact=True)
    box = await bar.bounding_box()
    assert box
    assert box["y"] + box["height"] == 844
    await page.goto(f"{stack.backend}/?search=Thumb+Owl")
    await page.get_by_role("link", name="Thumb Owl", exact=True).click()
    await bar.get_by_role("link", name="Conflicts").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Conflicts")
    await page.go_back()
    await bar.get_by_role("link", name="Desk").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Desk")
    await page.go_back()
    await bar.get_by_role("link", name="Settings").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Night Court")


async def test_web_14_text_and_borders_stand_out_in_both_themes(stack, new_page):
    page = await new_page()
    await stack.sign_in(page, "vesna")
    await page.goto(f"{stack.backend}/create-server/")
    for theme in ("dark", "light"):
        await page.emulate_media(color_scheme=theme)
        found = await page.evaluate(CONTRAST)
        assert found["border"] >= 3, (theme, found)
        assert found["text"] >= 7, (theme, found)
        assert found["muted"] >= 4.5, (theme, found)


async def test_web_18_the_bar_comes_with_the_first_tick_and_stays_in_sight(stack, person, new_page):
    await stack.new_vampire(await person("mira"), "Ticked Owl", hunger=1)
    page = await new_page(width=390, height=844, has_touch=True)
    await stack.log_in(page, "vesna")
    await page.get_by_role("link", name="Desk : Night Court", exact=True).click()
    bar = page.get_by_role("form", name="Award experience")
    await expect(bar).to_be_hidden()
    row = page.locator("tr", has_text="Ticked Owl")
    await row.get_by_role("checkbox").check()
    await expect(bar).to_be_in_viewport(ratio=1)
    counted = await bar.locator(".count").evaluate("(told) => getComputedStyle(told, '::before').content")
    assert "ticked" in counted
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
