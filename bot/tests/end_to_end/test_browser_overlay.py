"""Overlays in a real browser, as a program for streaming opens them: what people do at the table moves them."""

import json
import re
import subprocess
import sys

import pytest
import pytest_asyncio
from playwright.async_api import expect

from scripts.common import BACKEND

pytestmark = pytest.mark.browser
SIZE = {"width": 1920, "height": 1080}
# What a storyteller does once for a show: it is published, these traits with it, and it gets its overlays.
ON_STAGE = """
import json
from chronicle.principal import Principal
from companion.overlay_tokens import token
from companion.services import overlays
from companion.services.publishing import publish_campaign, set_roster
from contract.overlays import CreateOverlay
from discordauth.models import CustomUser
from haven.models import Character
from haven.services import Reference, show
from timeline.services import Cause

user = CustomUser.objects.get(username="vesna")
by, cause = Principal.for_user(user), Cause(user, "web")
owl = Character.objects.filter(name=NAME, deleted_at=None).select_related("chronicle").latest("created_at")
publish_campaign(owl.chronicle, principal=by, cause=cause)
for trait in ("name", "hunger", "health"):
    show(by, Reference(str(owl.pk)), trait, "public", cause)
set_roster(owl.chronicle, [owl.pk], principal=by, cause=cause)
made = {
    name: token(overlays.create(by, owl.chronicle, CreateOverlay(name=name, kind=name, **more), cause))
    for name, more in {"party": {}, "rolls": {"moment_delay": 8, "hold": 30}}.items()
}
print(json.dumps(made | {"chronicle": str(owl.chronicle_id)}))
"""


def put_on_stage(stack, name: str) -> dict[str, str]:
    code = f"NAME = {name!r}\n{ON_STAGE}"
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
    done = subprocess.run(
        command, cwd=BACKEND, env=dict(stack.env), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest_asyncio.fixture(loop_scope="session")
async def show(stack, mira):
    await stack.new_vampire(mira, "Filmed Owl", hunger=1)
    return put_on_stage(stack, "Filmed Owl")


@pytest_asyncio.fixture(loop_scope="session")
async def overlay(stack, show, new_page):
    async def open_one(kind: str):
        page = await new_page(viewport=SIZE)
        await page.goto(f"{stack.backend}/overlay/{show[kind]}/")
        return page

    return open_one


def hunger(page, value: int):
    return page.locator(f'.g-hunger[aria-label="Hunger: {value} of 5"]')


async def test_a_slash_command_moves_the_overlay(mira, overlay):
    page = await overlay("party")
    await expect(page.locator(".name")).to_have_text("Filmed Owl")
    await expect(hunger(page, 1)).to_be_visible()
    card = await page.locator(".card").element_handle()
    await mira.slash("vampire set", name="Filmed Owl", hunger=3)
    await expect(hunger(page, 3)).to_be_visible()
    await expect(page.locator(".g-hunger .mark.on")).to_have_count(3)
    # The very element is there still: nothing flickers.
    assert await page.evaluate("card => card.isConnected", card)
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"


async def test_a_reload_shows_the_same_first(mira, overlay):
    page = await overlay("party")
    await mira.slash("vampire set", name="Filmed Owl", hunger=2)
    await expect(hunger(page, 2)).to_be_visible()
    context = page.context
    bare = await context.new_page()
    await bare.route("**/assets/js/**", lambda route: route.abort())
    await bare.goto(page.url)
    await expect(hunger(bare, 2)).to_be_visible()


async def test_without_network_a_reload_is_an_empty_page(overlay):
    page = await overlay("party")
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await page.context.set_offline(True)
    await page.reload()
    assert (await page.evaluate("document.body.textContent")).strip() == ""
    assert await page.locator("meta[http-equiv=refresh]").count() == 1
    await page.context.set_offline(False)
    await page.reload()
    await expect(page.locator(".name")).to_have_text("Filmed Owl")


async def test_the_veto_holds_a_roll_back(stack, show, mira, overlay, new_page):
    screen, panel = await overlay("rolls"), await new_page()
    await stack.sign_in(panel, "vesna")
    await panel.goto(f"{stack.backend}/chronicles/{show['chronicle']}/stage/")
    await mira.slash("v roll", pool="3", hunger=1, character="Filmed Owl")
    waiting = panel.locator("#rolls li", has_text="on screen in")
    await expect(waiting).to_have_count(1)
    await waiting.get_by_role("button", name=re.compile("Stop")).click()
    await expect(panel.locator("#rolls li", has_text="stopped")).to_have_count(1)
    await mira.slash("v roll", pool="3", hunger=1, character="Filmed Owl")
    await expect(screen.locator(".moment")).to_have_count(1, timeout=30_000)
    await expect(screen.locator(".moment .who")).to_have_text("Filmed Owl")


async def test_black_is_black_at_once(stack, show, overlay, new_page):
    screen, panel = await overlay("party"), await new_page()
    await expect(screen.locator(".card")).to_be_visible()
    await stack.sign_in(panel, "vesna")
    await panel.goto(f"{stack.backend}/chronicles/{show['chronicle']}/stage/")
    await panel.get_by_role("button", name="Blackout").click()
    await expect(screen.locator(".card")).to_have_count(0)
    await panel.get_by_role("button", name="Undo").click()
    await expect(screen.locator(".card")).to_be_visible()
