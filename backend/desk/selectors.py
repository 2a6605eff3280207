"""Read all characters of a chronicle and what waits for its storytellers, in a constant number of queries."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet

from chronicle import rights
from chronicle.models import Chronicle
from chronicle.principal import Principal
from contract import desk as shapes
from desk.models import Submission
from desk.serializers import submission_for
from desk.services.submissions import rows as submission_rows
from haven.models import Character
from haven.selectors import alive
from haven.serializers.character import brief
from haven.utility import derived, name_key
from rules.text import clean

PAGE = 200


@dataclass(frozen=True)
class Filters:
    """Empty means any. `state` is `locked`, `unlocked`, `waiting` (for a storyteller), or a status."""

    search: str = ""
    splat: str = ""
    state: str = ""


def desk(
    principal: Principal,
    chronicle: Chronicle,
    filters: Filters | None = None,
    page: int = 1,
    size: int = PAGE,
) -> shapes.Desk:
    """Read the desk: characters as lists show them, by name."""
    rights.can(principal, "chronicle.characters", chronicle).require()
    waiting = list(submission_rows().filter(chronicle=chronicle, is_open=True).order_by("id")[:PAGE])
    pages = Paginator(_found(chronicle, filters or Filters()), size)
    shown = pages.get_page(page)
    by_character = {row.character_id: row.id for row in waiting}
    return shapes.Desk(
        url=f"{settings.SITE_URL}/chronicles/{chronicle.id}/desk/",
        characters=[_line(principal, character, by_character.get(character.id)) for character in shown],
        total=pages.count,
        pages=pages.num_pages,
        submissions=[submission_for(row, principal) for row in waiting],
    )


def _line(principal: Principal, row: Character, submission: UUID | None) -> shapes.DeskCharacter:
    character = derived(row)
    level = rights.character_level(principal, character)
    return shapes.DeskCharacter(
        **dict(brief(character, level)), submission=submission, locked=character.locked
    )


def _found(chronicle: Chronicle, filters: Filters) -> QuerySet[Character]:
    characters = alive().filter(chronicle=chronicle).order_by("name_key", "id")
    words = clean(filters.search, 50)
    if words:
        characters = characters.filter(
            Q(name_key__contains=name_key(words)) | Q(owner__global_name__icontains=words)
        )
    if filters.splat:
        characters = characters.filter(splat=clean(filters.splat, 30))
    if filters.state in ("locked", "unlocked"):
        return characters.filter(locked=filters.state == "locked")
    if filters.state == "waiting":
        return characters.filter(submissions__is_open=True)
    return characters.filter(status=clean(filters.state, 10)) if filters.state else characters


def of_character(principal: Principal, character: Character) -> list[shapes.Submission]:
    """Return a character's last ten submissions, the newest first, for its player and storytellers."""
    if not rights.can(principal, "character.propose", character):
        return []
    submissions = submission_rows().filter(character_id=character.id).order_by("-id")[:10]
    return [submission_for(row, principal) for row in submissions]


def waiting(principal: Principal, chronicle: Chronicle) -> list[Submission]:
    """Return the open submissions, the oldest first."""
    rights.can(principal, "chronicle.characters", chronicle).require()
    return list(submission_rows().filter(chronicle=chronicle, is_open=True).order_by("id")[:PAGE])


def active_ids(principal: Principal, chronicle: Chronicle) -> list[UUID]:
    """Return the ids of all active characters: the recipients of an award to the whole chronicle."""
    rights.can(principal, "chronicle.tell", chronicle).require()
    return list(alive().filter(chronicle=chronicle, status="active").values_list("id", flat=True))
