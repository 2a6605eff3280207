"""Nobody can tell from what they see, or from what they are refused, that a hidden participant takes part."""

from typing import Any

import pytest
from django.db import transaction

from conflicts.models import Conflict
from conflicts.serializers import as_the_table_sees_it
from conflicts.tests.kit import begin, do, events, go, names, refused, rolls, seen
from gateway.access import Viewer
from rules.errors import GameError
from testing.personas import World
from timeline import frames

ORDER = {"mira": 9, "jonas": 3}


def conflict_with(world: World, kind: str, *, hidden: bool) -> Conflict:
    """Mira acts before Jonas; a hidden assassin, where there is one, between them."""
    row = begin(world, kind)
    for who, number in ORDER.items():
        rolls(world, row, who, number)
    if hidden:
        rolls(world, row, "vesna", 6, "Assassin", hidden=True)
    return row


def view(world: World, row: Conflict, who: str) -> dict[str, Any]:
    """What a player sees, without what differs between any two conflicts."""
    found = seen(world, row, who)
    plain = {
        name: value
        for name, value in found.items()
        if name not in ("id", "url", "version", "mark", "started_at")
    }
    ids = {participant["id"]: participant["name"] for participant in found["participants"]}
    text = str(plain)
    for pk, name in ids.items():
        text = text.replace(pk, name)
    return {"text": text}


def refusal(world: World, row: Conflict, who: str, verb: str, **body: Any) -> tuple[str, str] | None:
    try:
        with transaction.atomic():
            do(world, row, who, verb, **body)
    except GameError as error:
        return error.code, str(error.detail)
    return None


def played(world: World, kind: str, *, hidden: bool) -> list[Any]:
    """All that two players see and hear while one round is played in its order; the hidden one never acts."""
    row = conflict_with(world, kind, hidden=hidden)
    heard: list[Any] = []

    def look() -> None:
        heard.extend(view(world, row, who) for who in ORDER)
        table = as_the_table_sees_it(Conflict.objects.get(pk=row.pk))
        heard.append([move.move for move in table.moves if move.move != "rewind"])

    go(world, row, "reveal")
    look()
    if kind == "20th":
        go(world, row, "declare")
        look()
        heard.append(refusal(world, row, "mira", "declare", action="Too early"))
        do(world, row, "jonas", "declare", action="Waits")
        do(world, row, "mira", "declare", action="Shoots")
    look()
    heard.append(refusal(world, row, "jonas", "move", move="done"))
    do(world, row, "mira", "move", move="done")
    look()
    heard.append(refusal(world, row, "jonas", "move", move="done"))
    look()
    heard.append(refusal(world, row, "jonas", "move", move="done"))
    go(world, row, "end")
    return heard


@pytest.mark.parametrize("kind", ["20th", "cod"])
def test_play_02_a_round_with_a_hidden_participant_looks_like_one_without(world: World, kind: str) -> None:
    assert played(world, kind, hidden=True) == played(world, kind, hidden=False)


def test_play_02_a_hidden_turn_is_no_event_for_the_table(world: World) -> None:
    row = conflict_with(world, "cod", hidden=True)
    go(world, row, "reveal")
    do(world, row, "mira", "move", move="done")
    assert seen(world, row, "vesna")["current"]["name"] == "Assassin"
    assert seen(world, row, "mira")["current"]["name"] == "Jonas"
    do(world, row, "vesna", "move", move="done", participant="Assassin")
    viewer = Viewer(str(world.mira.id), member=True)
    assert frames.frame(events(row)[-1], viewer.level(events(row)[-1].subject["owner"])) is None
    assert seen(world, row, "vesna")["current"]["name"] == "Jonas"


def test_play_02_done_on_the_message_means_whom_the_message_shows(world: World) -> None:
    """A press belongs to the state that was looked at: the storyteller's page, or the message that all read."""
    row = conflict_with(world, "cod", hidden=True)
    go(world, row, "reveal")
    do(world, row, "mira", "move", move="done")
    public = as_the_table_sees_it(Conflict.objects.get(pk=row.pk))
    mark = next(move.mark for move in public.moves if move.move == "done")
    do(world, row, "vesna", "move", move="done", mark=mark)
    left = seen(world, row, "vesna")
    assert {turn["name"]: turn["state"] for turn in left["turns"]} == {
        "Mira": "done",
        "Assassin": "current",
        "Jonas": "done",
    }
    with refused("moved_on"):
        do(world, row, "vesna", "move", move="done", mark=mark)
    do(world, row, "vesna", "move", move="done", mark=left["mark"])
    assert seen(world, row, "vesna")["hint"] == "Everybody has acted."


def test_play_02_equal_places_leave_no_gap(world: World) -> None:
    row = conflict_with(world, "cod", hidden=True)
    go(world, row, "reveal")
    assert names(seen(world, row)) == ["Mira", "Jonas"]
    assert [turn["together"] for turn in seen(world, row)["turns"]] == [0, 1]


def test_play_02_a_conflict_of_the_hidden_alone_waits_for_them(world: World) -> None:
    row = begin(world, "20th")
    rolls(world, row, "vesna", 6, "Assassin", hidden=True)
    go(world, row, "reveal", "declare")
    assert seen(world, row, "vesna")["phase"] == "declare"
    do(world, row, "vesna", "declare", action="Strikes", participant="Assassin")
    assert seen(world, row, "vesna")["phase"] == "act"


def test_play_02_those_who_are_hidden_take_nobodys_place(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conflicts.services.entering.MAX_PARTICIPANTS", 2)
    row = conflict_with(world, "cod", hidden=True)
    assert names(seen(world, row)) == []
    rolls(world, row, "vesna", 5, "Second", hidden=True)
    for hidden in (True, False):
        with refused("too_many"), transaction.atomic():
            rolls(world, row, "vesna", 4, "Third", hidden=hidden)


def test_play_02_effects_on_the_hidden_take_nobodys_place(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conflicts.services.effects.MAX_EFFECTS", 1)
    row = conflict_with(world, "cod", hidden=True)
    do(world, row, "vesna", "effect", text="Poisoned", until="scene", participant="Assassin")
    do(world, row, "mira", "effect", text="Blinded", until="scene", participant="Mira")
    with refused("too_many"):
        do(world, row, "mira", "effect", text="Deafened", until="scene", participant="Mira")
