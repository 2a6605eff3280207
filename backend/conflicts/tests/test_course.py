"""A conflict from its beginning to its end, each step one event, and back."""

import pytest

from conflicts.models import Conflict
from conflicts.selectors import listed
from conflicts.services import running
from conflicts.services.common import resolve
from conflicts.tests.kit import begin, call, do, enter, events, go, names, refused, rolls, seen, start
from contract.conflicts import MoveConflict
from haven.tests.kit import make, sets
from testing.personas import TRACKER_CHANNEL, World
from timeline.models import Event


def three(world: World) -> Conflict:
    row = begin(world)
    rolls(world, row, "mira", 4)
    rolls(world, row, "jonas", 9, extra_actions=1)
    rolls(world, row, "vesna", 6, "Sheriff")
    return row


def test_a_round_of_the_20th_edition(world: World) -> None:
    row = three(world)
    assert [participant["roll"] for participant in seen(world, row)["participants"]][1:] == [
        None,
        None,
    ], "not revealed yet"
    go(world, row, "reveal")
    assert names(seen(world, row)) == ["Jonas", "Sheriff", "Mira", "Jonas"]
    assert seen(world, row)["participants"][1]["roll"]["text"] == "9 + 5 = 14"
    go(world, row, "declare")
    body = seen(world, row)
    assert (body["current"]["name"], body["mention"]) == ("Mira", world.mira.discord_id)
    do(world, row, "mira", "declare", action="Hides behind the bar")
    do(world, row, "vesna", "declare", action="Draws")
    do(world, row, "jonas", "declare", action="Runs")
    do(world, row, "jonas", "declare", action="Runs on")
    assert seen(world, row)["phase"] == "act"
    do(world, row, "jonas", "move", move="done")
    body = seen(world, row)
    assert [turn["state"] for turn in body["turns"]] == ["done", "current", "waiting", "waiting"]
    assert body["turns"][2]["action"] == "Hides behind the bar"
    go(world, row, "done", "skip", "done", "next_same")
    assert (seen(world, row)["round"], seen(world, row)["phase_label"]) == (2, "Join the next round")
    do(world, row, "mira", "join", name="Mira")
    do(world, row, "vesna", "join", everybody=True)
    go(world, row, "reveal", "end")
    body = seen(world, row)
    assert (body["open"], body["phase"], body["moves"]) == (False, "ended", [])


@pytest.mark.engine
def test_every_step_is_one_event_with_a_version(world: World) -> None:
    row = three(world)
    go(world, row, "reveal", "declare", "skip", "end")
    found = events(row)
    assert [event.version for event in found] == list(range(1, 9))
    assert [event.type for event in found] == [
        "conflict.started",
        *("conflict.rolled",) * 3,
        "conflict.revealed",
        "conflict.declaring",
        "conflict.skipped",
        "conflict.ended",
    ]
    assert {event.stream_id for event in found} == {world.chronicle.id}


def test_every_step_can_be_taken_back_to_the_first(world: World) -> None:
    row = begin(world)
    states = [row.paths]

    def keep() -> None:
        states.append(Conflict.objects.get(pk=row.pk).paths)

    for who, number in (("mira", 4), ("jonas", 9)):
        rolls(world, row, who, number)
        keep()
    do(world, row, "vesna", "effect", text="Smoke", until="turns", turns=1)
    keep()
    for move in ("reveal", "declare", "skip", "skip", "next_new", "end"):
        go(world, row, move)
        keep()
    while len(states) > 1:
        states.pop()
        go(world, row, "rewind")
        assert Conflict.objects.get(pk=row.pk).paths == states[-1]
    assert seen(world, row)["open"]
    with refused("nothing_to_rewind"):
        go(world, row, "rewind")


@pytest.mark.engine
def test_a_step_after_a_step_back_can_be_taken_back_too(world: World) -> None:
    row = three(world)
    go(world, row, "reveal", "rewind", "reveal", "declare", "rewind", "rewind")
    assert seen(world, row)["phase"] == "gather"
    undone = Event.objects.filter(entity_id=row.id).exclude(undoes=None)
    assert undone.count() == 3


def test_the_end_is_taken_back_unless_another_one_runs_here(world: World) -> None:
    row = three(world)
    go(world, row, "end")
    other = begin(world)
    with refused("conflict_running"):
        go(world, row, "rewind")
    go(world, other, "end")
    go(world, row, "rewind")
    assert Conflict.objects.get(pk=row.pk).is_open
    assert Conflict.objects.get(pk=row.pk).ended_at is None


