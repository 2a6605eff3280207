"""A message as its readers see it."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Model, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from chat.attachments import file_for
from chat.markdown.render import plain, render
from chat.models import Attachment, ChatMessage, Mention, Reaction
from contract import chat as shapes
from contract.base import Person
from rules.text import clean
from rules.visibility import Level

EXCERPT = 100
SHOWN_USERS = 20


def rows() -> "QuerySet[ChatMessage]":
    """Messages with what their documents need, in a constant number of queries."""
    found = ChatMessage.objects.select_related("user", "reply_to", "conversation", "thread")
    return found.prefetch_related("reactions", "attachments", "mentions").annotate(in_thread=_in_thread())


def as_read(message: ChatMessage) -> ChatMessage:
    """A message that was just saved and has no reactions, files or mentions, as if it were one of `rows`."""
    vars(message).update(_prefetched_objects_cache=dict(_nothing()), in_thread=0)
    return message


@cache
def _nothing() -> dict[str, QuerySet[Any]]:
    """No rows of each, found once: an empty query, too, is written before it is seen to be empty."""
    models: dict[str, type[Model]] = {"reactions": Reaction, "attachments": Attachment, "mentions": Mention}
    found = {name: model._default_manager.none() for name, model in models.items()}
    for rows_of_none in found.values():
        len(rows_of_none)
    return found


def _in_thread() -> Case:
    """How many messages the thread has that began with one; for all others nothing is counted, since PostgreSQL may
    read the whole table to find nothing.
    """
    said = ChatMessage.objects.filter(
        room=OuterRef("thread_id"), deleted_at=None, visibility__lte=int(Level.TABLE)
    ).order_by()
    counted = said.values("room").annotate(count=Count("pk")).values("count")
    found = Coalesce(Subquery(counted), Value(0), output_field=IntegerField())
    return Case(When(thread=None, then=Value(0)), default=found, output_field=IntegerField())


def level_for(message: ChatMessage, reader: UUID | None, level: Level) -> Level:
    """The reader's level for one message: its owner sees the private part."""
    return max(level, Level.PRIVATE) if reader is not None and reader == message.owner else level


def sees(message: ChatMessage, level: Level) -> bool:
    return level >= message.visibility


def document(message: ChatMessage, level: Level, reader: UUID | None = None) -> shapes.Message:
    """What a reader of this level, who may see it, reads. `reader` for whether a reaction is theirs."""
    if message.deleted_at:
        return _shaped(message, deleted=True)
    return _shaped(
        message,
        author=_author(message),
        voice=message.voice,
        text=message.content,
        html=render(message.content, message.named),
        named=message.named or {},
        card=message.card,
        reply=_quote(message, message.reply_to, level) if message.reply_to else None,
        thread=_thread(message),
        reactions=_reactions(message.reactions.all(), reader),
        attachments=[file_for(file) for file in message.attachments.all() if file.stored_id],
        mentions=[mention.user_id for mention in message.mentions.all() if mention.user_id],
        everyone=any(mention.user_id is None for mention in message.mentions.all()),
        pinned=message.pinned_at is not None,
        edited_at=message.edited_at,
        nonce=message.nonce or "",
    )


# What a message shows that is deleted, or has none of it.
NOTHING: dict[str, object] = {
    "author": None,
    "voice": None,
    "text": "",
    "html": "",
    "card": None,
    "reply": None,
    "thread": None,
    "reactions": [],
    "attachments": [],
    "mentions": [],
    "everyone": False,
    "named": {},
    "pinned": False,
    "edited_at": None,
    "deleted": False,
    "nonce": "",
}


def _shaped(message: ChatMessage, **shown: object) -> shapes.Message:
    return shapes.Message.from_object(
        message,
        level=message.visibility,
        scene=message.scene_id,
        ooc=message.is_ooc,
        at=message.created_at,
        **NOTHING | shown,
    )


def _author(message: ChatMessage) -> Person | None:
    if message.user is None:
        return Person(id=None, name=message.user_name) if message.user_name else None
    known = message.user.as_person()
    return known.model_copy(update={"name": message.user_name or known.name})


def _thread(message: ChatMessage) -> shapes.ThreadOf | None:
    if message.thread is None:
        return None
    return shapes.ThreadOf(
        id=message.thread.pk,
        name=message.thread.name,
        messages=getattr(message, "in_thread", 0),
        archived=message.thread.archived_at is not None,
    )


def excerpt(message: ChatMessage) -> str:
    """The beginning of a message on one line, with names for mentions; spoilers stay covered."""
    return clean(plain(message.content, message.named), EXCERPT)


def _quote(message: ChatMessage, answered: ChatMessage, level: Level) -> shapes.Quote:
    """Who reads a whisper as its owner reads no other owner's."""
    seen = level if answered.owner == message.owner or level > Level.PRIVATE else min(level, Level.TABLE)
    shown = answered.deleted_at is None and seen >= answered.visibility
    if message.conversation and answered.seq <= message.conversation.begins:
        shown = False
    return shapes.Quote(
        id=answered.pk,
        seq=answered.seq,
        name=answered.spoken_by if shown else "",
        excerpt=excerpt(answered) if shown else "",
    )


def _reactions(found: Iterable[Reaction], reader: UUID | None) -> list[shapes.ReactionCount]:
    by_emoji: dict[str, list[UUID]] = defaultdict(list)
    for reaction in found:
        by_emoji[reaction.emoji].append(reaction.user_id)
    return [
        shapes.ReactionCount(emoji=emoji, count=len(users), users=users[:SHOWN_USERS], mine=reader in users)
        for emoji, users in by_emoji.items()
    ]
