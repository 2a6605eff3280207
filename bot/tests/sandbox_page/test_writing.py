"""What a person writes on the page: answered, edited, deleted, with files; and what a webhook posted."""

from typing import Any

import discord
import pytest
from playwright.async_api import expect

from sandbox.defaults import TABLE
from sandbox.server import Sandbox
from tests.sandbox.sample_bot import PNG

pytestmark = pytest.mark.browser


async def more(page: Any, text: str, item: str) -> None:
    message = page.locator("article", has_text=text).last
    await message.hover()
    await message.get_by_role("button", name="More about this message").click()
    await page.get_by_role("menuitem", name=item).click()


async def test_a_message_is_answered_edited_deleted_and_has_files(chat: Any, bot: Any, box: Sandbox) -> None:
    page, vesna = await chat(), await chat("vesna")
    line = page.get_by_label("Message or command")
    await line.fill("Frist")
    await line.press("Enter")
    await more(page, "Frist", "Edit message")
    await expect(line).to_have_value("Frist")
    await line.fill("First")
    await line.press("Enter")
    await expect(page.locator("article", has_text="First")).to_contain_text("(edited)")
    await expect(page.get_by_text("Editing a message")).to_be_hidden()
    await more(page, "First", "Answer")
    await page.locator("#composer-files").set_input_files(
        {"name": "note.txt", "mimeType": "text/plain", "buffer": b"hi"}
    )
    await expect(page.get_by_text("Answering Mira")).to_be_visible()
    await line.press("Enter")
    answer = page.locator("article", has_text="note.txt")
    await expect(answer).to_contain_text("Answer to Mira")
    await more(vesna, "note.txt", "Delete message")
    await expect(answer).to_have_count(0)


async def test_what_a_webhook_posts_has_its_name_and_picture(chat: Any, bot: Any, box: Sandbox) -> None:
    table = await bot.fetch_channel(int(TABLE))
    hook = await table.create_webhook(name="Keeper", avatar=PNG)
    picture = f"{box.base_url}/cdn/avatars/7/raven.png"
    quiet = discord.AllowedMentions.none()
    await hook.send("Caw", username="Raven", avatar_url=picture, allowed_mentions=quiet)
    await hook.send("Hoot", username="Night Owl", allowed_mentions=quiet)
    page = await chat()
    raven = page.locator("article", has_text="Caw")
    await expect(raven.get_by_role("button", name="Raven", exact=True)).to_be_visible()
    await expect(raven.locator(".face-button img")).to_have_js_property("complete", True)
    owl = page.locator("article", has_text="Hoot")
    await expect(owl.get_by_role("button", name="Night Owl", exact=True)).to_be_visible()
    await expect(owl.locator(".face-button img")).to_have_js_property("naturalWidth", 1)
