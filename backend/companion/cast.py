"""A character as the public sees it, now or at an earlier moment."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from companion.models import Appearance, Campaign
from contract.base import JsonObject
from contract.stage import StageCharacter
from contract.translation import _
from haven import portraits
from haven.gauges import on_stage
from haven.models import Character
from haven.utility import derived
from rules.errors import NotFound
from rules.visibility import PUBLIC

# Whoever has no name has nothing public at all.
NAME = "name"


@dataclass
class Seen:
    """A character at a moment. `there`: it was in the chronicle then; `visibility` as it was then.

    `version` and `changed_at` count what the public was told of it.
    """

    row: Character
    document: JsonObject
    visibility: dict[str, int]
    there: bool
    # Before this moment it played elsewhere: that is not this campaign's.
    is_foreign: bool = False
    version: int = 0
    changed_at: datetime | None = None
    # The document is a copy of this moment's own.
    is_own: bool = False
    hidden_now: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def hidden(self) -> set[str]:
        """Traits that are not public, or were not then."""
        return self.row.hidden_from(PUBLIC, self.visibility) | self.hidden_now

    @property
    def is_public(self) -> bool:
        """Whether it is on stage now, and was then."""
        return self.there and not self.is_foreign and is_on_stage(self.row) and self.was_public

    @property
    def was_public(self) -> bool:
        return NAME not in self.row.hidden_from(PUBLIC, self.visibility) and is_finished(self.document)


def is_finished(document: JsonObject) -> bool:
    return document.get("status") != Character.Status.DRAFT


def is_on_stage(row: Character) -> bool:
    """Whether the public may know of it now: it plays, and its name is public."""
    return row.deleted_at is None and has_public_name(row)


def has_public_name(row: Character) -> bool:
    return row.status != Character.Status.DRAFT and NAME not in row.hidden_from(PUBLIC)


def rows(campaign: Campaign) -> QuerySet[Character]:
    """All characters that were ever known there, as far as they are there now."""
    found = Character.objects.select_related("owner", "chronicle__server", "shown_as")
    return found.filter(chronicle_id=campaign.chronicle_id)


def on_stage_now(campaign: Campaign) -> list[Character]:
    """Return those that the public may know of, the longest in the story first."""
    alive = rows(campaign).filter(deleted_at=None, visibility__name=int(PUBLIC)).order_by("id")
    return [row for row in map(derived, alive) if is_on_stage(row)]


def now(row: Character) -> Seen:
    """The character as it is now, for the campaign of its chronicle."""
    appearance: Appearance | None = getattr(row, "shown_as", None)
    return Seen(
        row=row,
        document=row.document(),
        visibility=dict(row.visibility),
        there=row.deleted_at is None,
        version=appearance.version if appearance else 0,
        changed_at=appearance.changed_at if appearance else None,
        hidden_now=frozenset(row.hidden_from(PUBLIC)),
    )


def shown(campaign: Campaign, seen: Seen) -> StageCharacter:
    """The public part. Its caller has asked whether there is any (`Seen.is_public`)."""
    row, hidden = seen.row, seen.hidden
    document = {slug: value for slug, value in seen.document.items() if slug not in hidden}
    sheet = on_stage(type(row), document, row.chronicle)
    return StageCharacter(
        id=row.pk,
        campaign_id=campaign.pk,
        name=str(document[NAME]),
        player_name=sheet.player_name or (row.owner.display_name if campaign.shows_players else ""),
        class_=sheet.title,
        race=sheet.race,
        splat=row.splat,
        splat_label=row.splat_label,
        edition=row.edition,
        theme=str(document.get("theme", "")),
        status=str(document.get("status", "")),
        stats=sheet.stats,
        conditions=sheet.stats.conditions or [],
        portrait_url=portraits.address(str(document.get("avatar") or "")),
        background_url=background_url(row),
        version=seen.version,
        created_at=row.created_at,
        updated_at=seen.changed_at or row.created_at,
    )


def background_url(row: Character) -> str | None:
    appearance: Appearance | None = getattr(row, "shown_as", None)
    return portraits.address(appearance.background if appearance else "")


def no_such_character() -> NotFound:
    return NotFound(_("There’s no such character in this campaign."), code="no_such_character")


def in_order(roster: Iterable[UUID | str], there: Iterable[UUID]) -> list[UUID]:
    """The roster without those whom the public may not know of, each once."""
    known = set(there)
    ids = dict.fromkeys(UUID(str(pk)) for pk in roster)
    return [pk for pk in ids if pk in known]
