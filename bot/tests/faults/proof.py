"""What must hold after any storm: the log is the truth, and everybody agrees with it."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.faults.plan import ONCE, Outcome, intended
from tests.faults.viewers import Viewer, fold

State = dict[str, Any]
# What differs between two lines about the same.
VALUES = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


def nothing_lost_or_doubled(outcomes: Iterable[Outcome], state: State, complete: bool = True) -> int:
    """Every accepted deed is one event, a retry got the same one; returns how many were accepted.

    `complete`: every change there is comes from one of these outcomes.
    """
    events = {event["id"] for event in state["events"] if event["type"] == "character.updated"}
    accepted: dict[str, str] = {}
    for outcome in outcomes:
        key, answers = outcome.deed.key, [body for status, body in outcome.answers if status < 300]
        named = {body["event"]["id"] for body in answers if body["event"]}
        assert len(named) <= 1, f"{key} was applied {len(named)} times: {outcome.answers}"
        assert all(status < 500 for status, _ in outcome.answers), (key, outcome.answers)
        refused = {body["code"] for status, body in outcome.answers if status >= 300}
        if answers and refused:
            # A refusal is not kept. Of two at once one may come too early, when there is nothing to take back yet.
            assert outcome.deed.sent != ONCE, outcome
            assert refused <= {"nothing_to_undo", "undo_blocked"}, outcome
        if answers:
            assert all(kept_of(body) == kept_of(answers[0]) for body in answers), f"{key}: two answers differ"
        for event_id in named:
            assert event_id in events, f"{key} was accepted and is lost"
            assert event_id not in accepted, f"{key} and {accepted[event_id]} have the same event"
            accepted[event_id] = key
    if complete:
        unknown = events - accepted.keys()
        assert not unknown, f"{len(unknown)} events that nobody was told of"
    return len(accepted)


def kept_of(answer: dict[str, Any]) -> list[Any]:
    """What a retry tells again as it was; the card, and whether it is undone by now, are those of the moment."""
    event = answer["event"]
    return [event and {**event, "undone_by": None}, answer.get("notices")]


def numbers_have_no_gap(state: State, numbers: dict[str, Any]) -> None:
    assert numbers["seqs"] == list(range(1, numbers["head"] + 1))
    assert [event["version"] for event in state["events"]] == list(range(1, state["version"] + 1))


def log_makes_state(state: State, outcomes: Iterable[Outcome] = ()) -> None:
    """Each event starts from what the one before left, does what was asked, and all of them make the document."""
    deeds = {outcome.event["id"]: outcome.deed for outcome in outcomes if outcome.event}
    fields: dict[str, Any] = {}
    by_id = {event["id"]: event for event in state["events"]}
    changes = [
        event for event in state["events"] if event["type"] in ("character.created", "character.updated")
    ]
    for number, event in enumerate(changes):
        for path, (before, _) in event["changes"].items():
            if number:
                assert before == at(fields, path), (event["seq"], path, before, at(fields, path))
        fold(fields, {path: after for path, (_, after) in event["changes"].items()})
        deed = deeds.get(event["id"])
        if deed is not None and deed.op != "undo":
            before, after = event["changes"][deed.path]
            assert after == intended(deed, before), (deed, event["changes"])
        if event["undoes"]:
            target = by_id[event["undoes"]]["changes"]
            assert {path: pair[1] for path, pair in event["changes"].items()} == {
                path: pair[0] for path, pair in target.items() if pair[0] != pair[1]
            }
    assert fields == state["full"]


def at(fields: dict[str, Any], path: str) -> Any:
    node: Any = fields
    for name in path.split("."):
        node = node.get(name) if isinstance(node, dict) else None
    return node


def viewer_agrees(viewer: Viewer, character: str, state: State, level: str = "brief") -> None:
    """What it folded is what the database holds: of a sheet all, else what the card of its `level` shows."""
    seen = viewer.characters[character]
    assert seen["version"] == state["version"]
    wanted = state["full"] if viewer.sheet == character else state[level]
    wrong = {slug: (seen["fields"].get(slug), value) for slug, value in wanted.items()}
    wrong = {slug: (seen, wanted) for slug, (seen, wanted) in wrong.items() if seen != wanted}
    assert not wrong, f"{slug_of(viewer, character)} shows otherwise than the database: {wrong}"


def slug_of(viewer: Viewer, character: str) -> str:
    return "the sheet" if viewer.sheet == character else "the card"


def got_exactly(viewer: Viewer, seqs: Iterable[int]) -> None:
    """These events, in this order, none twice."""
    wanted = list(seqs)
    assert viewer.seqs == wanted, f"missing {set(wanted) - set(viewer.seqs)}, {len(viewer.seqs)} came"


def log_is_quiet(log: str) -> None:
    """No traceback, and about the same trouble one line a minute, from each process."""
    last: dict[tuple[Any, ...], datetime] = {}
    for line in log.splitlines():
        if not line.startswith("{"):
            continue
        entry = json.loads(line)
        if entry["logger"] == "monitoring.slow_queries":  # the machine is busy
            continue
        words = VALUES.sub("#", entry["message"].partition(":")[0])
        about, when = (entry["process"], entry["logger"], words), datetime.fromisoformat(entry["time"])
        assert about not in last or (when - last[about]).total_seconds() > 59, line
        last[about] = when
    no_traceback(log)


def no_traceback(log: str) -> None:
    assert [line for line in log.splitlines() if "Traceback" in line] == []
