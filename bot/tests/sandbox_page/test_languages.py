"""The chat in the language of a person's Discord client."""

from typing import Any

import pytest
from playwright.async_api import expect

from sandbox.defaults import MIRA
from tests.sandbox_page.test_commands import line, messages, send

pytestmark = pytest.mark.browser


def in_german(command: dict[str, Any], **names: str) -> None:
    """Give a registered command, its parts and options these names."""
    if command["name"] in names:
        command["name_localizations"] = {"de": names[command["name"]]}
        command["description_localizations"] = {"de": f"Auf Deutsch: {names[command['name']]}"}
    for part in command.get("options", ()):
        in_german(part, **names)


@pytest.mark.long
async def test_a_person_chooses_a_language_and_sees_commands_in_it(chat: Any, box: Any, bot: Any) -> None:
    for commands in box.world.commands.values():
        for command in commands.values():
            in_german(command, hero="held", new="neu", name="wie", clan="sippe")
    page = await chat()
    await page.get_by_label("Your Discord speaks").select_option(label="Deutsch")
    await line(page).fill("/he")
    choices = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await expect(choices.filter(has_text="/held neu")).to_contain_text("Auf Deutsch: neu")
    await line(page).fill('/held neu wie:"Owl" si')
    await expect(choices.filter(has_text="sippe:")).to_contain_text("Auf Deutsch: sippe")
    await send(page, "/held neu wie:Owl sippe:Brujah")
    await expect(messages(page).last.locator(".embed-title")).to_have_text("Owl")
    await send(page, "/hero new name:Fox")
    await expect(messages(page).last.locator(".embed-title")).to_have_text("Fox")
    assert [(call["name"], call["clan"]) for call in bot.calls.new] == [("Owl", "Brujah"), ("Fox", None)]
    assert box.world.locales == {MIRA: "de"}
    await page.reload()
    await expect(page.get_by_label("Your Discord speaks")).to_have_value("de")
