"""Take a picture of every page and state, at three widths and in both themes, of the small world's tables.

    scripts/screenshots.sh [part of a name …] [--width 390] [--theme dark] [--language de]
    scripts/screenshots.sh --readme

The pictures are in `.screenshots/`, which git ignores: `<page>-<width>-<theme>.png`, or `…-<theme>-<language>.png`;
those of the README are in `docs/images/`.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from scripts import catalogues, environment, services
from scripts.common import ROOT, ScriptError, run_main, say
from scripts.showcase import SHOTS, Shot, Showcase, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = ROOT / ".screenshots"
WIDTHS = {390: 844, 820: 1180, 1440: 900}
THEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")
LANGUAGES = ("en", *catalogues.languages(), "qps")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]


def arguments_of(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/screenshots.sh", description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of pages (every page)")
    parser.add_argument("--width", type=int, action="append", choices=list(WIDTHS), help="in pixels (all)")
    parser.add_argument("--theme", action="append", choices=THEMES, help="(both)")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the reader (en)")
    parser.add_argument("--readme", action="store_true", help="take the pictures of the README")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    options = arguments_of(arguments)
    environment.prepare()
    if options.readme or Path(sys.prefix).resolve() != environment.VENV.resolve():
        wanted = ["scripts.readme_pictures"] if options.readme else ["scripts.screenshots", *arguments]
        command = [str(environment.python()), "-m", *wanted]
        os.execv(command[0], command)  # noqa: S606  (our own interpreter, and no shell is wanted)
    shots = [shot for shot in SHOTS if not options.names or _is_named(shot, options.names)]
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="rod-screenshots-") as folder, serve(Path(folder)) as showcase:
        count = take(showcase, shots, options)
    say(f"{count} pictures in {FOLDER.relative_to(ROOT)}/")
    return 0


def _is_named(shot: Shot, parts: Sequence[str]) -> bool:
    return any(part in shot.name for part in parts)


def take(showcase: Showcase, shots: Sequence[Shot], options: argparse.Namespace) -> int:
    count = 0
    with browser() as opened_browser:
        for width in options.width or WIDTHS:
            for theme in options.theme or THEMES:
                for shot in shots:
                    _take_one(opened_browser, showcase, shot, width, theme, options.language)
                    count += 1
    return count


@contextmanager
def browser() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    binary = services.chromium_binary()
    if not binary:
        raise ScriptError("Chromium is not installed.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=binary, args=FLAGS)
        yield chromium
        chromium.close()


def opened(
    browser: "Browser", showcase: Showcase, shot: Shot, width: int, theme: str, language: str
) -> "Page":
    """Open the page in its state, in a context of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme="dark" if theme == "dark" else "light",
        has_touch=width < 1000,
        reduced_motion="reduce",
        extra_http_headers={"Accept-Language": language},
    )
    cookies = showcase.session(shot)
    context.add_cookies(
        [{"name": cookie["name"], "value": cookie["value"], "url": cookie["url"]} for cookie in cookies]
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(showcase.url(shot))
    page.wait_for_timeout(250)
    for selector in shot.press:
        page.click(selector)
    if shot.waits:
        page.wait_for_selector(shot.waits)
    page.wait_for_timeout(150)
    return page


def _take_one(
    browser: "Browser", showcase: Showcase, shot: Shot, width: int, theme: str, language: str
) -> None:
    page = opened(browser, showcase, shot, width, theme, language)
    if shot.whole:  # a window as high as the page, so that bars stand where a reader sees them
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, WIDTHS[width])})
        page.wait_for_timeout(100)
    suffix = "" if language == "en" else f"-{language}"
    page.screenshot(path=FOLDER / f"{shot.name}-{width}-{theme}{suffix}.png")
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        say(f"{shot.name} is {wide} px wide in a window of {width}.")
    page.context.close()


if __name__ == "__main__":
    run_main(main)
