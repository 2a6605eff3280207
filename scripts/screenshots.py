"""Take a picture of every page and state, at three widths and in both themes, of the small world's tables.

    scripts/screenshots.sh [part of a name …] [--width 390] [--theme dark]

The pictures are in `.screenshots/`, which git ignores: `<page>-<width>-<theme>.png`.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from scripts import environment, services
from scripts.common import BACKEND, BOT, ROOT, ScriptError, free_port, run_main, say

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = ROOT / ".screenshots"
WIDTHS = {390: 844, 820: 1180, 1440: 900}
THEMES = ("dark", "light")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
MANY = 60  # characters of the crowded chronicle, more than one page of the desk holds


@dataclass(frozen=True)
class Shot:
    """`act` brings the page into the state that is shown. `whole`: the page down to its foot, not the window."""

    name: str
    person: str
    path: str
    act: Callable[["Page"], object] | None = None
    whole: bool = True


def arguments_of(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/screenshots.sh", description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of pages (every page)")
    parser.add_argument("--width", type=int, action="append", choices=list(WIDTHS), help="in pixels (all)")
    parser.add_argument("--theme", action="append", choices=THEMES, help="(both)")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    options = arguments_of(arguments)
    environment.prepare()
    if Path(sys.prefix).resolve() != environment.VENV.resolve():
        command = [str(environment.python()), "-m", "scripts.screenshots", *arguments]
        os.execv(command[0], command)  # noqa: S606  (our own interpreter, and no shell is wanted)
    binary = services.chromium_binary()
    if not binary:
        raise ScriptError("Chromium is not installed.")
    with tempfile.TemporaryDirectory(prefix="rod-screenshots-") as folder, backend(Path(folder)) as address:
        cookies, shots = play()
        wanted = [shot for shot in shots if not options.names or _is_named(shot, options.names)]
        FOLDER.mkdir(exist_ok=True)
        count = take(binary, address, cookies, wanted, options)
    say(f"{count} pictures in {FOLDER.relative_to(ROOT)}/")
    return 0


def _is_named(shot: Shot, parts: Sequence[str]) -> bool:
    return any(part in shot.name for part in parts)


@contextmanager
def backend(folder: Path) -> Iterator[str]:
    """Serve a fresh database; this process uses the same one."""
    from scripts import dev
    from scripts.environment_for_tests import WITHOUT_LIMITS, environment_for_tests
    from scripts.supervisor import Supervisor

    port = free_port()
    address = f"http://localhost:{port}"
    env = environment_for_tests(folder) | WITHOUT_LIMITS | {"SITE_URL": address, "LOG_LEVEL": "WARNING"}
    os.environ |= env | {"PYTHONPATH": os.pathsep.join([str(BACKEND), str(BOT)])}
    sys.path[:0] = [str(BACKEND), str(BOT)]
    with Supervisor(folder / "logs", show=False) as parts:
        dev.migrate(os.environ)
        dev.start_backend(port, os.environ, parts)
        yield address


def play() -> tuple[dict[str, str], list[Shot]]:
    """Play the small world, and return each person's session with the pages to show."""
    from scripts import small_world

    small_world.main()
    crowd = _crowd()
    people = ("olga", "vesna", "mira", "jonas", "sam")
    return {name: _session(name) for name in people}, list(shots_in(crowd))


def _crowd() -> UUID:
    """Fill a server of Sam's own, where the lists have several pages. Return its chronicle."""
    from chronicle.models import Chronicle
    from discordauth.models import CustomUser
    from haven.models import Character
    from haven.registry import SPLATS
    from haven.utility import name_key

    chronicle = Chronicle.objects.get(server__name="Ours alone")
    owner = CustomUser.objects.get(global_name="Sam")
    slugs = list(SPLATS)
    for number in range(MANY):
        slug = slugs[number % len(slugs)]
        model = SPLATS[slug]
        name = f"{('Marrow', 'Ash', 'Vesper', 'Thorn', 'Silas')[number % 5]} {number + 1}"
        sheet = {slug: trait.start() for slug, trait in model.traits.items() if trait.start() is not None}
        Character.objects.bulk_create(
            [
                model(
                    owner=owner,
                    chronicle=chronicle,
                    splat=slug,
                    name=name,
                    name_key=name_key(name),
                    sheet=sheet,
                )
            ]
        )
    return chronicle.id


