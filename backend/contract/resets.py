"""The reset of progress, and its undo. The names in its summaries are fixed: programs read them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from contract.base import Answer, Flag, Input, Moment
from contract.translation import N_, _

WORD = "RESET"
SCOPES = {
    "all": N_("Everything"),
    "server": N_("One server"),
    "chronicle": N_("One chronicle"),
    "season": N_("One season"),
}
ResetScope = Literal["all", "server", "chronicle", "season"]


def _typed(word: str) -> str:
    if word != WORD:
        raise ValueError(_("Type RESET, in capital letters, to confirm."))
    return word


class ResetProgress(Input):
    """Nothing at all resets everything."""

    scope: ResetScope = "all"
    id: Annotated[UUID | None, Field(description="Of the server, chronicle or season")] = None
    dry_run: Annotated[Flag, Field(description="Count only, and change nothing")] = False
    keep: Annotated[Flag, Field(description="Keep a restore point, so that it can be undone")] = True
    after: Annotated[
        UUID | None,
        Field(description="The restore point of the last reset that is known of, if there was one"),
    ] = None


class ConfirmReset(ResetProgress):
    """By a person, who has typed the word."""

    word: Annotated[str, AfterValidator(_typed), Field(max_length=20)]


class PreviewReset(Input):
    """What a reset would do, in Discord: of the server or the chronicle where it is asked, unless one is named."""

    scope: ResetScope = "all"
    season: Annotated[str | None, Field(max_length=60)] = None


class ResetSummary(Answer):
    practice_sessions_deleted: int
    paper_attempts_deleted: int
    rewards_deleted: int
    users_reset: int
    leaderboard_entries_reset: int


class ProgressReset(Answer):
    """`undo_until` is null where no restore point is kept."""

    message: str
    summary: ResetSummary
    dry_run: bool
    restore_point: UUID | None
    undo_until: Moment | None


class ResetPreview(Answer):
    """`id` is null for everything, `name` is empty then."""

    scope: ResetScope
    id: UUID | None
    name: str
    summary: ResetSummary
    undo_days: int


class UndoReset(Input):
    point: Annotated[UUID | None, Field(description="The last reset, if none is named")] = None


class RestoredSummary(Answer):
    practice_sessions_restored: int
    paper_attempts_restored: int
    rewards_restored: int
    users_restored: int
    leaderboard_entries_restored: int


class ResetUndone(Answer):
    message: str
    summary: RestoredSummary
    restore_point: UUID
