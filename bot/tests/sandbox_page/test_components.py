"""Buttons, selects and modals in the sandbox's page."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser


async def card(page: Page) -> Any:
    await page.get_by_label("Message or command").fill("/hero new name:Owl hunger:1")
    await page.keyboard.press("Enter")
    message = page.locator("#message-list article").first
    await expect(message.locator(".embed-title")).to_have_text("Owl")
    return message


async def test_buttons_look_and_act_as_their_styles_say(chat: Any, bot: Any) -> None:
    message = await card(await chat())
    await expect(message.get_by_role("button", name="Locked")).to_be_disabled()
    sheet = message.get_by_role("link", name="Sheet")
    await expect(sheet).to_have_attribute("href", "https://example.com/sheet")
    await expect(sheet).to_have_attribute("rel", "noopener noreferrer")
    feed = message.get_by_role("button", name="Feed")
    await feed.focus()
    await feed.press("Enter")
    await expect(message.locator(".embed-field-value").first).to_have_text("●●○○○")
    await expect(message).to_contain_text("(edited)")
    await expect(message.get_by_role("button", name="Feed")).to_be_focused()


@pytest.mark.long
async def test_an_edit_shows_in_another_page_and_keeps_its_place(chat: Any, bot: Any) -> None:
    mira, jonas = await chat("mira"), await chat("jonas", height=420)
    message = await card(mira)
    for number in range(12):
        await mira.get_by_label("Message or command").fill(f"line {number}")
        await mira.keyboard.press("Enter")
        await expect(mira.locator("#message-list article")).to_have_count(number + 2)
    scroller = jonas.locator("#messages")
    await expect(jonas.locator("#message-list article")).to_have_count(13)
    await scroller.evaluate("node => { node.scrollTop = 30 }")
    await message.get_by_role("button", name="Feed").click()
    await expect(jonas.locator(".embed-field-value").first).to_have_text("●●○○○")
    assert abs(await scroller.evaluate("node => node.scrollTop") - 30) < 25
    await mira.get_by_label("Message or command").fill("one more")
    await mira.keyboard.press("Enter")
    await jonas.get_by_role("button", name="1 new message").click()
    await expect(jonas.get_by_text("one more")).to_be_in_viewport()
    await expect(jonas.locator("#jump")).to_be_hidden()


@pytest.mark.long
async def test_a_select_takes_no_more_than_it_allows(chat: Any, bot: Any) -> None:
    page = await chat()
    message = await card(page)
    await message.get_by_role("button", name="Pick disciplines").click()
    choices = page.get_by_role("listbox", name="Choices").get_by_role("option")
    apply = page.get_by_role("button", name="Apply")
    await expect(apply).to_be_disabled()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press(" ")
    await choices.nth(2).click()
    await expect(page.locator(".suggestion[data-picked]")).to_have_count(2)
    await apply.click()
    await expect(page.locator("#message-list article").last).to_contain_text("Picked auspex, celerity")
    assert bot.calls.picked == [["auspex", "celerity"]]


async def test_a_modal_holds_the_focus_checks_what_is_typed_and_is_sent(chat: Any, bot: Any) -> None:
    page = await chat()
    message = await card(page)
    await message.get_by_role("button", name="Tell").click()
    dialog = page.get_by_role("dialog", name="The story so far")
    await expect(dialog.get_by_label("What happened")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(message.get_by_role("button", name="Tell")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_label("What happened")).to_be_focused()
    await page.keyboard.type("Owl")
    await page.keyboard.press("Enter")
    await expect(dialog).to_contain_text("At least 5 characters; this has 3.")
    for _ in range(8):
        await page.keyboard.press("Tab")
        assert await page.evaluate(
            "document.activeElement.closest('dialog') !== null || document.activeElement === document.body"
        )
    await dialog.get_by_label("What happened").fill("The owl came back")
    await dialog.get_by_role("button", name="Submit").click()
    await expect(dialog).to_have_count(0)
    await expect(page.locator("#message-list article").last).to_contain_text("Told: The owl came back")
    assert bot.calls.stories == ["The owl came back"]


@pytest.mark.long
async def test_a_modal_of_labels_sends_each_kind_of_field(chat: Any, bot: Any, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("signed")
    page = await chat()
    await page.get_by_label("Message or command").fill("/hero profile")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Profile")
    await dialog.get_by_role("button", name="Submit").click()
    await expect(dialog.get_by_text("This is required.")).to_have_count(4)
    await dialog.get_by_role("button", name="Friend").click()
    await page.get_by_role("option", name="@Vesna").click()
    await dialog.get_by_role("radio", name="Anarch").check()
    await dialog.get_by_role("checkbox", name="Sunday").check()
    await dialog.get_by_role("checkbox", name="Sworn in").check()
    await dialog.get_by_label("Proof").set_input_files(letter)
    await expect(dialog.get_by_text("This is required.")).to_have_count(0)
    await dialog.get_by_role("button", name="Submit").click()
    await expect(dialog).to_have_count(0)
    assert bot.calls.profiles == [[["vesna"], "anarch", ["sunday"], True, ["signed"]]]
    answer = page.locator("#message-list article").last
    await expect(answer).to_contain_text("filled in a form")
    await expect(answer.locator(".component-container strong")).to_have_text("court")
    await expect(answer.get_by_role("button", name="Leave")).to_be_visible()
    await expect(answer.locator(".subtext")).to_have_text("Signed by the Prince")
