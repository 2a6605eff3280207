"""A sheet for everybody: contrast themes, zoom, the keyboard, screen readers, paper; and one's own second tab."""

import io
import re

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from scripts.bench.cold import KILOBYTES, REQUESTS, open_cold

pytestmark = pytest.mark.browser

# The rendered marks of a trait, each as its own picture's look: two that look alike are one.
LOOKS = """([selector, names]) => names.map((name) => {
  const mark = document.querySelector(selector).appendChild(document.createElement("i"))
  mark.className = name
  const style = getComputedStyle(mark, "::after")
  const look = [style.backgroundColor, style.backgroundImage, style.borderColor].join(" ")
  mark.remove()
  return look
})"""
# Relative luminance of a painted colour.
CONTRAST = """([of, on]) => {
  const paint = document.createElement("canvas").getContext("2d", {willReadFrequently: true})
  const light = (colour) => {
    paint.fillStyle = colour
    paint.fillRect(0, 0, 1, 1)
    const linear = (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    const [red, green, blue] = [...paint.getImageData(0, 0, 1, 1).data].map((part) => linear(part / 255))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [low, high] = [light(of), light(on)].sort((one, other) => one - other)
  return (high + 0.05) / (low + 0.05)
}"""
UNDER_A_BAR = """() => {
  const seen = document.activeElement
  if (!seen || seen === document.body || seen.closest("[data-bar], .skip, .topbar")) return null
  const box = seen.getBoundingClientRect()
  const bars = [...document.querySelectorAll("[data-bar]")].filter((bar) => {
    const place = getComputedStyle(bar).position
    return place === "fixed" || place === "sticky"
  })
  const hidden = bars.find((bar) => {
    const over = bar.getBoundingClientRect()
    return box.top < over.bottom - 1 && box.bottom > over.top + 1 && box.height < innerHeight / 2
  })
  return hidden ? `${seen.outerHTML.slice(0, 120)} under ${hidden.className}` : null
}"""
BARS = """() => [...document.querySelectorAll("[data-bar]")]
  .filter((bar) => ["fixed", "sticky"].includes(getComputedStyle(bar).position))
  .reduce((sum, bar) => sum + bar.getBoundingClientRect().height, 0) / innerHeight"""


@pytest.mark.long
async def test_web_09_marks_differ_in_contrast_themes(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Contrast Owl", hunger=2)
    page = await open_sheet("jonas", "Contrast Owl", forced_colors="active")
    hunger = '[path="hunger"] [data-pips]'
    dots = await page.evaluate(LOOKS, [hunger, ["pip", "pip on", "pip stain"]])
    assert len(set(dots)) == 3, dots
    health = '[path="health"] [data-boxes]'
    boxes = await page.evaluate(LOOKS, [health, ["box", "box superficial", "box lethal", "box aggravated"]])
    assert len(set(boxes)) == 4, boxes
    slots = await page.evaluate(LOOKS, [health, ["box", "box on", "box paradox"]])
    assert len(set(slots)) == 3, slots


@pytest.mark.long
@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 225), (667, 375), (1024, 768)])
async def test_web_10_no_bar_hides_the_focus(width, height, stack, person, open_sheet):
    """320×225 is what is left of 1280×900 at 400 % zoom."""
    name = f"Zoomed Owl {width}"
    await stack.new_vampire(await person("jonas"), name)
    page = await open_sheet("jonas", name, width=width, height=height)
    assert await page.evaluate(BARS) <= 1 / 3
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    for _ in range(40):
        await page.keyboard.press("Tab")
        assert await page.evaluate(UNDER_A_BAR) is None


