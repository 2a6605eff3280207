"""Count people into and out of voice channels, as many as `user_limit` allows."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from chronicle.models import Server, ServerChannel, VoiceSeat
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services.channels import find_channel
from contract.translation import _
from discordauth.models import CustomUser
from rules.errors import Conflict, Invalid

# Who does not come again within this time has left: nobody says goodbye when a connection breaks.
SEAT_LASTS = timedelta(hours=6)


def seated(channel: ServerChannel, now: datetime | None = None) -> QuerySet[VoiceSeat]:
    """Return who is in a voice channel, in the order in which they came."""
    since = (now or timezone.now()) - SEAT_LASTS
    return VoiceSeat.objects.filter(channel=channel, renewed_at__gt=since).select_related("user")


def voice_channel(server: Server, reference: str, principal: Principal) -> ServerChannel:
    """Find a visible voice channel. Raises NotFound, Invalid."""
    row = find_channel(server, reference, principal)
    if not row.is_voice:
        raise Invalid.field("channel", _("“{name}” isn’t a voice channel.", name=row.name))
    return row


@transaction.atomic
def join_voice(server: Server, reference: str, user: CustomUser, *, principal: Principal) -> ServerChannel:
    """Count somebody into a voice channel, and out of any other; who is in it stays.

    Raises NotAllowed, NotFound, Conflict (`channel_full`).
    """
    row = voice_channel(server, reference, principal)
    can(principal, "channel.send", row).require()
    # Two who take the last place at once come one after the other.
    locked = ServerChannel.objects.select_for_update().get(pk=row.pk)
    now = timezone.now()
    VoiceSeat.objects.filter(channel=locked, renewed_at__lte=now - SEAT_LASTS).delete()
    others = VoiceSeat.objects.filter(channel=locked).exclude(user=user).count()
    if locked.user_limit and others >= locked.user_limit:
        raise Conflict(
            _("“{name}” is full: it holds {most} people.", name=row.name, most=locked.user_limit),
            code="channel_full",
        )
    mine = VoiceSeat.objects.filter(user=user)
    if not mine.filter(channel=locked).update(renewed_at=now):
        mine.delete()
        VoiceSeat.objects.create(channel=locked, user=user, joined_at=now, renewed_at=now)
    return row


def leave_voice(user_id: UUID, channel: ServerChannel) -> None:
    """Count somebody out of a voice channel; nothing happens to who is not in it."""
    VoiceSeat.objects.filter(user_id=user_id, channel=channel).delete()


def empty_seats(server: Server, user_id: UUID | None = None) -> None:
    """Count somebody, or everybody, out of all voice channels of a server."""
    seats = VoiceSeat.objects.filter(channel__server=server)
    (seats if user_id is None else seats.filter(user_id=user_id)).delete()
