"""What Discord is to show of a bridged room: what everybody in the room sees, and nothing else of it."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings

from chat.bridges import places
from chat.documents import document, rows
from chat.markdown.parser import MENTION
from chat.models import Bridge, BridgedMessage, ChatMessage
from chronicle.models import ServerChannel
from contract import bridge_frames as shapes
from contract.chat import Message
from contract.chat_game import RequestCard, RollCard, RollOnCard
from contract.chat_scenes import SceneCard
from contract.shards import ALL, Shards
from discordauth.models import CustomUser
from rules.visibility import TABLE
from timeline import services as timeline

# Of a message that is gone.
NOTHING: dict[str, object] = {
    **dict.fromkeys(("name", "avatar_url", "text"), ""),
    **dict.fromkeys(("files", "pings", "rolls"), ()),
    "reply": None,
}
BATCH = 50
# What was said while nobody brought it over; of more, the last so many are news.
MAX_MISSED = 200


@dataclass(frozen=True)
class Target:
    """A bridged room: up to where it was brought over, and its last number."""

    channel: ServerChannel
    position: int
    head: int

    @property
    def guild_id(self) -> str:
        return self.channel.server.discord_id or ""

    @property
    def channel_id(self) -> str:
        """Discord's id of the channel; of a thread, of the channel that it belongs to."""
        return (self.channel.parent or self.channel).discord_id or ""


def targets(room_ids: Collection[UUID] | None = None, shards: Shards = ALL) -> dict[UUID, Target]:
    """The bridged rooms of servers on these shards: all, or those among these. Two queries."""
    channels = [row for row in places.bridged(room_ids) if shards.serves(int(row.server.discord_id or 0))]
    heads = timeline.heads([row.pk for row in channels])
    return {row.pk: Target(row, _position(row), heads[str(row.pk)]) for row in channels}


def _position(channel: ServerChannel) -> int:
    """A thread that nobody brought over yet begins at its beginning."""
    row: Bridge | None = getattr(channel, "bridge", None)
    return row.room_position if row else 0


def place(channel: ServerChannel) -> shapes.BridgedPlace:
    """As the Discord process knows it. A thread of which nothing came yet begins with itself."""
    row: Bridge | None = getattr(channel, "bridge", None)
    return shapes.BridgedPlace(
        guild_id=channel.server.discord_id or "",
        room=channel.pk,
        parent=channel.parent.discord_id if channel.parent else None,
        position=(row.discord_position if row else "") or channel.discord_id or "0",
    )


def start_of(target: Target) -> int:
    """Where the room goes on after nobody brought it over for a while."""
    missed = ChatMessage.objects.filter(room=target.channel.pk, changed__gt=target.position)
    earlier = missed.order_by("-changed").values_list("changed", flat=True)[MAX_MISSED : MAX_MISSED + 1]
    return next(iter(earlier), target.position)


def advance(target: Target, sent: int, to: int) -> None:
    """Nothing up to here was to be brought over: a new start need not look at it again."""
    Bridge.objects.filter(channel=target.channel, room_position=sent).update(room_position=to)


def frames(target: Target, after: int) -> tuple[int, list[shapes.BridgedMessage]]:
    """`(number, frames)` of the next changes of a room, at most BATCH of them."""
    starter = _starter(target.channel)
    if _waits(starter):
        return after, []
    found = rows().filter(room=target.channel.pk, changed__gt=after).order_by("changed")
    changed = list(found[:BATCH])
    bridged = _bridged(changed)
    discord_ids = _on_discord(row.reply_to_id for row in changed if row.reply_to_id)
    thread = _thread(target.channel, starter)
    offers = [
        _frame(target, row, bridged.get(row.pk, []), discord_ids, thread)
        for row in changed
        if _is_news(row, bridged.get(row.pk, []))
    ]
    # Numbers without a message are those that a later change has overtaken.
    return changed[-1].changed if changed else max(after, target.head), offers


def _bridged(messages: Iterable[ChatMessage]) -> dict[UUID, list[BridgedMessage]]:
    found: dict[UUID, list[BridgedMessage]] = {}
    for row in BridgedMessage.objects.filter(message__in=list(messages)).order_by("id"):
        found.setdefault(row.message_id, []).append(row)
    return found


def _on_discord(message_ids: Iterable[UUID]) -> dict[UUID, str]:
    found = BridgedMessage.objects.filter(message__in=set(message_ids)).order_by("-id")
    return dict(found.values_list("message", "discord_id"))


def is_shown(message: ChatMessage) -> bool:
    """Whether everybody in the room sees it: only that leaves it."""
    return message.deleted_at is None and message.visibility <= TABLE


