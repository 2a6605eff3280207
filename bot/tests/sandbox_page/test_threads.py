"""Threads and forums on the page: opened, written in, archived (case DISC-02)."""

from typing import Any

import pytest
from playwright.async_api import expect

from sandbox.defaults import NIGHT_COURT
from sandbox.server import Sandbox
from sandbox.state import objects

pytestmark = pytest.mark.browser


def answering(page: Any, *answers: str) -> None:
    """Type these into the prompts that come, one after the other."""
    waiting = list(answers)

    async def answer(dialog: Any) -> None:
        await dialog.accept(waiting.pop(0))

    page.on("dialog", answer)


async def test_a_thread_is_opened_written_in_and_archived(chat: Any, bot: Any) -> None:
    page = await chat()
    answering(page, "Elysium")
    await page.get_by_role("button", name="New thread").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("↳ Elysium")
    await page.get_by_label("Message or command").fill("Good evening")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Good evening")).to_be_visible()
    await page.get_by_role("button", name="Archive").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("# table")
    await expect(page.get_by_role("button", name="Elysium")).to_have_count(0)


@pytest.mark.long
async def test_a_forum_has_posts(chat: Any, bot: Any, box: Sandbox) -> None:
    box.actions.add_channel(box.world.guilds[NIGHT_COURT], "stories", kind=objects.FORUM)
    page = await chat()
    answering(page, "The heir", "It is me")
    await page.get_by_role("button", name="stories").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("↳ The heir")
    await expect(page.get_by_text("It is me")).to_be_visible()
