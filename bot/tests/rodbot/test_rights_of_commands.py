"""Every command by the call that decides about it. Who may make which call is in the tables of `rod.tests.matrix`:
so who may give which command is there too, and no command does or shows anything before it has asked."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from contract.refusals import Refusal
from rod.tests.matrix.tables import TABLES
from rodbot.client import RodBot
from rodbot.core.rate_limit import RateLimiter
from sandbox.person import Person
from sandbox.reply import Reply
from tests.rodbot.fake_backend import FakeBackend
from tests.rodbot.test_dice_commands import leaves, playing

# What a command asks first. A new command stands here, under the call that refuses it to those who may not.
COMMANDS: dict[str, tuple[str, ...]] = {
    "POST bot/characters": ("vampire new",),
    # A look, and then the change: whose it is, and what stands there.
    "POST bot/characters/get": (
        *("vampire set", "vampire update", "character sheet", "character delete", "blood check"),
        "Sheet",
    ),
    "POST bot/characters/move": ("character move",),
    "GET bot/characters": ("character find",),
    "PATCH bot/characters": ("character trait", "storyteller lock", "storyteller unlock"),
    "POST bot/characters/default": ("character default",),
    "POST bot/characters/restore": ("character restore",),
    "POST bot/characters/undo": ("character undo",),
    "POST bot/characters/history": ("character history", "History"),
    "POST bot/rolls": (
        *("roll", "v roll", "v general", "w roll", "w rite", "w general", "h roll", "h general"),
        *("sheet roll", "dice roll", "dice general", "d20 roll", "d20 general"),
    ),
    "POST bot/rolls/check": (
        *("wake", "frenzy", "remorse", "v rouse", "v resonance", "v compulsion", "v heal", "v blush"),
        *("v slake", "v stains", "w rage", "h redemption", "dice initiative", "dice degeneration"),
        *("blood use", "blood gain", "w harano", "w hauglosk", "w shift"),
    ),
    "POST bot/rolls/odds": ("odds",),
    "POST bot/luck": ("luck", "Luck"),
    "GET bot/macros": ("macro list",),
    "POST bot/macros": ("macro save",),
    "PATCH bot/macros": ("macro edit",),
    "DELETE bot/macros": ("macro delete",),
    "POST bot/macros/run": ("macro run",),
    "POST bot/macros/copy": ("macro copy",),
    "POST bot/roll-requests": ("request",),
    "POST bot/chronicles/list": ("chronicle list",),
    "POST bot/chronicles/get": ("chronicle info", "chronicle rules"),
    "POST bot/chronicles": ("chronicle create",),
    "PATCH bot/chronicles": (
        *("chronicle edit", "chronicle default", "chronicle archive", "chronicle restore"),
        "chronicle tenets",
    ),
    "PUT bot/chronicles/people": ("chronicle people",),
    "POST bot/chronicles/handover": ("chronicle handover",),
    "POST bot/chronicles/leave": ("chronicle leave",),
    "PUT bot/chronicles/bind": ("chronicle bind",),
    "POST bot/preferences": ("preferences",),
    "POST bot/supporter": ("supporter",),
    "POST bot/account/download": ("account download",),
    "POST bot/account/delete": ("account delete",),
    "POST bot/account/keep": ("account keep",),
    "POST bot/progress/practice": ("progress practice",),
    "POST bot/progress": ("progress me",),
    "POST bot/progress/points": ("progress why",),
    "POST bot/progress/boards": ("progress board",),
    "PATCH bot/progress/profile": ("progress profile",),
    "POST bot/progress/badges": ("progress badges",),
    "POST bot/progress/helped": ("progress helped",),
    "POST bot/progress/honours": ("progress honours",),
    "POST bot/progress/exams/list": ("progress exam",),
    "POST bot/progress/certificates/list": ("progress certificates",),
    "POST bot/progress/reset/preview": ("progress reset",),
    "POST bot/conflicts": ("init new",),
    "POST bot/conflicts/get": ("init show", "init repost"),
    "POST bot/conflicts/roll": ("init roll", "init reroll"),
    "POST bot/conflicts/join": ("init join",),
    "POST bot/conflicts/declare": ("init declare",),
    "POST bot/conflicts/move": ("init done", "init skip", "init rewind", "init end"),
    "POST bot/conflicts/change": ("init change",),
    "POST bot/conflicts/leave": ("init leave",),
    "POST bot/conflicts/effect": ("init effect add",),
    "POST bot/conflicts/lift": ("init effect lift",),
    "POST bot/conflicts/time": ("init effect passed",),
    "POST bot/campaigns/get": ("campaign show",),
    "POST bot/campaigns/publish": ("campaign publish",),
    "POST bot/campaigns/unpublish": ("campaign unpublish",),
    "PATCH bot/campaigns": ("campaign settings",),
    "PUT bot/campaigns/roster": ("campaign roster",),
    "PUT bot/campaigns/shown": ("campaign air",),
    "POST bot/campaigns/token": ("campaign token",),
    "POST bot/campaigns/claim": ("campaign claim",),
    "POST bot/sessions": ("episode plan",),
    "PATCH bot/sessions": ("episode edit",),
    "POST bot/sessions/list": ("episode next", "episode list", "episode recap"),
    "POST bot/sessions/streaks": ("episode streak",),
    "POST bot/sessions/start": ("episode start",),
    "POST bot/sessions/end": ("episode end",),
    "POST bot/sessions/cancel": ("episode cancel",),
    "POST bot/sessions/get": ("episode who",),
    "POST bot/sessions/answer": ("episode rsvp",),
    "POST bot/sessions/attendance": ("episode tick",),
    "PATCH bot/sessions/settings": ("episode calendar",),
    "PUT bot/sessions/channel": ("episode channel",),
    "POST bot/sessions/settings/get": ("episode remind",),
    "POST bot/sessions/award": ("episode award",),
    "POST bot/sessions/schedule/get": ("episode schedule",),
    "POST bot/submissions": ("character propose",),
    "POST bot/submissions/waiting": ("storyteller review",),
    "POST bot/desk": ("storyteller desk",),
    "POST bot/awards": ("storyteller award",),
    "POST bot/notes": ("storyteller note",),
    "POST bot/notes/list": ("storyteller notes",),
    "POST bot/notes/remove": ("storyteller forget",),
    "POST bot/servers/<snowflake:guild_id>/info": (
        *("server info", "server tracker", "server hidden-rolls", "server storytellers", "server edition"),
        *("server language", "server features"),
    ),
    "POST bot/servers/<snowflake:guild_id>/why": ("server why",),
    "POST bot/servers/<snowflake:guild_id>/setup": ("server setup",),
    "POST bot/bridge/get": ("server channel bridge",),
    "POST bot/servers/<snowflake:guild_id>/channels/list": ("server channel list",),
    "POST bot/servers/<snowflake:guild_id>/channels": ("server channel create",),
    "PATCH bot/servers/<snowflake:guild_id>/channels": (
        *("server channel edit", "server channel slow-mode", "server channel private"),
        *("server channel archive", "server channel restore"),
    ),
    "DELETE bot/servers/<snowflake:guild_id>/channels": ("server channel delete",),
    "POST bot/servers/<snowflake:guild_id>/delete": ("server delete",),
    "POST bot/servers/<snowflake:guild_id>/restore": ("server restore",),
    "POST bot/servers/<snowflake:guild_id>/roles/list": ("server role list",),
    "POST bot/servers/<snowflake:guild_id>/roles": ("server role create",),
    "PATCH bot/servers/<snowflake:guild_id>/roles": ("server role edit",),
    "DELETE bot/servers/<snowflake:guild_id>/roles": ("server role delete",),
    "PUT bot/servers/<snowflake:guild_id>/roles/members": ("server role grant", "server role take"),
}
# Those that tell nothing of anybody.
OPEN_TO_ALL = {"help"}
# Where a command without options only shows what is: what changes something then.
CHANGES = {
    "server tracker": "PATCH bot/servers/<snowflake:guild_id>",
    "server hidden-rolls": "PATCH bot/servers/<snowflake:guild_id>",
    "server edition": "PATCH bot/servers/<snowflake:guild_id>",
    "server language": "PATCH bot/servers/<snowflake:guild_id>",
    "server features": "PATCH bot/servers/<snowflake:guild_id>",
    "chronicle rules": "PATCH bot/chronicles",
    "episode schedule": "PUT bot/sessions/schedule",
    "episode remind": "PATCH bot/sessions/settings",
    "server channel bridge": "PUT bot/bridge",
}
# In the menu of a person.
MENUS = {"Sheet", "Luck", "History"}
# What an option must look like where any text will not do.
LOOKS = {
    "color": "#7a4fa3",
    "action": "server.view",
    "edition": "5th",
    "language": "de",
    "starts": "2026-12-24",
    "time": "19:30",
    "timezone": "Europe/Berlin",
    "note": "01930000-0000-7000-8000-000000000001",
    "server": "01930000-0000-7000-8000-000000000001",
}
SENTENCE = "That is not for you."
REFUSED = (403, Refusal(code="not_allowed", detail=SENTENCE))
PERSON, CHANNEL, ROLE = 6, 7, 8


class Hand:
    """Gives any command, with whatever it needs."""

    def __init__(self, person: Person, world: dict[str, Any]) -> None:
        self.person = person
        guild = next(guild for guild in world["guilds"] if guild["name"] == "Night Court")
        self.things = {
            PERSON: next(user["id"] for user in world["users"] if user["username"] == "jonas"),
            CHANNEL: next(channel["id"] for channel in guild["channels"] if channel["name"] == "tracker"),
            ROLE: guild["roles"][-1]["id"],
        }

    def value(self, option: dict[str, Any]) -> Any:
        if option.get("choices"):
            return option["choices"][0]["value"]
        plain = {3: LOOKS.get(option["name"], "3"), 4: option.get("min_value", 1), 5: False, 10: 1.0}
        return (plain | self.things)[option["type"]]

    async def give(self, path: str, options: list[dict[str, Any]], more: int = 0) -> Reply:
        """With all that is required, and so many of the other options."""
        needed = [option for option in options if option.get("required")]
        others = [option for option in options if not option.get("required") and option["type"] != 11][:more]
        return await self.person.slash(
            path, options={option["name"]: self.value(option) for option in needed + others}
        )


@pytest.fixture
async def hand(mira: Person, bot: RodBot) -> Hand:
    bot.limiter = RateLimiter(burst=1_000_000)
    return Hand(mira, await mira.world())


async def given(hand: Hand, bot: RodBot, fake: FakeBackend) -> AsyncIterator[tuple[str, list[str], Reply]]:
    """Each command of each edition, given to a backend that refuses everything: `(path, what it asked, the reply)`.

    Who names nothing to change is told so at once: then it is given again, with more options.
    """
    seen: set[str] = set()
    for edition in bot.sets.editions:
        await playing(bot, edition)
        for command in await hand.person.commands():
            for path, options in leaves(command["name"], command.get("options") or []):
                if path in seen:
                    continue
                seen.add(path)
                asked, reply = await refused(hand, fake, path, options, 0)
                yield path, asked, reply
                if not asked or path in CHANGES:
                    asked, reply = await refused(hand, fake, path, options, 10)
                    yield path, asked, reply


async def refused(
    hand: Hand, fake: FakeBackend, path: str, options: list[dict[str, Any]], more: int
) -> tuple[list[str], Reply]:
    fake.requests.clear()
    fake.answers[:] = [REFUSED] * 10
    if path in MENUS:
        reply = await hand.person.menu(path, hand.things[PERSON])
    else:
        reply = await hand.give(path, options, more)
    fake.answers.clear()
    return [route(request.method, request.path) for request in fake.requests], reply


def route(method: str, path: str) -> str:
    """As `urls.py` writes it."""
    return f"{method} " + re.sub(r"/servers/\d+", "/servers/<snowflake:guild_id>", path.removeprefix("/"))


def known_calls() -> set[str]:
    return {f"{entry.method} {entry.route}" for table in TABLES for entry in getattr(table, "BOT", ())}


def test_every_call_of_a_command_is_in_the_tables_of_the_backend() -> None:
    assert COMMANDS.keys() | set(CHANGES.values()) <= known_calls()


@pytest.mark.req("S004-29")
async def test_every_command_asks_before_it_does_anything(hand: Hand, bot: RodBot, fake: FakeBackend) -> None:
    listed = {path: {call} for call, paths in COMMANDS.items() for path in paths}
    for path, call in CHANGES.items():
        listed[path] |= {call}
    found, wrong = {path: set() for path in OPEN_TO_ALL}, []
    async for path, asked, reply in given(hand, bot, fake):
        found.setdefault(path, set()).update(asked)
        shown = reply.message or {}
        if len(asked) > 1:
            wrong.append(f"{path} went on after a refusal: {asked}")
        if asked and not (shown.get("content") == SENTENCE and shown.get("ephemeral")):
            wrong.append(f"{path} says {shown.get('content')!r}")
    assert not wrong, "\n".join(wrong)
    assert found == listed | {path: set() for path in OPEN_TO_ALL}
