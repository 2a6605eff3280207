"""The rooms that somebody sees, and who is in one of them."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import F

from chat import log
from chat.models import Participant, PrivateConversation
from chat.room_rows import CATEGORY_KIND
from chat.rooms import Room, chronicle_of, level_in
from chat.selectors.hearing import IN_CHANNELS, IN_CONVERSATIONS, choices
from chat.selectors.unread import Unread, counts
from chronicle.models import Server, ServerChannel, ServerMember, ServerRole
from chronicle.prefetch import prefetch_permissions
from chronicle.principal import MEMBER_POSITION, Principal
from chronicle.rights import can
from contract import chat_rooms as shapes
from contract.base import Named
from contract.chat_reading import ChosenNotify
from contract.translation import _
from haven.models import Character
from rules.visibility import SECRET
from timeline.models import Stream

MOST_SERVERS = 100
MOST_NAMED = 300
# Beyond so many, rooms elsewhere are not counted.
MOST_COUNTED = 200
# What a role has that nobody gave a colour.
PLAIN = {"", "#99aab5", "#000000"}


def channels_of(principal: Principal, server_ids: Iterable[UUID]) -> list[ServerChannel]:
    """The channels and threads with messages that this reader sees in these servers, in order."""
    wanted = list(server_ids)
    principal.load(wanted)
    rows = (
        ServerChannel.objects.filter(server__in=wanted)
        .exclude(kind=CATEGORY_KIND)
        .select_related("server", "category", "parent", "parent__server")
        .order_by(F("category__position").asc(nulls_first=True), "position", "id")
    )
    return [row for row in rows if can(principal, "channel.view", row)]


def conversations_of(principal: Principal) -> list[PrivateConversation]:
    mine = Participant.objects.filter(user=principal.id).values("conversation")
    rows = PrivateConversation.objects.filter(pk__in=mine).prefetch_related("participants__user")
    return list(rows.order_by("-created_at"))


def listed(principal: Principal, server_id: UUID | None) -> shapes.Rooms:
    """The reader's places, and the rooms of one of them, each with what is unread there."""
    servers = list(Server.objects.filter(members__user=principal.id).order_by("name", "pk")[:MOST_SERVERS])
    if server_id and all(server.pk != server_id for server in servers):
        servers += Server.objects.filter(pk=server_id)
    channels = channels_of(principal, [server.pk for server in servers])
    conversations = conversations_of(principal)
    shown = [row for row in channels if row.server_id == server_id]
    asked = [row.pk for row in (*shown, *conversations, *channels)]
    unread = counts(principal, asked[: max(MOST_COUNTED, len(shown))])
    if server_id:
        rows = [of_channel(row) for row in shown]
    else:
        rows = [of_conversation(row, principal) for row in conversations]
    places = [
        _private_place(conversations, unread),
        *(_place(server, channels, unread) for server in servers),
    ]
    return shapes.Rooms(places=places, place=server_id, results=_with_counts(principal, rows, unread))


def _with_counts(
    principal: Principal, rows: Iterable[shapes.RoomRow], unread: Mapping[UUID, Unread]
) -> list[shapes.RoomRow]:
    chosen = choices(principal.id) if principal.id else {}
    known = list(rows)
    numbers = dict(Stream.objects.filter(pk__in=[row.id for row in known]).values_list("pk", "seq"))
    return [
        row.model_copy(update={"seq": numbers.get(row.id, 0), **_counted(row, unread.get(row.id), chosen)})
        for row in known
    ]


def _counted(
    row: shapes.RoomRow, found: Unread | None, chosen: dict[UUID, ChosenNotify]
) -> dict[str, object]:
    of_server = chosen.get(row.server.id, "") if row.server else ""
    notify = chosen.get(row.id, "") or of_server or (IN_CHANNELS if row.server else IN_CONVERSATIONS)
    unread, mentions, read, _last = found or (0, 0, 0, None)
    return {"unread": unread, "mentions": mentions, "read": read, "notify": notify}


def _private_place(rows: Sequence[PrivateConversation], unread: Mapping[UUID, Unread]) -> shapes.ChatPlace:
    waiting = sum(unread[row.pk].unread for row in rows if row.pk in unread)
    return shapes.ChatPlace(
        id=None,
        name=_("Private messages"),
        icon_url="",
        room=rows[0].pk if rows else None,
        unread=waiting > 0,
        mentions=waiting,
    )


def _place(
    server: Server, channels: Sequence[ServerChannel], unread: Mapping[UUID, Unread]
) -> shapes.ChatPlace:
    rooms = [row for row in channels if row.server_id == server.pk]
    waiting = [unread[row.pk] for row in rooms if row.pk in unread]
    return shapes.ChatPlace(
        id=server.pk,
        name=server.name,
        icon_url=icon_url(server),
        room=next((row.pk for row in rooms if row.parent_id is None), None),
        unread=any(found.unread for found in waiting),
        mentions=sum(found.mentions for found in waiting),
    )


