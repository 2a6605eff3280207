"""Frames that offer notifications to the Discord process (`timeline.notifications`). Blocking."""

from collections.abc import Collection
from uuid import UUID

import orjson

from timeline import notifications
from timeline.models import Notification


def offered(known: Collection[UUID]) -> tuple[set[UUID], list[str]]:
    """Return the ids of unclaimed notifications, and the frames of those that are not in `known`."""
    ids, new = notifications.unclaimed(known)
    return ids, [_frame(notification) for notification in new]


def _frame(notification: Notification) -> str:
    head = {
        "type": "letter",
        "id": str(notification.pk),
        "guild_id": notification.guild_id,
        "user_id": notification.user.discord_id,
    }
    return orjson.dumps(head | {"letter": notification.body}).decode()
