"""Slash commands as a person types them into the sandbox's page, with a real bot answering."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser


def line(page: Page) -> Any:
    return page.get_by_label("Message or command")


def messages(page: Page) -> Any:
    return page.locator("#message-list article")


async def send(page: Page, text: str) -> None:
    """Pasted at once, as a person pastes a line that somebody gave them."""
    await line(page).fill(text)
    await line(page).press("Enter")


async def test_a_command_is_found_and_filled_in_with_the_keyboard_alone(chat: Any, bot: Any) -> None:
    page = await chat()
    await line(page).focus()
    await page.keyboard.type("/her")
    choices = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await expect(choices).to_have_count(4)
    await expect(choices.first).to_contain_text("/hero find")
    await page.keyboard.type("o ne")
    await expect(choices).to_have_count(1)
    await expect(choices.first).to_contain_text("Make a hero")
    await page.keyboard.press("Tab")
    await expect(page.get_by_text("What the hero is called (required, text)")).to_be_visible()
    await page.keyboard.type("Night Owl")
    await page.keyboard.press("Tab")
    await page.keyboard.type("nothing")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("No option is called “nothing”.")
    await page.get_by_label("Add an option").fill("")
    await page.keyboard.type("hunger:2")
    await expect(page.locator("[data-option=hunger] input")).to_have_value("2")
    await page.keyboard.press("Tab")  # to the button that removes the option
    await page.keyboard.press("Tab")
    await page.keyboard.type("cl")
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    answer = messages(page).last
    await expect(answer.locator(".used-line")).to_contain_text("Mira used /hero new")
    await expect(answer.locator(".embed-title")).to_have_text("Night Owl")
    await expect(answer.locator(".embed-row").first).to_have_attribute("data-across", "2")
    assert bot.calls.new == [
        {"name": "Night Owl", "hunger": 2, "clan": "Toreador", "player": None, "secret": False, "image": None}
    ]


@pytest.mark.long
async def test_a_pasted_line_is_sent_with_enter_and_recalled_with_the_arrow_key(chat: Any, bot: Any) -> None:
    page = await chat()
    text = '/hero new name:"Night \\"Owl\\"" hunger:3 clan:Brujah player:@jonas secret:no'
    await send(page, text)
    await expect(messages(page).last.locator(".embed-title")).to_have_text('Night "Owl"')
    call = bot.calls.new[0]
    assert (call["hunger"], call["clan"], call["player"], call["secret"]) == (3, "Brujah", "jonas", False)
    await expect(line(page)).to_have_value("")
    await page.keyboard.press("ArrowUp")
    await expect(line(page)).to_have_value(text)


async def test_each_wrong_option_says_what_is_wrong_and_nothing_is_sent(chat: Any, bot: Any) -> None:
    page = await chat()
    await send(page, "/hero new hunger:9 clan:Ventrue player:nobody colour:red")
    problems = {
        "name": "This is required.",
        "hunger": "A whole number from 0 to 5, please.",
        "clan": "“Ventrue” is not one of the choices.",
        "player": "There is no person called “nobody” here.",
    }
    for name, sentence in problems.items():
        await expect(page.locator(f"[data-option={name}] .field-error")).to_have_text(sentence)
    await expect(page.locator("#composer .form-problem:visible")).to_contain_text("has no option “colour”")
    await page.keyboard.press("Escape")
    await expect(line(page)).to_be_focused()
    await send(page, "/hero old")
    await expect(page.get_by_text("There is no command “/hero” here.")).to_be_visible()
    assert bot.calls.new == []


async def test_completion_asks_the_bot_once_the_typing_pauses(chat: Any, bot: Any) -> None:
    page = await chat()
    await line(page).focus()
    await page.keyboard.type("/hero find")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("option", name="Old Tom — Vampire")).to_be_visible()
    await page.keyboard.type("night", delay=10)
    choices = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await expect(choices).to_have_count(2)
    assert bot.calls.typed == ["", "night"]
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-option=name] input")).to_have_value("Nightshade — Vampire")
    await page.keyboard.press("Enter")
    await expect(messages(page).last).to_contain_text("Chronicle Keeper is thinking…")
    await expect(messages(page).last).to_contain_text("Found id-Night")


@pytest.mark.long
async def test_an_ephemeral_answer_is_for_one_person_and_can_be_put_away(chat: Any, bot: Any) -> None:
    mira, jonas = await chat("mira"), await chat("jonas")
    await send(mira, "/hero new name:Shade secret:true")
    await expect(messages(mira).last).to_contain_text("Only you can see this")
    await send(mira, "All can read this")
    await expect(messages(jonas)).to_have_count(1)
    await expect(messages(jonas).first).to_contain_text("All can read this")
    await mira.get_by_role("button", name="Dismiss message").click()
    await expect(messages(mira)).to_have_count(1)


@pytest.mark.long
async def test_a_file_reaches_the_bot(chat: Any, bot: Any, tmp_path: Path) -> None:
    picture = tmp_path / "owl.txt"
    picture.write_bytes(b"hoot" * 50_000)
    page = await chat()
    await send(page, "/hero new name:O")  # too short, so the form opens with what was typed
    await page.locator("[data-option=name] input").fill("Owl")
    await page.get_by_label("Add an option").click()
    await page.get_by_role("option", name="image").click()
    await page.locator("[data-option=image] input").set_input_files(picture)
    await page.get_by_role("button", name="Send").click()
    await expect(messages(page)).to_have_count(1)
    assert bot.calls.new[0]["image"] == picture.read_bytes()


@pytest.mark.long
async def test_a_command_that_nobody_answers_can_be_typed_again(chat: Any, box: Any, bot: Any) -> None:
    box.interactions.acknowledge = 0.5
    page = await chat()
    await send(page, "/hero sleep")
    await expect(page.locator("#notes")).to_contain_text("The application did not respond.")
    await page.get_by_role("button", name="Type it again").click()
    await expect(line(page)).to_have_value("/hero sleep")
    await expect(page.locator("#notes > *")).to_have_count(0)


async def test_menus_on_people_and_messages_offer_the_bots_commands(chat: Any, bot: Any) -> None:
    page = await chat()
    await send(page, "The owl flies at dusk")
    await messages(page).last.get_by_text("dusk").click(button="right")
    await page.get_by_role("menuitem", name="Keep as a note").click()
    await expect(messages(page).last).to_contain_text("Kept.")
    await page.locator("#members").get_by_role("button", name="Vesna").click()
    await page.keyboard.press("Enter")
    await expect(messages(page).last).to_contain_text("Heroes of vesna")
    assert bot.calls.targets == ["The owl flies at dusk", "vesna"]


@pytest.mark.long
async def test_commands_work_in_a_direct_message_too(chat: Any, bot: Any) -> None:
    page = await chat()
    await page.get_by_role("button", name="Direct messages").click()
    await expect(line(page)).to_have_attribute("placeholder", "Write to Chronicle Keeper, or type /")
    await send(page, "/hero new name:Lone")
    await expect(messages(page).last.locator(".embed-title")).to_have_text("Lone")


@pytest.mark.long
async def test_a_mentioned_command_fills_the_box_when_it_is_clicked(chat: Any, bot: Any) -> None:
    page = await chat()
    made = next(command for command in await bot.tree.fetch_commands() if command.name == "hero")
    await send(page, f"Try </hero new:{made.id}>, not </hero old:{made.id}>.")
    await messages(page).last.get_by_role("button", name="/hero old").click()
    await expect(line(page)).to_be_visible()
    await messages(page).last.get_by_role("button", name="/hero new").click()
    await expect(page.get_by_text("What the hero is called (required, text)")).to_be_visible()
