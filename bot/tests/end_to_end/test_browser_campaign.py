"""A campaign's page in a real browser, as anybody sees it who has never signed in: the table moves it."""

import subprocess
import sys

import pytest
import pytest_asyncio
from playwright.async_api import expect

from scripts.common import BACKEND
from tests.end_to_end.test_browser_overlay import hunger, put_on_stage

pytestmark = pytest.mark.browser


# What a storyteller does on the sheet.
RAISED = """
from chronicle.principal import Principal
from discordauth.models import CustomUser
from haven.models import Character
from haven.services import Reference, show
from timeline.services import Cause

user = CustomUser.objects.get(username="vesna")
owl = Character.objects.filter(name=NAME, deleted_at=None).latest("created_at")
show(Principal.for_user(user), Reference(str(owl.pk)), "hunger", "table", Cause(user, "web"))
"""


def raise_level(stack, name: str) -> None:
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", f"NAME = {name!r}\n{RAISED}"]
    subprocess.run(command, cwd=BACKEND, env=dict(stack.env), capture_output=True, check=True)


@pytest_asyncio.fixture(loop_scope="session")
async def page(stack, mira, new_page):
    await stack.new_vampire(mira, "Watched Owl", hunger=1)
    put_on_stage(stack, "Watched Owl")
    opened = await new_page()
    await opened.goto(f"{stack.backend}/c/")
    await opened.locator(".campaign-list a").first.click()
    await expect(opened.locator(".role-name", has_text="Watched Owl")).to_be_visible()
    return opened


async def test_a_slash_command_moves_the_page_of_somebody_who_only_watches(mira, page):
    assert not [cookie for cookie in await page.context.cookies() if cookie["name"] == "sessionid"]
    await expect(hunger(page, 1)).to_be_visible()
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    await mira.slash("vampire set", name="Watched Owl", hunger=4)
    await expect(hunger(page, 4)).to_be_visible()
    assert not fetched, "what the socket says is enough"
    await mira.slash("v roll", pool="3", hunger=1, character="Watched Owl")
    await expect(page.locator(".rolled", has_text="Watched Owl")).to_have_count(1)


async def test_a_raised_level_takes_a_trait_off_the_page(stack, mira, page):
    await mira.slash("vampire set", name="Watched Owl", hunger=2)
    await expect(hunger(page, 2)).to_be_visible()
    raise_level(stack, "Watched Owl")
    await expect(page.locator(".g-hunger")).to_have_count(0)
    await expect(page.locator(".role-name", has_text="Watched Owl")).to_be_visible()
