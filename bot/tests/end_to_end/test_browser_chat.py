"""The chat page in a real browser: two people talk, nothing is lost or sent twice, and long rooms stay light."""

import re

import pytest
from playwright.async_api import expect

from tests.end_to_end.chat_rooms import channel, fill, open_room, write

pytestmark = pytest.mark.browser

# The key of the row in the middle of the window, and where it begins.
IN_THE_MIDDLE = """() => {
  const row = document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest(".talk-row")
  return [row.dataset.key, row.getBoundingClientRect().top]
}"""
# Pastes a picture of 40 × 30 dots.
PASTE = """async (box) => {
  const canvas = new OffscreenCanvas(40, 30)
  canvas.getContext("2d").fillRect(5, 5, 20, 20)
  const data = new DataTransfer()
  data.items.add(new File([await canvas.convertToBlob({ type: "image/png" })], "owl.png", { type: "image/png" }))
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
}"""


@pytest.fixture
def rooms(stack, new_page):
    """`mira, jonas = await rooms("mira", "jonas")`: both in the out-of-character channel."""

    async def enter(*people, name="out-of-character", **options):
        room = channel(stack, name)
        return [await open_room(stack, await new_page(**options), who, room) for who in people]

    return enter


def row(page, text):
    return page.locator(".talk-row", has_text=text)


async def test_two_people_talk_answer_react_and_change_their_minds(rooms):
    mira, jonas = await rooms("mira", "jonas")
    box = mira.get_by_role("textbox", name="Message to")
    await box.press_sequentially("Is @Jon")
    await expect(mira.get_by_role("option", name="Jonas")).to_be_visible()
    await box.press("Enter")
    await box.press_sequentially("there?")
    await box.press("Enter")
    await expect(box).to_have_value("")
    said = row(jonas, "there?")
    await expect(said.locator(".mention")).to_have_text("@Jonas")
    await expect(said).to_have_class(re.compile("mentions-me"))

    await said.locator(".said").focus()
    await jonas.keyboard.press("r")
    await expect(jonas.locator(".talk-about")).to_contain_text("Mira")
    await jonas.keyboard.type("Always.")
    await jonas.keyboard.press("Enter")
    answer = row(mira, "Always.")
    await expect(answer.locator(".quoted")).to_contain_text("Is @Jonas there?")

    await answer.locator(".said").focus()
    await mira.keyboard.press("+")
    await mira.get_by_role("searchbox", name="Search for an emoji").fill("fledermaus")
    await mira.keyboard.press("Enter")
    await expect(row(jonas, "Always.").get_by_role("button", name=re.compile("🦇: 1 person"))).to_be_visible()
    await row(jonas, "Always.").get_by_role("button", name=re.compile("🦇")).click()
    await expect(answer.get_by_role("button", name=re.compile("🦇: 2 people"))).to_be_visible()

    await jonas.get_by_role("textbox", name="Message to").press("ArrowUp")
    await jonas.keyboard.type(" Nearly.")
    await jonas.keyboard.press("Enter")
    await expect(row(mira, "Always. Nearly.").locator(".edited")).to_be_visible()
    await row(jonas, "Nearly").locator(".said").focus()
    await jonas.keyboard.press("Delete")
    await jonas.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(mira.get_by_text("This message was deleted.")).to_be_visible()
    await expect(row(mira, "Nearly")).to_have_count(0)


