"""A storyteller asks; players answer, each once; one summary."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chronicle.door import parse
from contract.roll_requests import AskForRoll
from haven.services import Reference
from haven.tests.kit import cause, make, sets
from rolls.models import RollRequest
from rolls.services import RollInput, requests
from rolls.tests.kit import answer_to, asker, call
from rolls.tests.test_rolling import refused
from rules.errors import Conflict, Invalid, NotAllowed, NotFound, Unprocessable
from testing.personas import World
from testing.rolled import words_of
from timeline.models import Event


def wanted(world: World, **more: Any) -> AskForRoll:
    players = [str(user.pk) for user in more.pop("players", (world.mira, world.jonas))]
    given = {
        "pool": "wits + awareness",
        "options": {"difficulty": 3},
        "text": "Who hears it?",
        "hide_difficulty": True,
        **more,
    }
    return parse(AskForRoll, {"players": players, **given})


def request(world: World, who: str = "vesna", **more: Any) -> RollRequest:
    return requests.ask(call(world, who), wanted(world, **more))


def answer(world: World, row: RollRequest, who: str, **more: Any) -> Any:
    asked = RollInput(reference=Reference(None, world.server), **more)
    return requests.answer(asker(world, who), row.id, asked, cause(world, who))


def seen_by(world: World, who: str, row: RollRequest) -> Any:
    found = requests.find(asker(world, who), row.id)
    return requests.request_for(found, asker(world, who)).model_dump(mode="json")


@pytest.fixture
def table(world: World) -> None:
    make(world, operations=sets(wits=3, awareness=2))
    make(world, "Wren", who="jonas")


@pytest.mark.engine
def test_each_answers_once_and_the_summary_tells(world: World, table: None) -> None:
    row = request(world)
    made = answer(world, row, "mira")
    body = answer_to(world, made)["roll"]
    assert words_of(body["pool"]) == "Wits 3 + Awareness 2"
    assert (body["difficulty"], body["outcome"]["margin"], body["request"]) == (None, None, str(row.id))
    with refused(Conflict, "already_answered"):
        answer(world, row, "mira")
    summary = seen_by(world, "vesna", row)
    assert (summary["answered"], summary["asked"], summary["open"]) == (1, 2, True)
    assert summary["players"][0]["roll"]["difficulty"] == 3
    assert "Jonas: no answer yet" in summary["text_summary"]
    answer(world, row, "jonas")
    seen = seen_by(world, "mira", row)
    assert (seen["done"], seen["difficulty"], seen["options"]["difficulty"]) == (True, None, None)


def test_what_the_storyteller_laid_down_stands(world: World, table: None) -> None:
    row = request(world, pool=None)
    with refused(Invalid):
        answer(world, row, "mira")
    made = answer(world, row, "mira", pool=4, options={"difficulty": 1, "hunger": 0}, visibility="private")
    assert made.roll.options["difficulty"] == 3
    assert (len(made.roll.rolled["dice"]), made.roll.visibility) == (4, "public")


@pytest.mark.engine
def test_after_the_deadline_and_after_the_close(world: World, table: None) -> None:
    row = request(world)
    for who in ("mira", "olga"):
        if who == "mira":
            with refused(NotAllowed):
                requests.close(asker(world, who), row.id, cause(world, who))
    requests.close(asker(world, "vesna"), row.id, cause(world, "vesna"))
    with refused(Conflict, "request_closed"):
        answer(world, row, "mira")
    with refused(Conflict, "request_closed"):
        requests.close(asker(world, "vesna"), row.id, cause(world, "vesna"))
    late = request(world)
    RollRequest.objects.filter(pk=late.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    with refused(Conflict, "request_closed"):
        answer(world, late, "mira")


def test_who_may_ask_and_who_is_asked(world: World, table: None) -> None:
    for who, kind in (("mira", NotAllowed), ("sam", NotFound)):
        with refused(kind):
            request(world, who)
    with refused(Unprocessable, "server_only"):
        requests.ask(replace(call(world, "vesna"), server=None), wanted(world))
    row = request(world, players=[world.mira])
    with refused(NotAllowed):
        answer(world, row, "jonas")
    with refused(NotFound):
        answer(world, row, "sam")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"players": []}, "players"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 10**9}, "minutes"),
        ({"text": "x" * 201}, "text"),
        ({"pool": 0}, "pool"),
        ({"pool": "x" * 201}, "pool"),
        ({"system": "v6"}, "system"),
        ({"options": {"magic": 1}}, "magic"),
        ({"system": "v5", "options": {"rage": 1}}, "rage"),
        ({"system": "v5", "pool": 5, "options": {"difficulty": 99}}, "difficulty"),
    ],
)
def test_what_is_wrong_is_named(world: World, more: dict[str, Any], field: str) -> None:
    with refused(Invalid) as caught:
        request(world, **more)
    assert list(caught.value.data["fields"]) == [field]


def test_strangers_cannot_be_asked(world: World) -> None:
    with refused(Invalid):
        request(world, players=[world.mira, world.sam])


def test_a_hidden_difficulty_is_in_no_event_of_the_table(world: World, table: None) -> None:
    from rolls.tests.test_revisions import frames

    request(world)
    event = Event.objects.order_by("pk").last()
    assert event
    seen = frames(world, event)
    assert "difficulty" not in seen["jonas"]["fields"]
    assert seen["vesna"]["fields"]["difficulty"] == 3