def icon_url(server: Server) -> str:
    """A mirror has Discord's hash, what was made on the web an address."""
    if not server.icon or server.icon.startswith("https://") or not server.discord_id:
        return server.icon
    return f"{settings.DISCORD_CDN}/icons/{server.discord_id}/{server.icon}.png"


def of_channel(row: ServerChannel) -> shapes.RoomRow:
    kind = "thread" if row.parent_id else "voice" if row.is_voice else "channel"
    return _row(
        id=row.pk,
        kind=kind,
        name=row.name,
        server=Named(id=row.server_id, name=row.server.name),
        parent=row.parent_id,
        topic=row.description,
        category=row.category.name if row.category else "",
        private=row.is_private,
        archived=row.archived_at is not None,
    )


def of_conversation(row: PrivateConversation, principal: Principal) -> shapes.RoomRow:
    others = [part.user.as_person() for part in row.participants.all() if part.user_id != principal.id]
    name = row.name or ", ".join(person.name for person in others) or _("Only you")
    return _row(
        id=row.pk, kind="conversation", name=name, private=True, people=others, group=row.pair is None
    )


# What a row says where nobody knows better.
NOTHING: dict[str, object] = {
    "server": None,
    "parent": None,
    "topic": "",
    "category": "",
    "archived": False,
    "people": [],
    "group": False,
    "seq": 0,
    "read": 0,
    "unread": 0,
    "mentions": 0,
    "notify": "all",
}


def _row(**shown: object) -> shapes.RoomRow:
    return shapes.RoomRow.model_validate(NOTHING | shown)


def opened(principal: Principal, room: Room) -> shapes.OpenedRoom:
    """A room with what a page needs of it."""
    parent = room.channel.parent if room.channel else None
    row = of_channel(room.channel) if room.channel else _conversation(room, principal)
    return shapes.OpenedRoom(
        room=_with_counts(principal, [row], counts(principal, [room.id]))[0],
        parent=Named(id=parent.pk, name=parent.name) if parent else None,
        may=_may(principal, room),
        people=people_of(room),
        roles=_roles(room),
        characters=_characters(room),
        seq=log.head(room.id),
    )


def _conversation(room: Room, principal: Principal) -> shapes.RoomRow:
    assert room.conversation is not None
    return of_conversation(room.conversation, principal)


def _may(principal: Principal, room: Room) -> shapes.MayDo:
    send = can(principal, f"{room.kind}.send", room.subject)
    return shapes.MayDo(
        send=bool(send),
        moderate=bool(room.channel and can(principal, "channel.moderate", room.channel)),
        manage=bool(room.channel and can(principal, "channel.manage", room.channel)),
        tell=level_in(principal, room) >= SECRET,
        why_not="" if send else send.reason,
    )


def people_of(room: Room) -> list[shapes.RoomPerson]:
    """Who can see the room; of many, those who joined first."""
    if room.channel is None:
        parts = Participant.objects.filter(conversation=room.id).select_related("user").order_by("pk")
        return [shapes.RoomPerson(**part.user.as_person().model_dump(), role="", colour="") for part in parts]
    members = list(
        ServerMember.objects.filter(server=room.server_id)
        .select_related("user")
        .prefetch_related("roles")
        .order_by("pk")[: shapes.MAX_PEOPLE]
    )
    return [_member(member) for member in _who_see(members, room.channel)]


def _who_see(members: Sequence[ServerMember], channel: ServerChannel) -> list[ServerMember]:
    principals = [Principal.for_user(member.user) for member in members]
    prefetch_permissions(principals, {channel.server_id})
    return [
        member
        for member, principal in zip(members, principals, strict=True)
        if can(principal, "channel.view", channel)
    ]


def _member(member: ServerMember) -> shapes.RoomPerson:
    held = sorted(member.roles.all(), key=lambda role: -role.position)
    shown = next((role for role in held if role.position > MEMBER_POSITION), None)
    colour = next((role.color for role in held if role.color.lower() not in PLAIN), "")
    known = member.user.as_person().model_dump() | {"name": member.display_name}
    return shapes.RoomPerson(**known, role=shown.name if shown else "", colour=colour)


def _roles(room: Room) -> list[Named]:
    if room.channel is None:
        return []
    rows = ServerRole.objects.filter(server=room.server_id, position__gt=MEMBER_POSITION)
    return [Named(id=row.pk, name=row.name) for row in rows.order_by("-position")[:MOST_NAMED]]


def _characters(room: Room) -> list[shapes.RoomCharacter]:
    """The characters of the chronicle that is played in the room."""
    chronicle = chronicle_of(room)
    if chronicle is None:
        return []
    rows = Character.objects.filter(chronicle=chronicle, deleted_at=None).order_by("name", "pk")
    named = rows.values_list("pk", "name", "owner_id")[:MOST_NAMED]
    return [shapes.RoomCharacter(id=pk, name=name, owner=owner) for pk, name, owner in named]
