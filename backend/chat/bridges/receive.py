"""What was written on Discord: new messages, edits and deletions, each once, however often it is told."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from chat import log
from chat.bridges import places
from chat.models import Bridge, BridgedMessage, ChatMessage
from chat.rooms import Room
from chronicle.models import ServerMember
from contract.base import JsonObject
from contract.bridges import MAX_OWN, Forget, Heard, HeardAuthor, Receive
from discordauth.models import CustomUser
from rules.text import clean, lines
from rules.visibility import TABLE

# Pictures of authors are shown from nowhere else.
PICTURES = ("https://cdn.discordapp.com", "https://media.discordapp.net")


@dataclass(frozen=True)
class _Author:
    """`voice` speaks for who has no account here: none is made for them."""

    user: CustomUser | None
    name: str
    voice: JsonObject | None


def receive(given: Receive) -> list[str]:
    """Bring over what was written, in its order; returns those of our own that nobody told us of.

    A place that is not bridged any more is passed over.
    """
    with transaction.atomic():
        channel = places.at(given)
        if channel is None:
            return []
        row, room = places.row_of(channel), Room(channel.pk, channel=channel)
        known = _known([*(heard.id for heard in given.messages), *given.own])
        missing = _missing(room, given)
        # All locks before the room's own, which comes with its next number.
        touched = [known[heard.id] for heard in given.messages if heard.id in known]
        locked = log.lock_messages(room, (each.message_id for each in (*touched, *missing)))
        _delete(room, locked, missing)
        _bring(room, given, known, {message.pk: message for message in locked})
        _advance(row, (heard.id for heard in given.messages if heard.is_new))
    return [own for own in given.own if own not in known]


def _bring(
    room: Room, given: Receive, known: dict[str, BridgedMessage], locked: dict[UUID, ChatMessage]
) -> None:
    authors = _authors(room, (heard.author for heard in given.messages))
    for heard in given.messages:
        bridged = known.get(heard.id)
        if bridged is None and heard.is_new:
            known[heard.id] = bridged = _add(room, heard, authors[heard.author])
            locked[bridged.message_id] = bridged.message
        elif bridged is not None and bridged.came:
            _edit(room, bridged, locked[bridged.message_id], heard)


def forget(given: Forget) -> int:
    """Delete here what was deleted on Discord, whoever wrote it; returns how many there were."""
    with transaction.atomic():
        channel = places.at(given)
        if channel is None:
            return 0
        room = Room(channel.pk, channel=channel)
        rows = list(BridgedMessage.objects.filter(discord_id__in=given.messages))
        return _delete(room, log.lock_messages(room, (row.message_id for row in rows)), rows)


def _known(discord_ids: Collection[str]) -> dict[str, BridgedMessage]:
    rows = BridgedMessage.objects.select_related("message").filter(discord_id__in=discord_ids)
    return {row.discord_id: row for row in rows}


def _authors(room: Room, authors: Iterable[HeardAuthor]) -> dict[HeardAuthor, _Author]:
    """Members who are mirrored here write as themselves."""
    listed = set(authors)
    members = ServerMember.objects.select_related("user").filter(
        server=room.server_id, user__discord_id__in=[author.id for author in listed if author.id]
    )
    by_id = {member.user.discord_id: member for member in members}
    found = {}
    for author in listed:
        member, name = by_id.get(author.id) if author.id else None, clean(author.name, 100) or "?"
        if member is not None:
            found[author] = _Author(member.user, str(member.nickname or member.user.display_name), None)
        else:
            voice: JsonObject = {
                "name": name,
                "portrait_url": _picture(author.avatar_url),
                "source": "discord",
            }
            found[author] = _Author(None, name, voice)
    return found


def _picture(address: str) -> str:
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    configured = urlsplit(settings.DISCORD_CDN)
    return address if origin in (*PICTURES, f"{configured.scheme}://{configured.netloc}") else ""


def _add(room: Room, heard: Heard, author: _Author) -> BridgedMessage:
    message = ChatMessage(
        room=room.id,
        server_id=room.server_id,
        channel=room.channel,
        user=author.user,
        user_name=author.name,
        voice=author.voice,
        content=lines(heard.text),
        reply_to=_answered(room, heard.reply_to),
        visibility=int(TABLE),
        owner=author.user.pk if author.user else None,
        origin=ChatMessage.Origin.DISCORD,
        edited_at=heard.edited_at,
        created_at=min(heard.at, timezone.now()),
    )
    message.seq = message.changed = log.take_number(room)
    message.save(force_insert=True)
    log.publish_on_commit(room, message.pk, message.changed)
    return BridgedMessage.objects.create(
        message=message, discord_id=heard.id, came=True, changed=message.changed
    )


def _answered(room: Room, discord_id: str | None) -> ChatMessage | None:
    if discord_id is None:
        return None
    row = BridgedMessage.objects.select_related("message").filter(discord_id=discord_id).first()
    return row.message if row and row.message.room == room.id and row.message.deleted_at is None else None


def _edit(room: Room, bridged: BridgedMessage, message: ChatMessage, heard: Heard) -> None:
    """Bring an edit over, unless it was brought already, or somebody changed the message here since."""
    is_old = (
        message.edited_at is not None and heard.edited_at is not None and message.edited_at >= heard.edited_at
    )
    if heard.edited_at is None or message.deleted_at is not None or is_old:
        return
    message.content, message.edited_at = lines(heard.text), heard.edited_at
    _change(room, message, ["content", "edited_at"])
    BridgedMessage.objects.filter(pk=bridged.pk).update(changed=message.changed)


def _change(room: Room, message: ChatMessage, columns: list[str]) -> None:
    message.changed = log.take_number(room)
    message.save(update_fields=[*columns, "changed"])
    log.publish_on_commit(room, message.pk, message.changed)


def _missing(room: Room, given: Receive) -> list[BridgedMessage]:
    """What we know to stand between the two ends and is not there any more."""
    if not (given.since and given.until):
        return []
    since, until = int(given.since), int(given.until)
    there = {*given.own, *given.present, *(heard.id for heard in given.messages)}
    rows = BridgedMessage.objects.filter(message__room=room.id, message__deleted_at=None)
    newest = rows.order_by("-message__seq")[: 2 * MAX_OWN]
    return [row for row in newest if since <= int(row.discord_id) <= until and row.discord_id not in there]


def _delete(room: Room, locked: Iterable[ChatMessage], rows: Collection[BridgedMessage]) -> int:
    """Delete those of the locked messages that these are of."""
    ids = {row.message_id for row in rows}
    found = [message for message in locked if message.pk in ids and message.deleted_at is None]
    for message in found:
        message.deleted_at, message.pinned_at, message.pinned_by = timezone.now(), None, None
        _change(room, message, ["deleted_at", "pinned_at", "pinned_by"])
        BridgedMessage.objects.filter(message=message, pk__in=[row.pk for row in rows]).update(
            changed=message.changed
        )
    return len(found)


def _advance(row: Bridge, discord_ids: Iterable[str]) -> None:
    """Remember the last message that came: from there on the Discord process reads what it missed."""
    last = max(map(int, discord_ids), default=0)
    if last > int(row.discord_position or 0):
        row.discord_position = str(last)
        row.save(update_fields=["discord_position", "updated_at"])
