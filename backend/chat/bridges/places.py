"""What is bridged: channels that somebody switched on, and their public threads."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from chat import log
from chat.models import Bridge, ChatMessage
from chat.rooms import Room
from chronicle.models import ServerChannel
from contract.bridges import BridgePlace
from rules.text import clean

# Discord's ids begin here, in milliseconds; their lower bits number what was made in one of them.
EPOCH, SHIFT = 1_420_070_400_000, 22


def id_of_now() -> str:
    """Discord's id of what would be made there now: what comes later has a greater one."""
    return str((int(timezone.now().timestamp() * 1000) - EPOCH) << SHIFT)


def bridged(room_ids: Collection[UUID] | None = None) -> "QuerySet[ServerChannel]":
    """The channels whose messages go both ways, and their threads: all, or those among these."""
    on = Q(bridge__is_on=True, parent=None) | Q(parent__bridge__is_on=True)
    rows = ServerChannel.objects.filter(on, server__left_at=None, server__deleted_at=None)
    rows = rows.filter(Q(parent=None, discord_id__isnull=False) | Q(parent__discord_id__isnull=False))
    rows = rows.exclude(server__discord_id=None).exclude(kind=ServerChannel.Kind.PRIVATE_THREAD)
    rows = rows.select_related("server", "parent", "bridge")
    return rows if room_ids is None else rows.filter(pk__in=room_ids)


def at(place: BridgePlace) -> ServerChannel | None:
    """The bridged channel or thread at a place of Discord's; a thread that nobody knew is one from here on."""
    rows = bridged().filter(server__discord_id=place.guild_id)
    found = rows.filter(discord_id=place.thread.id if place.thread else place.channel).first()
    if found is not None or place.thread is None:
        return found
    parent = rows.filter(discord_id=place.channel, parent=None).first()
    return _new_thread(parent, place) if parent else None


def _new_thread(parent: ServerChannel, place: BridgePlace) -> ServerChannel:
    assert place.thread is not None
    values = {
        "server": parent.server,
        "parent": parent,
        "name": clean(place.thread.name, 100) or "thread",
        "kind": ServerChannel.Kind.THREAD,
        "position": parent.position,
        "category": parent.category,
    }
    row, made = ServerChannel.objects.get_or_create(discord_id=place.thread.id, defaults=values)
    if made:
        _mark_starter(parent, row)
    return bridged([row.pk]).get()


def _mark_starter(parent: ServerChannel, thread: ServerChannel) -> None:
    """On Discord a thread has the id of the message from which it began."""
    begun = ChatMessage.objects.select_for_update().filter(
        bridged__discord_id=thread.discord_id, room=parent.pk, thread=None, deleted_at=None
    )
    message = begun.first()
    if message is not None:
        room = Room(parent.pk, channel=parent)
        message.thread, message.changed = thread, log.take_number(room)
        message.save(update_fields=["thread", "changed"])
        log.publish_on_commit(room, message.pk, message.changed)


def row_of(channel: ServerChannel) -> Bridge:
    """How far a channel or thread is, locked until commit; a thread's begins with the thread."""
    Bridge.objects.get_or_create(channel=channel)
    return Bridge.objects.select_for_update().get(pk=channel.pk)
