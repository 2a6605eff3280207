"""Take the pictures of the README, in both themes: pages of the small world, and a chat in the sandbox.

    scripts/screenshots.sh --readme

With the address of a sandbox it plays what the chat shows.
"""

import asyncio
import io
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PIL import Image

from scripts import dev, environment, screenshots
from scripts.common import BOT, ROOT, free_port, run, run_main, say
from scripts.environment_for_tests import environment_for_tests
from scripts.showcase import SHOTS, serve
from scripts.supervisor import Supervisor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = ROOT / "docs" / "images"
QUALITY = 82


class Picture(NamedTuple):
    """`shot` is a page of `scripts.showcase`, cut at `height`."""

    name: str
    shot: str
    width: int
    height: int


PICTURES = (
    Picture("sheet-desktop", "sheet-vampire", 1440, 860),
    Picture("desk-desktop", "desk", 1440, 720),
    Picture("sheet-phone", "sheet-vampire", 390, 844),
    Picture("dice-phone", "sheet-result", 390, 844),
    Picture("conflict-phone", "conflict-storyteller", 390, 844),
)
SHEET: dict[str, Any] = {"name": "Night Owl", "health": 7, "willpower": 6, "humanity": 7, "hunger": 2}
TRAITS = {"strength": 3, "brawl": 2}
CHAT = (1200, 820)


def take(browser: "Browser") -> int:
    """Take all of them; return how many."""
    with (
        tempfile.TemporaryDirectory(prefix="rod-pictures-") as folder,
        serve(Path(folder), plain=True) as showcase,
    ):
        for theme in screenshots.THEMES:
            for picture in PICTURES:
                shot = next(shot for shot in SHOTS if shot.name == picture.shot)
                page = screenshots.opened(browser, showcase, shot, picture.width, theme, "en")
                page.set_viewport_size({"width": picture.width, "height": picture.height})
                _keep(page, f"{picture.name}-{theme}")
    return (len(PICTURES) + _chats(browser)) * len(screenshots.THEMES)


def _chats(browser: "Browser") -> int:
    """A command and a roll, as the people of the sandbox see them."""
    with tempfile.TemporaryDirectory(prefix="rod-pictures-", ignore_cleanup_errors=True) as folder:
        instance = dev.Instance(free_port(), free_port(), Path(folder), temporary=True)
        env = os.environ | environment_for_tests(instance.folder) | dev.environment_of(instance, {})
        env |= {"DISCORD_DICE_EMOJI": "1"}
        with Supervisor(instance.folder / "logs", show=False) as parts:
            dev.migrate(env)
            dev.serve(instance, env, parts)
            # In a process of its own: the browser keeps the event loop of this one.
            command = [str(environment.python()), "-m", "scripts.readme_pictures", instance.sandbox]
            run(command, "The chat could not be played:", env=os.environ | {"PYTHONPATH": str(BOT)})
            for theme in screenshots.THEMES:
                page = browser.new_context(
                    viewport={"width": CHAT[0], "height": CHAT[1]}, color_scheme=theme
                ).new_page()
                page.goto(f"{instance.sandbox}/?as=mira")
                page.get_by_text("Over the wall").last.wait_for()
                page.wait_for_timeout(500)
                _keep(page, f"chat-{theme}")
    return 1


async def _play(sandbox: str) -> None:
    from sandbox.person import Person
    from scripts.smoke_check import wait_for_command

    async with Person(sandbox, user="mira") as mira:
        await wait_for_command(mira)
        await mira.slash("vampire new", options=SHEET)
        for trait, value in TRAITS.items():
            await mira.slash("character trait", trait=trait, value=str(value))
        await mira.slash("vampire update", name="Night Owl", hunger=1, health_superficial=2)
        await mira.slash("v roll", pool="strength + brawl", difficulty=3, notes="Over the wall")


def _keep(page: "Page", name: str) -> None:
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)
    page.context.close()


def main(arguments: Sequence[str]) -> int:
    if arguments:
        asyncio.run(_play(arguments[0]))
        return 0
    with screenshots.browser() as browser:
        say(f"{take(browser)} pictures in {FOLDER.relative_to(ROOT)}/")
    return 0


if __name__ == "__main__":
    run_main(main)
