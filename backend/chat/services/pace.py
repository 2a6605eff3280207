"""How fast people write: limits that nobody meets who types, and the slow mode of a channel."""

from datetime import timedelta
from math import ceil

from django.utils import timezone

from chat.models import ChatMessage
from chat.rooms import Room
from chronicle.principal import Principal
from chronicle.rights import can
from contract.translation import _
from rules.errors import Limit
from timeline import limits

# Doors at which somebody writes by themselves; Discord keeps its own pace.
KEPT = frozenset({"web", "api"})


def keep(room: Room, principal: Principal, door: str) -> None:
    """Count one more message, and let it wait its time. Raises Limit (`too_often`, `slow_mode`)."""
    if door not in KEPT or principal.id is None:
        return
    keep_slow(room, principal, door)
    person, place = str(principal.id), str(room.id)
    counted = {"messages": person, "messages to one room": f"{person} {place}", "messages in a room": place}
    limits.spend(counted)


def keep_slow(room: Room, principal: Principal, door: str) -> None:
    """In slow mode everybody waits between two messages, but who moderates. Raises Limit.

    Of two messages at once only the one that has the room's lock first is seen by the other: ask again under it.
    """
    seconds = slow_mode(room)
    if not seconds or door not in KEPT or can(principal, "channel.moderate", room.channel):
        return
    now = timezone.now()
    lately = ChatMessage.objects.filter(
        server=room.server_id,
        channel=room.channel,
        user=principal.id,
        created_at__gt=now - timedelta(seconds=seconds),
    )
    last = lately.order_by("-created_at").values_list("created_at", flat=True).first()
    if last is not None:
        wait = max(ceil(seconds - (now - last).total_seconds()), 1)
        sentence = " ".join((_("Slow mode is on here."), limits.try_again(wait)))
        raise Limit(sentence, code="slow_mode", retry_after=wait)


def slow_mode(room: Room) -> int:
    """A thread has the slow mode of its channel, unless it has one of its own."""
    channel = room.channel
    if channel is None:
        return 0
    return channel.slow_mode or (channel.parent.slow_mode if channel.parent else 0)
