"""Direct messages to people about what was decided for them: at most one for an event, whichever process sends it.

A notification is stored in the transaction of its event. The Discord process is offered those that nobody has claimed
yet and claims one before it sends it: what is lost in between stays lost, and nothing is sent twice.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from timeline.models import Event, Notification

# Notifications older than a day are not delivered.
MAX_AGE = timedelta(days=1)
BATCH = 500


def create(event: Event | None, user: Any, guild_id: str, body: Mapping[str, object]) -> None:
    """Store a notification unless the user wants none. `guild_id` is Discord's: the process that serves it delivers."""
    if user.accepts_notifications:
        Notification.objects.create(event=event, user=user, guild_id=guild_id, body=dict(body))


def unclaimed(known: Collection[UUID] = ()) -> tuple[set[UUID], list[Notification]]:
    """Return the ids of all unclaimed notifications, and the rows of those that are not in `known`; two queries."""
    rows = Notification.objects.filter(taken_at=None, created_at__gt=_oldest())
    ids = set(rows.values_list("pk", flat=True).order_by("pk")[:BATCH])
    if not (new := ids - set(known)):
        return ids, []
    return ids, list(Notification.objects.filter(pk__in=new).select_related("user").order_by("pk"))


def claim(notification_id: UUID) -> bool:
    """Return True to exactly one caller, who then sends it; False when the user wants no notifications any more."""
    rows = Notification.objects.filter(pk=notification_id, taken_at=None, created_at__gt=_oldest())
    if not rows.update(taken_at=timezone.now()):
        return False
    claimed = Notification.objects.select_related("user").get(pk=notification_id)
    return bool(claimed.user.accepts_notifications)


def _oldest() -> datetime:
    return timezone.now() - MAX_AGE
