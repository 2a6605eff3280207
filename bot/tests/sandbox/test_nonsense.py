"""Whatever is sent, the sandbox answers with an error of Discord's and leaves everything as it was."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from sandbox import defaults
from sandbox.changes import commands
from sandbox.errors import ApiError, PersonError
from sandbox.server import Sandbox
from sandbox.validation.components import check_modal
from sandbox.validation.messages import check_message

ODD: list[Any] = [
    None,
    True,
    -1,
    0,
    1.5,
    2**70,
    "",
    " ",
    "x",
    "x" * 7000,
    "\x00\ud83d\ude00",
    [],
    [[]],
    [None],
    {},
    {"id": {}},
    [{}],
]

EMOJI = {"name": "x", "id": None}
MESSAGE = {
    "content": "text",
    "flags": 0,
    "tts": False,
    "nonce": "1",
    "allowed_mentions": {"parse": ["users"], "users": [1], "roles": ["2"], "replied_user": True},
    "message_reference": {"message_id": 5, "fail_if_not_exists": False},
    "embeds": [
        {
            "title": "t",
            "description": "d",
            "url": "https://example.org",
            "color": 5,
            "timestamp": "2026-01-01T00:00:00+00:00",
            "image": {"url": "attachment://x.png"},
            "footer": {"text": "f", "icon_url": "https://example.org/x.png"},
            "author": {"name": "a", "url": "https://example.org"},
            "fields": [{"name": "n", "value": "v", "inline": True}],
        }
    ],
    "components": [
        {
            "type": 1,
            "id": 4,
            "components": [{"type": 2, "style": 1, "label": "l", "custom_id": "c", "emoji": EMOJI}],
        },
        {
            "type": 1,
            "components": [
                {
                    "type": 3,
                    "custom_id": "m",
                    "placeholder": "p",
                    "min_values": 1,
                    "max_values": 1,
                    "options": [
                        {"label": "l", "value": "v", "description": "d", "default": True, "emoji": EMOJI}
                    ],
                }
            ],
        },
        {
            "type": 1,
            "components": [
                {
                    "type": 8,
                    "custom_id": "n",
                    "channel_types": [0],
                    "default_values": [{"id": "5", "type": "channel"}],
                }
            ],
        },
    ],
}
LAYOUT = {
    "flags": 1 << 15,
    "components": [
        {
            "type": 17,
            "accent_color": 5,
            "spoiler": False,
            "components": [
                {"type": 10, "content": "text"},
                {"type": 14, "spacing": 1, "divider": True},
                {
                    "type": 9,
                    "components": [{"type": 10, "content": "x"}],
                    "accessory": {
                        "type": 11,
                        "media": {"url": "https://example.org/x.png"},
                        "description": "d",
                    },
                },
                {"type": 12, "items": [{"media": {"url": "https://example.org/x.png"}, "spoiler": False}]},
            ],
        }
    ],
}
COMMAND = {
    "name": "command",
    "description": "d",
    "type": 1,
    "nsfw": False,
    "contexts": [0],
    "integration_types": [0],
    "default_member_permissions": "8",
    "options": [
        {
            "type": 1,
            "name": "sub",
            "description": "d",
            "options": [
                {
                    "type": 3,
                    "name": "text",
                    "description": "d",
                    "required": True,
                    "min_length": 1,
                    "max_length": 9,
                },
                {"type": 4, "name": "number", "description": "d", "min_value": 0, "max_value": 9},
                {"type": 4, "name": "pick", "description": "d", "choices": [{"name": "a", "value": 1}]},
                {"type": 7, "name": "place", "description": "d", "channel_types": [0]},
            ],
        }
    ],
}
FORM = {
    "custom_id": "m",
    "title": "t",
    "components": [
        {
            "type": 1,
            "components": [
                {"type": 4, "custom_id": "a", "label": "l", "style": 1, "min_length": 0, "max_length": 9}
            ],
        },
        {
            "type": 18,
            "label": "l",
            "description": "d",
            "component": {"type": 3, "custom_id": "b", "options": [{"label": "l", "value": "v"}]},
        },
        {
            "type": 18,
            "label": "l",
            "component": {"type": 22, "custom_id": "c", "options": [{"label": "l", "value": "v"}]},
        },
        {"type": 10, "content": "x"},
    ],
}


def spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [spot for key, child in inner for spot in spots(child, (*path, key))]


def with_odd(value: Any, spot: tuple[Any, ...], odd: Any) -> Any:
    made = copy.deepcopy(value)
    node = made
    for key in spot[:-1]:
        node = node[key]
    node[spot[-1]] = odd
    return made


def every_oddity(value: Any) -> list[Any]:
    return [with_odd(value, spot, odd) for spot in spots(value) for odd in ODD]


def bodies_by_code(bodies: list[Any], act: Callable[[Any], object]) -> dict[int, list[Any]]:
    """Which bodies ended in which error; 0 is none. Any other exception ends the test."""
    by_code: dict[int, list[Any]] = {}
    for body in bodies:
        try:
            act(body)
            by_code.setdefault(0, []).append(body)
        except ApiError as error:
            by_code.setdefault(error.code, []).append(body)
    return by_code


@pytest.mark.parametrize("good", [MESSAGE, LAYOUT])
async def test_messages(box: Sandbox, good: dict[str, Any]) -> None:
    """What the checks let through can also be stored and shown."""
    table = box.world.channels[defaults.TABLE]

    def post(body: Any) -> None:
        check_message(body)
        json.dumps(box.world.show_message(box.posting.create(table, box.world.bot_id, body, [])))

    by_code = bodies_by_code(every_oddity(good), post)
    assert set(by_code) <= {0, 50035, 50006, 10008}
    assert len(by_code[50035]) > len(by_code[0]) / 2


async def test_commands(box: Sandbox) -> None:
    guild = box.world.guilds[defaults.NIGHT_COURT]

    def register(body: Any) -> None:
        commands.overwrite(box.world, "", [body])
        commands.visible(box.world, defaults.MIRA, guild)
        commands.visible(box.world, defaults.MIRA, None)

    by_code = bodies_by_code(every_oddity(COMMAND), register)
    assert set(by_code) == {0, 50035}
    assert len(by_code[50035]) > len(by_code[0])


def test_modals() -> None:
    by_code = bodies_by_code(every_oddity(FORM), check_modal)
    assert set(by_code) == {0, 50035}
    assert len(by_code[50035]) > len(by_code[0])


def requests(box: Sandbox) -> list[tuple[str, str, Any]]:
    guild = f"/guilds/{defaults.NIGHT_COURT}"
    overwrite = {"id": "5", "type": 0, "allow": "1", "deny": "1"}
    return [
        ("PATCH", f"{guild}/members/{defaults.MIRA}", {"nick": "n", "roles": []}),
        ("POST", f"{guild}/roles", {"name": "n", "permissions": "0", "color": 5, "hoist": True}),
        ("PATCH", f"{guild}/roles", [{"id": defaults.PLAYER_ROLE, "position": 1}]),
        (
            "POST",
            f"{guild}/channels",
            {"name": "n", "type": 0, "topic": "t", "permission_overwrites": [overwrite]},
        ),
        ("PATCH", f"/channels/{defaults.TABLE}", {"name": "n", "topic": "t", "position": 1}),
        ("PUT", f"/channels/{defaults.TABLE}/permissions/5", overwrite),
        ("POST", f"/channels/{defaults.TABLE}/messages/bulk-delete", {"messages": ["1", "2"]}),
        ("POST", "/users/@me/channels", {"recipient_id": defaults.MIRA}),
        ("POST", f"/applications/{box.application_id}/commands", {"name": "n", "description": "d"}),
    ]


async def test_other_calls_of_the_bot(box: Sandbox) -> None:
    headers = {"Authorization": f"Bot {box.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for method, path, good in requests(box):
            for body in [*every_oddity(good), *ODD]:
                async with session.request(method, box.api_base + path, json=body) as answer:
                    assert answer.status < 500, (method, path, body)


async def test_calls_of_a_person(box: Sandbox) -> None:
    member = f"guilds/{defaults.NIGHT_COURT}/members/mira"
    place = {"as": "mira", "channel": defaults.TABLE}
    commands.overwrite(box.world, "", [COMMAND])
    command = next(iter(box.world.commands[""]))
    options = [{"name": "text", "type": 3, "value": "abc"}, {"name": "number", "value": 4}]
    calls: list[tuple[str, str, Any]] = [
        (
            "POST",
            "messages",
            {**place, "content": "x", "reply": "5", "attachments": [{"filename": "f", "data": "eA=="}]},
        ),
        ("POST", "interactions/command", {**place, "command": command, "path": ["sub"], "options": options}),
        ("POST", "interactions/component", {"as": "mira", "message": "5", "custom_id": "c", "values": ["x"]}),
        ("POST", "interactions/modal", {"as": "mira", "interaction": "5", "values": {"a": "x"}}),
        ("POST", "reactions", {"as": "mira", "message": "5", "emoji": "👍"}),
        ("POST", "users", {"name": "new", "global_name": "New"}),
        ("PATCH", "users/mira", {"global_name": "M"}),
        ("POST", "guilds", {"name": "New", "owner": "mira"}),
        ("PATCH", f"guilds/{defaults.NIGHT_COURT}", {"name": "New", "owner": "vesna"}),
        ("PUT", member, {"nick": "n", "roles": [defaults.PLAYER_ROLE]}),
        ("POST", f"guilds/{defaults.NIGHT_COURT}/roles", {"name": "n", "permissions": "0", "color": 1}),
        (
            "POST",
            f"guilds/{defaults.NIGHT_COURT}/channels",
            {"name": "n", "type": 0, "permission_overwrites": []},
        ),
        ("PATCH", f"channels/{defaults.TABLE}", {"name": "n", "permission_overwrites": []}),
        ("POST", "faults", {"route": "/x", "status": 429, "times": 1, "retry_after": 1, "method": "GET"}),
        ("POST", "faults/gateway", {"action": "drop"}),
    ]
    async with aiohttp.ClientSession(f"{box.base_url}/sandbox/api/") as session:
        for method, path, good in calls:
            for body in every_oddity(good):
                async with session.request(method, path, json=body) as answer:
                    assert answer.status < 500, (method, path, body)
                    assert answer.content_type == "application/json"


async def test_frames_of_the_gateway(box: Sandbox) -> None:
    """Garbage after identifying closes the connection or is passed over; the sandbox lives on."""
    identify = {"op": 2, "d": {"token": box.token, "intents": 3}}
    ask = {
        "op": 8,
        "d": {"guild_id": int(defaults.NIGHT_COURT), "query": "", "limit": 0, "nonce": "x", "user_ids": [5]},
    }
    source = random.Random(1)
    async with aiohttp.ClientSession() as session:
        for odd in source.sample(every_oddity(ask) + every_oddity(identify), 80):
            async with session.ws_connect(box.gateway_url + "?v=10") as socket:
                for frame in (identify, odd, ask):
                    await socket.send_json(frame)
                await socket.send_json({"op": 1, "d": None})
                answers = [await socket.receive(timeout=3) for _ in range(4)]
                closed = [message.data for message in answers if message.type is aiohttp.WSMsgType.CLOSE]
                assert all(4000 <= code < 4015 for code in closed), odd


def test_errors_tell_their_place() -> None:
    assert PersonError(404, "x", "y").body() == {"code": "x", "detail": "y"}
    assert ApiError(10003).body() == {"message": "Unknown Channel", "code": 10003}
