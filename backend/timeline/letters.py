"""Direct messages to people about what was decided for them: at most one for an event, whoever sends them.

A letter is written in the transaction of the event that it tells of. The Discord process is offered those that nobody
has taken yet, and takes one before it sends it: what gets lost in between is lost, and nothing comes twice.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from timeline.models import Event, Letter

# Older ones are no news any more, and stay where they are.
FRESH = timedelta(days=1)
AT_ONCE = 500


def write(event: Event, user: Any, guild_id: str, body: Mapping[str, Any]) -> None:
    """`guild_id` is Discord's, of the server where it happened: whoever serves that guild delivers."""
    if user.takes_letters:
        Letter.objects.create(event=event, user=user, guild_id=guild_id, body=dict(body))


def waiting(known: Collection[UUID] = ()) -> tuple[set[UUID], list[Letter]]:
    """The ids of all that nobody has taken, and those of them that are not `known`; two queries."""
    rows = Letter.objects.filter(taken_at=None, created_at__gt=_oldest())
    ids = set(rows.values_list("pk", flat=True).order_by("pk")[:AT_ONCE])
    fresh = ids - set(known)
    found = Letter.objects.filter(pk__in=fresh).select_related("user").order_by("pk") if fresh else ()
    return ids, list(found)


def take(letter_id: UUID) -> bool:
    """True for exactly one caller, who then sends it; never for whom it is not wanted any more."""
    rows = Letter.objects.filter(pk=letter_id, taken_at=None, created_at__gt=_oldest())
    if not rows.update(taken_at=timezone.now()):
        return False
    taken = Letter.objects.select_related("user").get(pk=letter_id)
    return bool(taken.user.takes_letters)


def _oldest() -> datetime:
    return timezone.now() - FRESH
