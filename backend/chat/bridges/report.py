"""What the Discord process says it has posted, and what keeps it from posting."""

from django.db import transaction

from chat import log
from chat.bridges import places
from chat.models import Bridge, BridgedMessage, ChatMessage
from chronicle.models import ServerChannel
from contract.bridges import Posted, Trouble
from delivery.publish import publish
from gateway.constants import FEED_GROUP


def posted(given: Posted) -> bool:
    """Note where a message stands on Discord: it is not posted again. False for one that is not here."""
    with transaction.atomic():
        channel = places.bridged([given.room]).first()
        message = ChatMessage.objects.filter(pk=given.message, room=given.room).first()
        if channel is None or message is None:
            return False
        row = places.row_of(channel)
        if given.thread and channel.discord_id is None:
            ServerChannel.objects.filter(pk=channel.pk).update(discord_id=given.thread)
        _note_pieces(message, given)
        if message.thread_id:
            # What was written in the thread waited for this.
            nudge = {"type": "feed.event", "stream": f"room:{message.thread_id}", "event": log.MESSAGE}
            transaction.on_commit(lambda: publish(FEED_GROUP, nudge))
        if given.changed > row.room_position:
            row.room_position = given.changed
            row.save(update_fields=["room_position", "updated_at"])
    return True


def _note_pieces(message: ChatMessage, given: Posted) -> None:
    """What came from there stays known by the id that it has there, also when it is gone."""
    rows = BridgedMessage.objects.filter(message=message)
    rows.filter(came=False).exclude(discord_id__in=given.pieces).delete()
    rows.update(changed=given.changed)
    known = set(rows.values_list("discord_id", flat=True))
    BridgedMessage.objects.bulk_create(
        BridgedMessage(message=message, discord_id=piece, changed=given.changed)
        for piece in given.pieces
        if piece not in known
    )


def trouble(given: Trouble) -> bool:
    """Note why nothing goes through, or that it does again."""
    rows = Bridge.objects.filter(
        channel__server__discord_id=given.guild_id, channel__discord_id=given.channel
    )
    return bool(rows.exclude(problem=given.problem).update(problem=given.problem))
