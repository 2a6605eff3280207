"""The limits of application commands: 50035 at the place, 30032 for too many."""

from typing import Any

import aiohttp
import pytest

from sandbox.server import Sandbox
from tests.sandbox.test_limits import problems


def option(**more: Any) -> dict[str, Any]:
    return {"type": 3, "name": "o", "description": "d", **more}


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"name": "Upper"}, "0.name", "APPLICATION_COMMAND_INVALID_NAME"),
        ({"name": "two words"}, "0.name", "APPLICATION_COMMAND_INVALID_NAME"),
        ({"name": "x" * 33}, "0.name", "BASE_TYPE_BAD_LENGTH"),
        ({"description": ""}, "0.description", "BASE_TYPE_REQUIRED"),
        ({"description": "x" * 101}, "0.description", "BASE_TYPE_BAD_LENGTH"),
        ({"options": [option(name=f"o{n}") for n in range(26)]}, "0.options", "BASE_TYPE_MAX_LENGTH"),
        (
            {"options": [option(), option(name="p", required=True)]},
            "0.options.1",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            {"options": [option(), option()]},
            "0.options.1.name",
            "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
        ),
        ({"options": [option(type=12)]}, "0.options.0.type", "BASE_TYPE_CHOICES"),
        (
            {"options": [option(choices=[{"name": "x", "value": "x" * 101}])]},
            "0.options.0.choices.0.value",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"options": [option(autocomplete=True, choices=[{"name": "x", "value": "x"}])]},
            "0.options.0.autocomplete",
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
        ),
        (
            {"options": [option(type=1), option(name="p")]},
            "0.options",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (
            {"options": [option(type=1, options=[option(type=1)])]},
            "0.options.0.options.0.type",
            "BASE_TYPE_CHOICES",
        ),
        (
            {
                "options": [
                    option(name=f"o{n}", choices=[{"name": f"{m:090}", "value": "x"} for m in range(25)])
                    for n in range(4)
                ]
            },
            "0",
            "APPLICATION_COMMAND_TOO_LARGE",
        ),
    ],
)
async def test_commands(box: Sandbox, changes: dict[str, Any], place: str, code: str) -> None:
    command = {"name": "fine", "description": "d", "type": 1} | changes
    status, answer = await put_commands(box, [command])
    assert (status, answer["code"]) == (400, 50035)
    assert problems(answer["errors"]).get(place) == code


async def put_commands(box: Sandbox, commands: Any) -> tuple[int, Any]:
    path = f"{box.api_base}/applications/{box.application_id}/commands"
    headers = {"Authorization": f"Bot {box.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.put(path, json=commands) as answer,
    ):
        return answer.status, await answer.json()


async def test_too_many_commands_and_two_of_a_name(box: Sandbox) -> None:
    many = [{"name": f"c{number}", "description": "d"} for number in range(101)]
    assert (await put_commands(box, many))[1]["code"] == 30032
    assert (await put_commands(box, many[:100]))[0] == 200
    _, answer = await put_commands(box, [many[0], many[0]])
    assert problems(answer["errors"]) == {"1.name": "APPLICATION_COMMANDS_DUPLICATE_NAME"}


async def test_a_command_keeps_its_id(box: Sandbox) -> None:
    command = {"name": "stays", "description": "d"}
    _, first = await put_commands(box, [command])
    _, second = await put_commands(box, [{**command, "description": "other"}])
    assert first[0]["id"] == second[0]["id"]
    assert first[0]["version"] != second[0]["version"]
