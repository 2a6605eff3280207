"""Chat in the game, in a real browser: rolls in a text, characters who speak, a scene by turns, and its log."""

import re
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.end_to_end.chat_rooms import channel, open_room, write

pytestmark = pytest.mark.browser


def row(page, text):
    return page.locator(".talk-row", has_text=text)


async def choose(page, label, option):
    await page.get_by_label(label).select_option(option)


@pytest_asyncio.fixture(loop_scope="session")
async def table(stack, person, new_page):
    """Mira’s owl, Jonas’s fox and the storyteller, all in the channel."""
    await stack.new_vampire(await person("mira"), "Spoken Owl")
    await stack.new_vampire(await person("jonas"), "Spoken Fox")
    room = channel(stack, "table")
    return [await open_room(stack, await new_page(), who, room) for who in ("mira", "jonas", "vesna")]


async def test_two_people_play_a_scene_and_download_its_log(stack, table, tmp_path: Path):
    mira, jonas, vesna = table
    await vesna.get_by_role("button", name="Open a scene").click()
    await vesna.get_by_label("Title").fill("At the Elysium")
    await vesna.get_by_label("Where it plays").fill("Opera house")
    await vesna.get_by_role("button", name="Open", exact=True).click()
    for page, name in ((mira, "Spoken Owl"), (jonas, "Spoken Fox")):
        bar = page.get_by_role("region", name="Scene")
        await expect(bar).to_contain_text("At the Elysium")
        await bar.get_by_role("button", name="Take part").click()
        await choose(page, "As whom", name)
        await page.get_by_role("dialog").get_by_role("button", name="Take part").click()
        await expect(page.get_by_label("Write as")).to_have_value(re.compile(".+"))
        await expect(bar.locator(".scene-parts")).to_contain_text(name)

    await vesna.get_by_role("region", name="Scene").get_by_role("button", name="Next turn").click()
    await expect(row(jonas, "It’s Spoken Owl’s turn.")).to_be_visible()
    await mira.get_by_label("and end my turn").check()
    await write(mira, "I lift the curtain [[strength + 4 vs 2]]")
    said = row(jonas, "I lift the curtain")
    await expect(said.locator(".by")).to_contain_text("Spoken Owl")
    await expect(said.locator(".words .roll.rolled b")).to_have_text(re.compile(r"\d"))
    await expect(said.locator("chat-card article.roll")).to_contain_text("Strength 1 + ")
    await expect(row(jonas, "It’s Spoken Fox’s turn.")).to_be_visible()

    card = row(mira, "I lift the curtain").locator("chat-card")
    await card.get_by_text("Reroll", exact=True).click()
    await card.get_by_role("button", name=re.compile("fail|Reroll", re.IGNORECASE)).first.click()
    await expect(said.locator(".words .roll.rolled")).to_contain_text("(rerolled)")

    await write(jonas, "((one moment))")
    await expect(row(mira, "one moment").locator(".badge")).to_contain_text("out of character")
    await choose(jonas, "How it is said", "whisper")
    await write(jonas, "I watch the owl")
    await expect(row(vesna, "I watch the owl")).to_be_visible()
    await write(jonas, "Good evening.")
    await expect(row(mira, "Good evening.")).to_be_visible()
    await expect(row(mira, "I watch the owl")).to_have_count(0)

    await vesna.get_by_role("region", name="Scene").get_by_role("button", name="Close scene").click()
    await vesna.get_by_role("dialog").get_by_role("button", name="Close scene").click()
    await expect(row(mira, "The scene “At the Elysium” is closed.")).to_be_visible()
    await expect(mira.get_by_role("region", name="Scene")).to_be_hidden()

    await mira.goto(stack.chronicle("Spoken Owl"))
    await mira.get_by_role("link", name="At the Elysium").first.click()
    log = mira.locator(".scene-log")
    await expect(log).to_contain_text("Good evening.")
    await expect(log).not_to_contain_text("one moment")
    for kind in ("Markdown", "HTML"):
        async with mira.expect_download() as found:
            await mira.get_by_role("link", name=kind).click()
        download = await found.value
        kept = tmp_path / kind
        await download.save_as(kept)
        text = kept.read_text(encoding="utf-8")
        assert "Good evening." in text
        assert "Spoken Owl: Strength 1" in text
        assert "one moment" not in text
        assert "I watch the owl" not in text


async def test_what_cannot_be_rolled_stays_in_the_box_and_a_whisper_stays_one(table):
    mira, jonas, _vesna = table
    await choose(mira, "Write as", "Spoken Owl")
    await choose(mira, "How it is said", "whisper")
    await write(mira, "psst [[strngth]]")
    await expect(mira.get_by_role("alert")).to_contain_text("[[strngth]] can’t be rolled")
    await expect(mira.get_by_role("textbox", name="Message to")).to_have_value("psst [[strngth]]")
    await expect(mira.get_by_label("How it is said")).to_have_value("whisper")
    await write(mira, "psst [[strength]]")
    await expect(row(mira, "psst").locator("chat-card article.roll")).to_be_visible()
    await write(mira, "aloud")
    await expect(row(jonas, "aloud")).to_be_visible()
    await expect(row(jonas, "psst")).to_have_count(0)


async def test_a_storyteller_hides_reveals_and_asks_for_a_roll(table):
    mira, _jonas, vesna = table
    await choose(vesna, "How it is said", "hidden")
    await write(vesna, "The wall opens.")
    await expect(row(vesna, "The wall opens.")).to_contain_text("Storytellers only")
    await write(vesna, "Wait.")
    await expect(row(mira, "Wait.")).to_be_visible()
    await expect(row(mira, "The wall opens.")).to_have_count(0)
    await row(vesna, "The wall opens.").get_by_role("button", name="Reveal").click()
    await expect(row(mira, "The wall opens.")).to_be_visible()

    # On a phone what is rare stands in a menu.
    await vesna.set_viewport_size({"width": 390, "height": 844})
    await vesna.get_by_role("button", name="More", exact=True).click()
    menu = vesna.get_by_role("dialog", name="More")
    await expect(menu).to_be_in_viewport(ratio=1)
    await menu.get_by_role("button", name="Ask for a roll").click()
    await vesna.get_by_role("dialog").get_by_label("Mira").check()
    await vesna.get_by_label("What for").fill("Jump!")
    await vesna.get_by_label("Pool").fill("5")
    await vesna.get_by_role("dialog").get_by_role("button", name="Ask").click()
    asked = mira.locator(".talk-row article.request", has_text="Jump!")
    await asked.get_by_role("button", name="Roll", exact=True).click()
    answered = vesna.locator(".talk-row article.request", has_text="Jump!")
    await expect(answered).to_contain_text(re.compile("success|Failure|failure"))