async def test_web_11_a_new_number_is_spoken_with_its_trait(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Spoken Owl", health=5)
    page = await open_sheet("jonas", "Spoken Owl")
    await page.get_by_role("button", name="Health, superficial damage: one more").click()
    await expect(page.locator("#says-now")).to_have_text("Health: 5 boxes: 1 superficial, 0 aggravated")
    boxes = page.get_by_role("img", name=re.compile("^Health: 5 boxes: 1 superficial"))
    await boxes.locator(".box").nth(1).click()
    await expect(page.locator("#says-now")).to_have_text("Health: 5 boxes: 2 superficial, 0 aggravated")
    await expect(page.get_by_role("button", name="Spend", exact=True)).to_be_visible()


@pytest.mark.long
async def test_web_12_borders_of_fields_can_be_seen(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Bordered Owl")
    page = await open_sheet("jonas", "Bordered Owl")
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme=theme)
        border, inside = await page.locator('[path="ambition"] input').evaluate(
            "(node) => [getComputedStyle(node).borderTopColor, getComputedStyle(node).backgroundColor]"
        )
        around = await page.locator(".section").first.evaluate(
            "(node) => getComputedStyle(node).backgroundColor"
        )
        for beside in (inside, around):
            assert await page.evaluate(CONTRAST, [border, beside]) >= 3, theme


@pytest.mark.long
async def test_web_12_dialogs_begin_at_their_field_and_toasts_wait(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Patient Owl")
    page = await open_sheet("jonas", "Patient Owl")
    disciplines = page.locator('.trait[path="disciplines"]')
    await disciplines.get_by_role("button", name="Add to Disciplines").click()
    await expect(page.locator("dialog[open] input").first).to_be_focused()
    await page.keyboard.type("Auspex")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-sync]")).to_have_text("Saved")
    await page.clock.install()
    await disciplines.get_by_role("button", name="Remove Auspex").click()
    await expect(page.locator("dialog[open] :focus")).not_to_have_attribute("aria-label", "Close")
    await page.get_by_role("button", name="Remove", exact=True).click()
    undo = page.locator("#toasts").get_by_role("button", name="Undo")
    await expect(undo).to_be_visible()
    await page.clock.fast_forward(120_000)
    await expect(undo).to_be_visible()
    await page.locator("#toasts").get_by_role("button", name="Dismiss").click()
    await expect(undo).to_have_count(0)


async def test_web_13_a_sheet_is_printed_on_two_pages(stack, person, open_sheet):
    vesna = await person("vesna")
    await stack.new_vampire(await person("jonas"), "Printed Owl")
    await vesna.slash("vampire set", name="Printed Owl", hunger=3)
    page = await open_sheet("vesna", "Printed Owl")
    disciplines = page.locator('.trait[path="disciplines"]')
    await disciplines.get_by_role("button", name="Add to Disciplines").click()
    await page.locator("dialog[open] input").first.fill("Obfuscate")
    await page.locator("dialog[open] [type=submit]").click()
    await disciplines.get_by_role("button", name="Power", exact=True).click()
    await page.locator("dialog[open] input").first.fill("Cloak of Shadows")
    await page.locator("dialog[open] textarea").first.fill("Nobody sees who stands still.")
    await page.locator("dialog[open] [type=submit]").click()
    await expect(page.locator("[data-sync]")).to_have_text("Saved")
    await page.emulate_media(media="print")
    await expect(disciplines.get_by_text("Nobody sees who stands still.")).to_be_visible()
    await expect(page.locator('[path="storyteller_notes"]')).to_be_hidden()
    # Names and numbers that can be pressed on the page are words on paper.
    await expect(page.locator("button:visible:not(.figure-button, .skill-name)")).to_have_count(0)
    await expect(page.locator('[path="humanity"] .pip').first).to_be_visible()
    pages = len(re.findall(rb"/Type\s*/Page\b", await page.pdf(format="A4", prefer_css_page_size=True)))
    assert pages <= 2


async def own_tab(page: Page) -> Page:
    other = await page.context.new_page()
    await other.goto(page.url)
    await expect(other.locator("[data-live]")).to_have_attribute("data-state", "live")
    return other


async def test_web_20_ones_own_second_tab_is_nobody_else(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Twofold Owl")
    page = await open_sheet("jonas", "Twofold Owl")
    other = await own_tab(page)
    await page.locator('.trait[path="ambition"] input').fill("To sleep")
    await other.locator('.trait[path="ambition"] input').fill("To wake")
    await other.keyboard.press("Enter")
    await expect(page.locator('.trait[path="ambition"]')).to_have_attribute(
        "data-theirs", re.compile("To wake")
    )
    await page.locator('.trait[path="ambition"] input').blur()
    dialog = page.locator("dialog[open]")
    await expect(dialog).to_contain_text("you, in another tab")
    await expect(dialog).not_to_contain_text("omebody else")
    await expect(dialog).not_to_contain_text("by Jonas")


async def test_web_23_a_cold_sheet_takes_few_requests_and_bytes(stack, person, open_sheet):
    """How long it takes on a slow line, `scripts/bench` measures."""
    await stack.new_vampire(await person("jonas"), "Cold Owl")
    page = await open_sheet("jonas", "Cold Owl")
    answer = await page.request.get(page.url, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    taken = await open_cold(await page.context.new_page(), page.url, slow=False)
    assert len(taken.asked) <= REQUESTS, taken.asked
    assert taken.bytes <= KILOBYTES * 1000


@pytest.mark.long
async def test_web_19_a_portrait_is_large_and_cropped_by_hand(stack, person, open_sheet):
    await stack.new_vampire(await person("jonas"), "Cropped Owl")
    page = await open_sheet("jonas", "Cropped Owl")
    picture = io.BytesIO()
    Image.new("RGB", (1200, 600), "#3b6ea5").save(picture, "PNG")
    file = {"name": "owl.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    await page.locator("[data-portrait]").set_input_files(file | {"buffer": b"no picture"})
    problem = page.locator(".sheet-head .field-error")
    await expect(problem).to_be_visible()
    await page.locator("[data-portrait]").set_input_files(file)
    portrait = page.locator(".sheet-head img.portrait")
    await expect(portrait).to_have_js_property("naturalWidth", 1024)
    await expect(problem).to_have_count(0)  # WEB-04: it went with its cause
    box = await portrait.bounding_box()
    assert box
    assert box["width"] >= 100
    await page.get_by_role("button", name="Crop it").click()
    await page.get_by_role("img", name="The part that is kept").press("ArrowLeft")
    await page.get_by_role("slider", name="Size").fill("2")
    await page.get_by_role("button", name="Use this part").click()
    await expect(portrait).to_have_js_property("naturalWidth", 300)
    await expect(portrait).to_have_js_property("naturalHeight", 300)
