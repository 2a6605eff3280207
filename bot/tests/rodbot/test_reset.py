"""`/progress reset`: a look at what would go, a form that asks for the word, a button that undoes it."""

from datetime import timedelta
from uuid import UUID

import pytest

from contract.refusals import Refusal
from contract.resets import ProgressReset, ResetPreview, ResetSummary, ResetUndone, RestoredSummary
from rodbot.client import RodBot
from sandbox.person import Person
from tests.rodbot.contract import NOW
from tests.rodbot.fake_backend import FakeBackend

PLACE = UUID("01930000-0000-7000-8000-000000000007")
POINT = UUID("01930000-0000-5000-8000-000000000008")
SUMMARY = ResetSummary(
    practice_sessions_deleted=12,
    paper_attempts_deleted=1,
    rewards_deleted=3,
    users_reset=4,
    leaderboard_entries_reset=8,
)
EVERYTHING = ResetPreview(scope="all", id=None, name="", summary=SUMMARY, undo_days=7)
COURT = ResetPreview(scope="server", id=PLACE, name="Night Court", summary=SUMMARY, undo_days=1)
DONE = ProgressReset(
    message="All progress data reset successfully",
    summary=SUMMARY,
    dry_run=False,
    restore_point=POINT,
    undo_until=NOW + timedelta(days=7),
)
NONE_BACK = RestoredSummary(
    practice_sessions_restored=12,
    paper_attempts_restored=1,
    rewards_restored=3,
    users_restored=4,
    leaderboard_entries_restored=8,
)


@pytest.mark.req("S001-71")
async def test_an_admin_sees_what_would_go_types_the_word_and_undoes_it(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    fake.answers.append((200, EVERYTHING))
    reply = await mira.slash("progress reset")
    assert reply.ephemeral
    assert "everybody, on every server" in reply.content
    assert "• 12 drills\n• 1 exam that was sat\n• 3 badges" in reply.content
    assert "You can undo it for 7 days." in reply.content

    form = await mira.click(reply, "Reset…")
    fake.answers.append((200, DONE))
    reply = await mira.submit(form, {"word": "RESET"})
    assert fake.requests[-1].path == "/bot/progress/reset"
    assert (fake.requests[-1].body["scope"], fake.requests[-1].body["word"]) == ("all", "RESET")
    assert fake.requests[-1].body.get("id") is None
    assert "Progress was reset." in reply.content

    fake.answers.append((200, ResetUndone(message="", summary=NONE_BACK, restore_point=POINT)))
    reply = await mira.click(reply, "Undo the reset")
    assert fake.requests[-1].body["point"] == str(POINT)
    assert "The reset was undone." in reply.content


async def test_another_word_is_refused_before_the_backend_is_asked(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    fake.answers.append((200, COURT))
    reply = await mira.slash("progress reset", options={"scope": "server"})
    assert "the progress in “Night Court”" in reply.content
    asked = len(fake.requests)
    for word in ("reset", "RESET now", "Reset"):
        form = await mira.click(reply, "Reset…")
        refused = await mira.submit(form, {"word": word})
        assert "Type RESET, in capital letters" in refused.content
    assert len(fake.requests) == asked

    form = await mira.click(reply, "Reset…")
    fake.answers.append((200, DONE))
    await mira.submit(form, {"word": "RESET"})
    assert fake.requests[-1].body["id"] == str(PLACE)


async def test_who_is_no_admin_is_told_so(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    fake.answers.append(
        (403, Refusal(code="not_allowed", detail="Only admins of this platform can reset progress."))
    )
    reply = await mira.slash("progress reset")
    assert "Only admins of this platform can reset progress." in reply.content
