"""Conflicts in two real browsers: a storyteller and a player see each other's steps, and nobody reloads anything."""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser
Open = Callable[[str, str], Awaitable[Page]]


@pytest.fixture
def open_page(stack: Any, new_page: Any) -> Open:
    """`page = await open_page("vesna", "/conflicts/…/", width=390)`: signed in, there, and live."""

    async def open_it(username: str, path: str, **options: Any) -> Page:
        page = await new_page(**options)
        await stack.sign_in(page, username)
        await page.goto(f"{stack.backend}{path}")
        await live(page)
        return page

    return open_it


async def live(page: Page) -> None:
    await expect(page.locator("[data-live]")).to_have_attribute("data-state", "live")


@pytest_asyncio.fixture(loop_scope="session")
async def chronicle(stack: Any, person: Any) -> str:
    """The path of the conflicts where mira plays."""
    await stack.new_vampire(await person("mira"), "Fighting Owl")
    return f"{urlsplit(stack.chronicle('Fighting Owl')).path}conflicts/"


async def begin(page: Page, kind: str, title: str) -> str:
    """Where it stands."""
    await page.get_by_label("Kind").select_option(kind)
    await page.get_by_label("Title").fill(title)
    await page.get_by_role("button", name="Start", exact=True).click()
    await page.wait_for_url(re.compile(r"/conflicts/[0-9a-f-]+/$"))
    await live(page)
    return page.url[page.url.index("/conflicts/") :]


async def bring(page: Page, name: str, rating: str, *, hidden: bool = False) -> None:
    form = page.locator("#enter")
    await form.get_by_label("Or a name").or_(form.get_by_label("Name", exact=True)).fill(name)
    await form.get_by_label("Rating").fill(rating)
    if hidden:
        await form.get_by_label("Hidden from the table").check()
    await form.get_by_role("button", name="Roll", exact=True).click()
    await expect(page.locator("#c-order")).to_contain_text(name)


async def narrow(page: Page) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_a_round_is_played_in_two_browsers(open_page: Any, chronicle: str) -> None:
    teller = await open_page("vesna", chronicle)
    table = await open_page("mira", chronicle, width=390, height=844)
    address = await begin(teller, "20th", "Ambush in two browsers")
    await table.get_by_role("link", name="Ambush in two browsers", exact=True).click()
    await table.wait_for_url(f"**{address}")
    player = table
    await live(player)

    await bring(teller, "Thug of the docks", "-9")
    await bring(teller, "Sleeper in the dark", "-20", hidden=True)
    await expect(player.locator("#c-order")).to_contain_text("Thug of the docks")
    await expect(player.locator("#c-order")).not_to_contain_text("Sleeper")

    await _written_is_kept(teller, player, await open_page("vesna", address))
    await _declared(teller, player)
    await _acted(teller, player)

    await teller.locator("#asks-end summary").click()
    await teller.get_by_role("button", name="Yes, end it").click()
    await expect(player.locator("#c-now")).to_contain_text("It is over")
    await teller.get_by_role("button", name="Undo step").click()
    await expect(player.locator("#c-now")).to_contain_text("Another thug")


async def _written_is_kept(teller: Page, player: Page, beside: Page) -> None:
    """What somebody is about to write or to tick is still there when others have moved on."""
    rating = player.locator("#enter").get_by_label("Rating")
    await player.locator("#enter-who").select_option(label="Fighting Owl")
    await rating.fill("many")
    await player.locator("#enter-go").click()
    await expect(rating).to_have_attribute("aria-invalid", "true")
    await expect(rating).to_be_focused()
    await teller.locator("#enter").get_by_label("Hidden from the table").check()
    await teller.get_by_role("button", name="Reveal").focus()
    await bring(beside, "Somebody else", "-40")
    await expect(teller.locator("#c-order")).to_contain_text("Somebody else")
    await expect(teller.locator("#enter").get_by_label("Hidden from the table")).to_be_checked()
    await teller.locator("#enter").get_by_label("Hidden from the table").uncheck()
    await beside.locator(".turn", has_text="Somebody else").locator("summary").click()
    await beside.get_by_role("button", name="Remove : Somebody else").click()
    await expect(teller.locator("#c-order")).not_to_contain_text("Somebody else")
    await bring(teller, "Another thug", "-30")
    await expect(player.locator("#c-order")).to_contain_text("Another thug")
    await expect(rating).to_have_value("many")
    await rating.fill("30")
    await rating.press("Enter")
    mine = player.locator(".turn", has_text="Fighting Owl")
    await expect(mine).to_contain_text("Rolled ")
    await expect(teller.locator(".turn", has_text="Fighting Owl")).to_contain_text("+ 30")
    await narrow(player)


