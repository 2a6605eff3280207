"""Reading rolls: what one person may see, in a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from chronicle import rights
from chronicle.models import Chronicle
from chronicle.principal import SEES_ALL, STORYTELLER, VIEW_SERVER, Principal
from contract import rolls as shapes
from contract.rolls import PAGE, Completion
from contract.translation import N_, _
from haven.models import Character
from rolls.models import Roll, Visibility
from rolls.serializers import full
from rolls.sheet import Sheet
from rules.dice.pool import complete
from rules.errors import NotFound

NO_SUCH = N_("There’s no such roll.")


def rows() -> QuerySet[Roll]:
    return Roll.objects.select_related(
        "roller",
        "character__owner",
        "character__chronicle__server",
        "chronicle__server",
        "struck_by",
        "replaced_by",
    ).prefetch_related("parts__roller", "parts__character__chronicle", "parts__chronicle", "parts__struck_by")


def whole(roll_id: UUID) -> Roll:
    """Raises NotFound. Not by `first`, whose order by so many columns costs as much again as the query."""
    try:
        return rows().get(pk=roll_id)
    except Roll.DoesNotExist:
        raise NotFound(_(NO_SUCH)) from None


def get(principal: Principal, roll_id: UUID) -> Roll:
    """One roll that this person may see. Raises NotFound."""
    found = whole(roll_id)
    rights.can(principal, "roll.view", found).require()
    return found


def visible(principal: Principal) -> QuerySet[Roll]:
    """Own rolls, public ones of one's servers, and a storyteller's share."""
    return Roll.objects.filter(
        Q(roller_id=principal.id)
        | Q(visibility=Visibility.PUBLIC) & rights.rows_with_permission(principal, {VIEW_SERVER})
        | Q(visibility=Visibility.STORYTELLER) & rights.rows_with_permission(principal, SEES_ALL)
    )


def known(principal: Principal) -> Q:
    """Rolls of which this person knows the difficulty; as `serializers.knows_difficulty`, for many."""
    own = Q(roller_id=principal.id, request=None)
    return Q(hide_difficulty=False) | own | rights.rows_with_permission(principal, {STORYTELLER})


@dataclass(frozen=True)
class Narrow:
    """Empty means any. `kind` is `roll` or `check`, `state` `hidden`, `struck` or `rerolled`."""

    player: UUID | None = None
    system: str = ""
    kind: str = ""
    state: str = ""
    since: datetime | None = None

    def of(self, found: QuerySet[Roll]) -> QuerySet[Roll]:
        if self.player:
            found = found.filter(roller_id=self.player)
        if self.system:
            found = found.filter(system=self.system)
        if self.kind in ("roll", "check"):
            found = found.filter(kind="roll") if self.kind == "roll" else found.exclude(kind="roll")
        if self.state == "hidden":
            found = found.exclude(visibility=Visibility.PUBLIC)
        if self.state == "struck":
            found = found.exclude(struck_at=None)
        if self.state == "rerolled":
            found = found.exclude(replaces=None)
        return found.filter(created_at__gte=self.since) if self.since else found


def recent(
    principal: Principal,
    *,
    chronicle: Chronicle | None = None,
    character: Character | None = None,
    before: UUID | None = None,
    narrow: Narrow | None = None,
    limit: int = PAGE,
) -> list[shapes.Roll]:
    """Newest first; what came with a roll stands in it. `before` is the last id of the page before."""
    found = rows().filter(pk__in=visible(principal).values("pk")).exclude(parent__isnull=False, offer=None)
    found = (narrow or Narrow()).of(found)
    if chronicle:
        found = found.filter(chronicle=chronicle)
    if character:
        found = found.filter(character=character)
    if not chronicle and not character:
        found = found.filter(roller_id=principal.id)
    if before:
        found = found.filter(pk__lt=before)
    return [full(roll, principal) for roll in found.order_by("-pk")[:limit]]


def completions(principal: Principal, character: Character | None, text: str) -> list[Completion]:
    """A half-written pool with its last part completed; from a sheet only for those who may roll for it."""
    own = character is not None and bool(rights.can(principal, "roll.make", character))
    sheet = Sheet(character, rights.character_level(principal, character)) if character and own else Sheet()
    return [Completion(**completion._asdict()) for completion in complete(text[:200], sheet.traits)]
