"""What a broken Discord process, or a person through it, may send; on whatever database the run has."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from haven.tests.kit import everything, make
from testing.fuzzing import assert_sane
from testing.personas import DISCORD_IDS, GUILD, World, bot_body

WHO = f"actor={DISCORD_IDS['mira']}&guild={GUILD}"
LARGEST = str(2**63 - 1)


@pytest.fixture
def process(bot: APIClient, world: World, in_process: None, settings: Any) -> APIClient:
    settings.DISCORD_CDN = "http://127.0.0.1:1"
    bot.handler.raise_request_exception = False
    bot.raise_request_exception = False
    return bot


def check(answer: Any, *statuses: int) -> None:
    assert_sane(answer.status_code, answer, answer.content)
    assert answer.status_code in statuses, answer.content


@pytest.mark.engine
@pytest.mark.req("S003-60")
@pytest.mark.parametrize(
    "query",
    [
        "page=" + "9" * 5000,
        "page=-1",
        "page=\u0661\u0661",
        "splat=%00",
        "splat=" + "," * 499,
        "q=%00",
        "player=%00",
        "guild=%00",
    ],
    ids=lambda query: query[:12],
)
def test_queries(process: APIClient, query: str) -> None:
    check(process.get(f"/bot/characters?{WHO}&{query}"), 200, 400)
    check(process.get(f"/bot/characters/traits?{WHO}&character=%00&{query}"), 200, 400)


@pytest.mark.engine
@pytest.mark.req("S003-60")
@pytest.mark.parametrize(
    "more",
    [{"splat": "\x00"}, {"character": "\x00"}, {"character": "' OR 1=1 --"}, {"character": "🦉" * 100}],
)
def test_references(process: APIClient, world: World, more: dict[str, Any]) -> None:
    for call in ("get", "undo", "history", "restore", "default"):
        check(process.post(f"/bot/characters/{call}", bot_body("mira") | more, format="json"), 200, 400, 404)


@pytest.mark.parametrize(
    "url",
    [
        "https://[",
        "https://cdn\u2100.example/",
        "http://127.0.0.1:1/\x00",
        "http://127.0.0.1:1/\n",
        "//",
        "http://127.0.0.1:99999/",
    ],
)
def test_addresses_of_pictures(process: APIClient, world: World, url: str) -> None:
    make(world)
    before = everything()
    check(
        process.put("/bot/characters/avatar", bot_body("mira", character=None, url=url), format="json"),
        400,
        422,
    )
    assert everything() == before


@pytest.mark.engine
@pytest.mark.req("S004-32")
def test_guilds_and_people_of_the_strangest_names(process: APIClient, world: World) -> None:
    guild = {
        "name": "🦉" * 200,
        "icon": "\x00" * 400,
        "owner_id": LARGEST,
        "roles": [
            {
                "id": LARGEST,
                "name": "\x00",
                "position": -(2**31),
                "color": 2**31 - 1,
                "permissions": str(2**64 - 1),
            }
        ],
        "channels": [{"id": LARGEST, "name": "\u202e\x00", "position": 2**31 - 1, "type": 99}],
    }
    check(process.put(f"/bot/servers/{LARGEST}", guild, format="json"), 200)
    check(process.put(f"/bot/servers/{LARGEST}", guild, format="json"), 200)
    names = ["🦉", "🐺", "José", "Jose", "JOSE", "\x00", "x" * 4000, "🦉" * 1000]
    people = [
        {"id": str(5 + number), "username": name, "nick": name, "global_name": name}
        for number, name in enumerate(names)
    ]
    answer = process.put(f"/bot/servers/{LARGEST}/members", {"members": people}, format="json")
    assert answer.json() == {"added": len(names), "changed": 0, "removed": 0, "refused": 0}


@pytest.mark.parametrize("guild", ["9" * 20, str(2**63), "0" * 20])
def test_ids_that_discord_never_gives(process: APIClient, guild: str) -> None:
    check(process.put(f"/bot/servers/{guild}", {"name": "x"}, format="json"), 400)
    check(process.put(f"/bot/servers/{guild}/members", {"members": []}, format="json"), 400)
    check(process.delete(f"/bot/servers/{guild}/members/{'9' * 20}"), 400)


@pytest.mark.engine
def test_commands_of_the_strangest_letters(process: APIClient, world: World) -> None:
    body = bot_body("mira", command="\x00🦉" * 400, interaction="\x00") | {
        "splat": "vampire5th",
        "name": "\u202e🦉",
    }
    answer = process.post("/bot/characters", body, format="json")
    check(answer, 201)
    assert answer.json()["character"]["name"] == "🦉"
