"""Nobody can tell from what they see, or from what they are refused, that a hidden participant takes part."""

from typing import Any

import pytest
from django.db import transaction

from chronicle.services import hold_role
from conflicts.models import Conflict
from conflicts.serializers import as_the_table_sees_it
from conflicts.tests.kit import begin, do, events, go, names, refused, rolls, seen
from gateway.access import Viewer
from haven.tests.kit import make
from rules.errors import GameError
from testing.community import create_role
from testing.personas import SYSTEM, World
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
    plain = {name: value for name, value in found.items() if name not in ("id", "url", "mark", "started_at")}
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


def let_run(world: World, who: str) -> None:
    """By a role that lets them run conflicts, and no more."""
    by: dict[str, Any] = {"principal": world.principal("olga"), "cause": SYSTEM}
    role = create_role(world.server, {"name": "Runner", "permissions": {"run_conflicts": "allow"}}, **by)
    hold_role(role, getattr(world, who).pk, True, **by)


def shown_version(world: World, row: Conflict, who: str = "mira") -> int:
    return int(seen(world, row, who)["version"])


@pytest.mark.parametrize("hide", [True, False])
def test_play_02_who_is_hidden_or_shown_is_a_step_for_the_table(world: World, hide: bool) -> None:
    row = begin(world)
    rolls(world, row, "vesna", 6, "Assassin", hidden=not hide)
    before = shown_version(world, row)
    do(world, row, "vesna", "change", participant="Assassin", changes={"hidden": hide})
    event = events(row)[-1]
    frame = frames.frame(event, Viewer(str(world.mira.id), member=True).level(event.subject["owner"]))
    assert frame is not None
    assert frame["version"] == frame["fields"]["step"] == shown_version(world, row) == before + 1
    assert ("Assassin" in str(frame)) is not hide


def test_play_02_the_tables_step_back_takes_what_came_after_it_along(world: World) -> None:
    row = conflict_with(world, "cod", hidden=True)
    go(world, row, "reveal")
    do(world, row, "mira", "move", move="done")
    table = as_the_table_sees_it(Conflict.objects.get(pk=row.pk))
    mark = next(move.mark for move in table.moves if move.move == "rewind")
    do(world, row, "vesna", "move", move="done", participant="Assassin")
    assert as_the_table_sees_it(Conflict.objects.get(pk=row.pk)) == table
    do(world, row, "vesna", "move", move="rewind", mark=mark)
    assert {turn["state"] for turn in seen(world, row, "vesna")["turns"]} == {"current", "waiting"}
    with refused("moved_on"):
        do(world, row, "vesna", "move", move="rewind", mark=mark)


def test_play_02_a_storytellers_step_back_is_the_last_step_of_all(world: World) -> None:
    row = conflict_with(world, "cod", hidden=True)
    go(world, row, "reveal")
    do(world, row, "mira", "move", move="done")
    do(world, row, "vesna", "move", move="done", participant="Assassin")
    mark = next(move["mark"] for move in seen(world, row, "vesna")["moves"] if move["move"] == "rewind")
    do(world, row, "vesna", "move", move="rewind", mark=mark)
    assert seen(world, row, "vesna")["current"]["name"] == "Assassin"
    with refused("moved_on"):
        do(world, row, "vesna", "move", move="rewind", mark=mark)


def test_play_02_a_hidden_step_alone_offers_the_table_no_step_back(world: World) -> None:
    row = begin(world)
    rolls(world, row, "vesna", 6, "Assassin", hidden=True)
    assert "rewind" not in [move.move for move in as_the_table_sees_it(Conflict.objects.get(pk=row.pk)).moves]


def test_play_02_their_own_hidden_character_is_not_there_for_a_player(world: World) -> None:
    """They enter, leave and act as if nobody had hidden it."""
    row, owl = begin(world, "cod"), make(world)
    rolls(world, row, "vesna", 6, str(owl.pk), hidden=True)
    assert names(seen(world, row), "participants") == []
    with refused("no_participant"):
        do(world, row, "mira", "leave")
    entered = rolls(world, row, "mira", 9, str(owl.pk))
    assert [person["id"] for person in seen(world, row)["participants"]] == [entered.participant]
    go(world, row, "reveal")
    do(world, row, "mira", "move", move="done")
    with refused("already_declared"):
        do(world, row, "mira", "move", move="done")
    assert len(seen(world, row, "vesna")["participants"]) == 2


def test_play_02_who_only_runs_the_conflict_sees_and_undoes_what_the_table_sees(world: World) -> None:
    """Running conflicts can be allowed to a player: that shows nobody who is hidden."""
    row = conflict_with(world, "cod", hidden=True)
    do(world, row, "vesna", "effect", text="Unseen", until="scene", participant="Assassin")
    let_run(world, "jonas")
    go(world, row, "reveal", who="jonas")
    do(world, row, "mira", "move", move="done")
    do(world, row, "jonas", "move", move="done")
    states = {turn["name"]: turn["state"] for turn in seen(world, row, "vesna")["turns"]}
    assert states == {"Mira": "done", "Assassin": "current", "Jonas": "done"}
    do(world, row, "vesna", "move", move="done", participant="Assassin")
    go(world, row, "rewind", who="jonas")
    states = {turn["name"]: turn["state"] for turn in seen(world, row, "vesna")["turns"]}
    assert states == {"Mira": "done", "Assassin": "current", "Jonas": "waiting"}
    ended = do(world, row, "jonas", "move", move="end")
    assert ended["conflict"]["notices"] == []
