"""Numbers about the messages of servers' channels; private conversations count nowhere."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from chat.models import ChatMessage
from chronicle.models import ServerChannel

ACTIVE = timedelta(hours=24)
CATEGORY = 4


@dataclass(frozen=True)
class ChannelCount:
    server: str
    channel: str
    messages: int


@dataclass(frozen=True)
class Statistics:
    messages: int
    channels: list[ChannelCount]
    active: int


def statistics() -> Statistics:
    """Messages in all, by channel (those without any too), and how many people wrote in the last 24 hours."""
    written = ChatMessage.objects.filter(deleted_at=None).exclude(channel=None)
    active = written.filter(created_at__gte=timezone.now() - ACTIVE).exclude(user=None)
    return Statistics(
        messages=written.count(),
        channels=_by_channel(),
        active=active.values("user").distinct().count(),
    )


def _by_channel() -> list[ChannelCount]:
    channels = ServerChannel.objects.exclude(kind=CATEGORY).order_by("server__name", "position", "id")
    counted = channels.annotate(
        written=Count("messages", filter=Q(messages__deleted_at=None)),
    )
    return [ChannelCount(*row) for row in counted.values_list("server__name", "name", "written")]
