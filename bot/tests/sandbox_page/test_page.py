"""The frame of the sandbox's page: who and where one is, staying connected, narrow screens, hostile text."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.browser

HOSTILE = (
    '<img src=x onerror="window.hurt=1"> <script>window.hurt=1</script> '
    '[press](javascript:window.hurt=1) <t:99999999999999999> ||<b onclick="window.hurt=1">x</b>|| `<i>`'
)


async def test_hostile_text_stays_text(chat: Any, bot: Any) -> None:
    page = await chat()
    line = page.get_by_label("Message or command")
    await line.fill(HOSTILE)
    await line.press("Enter")
    message = page.locator("#message-list article").first
    await expect(message).to_contain_text('<img src=x onerror="window.hurt=1">')
    await expect(message).to_contain_text("[press](javascript:window.hurt=1)")
    await message.get_by_role("button", name="Hidden text").click()
    await expect(message).to_contain_text('<b onclick="window.hurt=1">x</b>')
    await line.fill('/hero new name:"<img src=x onerror=window.hurt=1>"')
    await line.press("Enter")
    await expect(page.locator(".embed-title")).to_have_text("<img src=x onerror=window.hurt=1>")
    assert await page.locator(".message-main :is(script, img[onerror], b[onclick])").count() == 0
    assert await page.evaluate("window.hurt") is None


async def test_a_person_a_server_and_a_channel_can_be_chosen_and_are_remembered(chat: Any, bot: Any) -> None:
    page = await chat()
    await page.get_by_role("button", name="tracker").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("# tracker")
    await page.get_by_label("You are").select_option("vesna")
    await expect(page.locator("body[data-ready]")).to_be_attached()
    await expect(page).to_have_url(re.compile("as=vesna"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("# tracker")
    await expect(page.locator("#bot-state")).to_contain_text("online")
    await page.goto(page.url.split("?")[0])
    await expect(page.get_by_label("You are")).to_have_value("vesna")
    await page.get_by_label("You are").select_option("sam")
    await expect(
        page.get_by_role("navigation", name="Servers").get_by_role("button", name="Other Court")
    ).to_be_visible()


@pytest.mark.long
async def test_messages_elsewhere_mark_their_channel_until_it_is_opened(chat: Any, bot: Any) -> None:
    mira, jonas = await chat("mira"), await chat("jonas")
    await mira.get_by_role("button", name="tracker").click()
    await expect(mira.get_by_text("This is the start of #tracker.")).to_be_visible()
    await mira.get_by_label("Message or command").fill("Over here")
    await mira.keyboard.press("Enter")
    await jonas.get_by_role("button", name="tracker unread").click()
    await expect(jonas.get_by_text("Over here")).to_be_visible()
    await expect(jonas.get_by_role("button", name="tracker unread")).to_have_count(0)


@pytest.mark.long
async def test_older_messages_come_when_one_scrolls_up(chat: Any, box: Any, bot: Any) -> None:
    channel = await bot.fetch_channel(1030000000000000001)
    for number in range(70):
        await channel.send(f"line {number}")
    page = await chat()
    await expect(page.get_by_text("line 69", exact=True)).to_be_in_viewport()
    await expect(page.get_by_text("line 19", exact=True)).to_have_count(0)
    scroller = page.locator("#messages")
    await scroller.evaluate("node => { node.scrollTop = 0 }")
    await expect(page.get_by_text("line 0", exact=True)).to_be_attached()
    await expect(page.get_by_text("line 20", exact=True)).to_be_in_viewport()


@pytest.mark.long
async def test_who_loses_the_open_channel_is_shown_another(chat: Any, box: Any, bot: Any) -> None:
    page = await chat("jonas")
    box.actions.remove_member(box.world.guild("1010000000000000000"), "1000000000000000202")
    await expect(page.get_by_text("This person is in no server yet.")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Nowhere yet")


@pytest.mark.long
async def test_a_new_person_joins_the_open_server(chat: Any, bot: Any) -> None:
    page = await chat()
    await page.get_by_label("You are").select_option("")
    dialog = page.get_by_role("dialog", name="New person")
    await dialog.get_by_label("Name").fill("Ana Lucia")
    await dialog.get_by_label("Storyteller").check()
    await dialog.get_by_role("button", name="Create").click()
    await expect(page.get_by_label("You are")).to_have_value("ana_lucia")
    await expect(page.locator("#members").get_by_role("button", name="Ana Lucia")).to_contain_text(
        "Storyteller"
    )


async def test_a_lost_connection_comes_back_with_what_was_missed(chat: Any, box: Any, bot: Any) -> None:
    page, jonas = await chat("mira"), await chat("jonas")
    await page.context.set_offline(True)
    for viewer in tuple(box.live.viewers):
        if viewer.user_id == "1000000000000000101":
            await viewer.socket.close()
    await expect(page.get_by_text("Connection lost")).to_be_visible()
    await jonas.get_by_label("Message or command").fill("While you were away")
    await jonas.keyboard.press("Enter")
    await expect(jonas.locator("#message-list article")).to_have_count(1)
    await page.context.set_offline(False)
    await expect(page.get_by_text("While you were away")).to_be_visible()
    await expect(page.get_by_text("Connection lost")).to_be_hidden()


@pytest.mark.long
async def test_the_bot_going_offline_is_seen(chat: Any, bot: Any) -> None:
    page = await chat()
    await expect(page.locator("#bot-state")).to_have_attribute("data-state", "online")
    await bot.close()
    await expect(page.locator("#bot-state")).to_have_attribute("data-state", "offline")


@pytest.mark.long
async def test_a_phone_shows_everything_without_scrolling_sideways(chat: Any, bot: Any) -> None:
    page = await chat(width=390, height=844, has_touch=True, is_mobile=True)
    line = page.get_by_label("Message or command")
    await line.fill("/hero new name:Owl hunger:2")
    await line.press("Enter")
    await expect(page.locator(".embed-title")).to_have_text("Owl")
    await line.fill("a" * 300 + " ```\n" + "b" * 300 + "\n```")
    await line.press("Enter")
    await expect(page.locator("#message-list article")).to_have_count(2)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    assert await page.locator("#messages").evaluate("node => node.scrollWidth <= node.clientWidth")
    await page.get_by_role("button", name="Servers and channels").tap()
    await page.get_by_role("button", name="out-of-character").tap()
    await expect(page.get_by_role("heading", level=1)).to_have_text("# out-of-character")
    await expect(page.locator("#channels")).not_to_be_in_viewport()


@pytest.mark.long
async def test_the_colours_follow_the_system_until_one_is_chosen(chat: Any, bot: Any) -> None:
    page = await chat(color_scheme="dark")
    ground = "getComputedStyle(document.querySelector('.chat')).backgroundColor"
    dark = await page.evaluate(ground)
    await page.emulate_media(color_scheme="light")
    light = await page.evaluate(ground)
    assert dark != light
    for expected in (dark, light, light):  # dark, light, and again as the system
        await page.get_by_role("button", name="Colours").click()
        assert await page.evaluate(ground) == expected
