"""Submissions and notes as one reader sees them."""

from collections.abc import Mapping

from chronicle import rights
from chronicle.principal import Principal
from contract import desk as shapes
from contract.base import Json
from desk.models import Note, Submission
from desk.outcome import outcome_now
from haven.choices import choices_among
from haven.utility import derived
from rules.errors import GameError
from rules.visibility import Level

Changes = Mapping[str, list[Json]]


def submission_for(row: Submission, principal: Principal) -> shapes.Submission:
    character = derived(row.character)
    level = rights.character_level(principal, character)
    diff, problem = _difference(row, level) if row.is_open else (_applied(row, level), "")
    return shapes.Submission.from_object(
        row,
        character=character,
        chronicle=row.chronicle_id,
        author=row.author.as_person(),
        diff=diff,
        problem=problem,
        decided_by=row.decided_by.as_person() if row.decided_by else None,
        comments=[
            shapes.Comment.from_object(comment, author=comment.author.as_person(), at=comment.created_at)
            for comment in row.comments.all()
        ],
        rights=shapes.SubmissionRights(
            decide=bool(row.is_open) and bool(rights.can(principal, "character.review", character)),
            withdraw=bool(row.is_open) and principal.id == row.author_id,
        ),
    )


def _difference(row: Submission, level: Level) -> tuple[list[shapes.Difference], str]:
    try:
        outcome = outcome_now(row, row.asked())
    except GameError as error:
        return [], error.detail
    return _rows(row, outcome.changes, outcome.labels, level), ""


def _applied(row: Submission, level: Level) -> list[shapes.Difference]:
    return _rows(row, row.applied.get("changes", {}), row.applied.get("labels", {}), level)


def _rows(
    row: Submission, changes: Changes, labels: Mapping[str, str], level: Level
) -> list[shapes.Difference]:
    return [
        shapes.Difference(
            path=path,
            label=labels.get(path, path),
            edition=derived(row.character).edition,
            before=before,
            after=after,
            is_choice=bool(choices_among(row.character.splat, [path])),
        )
        for path, (before, after) in changes.items()
        if row.character.level_of(path) <= level
    ]


def note_for(row: Note) -> shapes.Note:
    return shapes.Note.from_object(row, chronicle=row.chronicle_id, author=row.author.as_person())
