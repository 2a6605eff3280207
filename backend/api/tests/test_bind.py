"""`PUT /api/servers/<id>/channels/<discord id>/chronicle/`: what is played in a channel, said over REST."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from chronicle.models import Chronicle, ServerChannel
from chronicle.services import create_chronicle, set_chronicle_role
from testing.community import set_channel
from testing.personas import SYSTEM, TABLE_CHANNEL, World
from timeline.models import Event


@pytest.fixture
def story(world: World) -> Chronicle:
    by = {"principal": world.principal("olga"), "cause": SYSTEM}
    made = create_chronicle(world.server, "Second Story", **by)
    set_chronicle_role(made, world.jonas.pk, "STORYTELLER", **by)
    return made


def put(world: World, who: str, document: Any, channel: str = TABLE_CHANNEL, key: str = "") -> Any:
    client = APIClient()
    client.force_authenticate(getattr(world, who))
    url = f"/api/servers/{world.server.pk}/channels/{channel}/chronicle/"
    return client.put(url, document, format="json", headers={"Idempotency-Key": key} if key else {})


def bound() -> Any:
    return ServerChannel.objects.get(discord_id=TABLE_CHANNEL).chronicle_id


def test_who_leads_binds_and_unbinds_once_for_a_key(world: World, story: Chronicle) -> None:
    answer = put(world, "jonas", {"chronicle": str(story.pk)}, key="bind")
    assert (answer.status_code, answer.json()["chronicle"]) == (200, str(story.pk))
    events = Event.objects.count()
    assert put(world, "jonas", {"chronicle": str(story.pk)}, key="bind").json() == answer.json()
    assert (Event.objects.count(), bound()) == (events, story.pk)
    assert put(world, "jonas", {"chronicle": None}).json()["chronicle"] is None
    assert bound() is None


def test_others_are_refused_and_nothing_moves(world: World, story: Chronicle) -> None:
    meant = {"chronicle": str(story.pk)}
    refusals = [
        (put(world, "mira", meant), 403, "not_allowed"),
        (put(world, "sam", meant), 404, "not_found"),
        (put(world, "jonas", meant, channel="1"), 404, "not_found"),
        (put(world, "olga", {"chronicle": str(world.other_chronicle.pk)}), 404, "not_found"),
        (put(world, "root", {"chronicle": str(world.other_chronicle.pk)}), 404, "not_found"),
        (put(world, "jonas", {"chronicle": "x"}), 400, "invalid"),
        (put(world, "jonas", {}), 400, "invalid"),
    ]
    assert [(one.status_code, one.json()["code"]) for one, _, _ in refusals] == [
        (status, code) for _, status, code in refusals
    ]
    assert bound() is None


def test_a_channel_that_one_does_not_see_is_not_there(world: World, story: Chronicle) -> None:
    by = {"principal": world.principal("olga"), "cause": SYSTEM}
    set_channel(world.server, TABLE_CHANNEL, {"is_private": True}, **by)
    assert put(world, "jonas", {"chronicle": str(story.pk)}).status_code == 404
    assert put(world, "olga", {"chronicle": str(story.pk)}).status_code == 200
