"""What the message of a conflict in Discord is made of, over the bot API: the table's view, and where it stands."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from conflicts.models import Conflict
from conflicts.tests.kit import begin, events, rolls
from haven.tests.kit import make
from testing.personas import TABLE_CHANNEL, World, bot_body
from timeline import message_links

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, SECOND = "740000000000000001", "740000000000000002"


@pytest.fixture
def row(world: World) -> Conflict:
    return begin(world)


def get(bot: APIClient, who: str, row: Conflict, **body: Any) -> Any:
    given = {"conflict": str(row.id), **body}
    return bot.post("/bot/conflicts/get", bot_body(who) | given, format="json").json()["conflict"]


def keep(bot: APIClient, who: str, row: Conflict, message: str, key: str = "", **where: Any) -> Any:
    given = {"kind": "conflict", "id": str(row.id), "channel": TABLE_CHANNEL, "message": message}
    headers = {"Idempotency-Key": key} if key else {}
    return bot.put("/bot/messages", bot_body(who, **where) | given, format="json", headers=headers)


def test_the_tables_view_holds_no_secrets_and_all_buttons(
    world: World, bot: APIClient, row: Conflict
) -> None:
    rolls(world, row, "vesna", 9, name="The sniper", hidden=True)
    rolls(world, row, "mira", 7, name="Rat")
    own = get(bot, "vesna", row)
    assert [participant["name"] for participant in own["participants"]] == ["The sniper", "Rat"]
    for who in ("vesna", "mira"):
        table = get(bot, who, row, table=True)
        assert [(participant["name"], participant["roll"]) for participant in table["participants"]] == [
            ("Rat", None)
        ]
        assert [move["move"] for move in table["moves"]] == [move["move"] for move in own["moves"]]
    assert get(bot, "mira", row)["participants"][0]["roll"]["value"] == 12
    assert get(bot, "mira", row)["moves"] == []


def test_a_newer_message_takes_the_place_of_the_older(world: World, bot: APIClient, row: Conflict) -> None:
    rolls(world, row, "vesna", 9, name="The sniper", hidden=True)
    first = keep(bot, "vesna", row, FIRST).json()
    assert first["replaced"] is None
    assert first["shows"]["id"] == str(row.id)
    assert first["shows"]["participants"] == []
    second = keep(bot, "mira", row, SECOND, key="press").json()
    assert second["replaced"] == {"channel": TABLE_CHANNEL, "message": FIRST}
    rolls(world, row, "mira", 7, name="Rat")
    again = keep(bot, "mira", row, SECOND, key="press").json()
    assert again["replaced"] == second["replaced"], "a retry is told the same"
    assert [participant["name"] for participant in again["shows"]["participants"]] == [
        "Rat"
    ], "and what is true by now"
    assert message_links.by_entity([row.pk])[row.pk].message_id == SECOND


def test_who_is_not_of_the_table_keeps_no_message(world: World, bot: APIClient, row: Conflict) -> None:
    assert keep(bot, "sam", row, FIRST, guild=None).status_code == 404
    assert message_links.by_entity([row.pk]) == {}


def _texts(answer: Any) -> list[str]:
    return [participant["roll"]["text"] for participant in answer["conflict"]["participants"]]


def test_numbers_are_corrected_of_who_takes_part_already(world: World, bot: APIClient, row: Conflict) -> None:
    rat = rolls(world, row, "mira", 7, name="Rat").participant
    owl = make(world, "Night Owl", splat="vampire20th")
    bird = rolls(world, row, "mira", 3, name="night owl").participant

    def corrected(who: str, **body: Any) -> Any:
        given = {"conflict": str(row.id), "participant": rat, **body}
        return bot.post("/bot/conflicts/roll", bot_body(who) | given, format="json")

    assert corrected("jonas", modifier=9).json()["code"] == "not_allowed"
    answer = corrected("vesna", modifier=2).json()
    assert answer["participant"] == rat
    assert _texts(answer) == ["7 + 5 + 2 = 14", "3 + 5 = 8"]
    answer = corrected("vesna", participant=bird, rating=4).json()
    assert _texts(answer) == ["7 + 5 + 2 = 14", "3 + 4 = 7"]
    assert answer["conflict"]["participants"][1]["character"]["id"] == str(owl.id)
    assert (
        corrected("mira", rating=6).json()["conflict"]["participants"][0]["roll"]["text"] == "7 + 6 + 2 = 15"
    )
    assert events(row)[-1].type == "conflict.corrected"
    nobody = bot.post(
        "/bot/conflicts/roll", bot_body("mira") | {"participant": "Nobody", "rating": 1}, format="json"
    )
    assert nobody.json()["code"] == "no_participant"
