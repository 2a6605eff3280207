"""What people write and keep in chat: the part of `privacy.declaration` that is of `chat`."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from chat.models import (
    Attachment,
    Block,
    ChatMessage,
    Mention,
    ModerationEntry,
    Participant,
    PrivateConversation,
    Reaction,
    RoomState,
    Scene,
    ScenePart,
)
from chronicle import rights
from chronicle.principal import Principal
from discordauth.models import FORMER_PLAYER, CustomUser
from privacy.erasing import batches, delete, stays
from privacy.personal import Personal, of
from privacy.showing import Row, columns

WROTE = ("id", "room", "kind", "content", "is_ooc", "created_at", "edited_at", "deleted_at")


def _messages(person: CustomUser) -> "QuerySet[ChatMessage]":
    """Their own, and what others wrote to them in private since they came."""
    there = Participant.objects.filter(
        user=person, conversation=OuterRef("conversation"), since__lt=OuterRef("seq")
    )
    private = Q(Exists(there)) & Q(deleted_at=None)
    found = ChatMessage.objects.filter(Q(user=person) | private)
    return found.select_related("channel__server", "channel__parent", "conversation")


def _own(row: ChatMessage, principal: Principal) -> Iterator[Row]:
    """What they wrote, with the channel's name if they still see it."""
    if row.user_id == principal.id:
        channel = row.channel
        shown = channel if channel and rights.can(principal, "channel.view", channel) else None
        yield {
            "server": shown.server.name if shown else "",
            "channel": shown.name if shown else "",
            "as": row.spoken_by,
            **{name: getattr(row, name) for name in WROTE},
        }


def _private(row: ChatMessage, principal: Principal) -> Iterator[Row]:
    """What others wrote in their conversations."""
    if row.user_id != principal.id:
        yield {
            "conversation": row.room,
            "from": row.spoken_by,
            "content": row.content,
            "created_at": row.created_at,
        }


def _named_messages(person: CustomUser) -> "QuerySet[ChatMessage]":
    return ChatMessage.objects.filter(user=person).exclude(user_name=FORMER_PLAYER)


def _forget_author(person: CustomUser) -> None:
    """What they said stays, of a former player; what was deleted, and the pictures of their characters, go."""
    for ids in batches(_named_messages(person)):
        rows = ChatMessage.objects.filter(pk__in=ids)
        rows.exclude(deleted_at=None).update(content="", search="", card=None, voice=None)
        for row in rows.exclude(voice=None):
            ChatMessage.objects.filter(pk=row.pk).update(voice={**(row.voice or {}), "portrait_url": ""})
        rows.update(user_name=FORMER_PLAYER, nonce=None)


def _moderation(person: CustomUser) -> "QuerySet[ModerationEntry]":
    found = ModerationEntry.objects.filter(Q(moderator=person) | Q(author=person))
    return found.select_related("channel__parent")


def _acts(row: ModerationEntry, principal: Principal) -> Iterator[Row]:
    """What they did as a moderator, and what was done to their messages, not by whom. Channels are named, and others'
    words told, only where that is still theirs to see."""
    mine = row.author_id == principal.id
    sees, moderates = (
        row.channel is not None and bool(rights.can(principal, f"channel.{action}", row.channel))
        for action in ("view", "moderate")
    )
    yield {
        "action": row.action,
        "channel": row.channel_name if sees else "",
        "content": row.content if mine or moderates else "",
        "reason": row.reason if mine or moderates else "",
        "created_at": row.created_at,
    }


def _named_entries(person: CustomUser) -> "QuerySet[ModerationEntry]":
    return ModerationEntry.objects.filter(
        Q(Q(moderator=person) & ~Q(moderator_name=FORMER_PLAYER))
        | Q(Q(author=person) & ~Q(author_name=FORMER_PLAYER))
    )


def _forget_acts(person: CustomUser) -> None:
    """The log stays; what stood in their own messages goes."""
    ModerationEntry.objects.filter(moderator=person).update(moderator_name=FORMER_PLAYER)
    ModerationEntry.objects.filter(author=person).update(author_name=FORMER_PLAYER, content="")


def _forget_mentions(person: CustomUser) -> None:
    """Where others named them stands a former player."""
    token = f"<@{person.pk}>"
    for ids in batches(of(Mention)(person)):
        for message in ChatMessage.objects.filter(mentions__in=ids).exclude(named=None):
            named = message.named or {}
            if token in named:
                ChatMessage.objects.filter(pk=message.pk).update(named=named | {token: FORMER_PLAYER})
        Mention.objects.filter(pk__in=ids).delete()


def _blocks(person: CustomUser) -> "QuerySet[Block]":
    return Block.objects.filter(Q(user=person) | Q(blocked=person))


def _leave(person: CustomUser) -> None:
    """They leave each conversation; open pages of the others check again who is in it."""
    for part in Participant.objects.filter(user=person):
        PrivateConversation.objects.filter(pk=part.conversation_id).update(version=F("version") + 1)
        part.delete()


PERSONAL = (
    Personal(
        ChatMessage,
        "messages you wrote, and those of your private conversations",
        _messages,
        _forget_author,
        {"messages": _own, "private_messages": _private},
        left=_named_messages,
    ),
    Personal(
        Reaction,
        "your reactions",
        of(Reaction),
        delete(of(Reaction)),
        {"reactions": columns("message_id", "emoji", "created_at")},
    ),
    Personal(
        Mention,
        "that others mentioned you",
        of(Mention),
        _forget_mentions,
        hidden="Marks on messages of others, which say nothing else.",
    ),
    Personal(
        RoomState,
        "how far you have read channels, and what you hear of them",
        of(RoomState),
        delete(of(RoomState)),
        {"read_marks": columns("room", "read_seq", "notify", "speaks_as", "updated_at")},
    ),
    Personal(
        ModerationEntry,
        "what you did as a moderator, and moderators with your messages",
        _moderation,
        _forget_acts,
        {"moderation": _acts},
        left=_named_entries,
    ),
    Personal(
        Block,
        "whom you have blocked",
        of(Block, "user", "blocked"),
        delete(_blocks),
        {"blocks": columns("blocked__display_name", "created_at")},
        left=_blocks,
    ),
    Personal(
        PrivateConversation,
        "private conversations you began",
        of(PrivateConversation, "made_by"),
        stays,
        {"conversations": columns("id", "name", "created_at")},
    ),
    Personal(
        Participant,
        "private conversations you are in",
        of(Participant, "user", "conversation"),
        _leave,
        {"in_conversations": columns("conversation_id", "conversation__name", "joined_at")},
    ),
    Personal(
        Attachment,
        "files you sent",
        of(Attachment),
        stays,
        {"files": columns("id", "name", "content_type", "size", "created_at")},
    ),
    Personal(
        Scene,
        "scenes you opened",
        of(Scene, "opened_by", "chronicle"),
        stays,
        {"opened_scenes": columns("chronicle__name", "title", "opened_at", "closed_at")},
    ),
    Personal(
        ScenePart,
        "scenes you played in",
        of(ScenePart, "user", "scene__chronicle"),
        stays,
        {"scenes": columns("scene__chronicle__name", "scene__title", "name", "joined_at", "left_at")},
    ),
)
NOT_PERSONAL = {
    "chat.CastMember": "whom storytellers speak as",
    "chat.CardSubject": "which card shows which roll",
    "chat.Bridge": "which channels are bridged",
    "chat.BridgedMessage": "ids of messages in Discord",
}
