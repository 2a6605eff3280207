"""Rooms of chat as somebody sees them: what stands in their list, and what a page needs of one."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Input, Named, Person
from contract.chat import Room, RoomInput

MAX_PEOPLE = 500
Count = Annotated[int, Field(ge=0)]


class ListRooms(Input):
    """The rooms of one server; without it the private conversations."""

    server: UUID | None = None


class OpenRoom(RoomInput):
    """A room, and who is in it."""


class RoomRow(Room):
    """A room in a list. `unread` and `mentions` count what came after `read`, the place that was read last."""

    topic: str
    category: str
    private: bool
    # It can be read, and nobody writes there any more.
    archived: bool
    # Of a conversation: who is in it beside the reader, and whether it is a group.
    people: list[Person]
    group: bool
    # The room's number now: what to ask the gateway for from there on.
    seq: Count
    read: Count
    unread: Count
    mentions: Count
    notify: Literal["all", "mentions", "nothing"]


class ChatPlace(Answer):
    """A server with rooms; `id` is null for the private conversations. `room` is the first one to show."""

    id: UUID | None
    name: str
    icon_url: str
    room: UUID | None
    unread: bool
    mentions: Count


class Rooms(Answer):
    """`places`: all servers of the reader, and their conversations first; `rooms`: those of the place asked for."""

    places: list[ChatPlace]
    place: UUID | None
    results: list[RoomRow]


class RoomPerson(Person):
    """Somebody in a room. `role` is the highest that is shown apart, with its colour."""

    role: str
    colour: str


class RoomCharacter(Named):
    """A character that can be mentioned in a room."""

    owner: UUID


class MayDo(Answer):
    """What the reader may do in a room. `why_not` says why they may not write."""

    send: bool
    moderate: bool
    manage: bool
    tell: bool
    why_not: str


class OpenedRoom(Answer):
    """`people`: who can see it, up to 500; `roles` and `characters`: what else can be mentioned."""

    room: RoomRow
    parent: Named | None
    may: MayDo
    people: list[RoomPerson]
    roles: list[Named]
    characters: list[RoomCharacter]
    seq: int
