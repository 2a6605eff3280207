"""An episode from the schedule to its recap, typed in Discord against the real backend."""

from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import expect

from sandbox.person import Person
from sandbox.reply import Reply
from tests.end_to_end.conftest import Stack
from tests.end_to_end.web_person import WebPerson


@pytest_asyncio.fixture(loop_scope="session")
async def tale(vesna: Person) -> str:
    """A chronicle of its own, so that no other test's episodes are in the way."""
    name = f"Tale {uuid4().hex[:8]}"
    await vesna.slash("chronicle create", name=name)
    return name


def menu_of(reply: Reply, state: str) -> str:
    rows = reply.message["components"]
    ids = [part["custom_id"] for row in rows for part in row["components"]]
    return next(custom_id for custom_id in ids if custom_id.startswith(f"tick:{state}:"))


async def test_a_session_is_planned_played_ticked_and_awarded(
    tale: str, vesna: Person, mira: Person, jonas: Person
) -> None:
    def chronicle(**more: object) -> dict[str, object]:
        return {"chronicle": tale, **more}

    ids = {user["username"]: user["id"] for user in (await vesna.world())["users"]}
    nowhere = await vesna.slash(
        "episode schedule",
        options=chronicle(weekday="friday", time="19:30", timezone="Atlantis"),
    )
    assert "There’s no time zone called “Atlantis”" in nowhere.text
    shown = await vesna.slash(
        "episode schedule",
        options=chronicle(weekday="friday", time="19:30", timezone="Berlin", rhythm="fortnightly"),
    )
    assert "Every second Friday at 19:30 (Europe/Berlin)" in shown.text
    refused = await mira.slash("episode plan", options=chronicle())
    assert refused.text == "Only a storyteller can plan and run episodes."
    planned = await vesna.slash("episode plan", options=chronicle(title="Ashes"))
    assert "**Episode 1: Ashes**" in planned.text
    assert "Are you coming?" in planned.text
    answered = await mira.click(planned, "I’m coming")
    assert "Coming: Mira" in answered.text
    away = await jonas.slash("episode rsvp", options=chronicle(coming="no"))
    assert "Can’t make it: Jonas" in away.text
    assert "Episode 1: Ashes" in (await jonas.slash("episode next", options=chronicle())).text
    started = await vesna.slash("episode start", options=chronicle())
    assert "The episode has started." in started.text
    over = await vesna.slash("episode end", options=chronicle(summary="It burned."))
    ticked = await vesna.select(over, [ids["mira"]], menu_of(over, "came"))
    assert "Came: Mira" in ticked.text
    one = await vesna.slash("episode tick", options=chronicle(user=ids["jonas"], state="excused"))
    assert "Excused: Jonas" in one.text
    awarded = await vesna.slash("episode award", options=chronicle(experience=2))
    assert "Mira: 20 points" in awarded.text
    assert "Has no character here, so no Experience: Mira." in awarded.text
    again = await vesna.slash("episode award", options=chronicle())
    assert again.text == "There’s nothing left to award for this episode."
    assert "Episode 1: Ashes" in (await mira.slash("episode list", options=chronicle())).text
    assert "Came: Mira" in (await jonas.slash("episode who", options=chronicle())).text


async def test_an_announcement_follows_what_is_answered_elsewhere(
    tale: str, vesna: Person, mira: Person, jonas: Person
) -> None:
    here = {"chronicle": tale}
    planned = await vesna.slash("episode plan", options={**here, "title": "Dust", "when": "2026-12-24 19:30"})
    await mira.click(planned, "Maybe")
    await jonas.slash("episode rsvp", options={**here, "coming": "no"})
    posted = planned.message["id"]
    shown = await vesna.wait_for_message(
        lambda m: m["id"] == posted and "Can’t make it: Jonas" in m["content"]
    )
    assert "Maybe: Mira" in shown["content"]
    assert "An episode is planned. Are you coming?" in shown["content"]
    await vesna.slash("episode cancel", options=here)
    gone = await vesna.wait_for_message(lambda m: m["id"] == posted and "Called off" in m["content"])
    assert not gone["components"]


