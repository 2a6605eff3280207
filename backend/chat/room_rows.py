"""Read a room with all that its rights follow from in one prepared statement, for a writer with what they need too.

By the ORM, written anew each time, it was half of what a message costs. Nothing is kept between two calls: whoever lost
a right has lost it with the next one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, FilteredRelation, OuterRef, Q, QuerySet, Subquery, UUIDField

from chat.models import ChatMessage, PrivateConversation, RoomState, Scene
from chronicle.models import Chronicle, Server, ServerChannel, ServerMember
from timeline.prepared import Columns, Prepared, Slot

CATEGORY_KIND = 4

CHANNEL, PARENT = Columns(ServerChannel), Columns(ServerChannel, "parent__")
SERVER = Columns(Server, "server__", Server.PLAYED)
BOUND = Columns(Chronicle, "chronicle__", Chronicle.PLAYED)
BOUND_TO_PARENT = Columns(Chronicle, "parent__chronicle__", Chronicle.PLAYED)
DEFAULT = Columns(Chronicle, "default__", Chronicle.PLAYED)
SCENE = Columns(Scene, "open_scene__")
CONVERSATION = Columns(PrivateConversation)


@dataclass(frozen=True)
class Writer:
    """What is known of somebody in a room: `speaks_as` whom they chose for it, `posted` their message with the nonce
    that they sent.
    """

    id: UUID | None
    nickname: str
    speaks_as: UUID | None
    posted: UUID | None
    scene: Scene | None = None


@dataclass(frozen=True)
class ChannelRow:
    """`default`: the default chronicle of its server."""

    channel: ServerChannel
    default: Chronicle | None
    writer: Writer


def _user() -> Slot:
    return Slot("user", UUIDField())


def _chosen(room: str) -> Subquery:
    states = RoomState.objects.filter(user=_user(), room=OuterRef(room))
    return Subquery(states.values("speaks_as"))


def _posted() -> Subquery:
    mine = ChatMessage.objects.filter(room=OuterRef("pk"), user=_user(), nonce=Slot("nonce", CharField()))
    return Subquery(mine.values("pk"))


def _channel() -> QuerySet[Any]:
    nickname = ServerMember.objects.filter(server=OuterRef("server_id"), user=_user()).values("nickname")
    found = ServerChannel.objects.filter(pk=Slot("room", UUIDField())).exclude(kind=CATEGORY_KIND)
    found = found.annotate(
        default=FilteredRelation("server__chronicles", condition=Q(server__chronicles__is_default=True)),
        open_scene=FilteredRelation("scenes", condition=Q(scenes__is_open=True)),
    )
    parts = (CHANNEL, SERVER, PARENT, BOUND, BOUND_TO_PARENT, DEFAULT, SCENE)
    paths = [path for part in parts for path in part.paths]
    about = (Subquery(nickname), _chosen("pk"), _chosen("parent_id"), _posted())
    return found.order_by().values_list(*paths, *about)


def _conversation() -> QuerySet[Any]:
    """A row for each of its people."""
    found = PrivateConversation.objects.filter(pk=Slot("room", UUIDField())).order_by()
    return found.values_list(
        "participants__user_id", "participants__since", *CONVERSATION.paths, _chosen("pk"), _posted()
    )


_find_channel = Prepared(_channel)
_find_conversation = Prepared(_conversation, same_from=2)


def find_channel(room_id: UUID, user: UUID | None = None, nonce: str = "") -> ChannelRow | None:
    rows = _find_channel(room=room_id, user=user, nonce=nonce or None)
    if not rows:
        return None
    values = iter(rows[0])
    channel, server, parent = CHANNEL.read(values), SERVER.read(values), PARENT.read(values)
    bound, above, default = (_chronicle(part, values, server) for part in (BOUND, BOUND_TO_PARENT, DEFAULT))
    channel.server, channel.parent, channel.chronicle = server, parent, bound
    if parent is not None:
        parent.chronicle = above
        if parent.server_id == server.pk:
            parent.server = server
    scene = SCENE.read(values)
    nickname, here, in_channel, posted = values
    return ChannelRow(channel, default, Writer(user, nickname or "", here or in_channel, posted, scene))


def _chronicle(part: Columns, values: Iterator[Any], server: Server) -> Chronicle | None:
    found: Chronicle | None = part.read(values)
    if found is not None and found.server_id == server.pk:
        found.server = server
    return found


def find_conversation(
    room_id: UUID, user: UUID | None = None, nonce: str = ""
) -> tuple[PrivateConversation, Writer] | None:
    rows = _find_conversation(room=room_id, user=user, nonce=nonce or None)
    if not rows:
        return None
    values = iter(rows[0][2:])
    found = CONVERSATION.read(values)
    found.joined = {person: since for person, since, *_ in rows if person is not None}
    speaks_as, posted = values
    return found, Writer(user, "", speaks_as, posted)