async def test_what_cannot_be_sent_yet_is_kept_over_a_reload_and_sent_once_in_order(rooms):
    mira, jonas = await rooms("mira", "jonas")
    await mira.route(
        "**/messages/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    for text in ("first of the queue", "second of the queue"):
        await write(mira, text)
        await expect(mira.locator(".pending", has_text=text)).to_be_visible()
    await mira.get_by_role("textbox", name="Message to").fill("a draft")
    await mira.reload()
    await expect(mira.locator(".pending")).to_have_count(2)
    await expect(mira.get_by_role("textbox", name="Message to")).to_have_value("a draft")
    await mira.unroute("**/messages/")
    await expect(row(jonas, "of the queue")).to_have_count(2)
    await expect(mira.locator(".pending")).to_have_count(0)
    texts = await row(jonas, "of the queue").locator(".words").all_inner_texts()
    assert [text.split()[0] for text in texts] == ["first", "second"]


async def test_too_much_text_stays_in_the_box_with_the_reason(rooms):
    (mira,) = await rooms("mira")
    await write(mira, "x" * 4001)
    await expect(mira.get_by_role("alert")).to_contain_text("up to 4000 characters; this one has 4001")
    await expect(mira.get_by_role("textbox", name="Message to")).to_have_value("x" * 4001)
    await expect(mira.locator("#talk-left")).to_have_text("1 character too many")


async def test_a_long_room_keeps_few_rows_and_its_place(stack, new_page):
    """Scrolling up loads what is older, and what one looks at does not move when something new comes."""
    room = channel(stack, "table")
    mira = await open_room(stack, await new_page(width=820), "mira", room)
    await write(mira, "the first of many")
    await expect(row(mira, "the first of many").locator("time").first).to_be_visible()
    fill(stack, room, [f"line {number}" for number in range(600)])
    await mira.reload()
    await expect(row(mira, "line 599")).to_be_in_viewport()
    jonas = await open_room(stack, await new_page(), "jonas", room)
    log = mira.get_by_role("log")
    for _ in range(6):
        await log.evaluate("(log) => (log.scrollTop = 0)")
        await mira.wait_for_timeout(300)
    assert await mira.locator(".talk-row").count() < 120
    key, before = await mira.evaluate(IN_THE_MIDDLE)
    await write(jonas, "something new")
    await expect(mira.get_by_role("button", name="1 new message ↓")).to_be_visible()
    after = await mira.locator(f"[data-key='{key}']").bounding_box()
    assert after is not None
    assert abs(after["y"] - before) < 2
    await mira.get_by_role("button", name="1 new message ↓").click()
    await expect(row(mira, "something new")).to_be_in_viewport()


async def test_search_as_one_types_leads_to_the_message(stack, new_page):
    room = channel(stack, "tracker")
    mira = await open_room(stack, await new_page(width=390), "mira", room)
    for text in ("the silver tray", "the sheriff", "nothing of note"):
        await write(mira, text)
    await expect(mira.locator(".pending")).to_have_count(0)
    await mira.get_by_role("button", name="Search").click()
    await mira.get_by_role("searchbox", name="Search messages").press_sequentially("silv")
    hit = mira.get_by_role("button", name=re.compile("silver tray"))
    await expect(hit.locator("mark")).to_have_text("silver")
    await hit.click()
    await expect(mira.locator("#talk-panel")).to_be_hidden()
    await expect(row(mira, "the silver tray")).to_be_in_viewport()
    await expect(row(mira, "the silver tray").locator(".said")).to_be_focused()


async def test_a_pasted_picture_goes_with_the_message_and_opens_large(rooms):
    mira, jonas = await rooms("mira", "jonas")
    await mira.get_by_role("textbox", name="Message to").evaluate(PASTE)
    await expect(mira.get_by_role("listitem").locator("figcaption")).to_have_text("owl.png")
    await write(mira, "look at this")
    picture = row(jonas, "look at this").get_by_role("button", name=re.compile("Look at owl"))
    await expect(picture).to_be_visible()
    await picture.click()
    await expect(jonas.get_by_role("dialog", name=re.compile("owl")).locator("img")).to_be_visible()
    await jonas.keyboard.press("Escape")
    await expect(jonas.get_by_role("dialog")).to_have_count(0)


async def test_a_private_conversation_begins_with_a_name_and_ends_with_a_block(rooms):
    mira, jonas = await rooms("mira", "jonas")
    await write(jonas, "a word in private?")
    await row(mira, "a word in private?").locator(".who").last.click()
    await mira.get_by_role("button", name="Private message").click()
    await expect(mira.get_by_role("heading", name="Jonas", level=1)).to_be_visible()
    await write(mira, "here I am")
    await expect(jonas.get_by_role("link", name="Private messages").locator(".count")).to_have_text("1")
    await jonas.get_by_role("link", name="Private messages").click()
    await jonas.get_by_role("link", name=re.compile("Mira")).click()
    await expect(row(jonas, "here I am")).to_be_visible()
    await jonas.locator("#talk-people").get_by_role("button", name=re.compile("Mira")).click()
    await jonas.get_by_role("button", name="Block").click()
    await jonas.get_by_role("dialog").get_by_role("button", name="Block").click()
    await expect(jonas.get_by_text("A message of somebody you have blocked.")).to_be_visible()
    await jonas.get_by_role("button", name="Show it").click()
    await expect(row(jonas, "here I am")).to_be_visible()
    await write(mira, "still there?")
    await expect(mira.get_by_role("alert")).to_be_visible()
    await expect(mira.get_by_role("textbox", name="Message to")).to_have_value("still there?")


async def test_a_moderator_deletes_and_sees_what_was_there(rooms):
    vesna, jonas = await rooms("vesna", "jonas")
    await write(jonas, "something rude")
    await row(vesna, "something rude").locator(".said").focus()
    await vesna.keyboard.press("Delete")
    await vesna.get_by_label("Reason").fill("house rules")
    await vesna.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(row(jonas, "something rude")).to_have_count(0)
    await expect(jonas.get_by_role("button", name="What was there?")).to_have_count(0)
    await vesna.get_by_role("button", name="What was there?").last.click()
    await expect(vesna.get_by_role("dialog")).to_contain_text("something rude")
    await vesna.keyboard.press("Escape")
    await vesna.get_by_role("button", name="Moderation log").click()
    log = vesna.get_by_role("region", name="Moderation log")
    await expect(log).to_contain_text("Vesna deleted a message by Jonas")
    await expect(log).to_contain_text("Reason: house rules")
