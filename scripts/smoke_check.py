"""What `dev.sh --check` checks: each part answers, and a slash command reaches the sheet.

It uses what a person uses: the API of the sandbox's page, its login page, the web pages.
"""

import http.cookiejar
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from typing import Any

from scripts.common import ScriptError, say, wait_until

PERSON = "mira"
NAME = "Proof of Life"

Json = dict[str, Any]


def check(backend: str, sandbox: str) -> None:
    if get_json(f"{backend}/healthz").get("ok") is not True:
        raise ScriptError("The backend's /healthz reports a problem.")
    say("  ok  the backend answers")
    if "<html" not in get_text(f"{sandbox}/").lower():
        raise ScriptError("The sandbox shows no page.")
    say("  ok  the sandbox shows its page")
    if not bot_is_online(sandbox):
        raise ScriptError("The bot is not online in the sandbox.")
    say("  ok  the Discord process is connected")
    me = person_api(sandbox, "world")["me"]
    make_character(sandbox)
    say("  ok  /vampire new answers with the character's card")
    read_sheet(backend, me["id"])
    say("  ok  the sheet shows the character to its owner, logged in with Discord")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def bot_is_online(sandbox: str) -> bool:
    try:
        return bool(person_api(sandbox, "world")["app"]["online"])
    except OSError:
        return False


def person_api(sandbox: str, path: str, **query: str) -> Any:
    """Ask the sandbox what the person sees."""
    return get_json(f"{sandbox}/sandbox/api/{path}?{urllib.parse.urlencode({'as': PERSON, **query})}")


def get_text(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode())


def get_json(url: str) -> Any:
    return json.loads(get_text(url))


def post_json(url: str, body: object) -> None:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        urllib.request.urlopen(request, timeout=10).close()
    except urllib.error.HTTPError as error:
        text = error.read().decode(errors="replace")[:500]
        raise ScriptError(f"{url} answered {error.code}: {text}") from error


def make_character(sandbox: str) -> None:
    """Send `/vampire new` as Mira in the first guild and channel that she sees."""
    guild = person_api(sandbox, "world")["guilds"][0]
    channel = guild["channels"][0]["id"]
    command, new = _subcommand(sandbox, guild["id"])
    body = {
        "as": PERSON,
        "guild": guild["id"],
        "channel": channel,
        "command": command["id"],
        "path": ["new"],
        "options": [_filled(option) for option in new.get("options", []) if option.get("required")],
    }
    post_json(f"{sandbox}/sandbox/api/interactions/command", body)
    if not wait_until(lambda: NAME in _cards(sandbox, channel), 10, pause=0.1):
        cards = _cards(sandbox, channel)[:1500]
        raise ScriptError(f"No card of {NAME} appeared in the channel; it holds: {cards}")


def _subcommand(sandbox: str, guild: str) -> tuple[Json, Json]:
    """Find /vampire and its part `new`; commands are registered shortly after the bot came online."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        for command in person_api(sandbox, "commands", guild=guild):
            for option in command.get("options", []):
                if (command["name"], option["name"]) == ("vampire", "new"):
                    return command, option
        time.sleep(0.2)
    raise ScriptError("The command /vampire new was not registered.")


def _filled(option: Json) -> Json:
    text, number = 3, 4
    if option["name"] == "name":
        value: object = NAME
    elif option.get("choices"):
        value = option["choices"][0]["value"]
    else:
        value = {text: "x", number: option.get("min_value", 1)}.get(option["type"], True)
    return {"name": option["name"], "type": option["type"], "value": value}


def _cards(sandbox: str, channel: str) -> str:
    """Return the messages with embeds as text."""
    messages = person_api(sandbox, f"channels/{channel}/messages")["messages"]
    return json.dumps([message for message in messages if message.get("embeds")], ensure_ascii=False)


def read_sheet(backend: str, person_id: str) -> None:
    """Log in through the sandbox's consent page, find the character on the dashboard, open its sheet."""
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(cookies)
    with browser.open(f"{backend}/auth/login/", timeout=10) as answer:
        page, consent = answer.read().decode(), answer.geturl()
    form = ConsentForm()
    form.feed(page)
    data = urllib.parse.urlencode(form.fields | {"user": person_id, "decision": "allow"}).encode()
    with browser.open(urllib.parse.urljoin(consent, form.action), data, timeout=10) as answer:
        answer.read()
    with browser.open(f"{backend}/", timeout=10) as answer:
        dashboard = answer.read().decode()
    link = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>(?:(?!</a>).)*{re.escape(NAME)}', dashboard, re.DOTALL)
    if not link:
        raise ScriptError(f"{NAME} is not on the dashboard of {PERSON} (logged in by way of {consent}).")
    with browser.open(urllib.parse.urljoin(f"{backend}/", link[1]), timeout=10) as answer:
        sheet = answer.read().decode()
    if NAME not in sheet or "trait-" not in sheet:
        raise ScriptError(f"The sheet {link[1]} does not show {NAME}.")


class ConsentForm(HTMLParser):
    """The form of the sandbox's consent page: where it goes and what it carries along."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = attributes.get("action", "")
        elif tag == "input" and attributes.get("type") == "hidden":
            self.fields[attributes["name"]] = attributes.get("value", "")