async def test_what_is_planned_on_the_web_is_announced_in_the_chosen_channel(
    tale: str, stack: Stack, vesna: Person, mira: Person
) -> None:
    here = {"chronicle": tale}
    chosen = await vesna.slash("episode channel", options=here)
    assert "are announced in <#" in chosen.text
    users = {user["username"]: user for user in (await vesna.world())["users"]}
    async with WebPerson(stack.backend, stack.sandbox, users["vesna"]) as web:
        found = (await web.call("GET", "chronicles/"))["results"]
        sessions = f"chronicles/{next(row['id'] for row in found if row['name'] == tale)}/sessions/"
        await web.call("POST", sessions, {"title": "Cinders", "planned_for": "2026-12-31T19:30+01:00"}, 201)
    posted = await mira.wait_for_message(lambda m: "Cinders" in m["content"] and m["components"])
    assert "An episode is planned. Are you coming?" in posted["content"]
    await mira.click(posted, "I’m coming")
    await vesna.slash("episode rsvp", options={**here, "coming": "maybe"})
    shown = await mira.wait_for_message(lambda m: m["id"] == posted["id"] and "Maybe: Vesna" in m["content"])
    assert "Coming: Mira" in shown["content"]
    off = await vesna.slash("episode channel", options={**here, "off": True})
    assert "announced nowhere" in off.text


async def test_a_recap_is_drafted_edited_published_and_read(tale: str, vesna: Person, mira: Person) -> None:
    here = {"chronicle": tale}
    assert (await vesna.slash("episode recap", options=here)).text == "No episode has been played yet."
    ids = {user["username"]: user["id"] for user in (await vesna.world())["users"]}
    await vesna.slash("episode start", options=here)
    await vesna.slash("episode tick", options={**here, "user": ids["mira"], "state": "came"})
    await vesna.slash("episode end", options=here)
    assert (await mira.slash("episode recap", options=here)).text == "There’s no recap of Episode 1 yet."
    drafted = await vesna.slash("episode recap", options=here)
    assert "Who came: Mira." in str(drafted.message["embeds"])
    form = await vesna.click(drafted, "Edit")
    written = await vesna.submit(form, {"recap": "It burned."})
    assert "Saved." in written.text
    await vesna.click(drafted, "Publish here")
    read = await mira.slash("episode recap", options=here)
    assert "It burned." in str(read.message["embeds"])


async def test_a_calendar_and_reminders_are_ones_own(tale: str, stack: Stack, mira: Person) -> None:
    here = {"chronicle": tale}
    shown = await mira.slash("episode calendar", options=here)
    assert shown.ephemeral
    address = stack.backend + urlsplit(shown.text.split("`")[1]).path
    async with aiohttp.ClientSession() as session:
        async with session.get(address) as answer:
            assert answer.status == 200
            assert (await answer.text()).startswith("BEGIN:VCALENDAR")
        await mira.slash("episode calendar", options={**here, "action": "revoke"})
        async with session.get(address) as answer:
            assert answer.status == 404
    assert (
        "a day before an episode, and one an hour" in (await mira.slash("episode remind", options=here)).text
    )
    off = await mira.slash("episode remind", options={**here, "day": False, "hour": False})
    assert off.text == "You get no messages before episodes of this chronicle."


@pytest.mark.long
@pytest.mark.browser
async def test_the_page_of_sessions_follows_what_players_answer(stack, vesna: Person, mira: Person, new_page):
    await vesna.slash("chronicle create", name="Tale of pages")
    page = await new_page(width=390)
    await stack.sign_in(page, "vesna")
    found = await (await page.request.get(f"{stack.backend}/api/chronicles/")).json()
    tale = next(row["id"] for row in found["results"] if row["name"] == "Tale of pages")
    await page.goto(f"{stack.backend}/chronicles/{tale}/sessions/")
    await page.get_by_label("Title").fill("Ashes")
    await page.get_by_label("Date and time").fill("2026-12-24T19:30")
    await page.get_by_role("button", name="Plan", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Episode 1: Ashes")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await mira.slash("episode rsvp", options={"chronicle": "Tale of pages", "coming": "yes"})
    await expect(page.locator(".facts-list")).to_contain_text("Mira")
    state = page.locator(".facts").first
    await page.get_by_role("button", name="Start").click()
    await expect(state).to_have_text("Running")
    await page.get_by_label("Was Mira there?").select_option("Came")
    await page.get_by_role("button", name="Save").first.click()
    await expect(page.locator(".facts-list")).to_contain_text("Came")
    await page.get_by_role("button", name="End", exact=True).click()
    await expect(state).to_have_text("Played")
    await page.get_by_role("button", name="Award those who came").click()
    await page.wait_for_url("**#award")
    listed = await mira.slash("episode streak", options={"chronicle": "Tale of pages"})
    assert "1 in a row" in listed.text