def _session(name: str) -> str:
    from django.conf import settings
    from django.test import Client

    from discordauth.models import CustomUser

    client = Client()
    user = CustomUser.objects.get(global_name=name.title())
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def shots_in(crowd: UUID) -> Iterator[Shot]:
    """Every page and state of the small world; `crowd` is the chronicle with pages of characters."""
    yield from _shots_of_characters(crowd)
    yield from _shots_of_tables(crowd)


def _shots_of_characters(crowd: UUID) -> Iterator[Shot]:
    """The dashboard, sheets and rolls."""
    from chronicle.models import Chronicle
    from haven.models import Character
    from rolls.models import Roll

    court = Chronicle.objects.get(server__name="Night Court", is_default=True)
    owl = Character.objects.get(name="Night Owl").id
    mage = Character.objects.get(name="Ясна").id
    locked = Character.objects.filter(locked=True)[0].id
    roll = Roll.objects.filter(character=owl).order_by("id")[0].id

    yield Shot("welcome", "", "/")
    yield Shot("dashboard-player", "mira", "/")
    yield Shot("dashboard-storyteller", "vesna", "/")
    yield Shot("dashboard-cards", "vesna", "/?view=cards")
    yield Shot("dashboard-empty", "sam", "/?search=nobody")
    yield Shot("dashboard-chronicle", "mira", f"/?chronicle={court.id}")
    yield Shot("dashboard-many", "sam", "/")
    yield Shot("dashboard-new", "mira", "/", lambda page: page.click("[data-new-character]"), whole=False)
    yield Shot("sheet-vampire", "mira", f"/characters/{owl}/")
    yield Shot("sheet-mage", "jonas", f"/characters/{mage}/")
    yield Shot("sheet-locked", "mira", f"/characters/{locked}/")
    yield Shot("sheet-storyteller", "vesna", f"/characters/{owl}/", whole=False)
    yield Shot("sheet-guest", "jonas", f"/characters/{owl}/")
    yield Shot("sheet-dice", "mira", f"/characters/{owl}/", lambda page: _drawer(page, "dice"), whole=False)
    yield Shot(
        "sheet-history", "mira", f"/characters/{owl}/", lambda page: _drawer(page, "history"), whole=False
    )
    yield Shot("history", "mira", f"/characters/{owl}/history/")
    yield Shot("dice", "mira", f"/characters/{owl}/dice/")
    yield Shot("move", "mira", f"/characters/{owl}/move/")
    yield Shot("proposals", "mira", f"/characters/{locked}/proposals/")
    yield Shot("roll", "mira", f"/rolls/{roll}/")
    yield Shot("rolls-player", "mira", f"/chronicles/{court.id}/rolls/")
    yield Shot("rolls-storyteller", "vesna", f"/chronicles/{court.id}/rolls/")
    yield Shot("rolls-empty", "sam", f"/chronicles/{crowd}/rolls/")


