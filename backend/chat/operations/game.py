"""What can be done in a room beside writing: as whom one speaks, rolls on cards, what is hidden; and the cast."""

from uuid import UUID

from chat.models import CastMember
from chat.operations.messages import ROOM, replay, shown
from chat.rooms import room_for
from chat.selectors import speakers
from chat.services import cast, playing, speaking
from chronicle.call import Call, chronicle_seen_by
from contract import chat as chat_shapes
from contract import chat_game as shapes
from contract.endpoints import Shape
from timeline.keys import Kept
from timeline.operations import Addresses, Operation
from uploads.checking import check
from uploads.storing import store


def _speakers(call: Call, given: shapes.ListSpeakers) -> shapes.Speakers:
    """As whom one may write in a room, and as whom one does."""
    return speakers.speakers(call.principal, room_for(call.principal, given.room))


def _set_speaker(call: Call, given: shapes.SetSpeaker) -> shapes.Speakers:
    """Write as a character in this room from now on, or as oneself."""
    room = room_for(call.principal, given.room, "send")
    speaking.set_speaker(room, given.speaks_as, principal=call.principal)
    return speakers.speakers(call.principal, room)


def _replay_speakers(call: Call, kept: Kept) -> shapes.Speakers:
    return speakers.speakers(call.principal, room_for(call.principal, UUID(str(kept.body["room"]))))


def _voices(call: Call, given: shapes.GetVoices) -> shapes.Voices:
    """How characters are now, as far as one sees it: their trackers, and where they are."""
    return speakers.live(call.principal, room_for(call.principal, given.room), given.ids)


def _show_roll(call: Call, given: shapes.PostRoll) -> chat_shapes.OneMessage:
    """Show a roll that one made in the room."""
    room = room_for(call.principal, given.room, "send")
    return shown(call, room, playing.show_roll(call, room, given).pk)


def _ask(call: Call, given: shapes.AskInRoom) -> chat_shapes.OneMessage:
    """Ask players for a roll, on a card in the room."""
    room = room_for(call.principal, given.room, "send")
    return shown(call, room, playing.ask(call, room, given).pk)


def _reveal(call: Call, given: chat_shapes.MessageInput) -> chat_shapes.OneMessage:
    """Show everybody a message that a storyteller has hidden."""
    room = room_for(call.principal, given.room)
    return shown(call, room, playing.reveal(call, room, given.message).pk)


# The cast


def _list_cast(call: Call, given: shapes.CastInput) -> shapes.Cast:
    """Whom the storytellers of a chronicle speak for."""
    chronicle = chronicle_seen_by(call.principal, given.chronicle)
    rows = cast.listed(chronicle, principal=call.principal)
    return shapes.Cast(results=[speakers.cast_member(row) for row in rows])


def _one(row: CastMember) -> shapes.OneOfCast:
    return shapes.OneOfCast(id=row.pk, member=speakers.cast_member(row))


def _replay_one(call: Call, kept: Kept) -> shapes.OneOfCast:
    row = CastMember.objects.select_related("chronicle__server").get(pk=UUID(str(kept.body["id"])))
    return _one(cast.find(row.chronicle, row.pk, call.principal))


def _member(call: Call, given: shapes.CastMemberInput) -> CastMember:
    return cast.find(chronicle_seen_by(call.principal, given.chronicle), given.member, call.principal)


def _add(call: Call, given: shapes.AddToCast) -> shapes.OneOfCast:
    """Add somebody to the cast."""
    chronicle = chronicle_seen_by(call.principal, given.chronicle)
    return _one(cast.add(chronicle, given.name, principal=call.principal))


def _rename(call: Call, given: shapes.RenameInCast) -> shapes.OneOfCast:
    """Rename somebody in the cast."""
    return _one(cast.rename(_member(call, given), given.name))


