"""What `dev.sh --check` checks: each part answers, and a slash command reaches the sheet.

It uses the API of the sandbox's page, the login page and the web pages. `dev.py` runs it in the virtual
environment: python -m scripts.smoke_check http://localhost:8080 http://localhost:8090
"""

import asyncio
import html
import re
from collections.abc import Sequence

import httpx

from sandbox.errors import Json
from sandbox.person import Person
from scripts.common import ScriptError, run_main, say

PERSON = "mira"
NAME = "Proof of Life"
HIDDEN_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


async def check(backend: str, sandbox: str) -> None:
    async with (
        httpx.AsyncClient(follow_redirects=True, timeout=10) as browser,
        Person(sandbox, user=PERSON) as person,
    ):
        if (await browser.get(f"{backend}/healthz")).json().get("ok") is not True:
            raise ScriptError("The backend's /healthz reports a problem.")
        say("  ok  the backend answers")
        if "<html" not in (await browser.get(f"{sandbox}/")).text.lower():
            raise ScriptError("The sandbox shows no page.")
        say("  ok  the sandbox shows its page")
        world = await person.world()
        if not world["app"]["online"]:
            raise ScriptError("The bot is not online in the sandbox.")
        say("  ok  the Discord process is connected")
        await make_character(person)
        say("  ok  /vampire new answers with the character's card")
        await log_in(browser, backend, world["me"]["id"])
        await read_sheet(browser, backend)
        say("  ok  the sheet shows the character to its owner, logged in with Discord")


async def make_character(person: Person) -> None:
    """Send `/vampire new` in the first server and channel that the person sees."""
    new = await wait_for_command(person)
    required = [option for option in new.get("options", []) if option.get("required")]
    values = {option["name"]: _value(option) for option in required} | {"name": NAME}
    reply = await person.slash("vampire new", options=values)
    if NAME not in reply.text:
        raise ScriptError(f"/vampire new did not answer with a card of {NAME}, but: {reply.text[:1500]}")


async def wait_for_command(person: Person) -> Json:
    """Wait for /vampire new: commands are registered shortly after the bot came online."""
    for _ in range(100):
        for command in await person.commands():
            for option in command.get("options", []):
                if (command["name"], option["name"]) == ("vampire", "new"):
                    return dict(option)
        await asyncio.sleep(0.2)
    raise ScriptError("The command /vampire new was not registered.")


def _value(option: Json) -> object:
    text, number = 3, 4
    if option.get("choices"):
        return option["choices"][0]["value"]
    return {text: "x", number: option.get("min_value", 1)}.get(option["type"], True)


async def log_in(browser: httpx.AsyncClient, backend: str, user_id: str) -> None:
    """Allow the login on the sandbox's consent page."""
    page = await browser.get(f"{backend}/auth/login/")
    fields = {name: html.unescape(value) for name, value in HIDDEN_FIELD.findall(page.text)}
    await browser.post(
        page.url.join("/oauth2/authorize"), data=fields | {"user": user_id, "decision": "allow"}
    )


async def read_sheet(browser: httpx.AsyncClient, backend: str) -> None:
    """Follow the dashboard's link to the character's sheet."""
    dashboard = (await browser.get(f"{backend}/")).text
    link = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>(?:(?!</a>).)*{re.escape(NAME)}', dashboard, re.DOTALL)
    if not link:
        raise ScriptError(f"{NAME} is not on the dashboard of {PERSON}.")
    sheet = (await browser.get(httpx.URL(backend).join(link[1]))).text
    if NAME not in sheet or "trait-" not in sheet:
        raise ScriptError(f"The sheet {link[1]} does not show {NAME}.")


def main(arguments: Sequence[str]) -> int:
    backend, sandbox = arguments
    asyncio.run(check(backend, sandbox))
    return 0


if __name__ == "__main__":
    run_main(main)