@pytest.mark.engine
def test_one_runs_in_a_channel(world: World) -> None:
    row = begin(world)
    with refused("conflict_running"):
        begin(world)
    with refused("conflict_running"):
        begin(world, replace="0190b5c8-0000-7000-8000-000000000000")
    newer = begin(world, replace=row.id)
    assert not seen(world, row)["open"]
    assert seen(world, newer)["open"]
    elsewhere = start(world, "cod", TRACKER_CHANNEL)
    assert seen(world, elsewhere)["channel_id"] == TRACKER_CHANNEL
    assert [conflict.open for conflict in listed(world.principal("mira"), world.chronicle)] == [
        True,
        True,
        False,
    ]


def test_what_is_replaced_may_be_over_or_gone_already(world: World) -> None:
    row = begin(world)
    go(world, row, "end")
    assert seen(world, begin(world, replace=row.id))["open"]


@pytest.mark.engine
def test_the_kind_follows_the_edition_of_the_server(world: World) -> None:
    world.server.edition = "cod"
    world.server.save()
    world.chronicle.refresh_from_db()
    assert start(world).kind == "cod"
    with refused("invalid"):
        start(world, "ars magica", "")
    for title in ("x" * 101, ["x"]):
        with refused("invalid"):
            start(world, "cod", "", title=title)
    with refused("invalid"):
        start(world, ["cod"], "")


def test_adventurers_roll_a_twenty_sided_die_and_their_bonus(world: World) -> None:
    world.server.edition = "fantasy"
    world.server.save()
    world.chronicle.refresh_from_db()
    row = start(world)
    assert row.kind == "fantasy"
    make(world, splat="fantasy", operations=sets(dexterity=16, initiative=2))
    make(world, "Slow", who="jonas", splat="fantasy", operations=sets(dexterity=8))
    enter(world, "mira", row, None, [17])
    enter(world, "jonas", row, None, [20])
    go(world, row, "reveal")
    texts = [participant["roll"]["text"] for participant in seen(world, row)["participants"]]
    assert texts == ["17 + 5 = 22", "20 − 1 = 19"]


def test_a_stale_mark_is_refused(world: World) -> None:
    row = three(world)
    go(world, row, "reveal", "declare")
    mark = seen(world, row)["mark"]
    do(world, row, "vesna", "move", move="skip", mark=mark)
    with refused("moved_on"):
        do(world, row, "vesna", "move", move="skip", mark=mark)
    with refused("moved_on"):
        do(world, row, "vesna", "move", move="rewind", mark=mark)


def test_two_who_step_back_together_go_one_step(world: World) -> None:
    row = three(world)
    back = seen(world, row, "vesna")["moves"][-1]
    assert back["move"] == "rewind"
    do(world, row, "vesna", "move", move="rewind", mark=back["mark"])
    with refused("moved_on"):
        do(world, row, "olga", "move", move="rewind", mark=back["mark"])


def test_rolling_does_not_make_a_button_stale(world: World) -> None:
    row = begin(world)
    mark = seen(world, row)["mark"]
    rolls(world, row, "mira", 4)
    do(world, row, "vesna", "move", move="reveal", mark=mark)


@pytest.mark.engine
def test_the_end_of_this_channel_is_taken_back_whatever_runs_on_the_web(world: World) -> None:
    start(world, "cod", "")
    row = begin(world)
    go(world, row, "end")
    assert running.rewind(call(world), MoveConflict(move="rewind")).conflict.id == row.id
    go(world, row, "end")
    later = start(world, "cod", "")
    go(world, Conflict.objects.exclude(pk__in=[row.id, later.id]).get(), "end")
    rolls(world, later, "mira", 3)
    assert running.rewind(call(world), MoveConflict(move="rewind")).conflict.id == later.id


def test_without_a_channel_the_only_one_of_the_web_is_meant(world: World) -> None:
    row = start(world, "20th", "")
    assert resolve(call(world, "mira"), None).id == row.id
    start(world, "20th", "")
    with refused("no_conflict"):
        resolve(call(world, "mira"), None)


@pytest.mark.req("S000-40")
def test_it_can_be_switched_off(world: World) -> None:
    row = begin(world)
    world.server.features = {"conflicts": False}
    world.server.save()
    with refused("feature_off"):
        rolls(world, row, "mira", 4)
    world.chronicle.refresh_from_db()
    with refused("feature_off"):
        begin(world)
