"""The reset of progress and its undo, for admins, by name, with input and answer."""

from typing import TypeVar
from uuid import UUID

from django.conf import settings

from chronicle import rights
from chronicle.call import Call
from contract import endpoints
from contract import resets as shapes
from contract.endpoints import Shape
from contract.translation import _
from progress.models import Season
from progress.services import restore_points
from progress.services.reset import Reset, reset
from progress.services.scopes import Scope
from progress.services.undo import undo
from rules.errors import NotFound
from timeline.operations import Operation

ResetT = TypeVar("ResetT", bound=shapes.ResetProgress)
# As the specification has it, in every language: programs read it.
DONE = "All progress data reset successfully"
DONE_OF_ONE = "Progress data of {name} reset successfully"
COUNTED = "Dry run: nothing was changed"
UNDONE = "Progress data restored successfully"


def _require(call: Call) -> None:
    rights.can(call.principal, "progress.reset").require()


def _know_last(call: Call, given: ResetT) -> ResetT:
    """Before the transaction: whatever is reset from here on refuses this one."""
    _require(call)
    return given if given.after else given.model_copy(update={"after": restore_points.last_id()})


def _reset(call: Call, given: shapes.ResetProgress) -> shapes.ProgressReset:
    """Reset the progress of everybody, or what was earned in one server, chronicle or season. For admins.

    Deletes practice, sat exams and badges, zeroes points, streaks and boards; accounts, profiles, certificates,
    sessions and attendance stay.
    """
    _require(call)
    scope = Scope.of(given.scope, given.id)
    after = given.after or restore_points.last_id()
    done = reset(scope, call.cause, after=after, dry_run=given.dry_run, keep=given.keep)
    message = DONE if scope.is_all else DONE_OF_ONE.format(name=scope.name)
    return shapes.ProgressReset(
        message=COUNTED if given.dry_run else message,
        summary=_summary(done),
        dry_run=given.dry_run,
        restore_point=done.point.pk if done.point and done.undo_until else None,
        undo_until=done.undo_until,
    )


def _summary(done: Reset) -> shapes.ResetSummary:
    return shapes.ResetSummary(**{name: done.counts[step] for name, step in SUMMARY.items()})


SUMMARY = {
    "practice_sessions_deleted": "practice_sessions",
    "paper_attempts_deleted": "paper_attempts",
    "rewards_deleted": "rewards",
    "users_reset": "users",
    "leaderboard_entries_reset": "leaderboard_entries",
}


def _preview(call: Call, given: shapes.PreviewReset) -> shapes.ResetPreview:
    """Count what a reset would take away. For admins."""
    _require(call)
    scope = Scope.of(given.scope, _meant(call, given))
    counted = reset(scope, call.cause, after=restore_points.last_id(), dry_run=True)
    return shapes.ResetPreview(
        scope=given.scope,
        id=None if scope.is_all else scope.id,
        name=scope.name,
        summary=_summary(counted),
        undo_days=settings.RESET_UNDO_DAYS,
    )


def _meant(call: Call, given: shapes.PreviewReset) -> UUID | None:
    """The server or chronicle where a command was given, or a season of that server. Raises NotFound."""
    if given.scope == "server":
        return call.server_for(None).pk
    if given.scope == "chronicle":
        return call.chronicle_for(None).pk
    if given.scope == "season":
        named = Season.objects.filter(server=call.server_for(None), name__iexact=given.season or "")
        if (season := named.order_by("-starts").first()) is None:
            raise NotFound(_("There’s no such season."))
        return season.pk
    return None


def _know_point(call: Call, given: shapes.UndoReset) -> shapes.UndoReset:
    """Before the transaction: who asks twice at once undoes one reset, not two."""
    _require(call)
    return given if given.point else given.model_copy(update={"point": restore_points.to_undo().pk})


def _undo(call: Call, given: shapes.UndoReset) -> shapes.ResetUndone:
    """Undo the last reset, while its restore point is kept. What was earned since stays. For admins."""
    _require(call)
    done = undo(given.point or restore_points.to_undo().pk, call.cause)
    return shapes.ResetUndone(
        message=UNDONE,
        summary=shapes.RestoredSummary(**{f"{step}_restored": count for step, count in done.counts.items()}),
        restore_point=done.point.pk,
    )


RESET = Operation(
    "progress.reset",
    Shape(shapes.ResetProgress, shapes.ProgressReset),
    _reset,
    right="progress.reset",
    prepare=_know_last,
)
CONFIRM_RESET = Operation(
    "progress.confirm_reset", endpoints.CONFIRM_RESET, _reset, right="progress.reset", prepare=_know_last
)
PREVIEW_RESET = Operation(
    "progress.preview_reset", endpoints.PREVIEW_RESET, _preview, right="progress.reset", reads=True
)
UNDO_RESET = Operation(
    "progress.undo_reset", endpoints.UNDO_RESET, _undo, right="progress.reset", prepare=_know_point
)
