"""Submissions and notes as JSON, for one reader."""

from typing import Any

from chronicle import rights
from chronicle.principal import Principal
from desk.models import Note, Submission
from haven.house_rules import traits_of
from haven.serializers.operations import operations
from haven.utility import derived
from rules.errors import GameError
from rules.ids import entry_id
from rules.traits import work_out
from rules.visibility import Level

Row = dict[str, Any]


def submission_json(row: Submission, principal: Principal) -> dict[str, Any]:
    """`diff` is against the sheet as it is now while the submission is open, else what was applied.

    `problem` says why it cannot be approved as it stands; empty when it can.
    """
    character = derived(row.character)
    level = rights.character_level(principal, character)
    diff, problem = _difference(row, level) if row.is_open else (_applied(row, level), "")
    return {
        "id": str(row.id),
        "kind": row.kind,
        "state": row.state,
        "text": row.text,
        "character": {"id": str(character.id), "name": character.name, "version": character.version},
        "chronicle": str(row.chronicle_id),
        "author": row.author.as_json(),
        "diff": diff,
        "problem": problem,
        "reason": row.reason,
        "decided_by": row.decided_by.as_json() if row.decided_by else None,
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
        "created_at": row.created_at.isoformat(),
        "version": row.version,
        "comments": [
            {
                "id": str(comment.id),
                "author": comment.author.as_json(),
                "text": comment.text,
                "at": comment.created_at.isoformat(),
            }
            for comment in row.comments.all()
        ],
        "rights": {
            "decide": bool(row.is_open) and bool(rights.can(principal, "character.review", character)),
            "withdraw": bool(row.is_open) and principal.id == row.author_id,
        },
    }


def _difference(row: Submission, level: Level) -> tuple[list[Row], str]:
    character = row.character
    try:
        outcome = work_out(traits_of(character), character.document(), operations(row.operations), entry_id)
    except GameError as error:
        return [], error.detail
    return _rows(row, outcome.changes, outcome.labels, level), ""


def _applied(row: Submission, level: Level) -> list[Row]:
    return _rows(row, row.applied.get("changes", {}), row.applied.get("labels", {}), level)


def _rows(row: Submission, changes: dict[str, list[Any]], labels: dict[str, str], level: Level) -> list[Row]:
    return [
        {"path": path, "label": labels.get(path, path), "from": before, "to": after}
        for path, (before, after) in changes.items()
        if row.character.level_of(path) <= level
    ]


def note_json(row: Note) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "chronicle": str(row.chronicle_id),
        "character": ({"id": str(row.character.id), "name": row.character.name} if row.character else None),
        "author": row.author.as_json(),
        "title": row.title,
        "text": row.text,
        "version": row.version,
        "updated_at": row.updated_at.isoformat(),
    }
