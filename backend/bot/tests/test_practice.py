"""Practice over REST and the bot API."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from discordauth.models import CustomUser
from privacy.tests.kit import leave
from progress.models import Attempt, PracticeSession
from progress.tests.drill_kit import choice
from testing.personas import World, bot_body

pytestmark = pytest.mark.django_db(transaction=True)


def send(bot: APIClient, who: str, path: str, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return bot.post(f"/bot/progress/practice{path}", bot_body(who) | body, format="json", headers=headers)


def waiting() -> dict[str, Any]:
    drill = PracticeSession.objects.get(finished_at=None)
    return {"drill": str(drill.pk), "number": drill.asked, "choice": choice(drill)}


@pytest.mark.req("S001-61", "S001-62")
def test_a_drill_in_discord(world: World, bot: APIClient) -> None:
    made = send(bot, "mira", "")
    assert made.status_code == 201, made.json()
    assert (made.json()["drill"]["system"], made.json()["drill"]["level"]) == ("v5", 1)
    for _question in range(5):
        done = send(bot, "mira", "/answer", **waiting()).json()["drill"]

    assert (done["right"], done["question"], done["points"]) == (5, None, 10)
    row = PracticeSession.objects.get()
    assert (row.server_id, row.chronicle_id) == (world.server.pk, world.chronicle.pk)


def test_a_press_that_is_repeated_with_its_key_counts_once(world: World, bot: APIClient) -> None:
    send(bot, "mira", "", system="h5", level=3)
    given = waiting()
    first = send(bot, "mira", "/answer", key="press", **given)
    again = send(bot, "mira", "/answer", key="press", **given)

    assert first.json()["drill"]["asked"] == again.json()["drill"]["asked"] == 2
    assert send(bot, "mira", "/answer", **given).json()["code"] == "answered"


def test_the_press_of_somebody_else_is_refused_in_words(world: World, bot: APIClient) -> None:
    send(bot, "mira", "")
    refused = send(bot, "jonas", "/answer", **waiting())

    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    assert "somebody else" in refused.json()["detail"]


def test_a_new_drill_is_like_the_last_one(world: World, bot: APIClient) -> None:
    send(bot, "mira", "", system="cod", level=2)
    first = send(bot, "mira", "").json()["drill"]
    send(bot, "mira", "/finish", drill=first["id"])
    again = send(bot, "mira", "").json()["drill"]

    assert (again["system"], again["level"]) == ("cod", 2)
    assert again["id"] != first["id"]


def test_where_nothing_is_chosen_the_drill_under_way_goes_on(world: World, bot: APIClient) -> None:
    first = send(bot, "mira", "", system="v5", level=3).json()["drill"]

    assert send(bot, "mira", "").json()["drill"] == first
    assert send(bot, "mira", "", level=3).json()["drill"]["id"] != first["id"]


@pytest.mark.parametrize(
    "wrong", [{"system": "dnd"}, {"level": 0}, {"level": 4}, {"level": "2"}, {"questions": 3}]
)
def test_a_drill_that_cannot_be_is_refused(world: World, bot: APIClient, wrong: dict[str, Any]) -> None:
    assert send(bot, "mira", "", **wrong).status_code == 400
    assert not PracticeSession.objects.exists()


def test_a_drill_over_rest_goes_on_on_another_device(world: World, browser: Any) -> None:
    phone, desk = browser("mira"), browser("mira")
    assert phone.get("/api/progress/practice/").json() == {"drill": None}
    started = phone.post("/api/progress/practice/", {"system": "w5"}, content_type="application/json").json()
    address = f"/api/progress/practice/{started['id']}/"

    assert desk.get("/api/progress/practice/").json()["drill"]["question"] == started["drill"]["question"]
    given = {name: value for name, value in waiting().items() if name != "drill"}
    assert desk.post(f"{address}answers/", given, content_type="application/json").status_code == 200
    late = phone.post(f"{address}answers/", given, content_type="application/json")
    assert (late.status_code, late.json()["number"]) == (409, 2)
    assert phone.post(f"{address}finish/", {}, content_type="application/json").json()["drill"]["points"] == 2
    assert phone.get(address).json()["drill"]["finished_at"]


def test_a_drill_goes_with_its_account_and_a_late_press_says_so(world: World, bot: APIClient) -> None:
    made = bot.post("/bot/progress/practice", bot_body("mira"), format="json").json()
    leave(CustomUser.objects.get(pk=world.mira.pk))
    assert not PracticeSession.objects.exists()
    assert not Attempt.objects.exists()

    press = bot_body("mira") | {"drill": made["id"], "number": 1, "choice": 0}
    late = bot.post("/bot/progress/practice/answer", press, format="json")
    assert (late.status_code, late.json()["detail"]) == (
        404,
        "This drill is no longer there. Start another one.",
    )
