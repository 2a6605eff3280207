"""How people begin: a visitor rolls within six actions, an owner gets a working table by a checklist that ticks."""

import pytest
from playwright.async_api import Locator, expect

pytestmark = pytest.mark.browser


class Hand:
    """Presses and types, and counts."""

    def __init__(self) -> None:
        self.actions = 0

    async def click(self, target: Locator) -> None:
        self.actions += 1
        await target.first.click()

    async def fill(self, field: Locator, text: str) -> None:
        self.actions += 1
        await field.fill(text)

    async def choose(self, menu: Locator, label: str) -> None:
        self.actions += 1
        await menu.select_option(label=label)


async def newcomer(someone, name):
    """Somebody in the sandbox who has never been here."""
    await someone.call("POST", "users", {"name": name, "global_name": name.title()})


async def test_from_the_welcome_page_to_a_rolled_pool_in_at_most_six_actions(stack, person, new_page):
    await newcomer(await person("vesna"), "nora")
    page, hand = await new_page(width=390), Hand()
    await page.goto(stack.backend)
    await hand.click(page.get_by_role("link", name="Sign in with Discord"))
    await hand.click(page.locator("label", has_text="nora"))
    await hand.click(page.get_by_role("button", name="Allow"))
    await hand.click(page.get_by_role("button", name="Roll with an example"))
    await hand.click(page.get_by_role("button", name="Roll", exact=True))
    await expect(page.locator("#result .verdict")).to_be_visible()
    assert hand.actions <= 6


@pytest.mark.long
async def test_from_add_to_discord_to_a_working_table(stack, person, new_page):
    await newcomer(await person("vesna"), "otto")
    page, hand = await new_page(), Hand()

    def step(slug):
        return page.locator(f"#step-{slug}")

    async def ticks(*slugs):
        for slug in slugs:
            await expect(step(slug)).to_contain_class("done", timeout=30_000)

    await page.goto(stack.backend)
    await hand.click(page.get_by_role("link", name="Add to Discord"))
    await hand.click(page.locator("label", has_text="otto"))
    await hand.fill(page.get_by_label("Name of the new server"), "Otto’s Court")
    await hand.click(page.get_by_role("button", name="Allow"))
    await page.wait_for_url("**/servers/*/setup/")
    await ticks("bot", "commands", "chronicle")
    # In Discord there are a role and a player.
    otto = await person("otto")
    otto.guild, otto.channel = "Otto’s Court", "general"
    guild = next(guild for guild in (await otto.world())["guilds"] if guild["name"] == otto.guild)
    await otto.call("POST", f"guilds/{guild['id']}/roles", {"name": "Narrator"})
    await otto.call("PUT", f"guilds/{guild['id']}/members/jonas", {})
    await ticks("members")
    await hand.click(page.get_by_role("button", name="Choose edition"))
    await ticks("edition")
    await hand.click(page.get_by_label("Narrator"))
    await hand.click(page.get_by_role("button", name="Save roles"))
    await ticks("storyteller")
    await hand.choose(page.get_by_label("Channel", exact=True), "#general")
    await hand.click(page.get_by_role("button", name="Save channel"))
    await ticks("tracker")
    await stack.new_vampire(otto, "Otto’s Owl")
    await ticks("character")
    assert "8 of 9" in (await otto.slash("server setup")).text
    await otto.slash("roll", pool="5")
    await expect(page.get_by_role("heading", name="Otto’s Court is ready")).to_be_visible(timeout=30_000)
    assert "9 of 9" in (await otto.slash("server setup")).text
    assert hand.actions <= 10, "and two commands"
    await otto.call("DELETE", f"guilds/{guild['id']}")
