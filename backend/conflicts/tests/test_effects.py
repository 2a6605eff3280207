"""What lasts, and until when."""

import pytest

from conflicts.models import Conflict
from conflicts.tests.kit import begin, do, events, go, pass_time, refused, rolls, seen
from testing.notices import sentences
from testing.personas import World


@pytest.fixture
def row(world: World) -> Conflict:
    row = begin(world, "cod")
    rolls(world, row, "mira", 3)
    rolls(world, row, "jonas", 5)
    return row


def labels(world: World, row: Conflict) -> dict[str, str]:
    return {effect["text"]: effect["label"] for effect in seen(world, row)["effects"]}


def test_turns_run_out_and_people_are_told(world: World, row: Conflict) -> None:
    do(world, row, "mira", "effect", text="Blinded", until="turns", turns=1, participant="Mira")
    do(world, row, "vesna", "effect", text="Fire", until="turns", turns=2)
    go(world, row, "reveal")
    body = do(world, row, "vesna", "move", move="next_same")
    assert sentences(body["conflict"]["notices"]) == ["“Blinded” (Mira) has ended."]
    assert labels(world, row) == {"Fire": "1 more turn"}
    assert sentences(events(row)[-1].notices) == ["“Blinded” (Mira) has ended."]


def test_ones_own_are_ones_own(world: World, row: Conflict) -> None:
    with refused("not_allowed"):
        do(world, row, "jonas", "effect", text="Blinded", until="scene", participant="Mira")
    with refused("not_allowed"):
        do(world, row, "jonas", "effect", text="Smoke", until="scene")
    made = do(world, row, "mira", "effect", text="Celerity", until="scene", participant="Mira")
    with refused("not_allowed"):
        do(world, row, "jonas", "lift", effect=made["effect"])
    do(world, row, "mira", "lift", effect=made["effect"])
    with refused("no_effect"):
        do(world, row, "mira", "lift", effect=made["effect"])


def test_nights_outlast_their_conflict_until_they_are_over(world: World, row: Conflict) -> None:
    do(world, row, "vesna", "effect", text="Blush of Life", until="night", participant="Mira")
    do(world, row, "vesna", "effect", text="Oath", until="session", participant="Jonas")
    do(world, row, "vesna", "effect", text="Smoke", until="scene")
    go(world, row, "end")
    assert labels(world, row) == {
        "Blush of Life": "until the end of the night",
        "Oath": "until the end of the session",
    }
    with refused("not_allowed"):
        pass_time(world, "night", "mira")
    for what in ("century", ["night"], None):
        with refused("invalid"):
            pass_time(world, what)
    assert pass_time(world, "scene") == []
    ended = pass_time(world, "night")
    assert [one.text for _, _, one in ended] == ["Blush of Life"]
    assert events(row)[-1].type == "conflict.time_passed"
    left = seen(world, row)["effects"]
    do(world, row, "vesna", "lift", effect=left[0]["id"])
    assert not Conflict.objects.get(pk=row.pk).lasts


def test_the_end_of_a_scene_ends_it_everywhere(world: World, row: Conflict) -> None:
    do(world, row, "vesna", "effect", text="Smoke", until="scene")
    assert len(pass_time(world, "scene")) == 1
    assert labels(world, row) == {}
    go(world, row, "rewind")
    assert labels(world, row) == {"Smoke": "until the end of the scene"}