def _is_news(message: ChatMessage, pieces: list[BridgedMessage]) -> bool:
    """Whether Discord shows something else. What came from there is the author's: only its end goes back."""
    if not pieces:
        return is_shown(message) and message.origin != ChatMessage.Origin.DISCORD
    if all(piece.changed >= message.changed for piece in pieces):
        return False
    return not any(piece.came for piece in pieces) or message.deleted_at is not None


def _frame(
    target: Target,
    message: ChatMessage,
    pieces: list[BridgedMessage],
    discord_ids: dict[UUID, str],
    thread: shapes.OutgoingThread | None,
) -> shapes.BridgedMessage:
    gone = not is_shown(message)
    return shapes.BridgedMessage(
        type="bridged",
        stream=f"room:{message.room}",
        seq=message.changed,
        guild_id=target.guild_id,
        channel_id=target.channel_id,
        thread=thread,
        message=_outgoing(message, pieces, discord_ids, gone),
    )


def _thread(channel: ServerChannel, starter: ChatMessage | None) -> shapes.OutgoingThread | None:
    if channel.parent is None:
        return None
    begun = _on_discord([starter.pk]).get(starter.pk) if starter else None
    return shapes.OutgoingThread(room=channel.pk, name=channel.name, id=channel.discord_id, starter=begun)


def _starter(channel: ServerChannel) -> ChatMessage | None:
    """The message from which a thread begins that is not on Discord yet."""
    is_ours = channel.parent is not None and channel.discord_id is None
    return ChatMessage.objects.filter(thread=channel).first() if is_ours else None


def _waits(starter: ChatMessage | None) -> bool:
    """Whether what a thread begins with is about to come to Discord: until then it cannot begin there."""
    return starter is not None and _is_news(starter, list(BridgedMessage.objects.filter(message=starter)))


def _outgoing(
    message: ChatMessage, pieces: list[BridgedMessage], discord_ids: dict[UUID, str], gone: bool
) -> shapes.Outgoing:
    known = {
        "id": message.pk,
        "pieces": [piece.discord_id for piece in pieces],
        "came": any(piece.came for piece in pieces),
        "gone": gone,
    }
    if gone:  # Of what is hidden since, nothing is even read.
        return shapes.Outgoing.model_validate(NOTHING | known)
    shown = document(message, TABLE)
    pinged = _pinged(shown)
    return shapes.Outgoing.model_validate(
        known
        | {
            "name": _name(shown),
            "avatar_url": _avatar(shown),
            "text": _text(shown, pinged),
            "reply": _reply(shown, discord_ids),
            "files": shown.attachments,
            "pings": [discord_id for pk, discord_id in pinged.items() if f"<@{pk}>" in shown.text],
            "rolls": _rolls(shown),
        }
    )


def _name(shown: Message) -> str:
    return shown.voice.name if shown.voice else (shown.author.name if shown.author else "")


def _avatar(shown: Message) -> str:
    address = shown.voice.portrait_url if shown.voice else (shown.author.avatar_url if shown.author else "")
    return urljoin(f"{settings.SITE_URL}/", address) if address else ""


def _reply(shown: Message, discord_ids: dict[UUID, str]) -> shapes.OutgoingReply | None:
    if shown.reply is None or not (shown.reply.name or shown.reply.excerpt):
        return None
    return shapes.OutgoingReply(
        name=shown.reply.name, excerpt=shown.reply.excerpt, message_id=discord_ids.get(shown.reply.id)
    )


def _text(shown: Message, discord_ids: Mapping[UUID, str]) -> str:
    """The text, with those who are on Discord as Discord writes them, and everybody else by name."""

    def mention(match: re.Match[str]) -> str:
        token = match[0]
        person = _person(token)
        if person is not None and person in discord_ids:
            return f"<@{discord_ids[person]}>"
        return f"@{shown.named[token]}" if token in shown.named else token.strip("<>")

    text = MENTION.sub(mention, shown.text)
    return "\n".join(filter(None, (_title(shown), text)))


def _person(token: str) -> UUID | None:
    return UUID(token[2:-1]) if token.startswith("<@") and token[2] not in "&*" else None


def _title(shown: Message) -> str:
    """What a card without words is about."""
    card = shown.card or {}
    if "request" in card:
        request = RequestCard.model_validate(card).request
        return f"🎲 {request.text or request.text_summary}"
    if "scene" in card:
        scene = SceneCard.model_validate(card).scene
        return f"**{scene.title}**" + (f" · {scene.place}" if scene.place else "")
    return ""


def _rolls(shown: Message) -> list[RollOnCard]:
    return RollCard.model_validate(shown.card).rolls if shown.card and "rolls" in shown.card else []


def _pinged(shown: Message) -> dict[UUID, str]:
    """The members whom the author meant, and who they are on Discord."""
    people = CustomUser.objects.filter(pk__in=shown.mentions).exclude(discord_id=None)
    return {pk: str(discord_id) for pk, discord_id in people.values_list("pk", "discord_id")}
