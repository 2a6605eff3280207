"""What was written on Discord: new messages, edits and deletions, each once, however often it is told."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from chat import log
from chat.bridges import files, places
from chat.game.drafting import is_out_of_character
from chat.game.scenes import open_scene
from chat.models import Bridge, BridgedMessage, ChatMessage, Mention
from chat.rooms import Room
from chat.search.words import column
from chat.services import mentions, notifying, posting
from chat.services.files import take_off
from chronicle.models import ServerMember
from chronicle.principal import Principal
from contract.base import JsonObject
from contract.bridges import MAX_OWN, Forget, Heard, HeardAuthor, Receive
from contract.chat import MAX_TEXT
from contract.translation import _
from discordauth.models import CustomUser
from rules.errors import Invalid
from rules.text import clean, lines
from rules.visibility import TABLE

# Pictures of authors are shown from nowhere else.
PERSON = re.compile(r"<@!?(\d{1,19})>")
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
    members = _members(room, given.messages)
    people = {discord_id: member.user_id for discord_id, member in members.items()}
    for heard in given.messages:
        bridged = known.get(heard.id)
        if bridged is None and heard.is_new:
            known[heard.id] = bridged = _add(room, heard, _author(heard.author, members), people)
            locked[bridged.message_id] = bridged.message
        elif bridged is not None and bridged.came:
            _edit(room, bridged, locked[bridged.message_id], heard, people)


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


def _members(room: Room, messages: Iterable[Heard]) -> dict[str, ServerMember]:
    """Those who are mirrored here, by their Discord ids: authors, and who stands in a text."""
    ids: set[str] = set()
    for heard in messages:
        ids |= {*PERSON.findall(heard.text), *([heard.author.id] if heard.author.id else [])}
    rows = ServerMember.objects.select_related("user")
    found = rows.filter(server=room.server_id, user__discord_id__in=ids)
    return {str(member.user.discord_id): member for member in found}


def _author(author: HeardAuthor, members: Mapping[str, ServerMember]) -> _Author:
    """Members who are mirrored here write as themselves."""
    member = members.get(author.id) if author.id else None
    if member is not None:
        return _Author(member.user, str(member.nickname or member.user.display_name), None)
    name = clean(author.name, 100) or "?"
    voice: JsonObject = {"name": name, "portrait_url": _picture(author.avatar_url), "source": "discord"}
    return _Author(None, name, voice)


def _picture(address: str) -> str:
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    configured = urlsplit(settings.DISCORD_CDN)
    return address if origin in (*PICTURES, f"{configured.scheme}://{configured.netloc}") else ""


def _add(room: Room, heard: Heard, author: _Author, people: Mapping[str, UUID]) -> BridgedMessage:
    text = "\n".join(filter(None, (_text(heard, people), files.left_there(heard.files))))[:MAX_TEXT]
    scene = open_scene(room)
    message = ChatMessage(
        room=room.id,
        server_id=room.server_id,
        channel=room.channel,
        user=author.user,
        user_name=author.name,
        voice=author.voice,
        content=text,
        search=column(text),
        reply_to=_answered(room, heard.reply_to),
        visibility=int(TABLE),
        owner=author.user.pk if author.user else None,
        scene=scene,
        is_ooc=is_out_of_character(text),
        origin=ChatMessage.Origin.DISCORD,
        edited_at=heard.edited_at,
        created_at=min(heard.at, timezone.now()),
    )
    found = _mentioned(room, message)
    posting.add(room, message)
    files.attach(message, heard.files)
    notifying.tell(room, message, mentions.keep(message, found))
    return BridgedMessage.objects.create(
        message=message, discord_id=heard.id, came=True, changed=message.changed
    )


def _text(heard: Heard, people: Mapping[str, UUID]) -> str:
    """Members who are mirrored here stand in it as they do in ours; everybody else by name."""

    def person(match: re.Match[str]) -> str:
        if match[1] in people:
            return f"<@{people[match[1]]}>"
        return "@" + (clean(heard.people.get(match[1]), 60) or _("somebody"))

    return lines(PERSON.sub(person, heard.text))[:MAX_TEXT]


def _mentioned(room: Room, message: ChatMessage) -> mentions.Mentioned:
    """Whom it mentions here; of too many nobody."""
    try:
        found = mentions.resolve(room, message, Principal.for_user(message.user))
    except Invalid:
        found = mentions.Mentioned()
    message.named = found.named or None
    return found


def _answered(room: Room, discord_id: str | None) -> ChatMessage | None:
    if discord_id is None:
        return None
    row = BridgedMessage.objects.select_related("message").filter(discord_id=discord_id).first()
    return row.message if row and row.message.room == room.id and row.message.deleted_at is None else None


def _edit(
    room: Room, bridged: BridgedMessage, message: ChatMessage, heard: Heard, people: Mapping[str, UUID]
) -> None:
    """Bring an edit over, unless it was brought already, or somebody changed the message here since."""
    is_old = (
        message.edited_at is not None and heard.edited_at is not None and message.edited_at >= heard.edited_at
    )
    if heard.edited_at is None or message.deleted_at is not None or is_old:
        return
    message.content, message.edited_at = _text(heard, people), heard.edited_at
    message.search = column(message.content)
    found = _mentioned(room, message)
    notifying.tell(room, message, mentions.keep(message, found))
    _change(room, message, ["content", "search", "named", "edited_at"])
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
        message.search = ""
        Mention.objects.filter(message=message).delete()
        take_off(message)
        _change(room, message, ["deleted_at", "pinned_at", "pinned_by", "search"])
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