def _shots_of_tables(crowd: UUID) -> Iterator[Shot]:
    """Conflicts, desks, chronicles, servers and what belongs to no table."""
    from chronicle.models import Chronicle, Invite, Server, ServerChannel
    from conflicts.models import Conflict

    court = Chronicle.objects.get(server__name="Night Court", is_default=True)
    server, ours = court.server_id, Server.objects.get(name="Ours alone").id
    channel = ServerChannel.objects.filter(server=server).order_by("position")[0].discord_id
    running = Conflict.objects.get(title="Elysium burns").id
    code = Invite.objects.all()[0].code

    yield Shot("conflicts-player", "mira", f"/chronicles/{court.id}/conflicts/")
    yield Shot("conflicts-storyteller", "vesna", f"/chronicles/{court.id}/conflicts/")
    yield Shot("conflict-player", "mira", f"/conflicts/{running}/")
    yield Shot("conflict-storyteller", "vesna", f"/conflicts/{running}/")
    yield Shot("desk", "vesna", f"/chronicles/{court.id}/desk/")
    yield Shot("desk-cards", "vesna", f"/chronicles/{court.id}/desk/?view=cards")
    yield Shot("desk-ticked", "sam", f"/chronicles/{crowd}/desk/", _tick, whole=False)
    yield Shot("desk-many", "sam", f"/chronicles/{crowd}/desk/")
    yield Shot("chronicle-player", "mira", f"/chronicles/{court.id}/")
    yield Shot("chronicle-storyteller", "olga", f"/chronicles/{court.id}/")
    yield Shot("server-player", "mira", f"/servers/{server}/")
    yield Shot("server-owner", "olga", f"/servers/{server}/")
    yield Shot("members", "olga", f"/servers/{server}/members/")
    yield Shot("members-invites", "sam", f"/servers/{ours}/members/")
    yield Shot("channels", "olga", f"/servers/{server}/channels/")
    yield Shot("channel", "olga", f"/servers/{server}/channels/{channel}/")
    yield Shot("why", "olga", f"/servers/{server}/why/")
    yield Shot(
        "why-answer",
        "olga",
        f"/servers/{server}/why/?action=conflict.run&chronicle={court.id}&user={_id('mira')}",
    )
    yield Shot("join", "mira", f"/join/{code}/")
    yield Shot("create-server", "mira", "/create-server/")
    yield Shot("account", "mira", "/account/")
    yield Shot("luck", "mira", "/luck/")
    yield Shot("luck-empty", "sam", "/luck/")
    yield Shot("odds", "mira", "/odds/?system=v5&pool=7&o-hunger=2&o-difficulty=3")
    yield Shot("odds-empty", "", "/odds/")
    yield Shot("missing", "mira", "/no-such-page/")


def _id(name: str) -> UUID:
    from discordauth.models import CustomUser

    return CustomUser.objects.get(global_name=name.title()).id


def _drawer(page: "Page", name: str) -> None:
    page.click(f'[data-drawer="{name}"]')
    page.wait_for_selector("#dice #pool" if name == "dice" else "#history .event")
    page.wait_for_timeout(300)


def _tick(page: "Page") -> None:
    for box in page.locator("input[name=character]").all()[:2]:
        box.check()


def take(
    binary: str, address: str, cookies: Mapping[str, str], shots: Sequence[Shot], options: argparse.Namespace
) -> int:
    from playwright.sync_api import sync_playwright

    count = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=FLAGS)
        for width in options.width or WIDTHS:
            for theme in options.theme or THEMES:
                for shot in shots:
                    _take_one(browser, address, cookies, shot, width, theme)
                    count += 1
        browser.close()
    return count


def _take_one(
    browser: "Browser", address: str, cookies: Mapping[str, str], shot: Shot, width: int, theme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme="dark" if theme == "dark" else "light",
        has_touch=width < 1000,
        reduced_motion="reduce",
    )
    if shot.person:
        context.add_cookies([{"name": "sessionid", "value": cookies[shot.person], "url": address}])
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{address}{shot.path}")
    page.wait_for_timeout(250)
    if shot.act:
        shot.act(page)
    page.wait_for_timeout(150)
    if shot.whole:  # a window as high as the page, so that bars stand where a reader sees them
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, WIDTHS[width])})
        page.wait_for_timeout(100)
    page.screenshot(path=FOLDER / f"{shot.name}-{width}-{theme}.png")
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        say(f"{shot.name} is {wide} px wide in a window of {width}.")
    context.close()


if __name__ == "__main__":
    run_main(main)