async def _declared(teller: Page, player: Page) -> None:
    await teller.get_by_role("button", name="Reveal").click()
    await expect(player.locator("#c-order .turn").first).to_contain_text("Fighting Owl")
    await teller.get_by_role("button", name="Declare actions").click()
    for words in ("Shoots", "Waits in the dark", "Shoots again"):
        field = teller.locator("#c-deed").get_by_role("textbox")
        await expect(field).to_have_value("")
        await field.fill(words)
        await field.press("Enter")
        await expect(teller.locator("#c-order")).to_contain_text(words)
    await expect(player.locator("#says")).to_contain_text("It is your turn: Fighting Owl.")
    said = player.locator("#c-deed").get_by_role("textbox")
    await said.fill("Bites <him>")
    await player.get_by_role("button", name="Declare : Fighting Owl").click()
    await expect(teller.locator("#c-now")).to_contain_text("Bites <him>")
    current = teller.locator('[aria-current="step"]')
    await expect(current).to_contain_text("Fighting Owl")


async def _acted(teller: Page, player: Page) -> None:
    """Without a connection nothing is done twice; the keyboard stays where it was: Enter and Enter again."""
    current = teller.locator('[aria-current="step"]')
    await player.route("**/conflicts/*/move/", lambda route: route.abort())
    await player.get_by_role("button", name="Done : Fighting Owl").click()
    await expect(player.locator("#toasts")).to_contain_text("be reached just now")
    await player.unroute("**/conflicts/*/move/")
    done = player.get_by_role("button", name="Done : Fighting Owl")
    await done.focus()
    await player.keyboard.press("Enter")
    await expect(current).to_contain_text("Thug of the docks")
    await expect(player.locator("#says")).to_contain_text("It is Thug of the docks’s turn")
    await expect(player.get_by_role("button", name="Done")).to_have_count(0)

    await teller.get_by_role("button", name="Done : Thug of the docks").focus()
    await teller.keyboard.press("Enter")
    await expect(teller.get_by_role("button", name="Done : Sleeper in the dark")).to_be_focused()
    await expect(player.locator("#says")).to_contain_text("It is Another thug’s turn")
    await teller.keyboard.press("Enter")
    await expect(teller.locator('[aria-current="step"]')).to_contain_text("Another thug")
    await narrow(player)


@pytest.mark.long
async def test_a_stale_press_hears_that_it_has_moved_on(open_page: Any, chronicle: str) -> None:
    teller = await open_page("vesna", chronicle, width=390, height=844)
    address = await begin(teller, "cod", "Stale ambush")
    for name, rating in (("First foe", "60"), ("Second foe", "20"), ("Third foe", "-20")):
        await bring(teller, name, rating)
    await teller.get_by_role("button", name="Reveal").click()
    await expect(teller.locator("#c-now")).to_contain_text("First foe")
    # This one gets nothing of what happens: an old page that somebody left open.
    old = await open_page("vesna", address)
    await old.route(f"**{address}", lambda route: route.fulfill(status=204))
    await teller.get_by_role("button", name="Done : First foe").click()
    await expect(teller.locator("#c-now")).to_contain_text("Second foe")
    await expect(old.locator("#c-now")).to_contain_text("First foe")
    await old.get_by_role("button", name="Done : First foe").click()
    await expect(old.locator("#refusal")).to_contain_text("The conflict has already moved on")
    await expect(old.locator("#c-now")).to_contain_text("Second foe")
    await old.get_by_role("button", name="Done : Second foe").click()
    await expect(old.locator("#refusal")).to_be_hidden()
    await expect(teller.locator("#c-now")).to_contain_text("Third foe")
    await narrow(teller)


@pytest.mark.long
async def test_it_can_be_read_and_played_without_script(
    stack: Any, open_page: Any, new_page: Any, chronicle: str
) -> None:
    teller = await open_page("vesna", chronicle)
    address = await begin(teller, "5th", "Ambush without script")
    plain = await new_page(width=390, height=844, java_script_enabled=False)
    await stack.sign_in(plain, "mira")
    await plain.goto(f"{stack.backend}{address}")
    await plain.locator("#enter-who").select_option(label="Fighting Owl")
    await plain.get_by_role("button", name="Join").click()
    await expect(plain.locator("#c-order")).to_contain_text("Fighting Owl")
    await expect(teller.locator("#c-order")).to_contain_text("Fighting Owl")
    await teller.get_by_role("button", name="Next phase").click()
    await expect(teller.locator("#c-order")).to_contain_text("Not declared yet")
    await plain.reload()
    await plain.locator("#c-deed").get_by_label("How").select_option("closing")
    await plain.locator("#c-deed").get_by_role("textbox").fill("Runs in")
    await plain.get_by_role("button", name="Declare").click()
    await expect(plain.locator("#c-order")).to_contain_text("Close combat, starting now")
    await expect(teller.locator("#c-order")).to_contain_text("Runs in")
    await teller.get_by_role("button", name="Act", exact=True).click()
    await expect(teller.locator("#c-now")).to_contain_text("Fighting Owl")
    await plain.reload()
    await plain.get_by_role("button", name="Done").click()
    await expect(plain.locator("#c-now")).to_contain_text("Everybody has acted.")