def _load(call: Call, given: shapes.PortrayCast) -> shapes.PortrayCast:
    """Check the right, then the picture, and store it before the transaction begins."""
    _member(call, given)
    return given.stored_at(store(cast.CAST, check(cast.CAST, given.picture), call.principal.id).path)


def _portray(call: Call, given: shapes.PortrayCast) -> shapes.OneOfCast:
    """Set the portrait of somebody in the cast."""
    return _one(cast.portray(_member(call, given), given.path))


def _unportray(call: Call, given: shapes.CastMemberInput) -> shapes.OneOfCast:
    """Take the portrait of somebody in the cast off."""
    return _one(cast.portray(_member(call, given), ""))


def _remove(call: Call, given: shapes.CastMemberInput) -> shapes.Removed:
    """Take somebody out of the cast; what they said stays."""
    cast.remove(_member(call, given))
    return shapes.Removed(id=given.member)


GET_SPEAKERS = Operation(
    "chat.speakers", Shape(shapes.ListSpeakers, shapes.Speakers), _speakers, "channel.view", reads=True
)
SET_SPEAKER = Operation(
    "chat.set_speaker",
    Shape(shapes.SetSpeaker, shapes.Speakers),
    _set_speaker,
    "channel.send",
    replay=_replay_speakers,
)
GET_VOICES = Operation(
    "chat.voices", Shape(shapes.GetVoices, shapes.Voices), _voices, "channel.view", reads=True
)
SHOW_ROLL = Operation(
    "chat.show_roll",
    Shape(shapes.PostRoll, chat_shapes.OneMessage),
    _show_roll,
    "channel.send",
    status=201,
    replay=replay,
)
ASK = Operation(
    "chat.ask",
    Shape(shapes.AskInRoom, chat_shapes.OneMessage),
    _ask,
    "roll.request",
    status=201,
    replay=replay,
)
REVEAL = Operation(
    "chat.reveal",
    Shape(chat_shapes.MessageInput, chat_shapes.OneMessage),
    _reveal,
    "chronicle.tell",
    replay=replay,
)
LIST_CAST = Operation(
    "cast.list", Shape(shapes.CastInput, shapes.Cast), _list_cast, "chronicle.tell", reads=True
)
ADD_CAST = Operation(
    "cast.add",
    Shape(shapes.AddToCast, shapes.OneOfCast),
    _add,
    "chronicle.tell",
    status=201,
    replay=_replay_one,
)
RENAME_CAST = Operation(
    "cast.rename", Shape(shapes.RenameInCast, shapes.OneOfCast), _rename, "chronicle.tell", replay=_replay_one
)
PORTRAY_CAST = Operation(
    "cast.portray",
    Shape(shapes.PortrayCast, shapes.OneOfCast),
    _portray,
    "chronicle.tell",
    replay=_replay_one,
    prepare=_load,
)
UNPORTRAY_CAST = Operation(
    "cast.unportray",
    Shape(shapes.CastMemberInput, shapes.OneOfCast),
    _unportray,
    "chronicle.tell",
    replay=_replay_one,
)
REMOVE_CAST = Operation(
    "cast.remove", Shape(shapes.CastMemberInput, shapes.Removed), _remove, "chronicle.tell"
)
CAST = "chronicles/<uuid:chronicle>/cast/"
MEMBER = CAST + "<uuid:member>/"
PORTRAIT = MEMBER + "portrait/"
REST: Addresses = {
    ROOM + "speakers/": {"GET": GET_SPEAKERS, "PUT": SET_SPEAKER},
    ROOM + "voices/": {"GET": GET_VOICES},
    ROOM + "rolls/": {"POST": SHOW_ROLL},
    ROOM + "requests/": {"POST": ASK},
    ROOM + "messages/<uuid:message>/reveal/": {"POST": REVEAL},
    CAST: {"GET": LIST_CAST, "POST": ADD_CAST},
    MEMBER: {"PATCH": RENAME_CAST, "DELETE": REMOVE_CAST},
}
