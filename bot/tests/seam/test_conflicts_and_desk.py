"""Conflicts and the storyteller's desk, between rodbot's real client and the real backend."""

from typing import Any

import pytest

from contract import conflicts, desk, endpoints
from contract.base import JsonObject
from rodbot.core.backend import BackendError
from tests.seam.conftest import GUILD, Mirror, Who
from tests.seam.test_characters import REQUIRED


async def test_a_conflict_goes_from_its_start_to_its_end(
    sync: Mirror, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    start = conflicts.StartConflict(title="Ambush", kind="20th")
    assert (await olga().call(endpoints.START_CONFLICT, start)).conflict.title == "Ambush"
    roll = conflicts.RollInitiative(name="A guard", rating=5, modifier=1)
    entered = await olga().call(endpoints.ROLL_INITIATIVE, roll)
    (guard,) = entered.conflict.participants
    assert guard.id == entered.participant
    assert guard.roll is not None
    assert guard.roll.value == guard.roll.dice[0] + 6
    with pytest.raises(BackendError) as error:
        await olga().call(endpoints.JOIN_CONFLICT, conflicts.JoinConflict(name="Newcomer"))
    assert error.value.code == "not_rolled"
    hidden = conflicts.ParticipantChanges(hidden=True)
    change = conflicts.ChangeParticipant(participant=guard.id, changes=hidden)
    changed = await olga().call(endpoints.CHANGE_PARTICIPANT, change)
    assert changed.conflict.participants[0].hidden
    table = await olga().call(endpoints.GET_CONFLICT, conflicts.GetConflict(table=True))
    assert table.conflict.participants == []
    fog = conflicts.AddEffect(text="Fog", until="scene")
    effect = (await olga().call(endpoints.ADD_EFFECT, fog)).effect
    assert effect is not None
    lifted = await olga().call(endpoints.LIFT_EFFECT, conflicts.LiftEffect(effect=effect))
    assert lifted.conflict.effects == []
    await olga().call(endpoints.ADD_EFFECT, fog)
    passed = await olga().call(endpoints.PASS_TIME, conflicts.PassTime(passed="scene"))
    assert [ended.text for ended in passed.ended] == ["Fog"]
    for move in ("reveal", "declare"):
        moved = await olga().call(endpoints.MOVE_CONFLICT, conflicts.MoveConflict(move=move))
    assert moved.conflict.phase == "declare"
    declared = await olga().call(endpoints.DECLARE, conflicts.Declare(action="Run", participant=guard.id))
    assert [turn.action for turn in declared.conflict.turns] == ["Run"]
    left = await olga().call(endpoints.LEAVE_CONFLICT, conflicts.LeaveConflict(participant=guard.id))
    assert left.conflict.participants == []
    ended = await olga().call(endpoints.MOVE_CONFLICT, conflicts.MoveConflict(move="end"))
    assert not ended.conflict.open


async def test_submissions_are_made_discussed_and_decided(
    sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    made = await nadia().characters.create("vampire5th", "Desk Duck", REQUIRED)
    hungrier: JsonObject = {"path": "hunger", "op": "adjust", "value": 1}
    submit = desk.Submit(character=made.character.name, changes=[hungrier], text="It was a long night")
    submitted = await nadia().call(endpoints.SUBMIT, submit)
    named = desk.NamedSubmission(submission=submitted.id)
    waiting = await olga().call(endpoints.LIST_WAITING, desk.ListWaiting())
    assert submitted.id in [row.id for row in waiting.results]
    comment = desk.CommentOn(submission=submitted.id, text="How long?")
    commented = await olga().call(endpoints.COMMENT, comment)
    assert [row.text for row in commented.submission.comments] == ["How long?"]
    seen = await nadia().call(endpoints.GET_SUBMISSION, named)
    assert [(change.path, change.after) for change in seen.submission.diff] == [("hunger", 2)]
    assert seen.submission.rights.withdraw
    approved = await olga().call(endpoints.APPROVE, named)
    assert approved.submission.state == "approved"
    again = await nadia().call(endpoints.SUBMIT, submit)
    back = desk.SendBack(submission=again.id, reason="Not so soon")
    returned = await olga().call(endpoints.SEND_BACK, back)
    assert (returned.submission.state, returned.submission.reason) == ("returned", "Not so soon")
    again = await nadia().call(endpoints.SUBMIT, submit)
    withdrawn = await nadia().call(endpoints.WITHDRAW, desk.NamedSubmission(submission=again.id))
    assert withdrawn.submission.state == "withdrawn"


async def test_the_desk_shows_who_is_there_and_notes_are_kept(
    sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    made = await nadia().characters.create("vampire5th", "Desk Drake", REQUIRED)
    found = await olga().call(endpoints.GET_DESK, desk.GetDesk(search="Desk Drake"))
    assert [(row.name, row.owner.name, row.locked) for row in found.characters] == [
        ("Desk Drake", "nadia", False)
    ]
    award = desk.Award(characters=[made.character.name], amount=2, reason="For the play")
    assert [row.character.name for row in (await olga().call(endpoints.AWARD, award)).changes] == [
        made.character.name
    ]
    note = await olga().call(
        endpoints.ADD_NOTE,
        desk.AddNote(title="Owes a boon", text="To the prince", character=made.character.name),
    )
    listed = await olga().call(endpoints.LIST_NOTES, desk.ListNotes(character=made.character.name))
    assert [row.title for row in listed.results] == ["Owes a boon"]
    removed = await olga().call(endpoints.REMOVE_NOTE, desk.RemoveNote(note=note.id))
    assert removed.note.title == "Owes a boon"
