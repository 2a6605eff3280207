"""As whom somebody writes: a character or one of the cast, and how they are shown beside a message."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from chat.game import status
from chat.models import CastMember, RoomState, Scene
from chat.rooms import Room, bound_to, chronicle_of
from chronicle.models import Chronicle
from chronicle.principal import Principal
from chronicle.rights import can
from contract import chat as shapes
from contract.base import JsonObject
from contract.translation import N_, _, speaking
from haven import portraits
from haven import selectors as characters
from haven.models import Character
from haven.utility import derived
from rules.errors import GameError, NotFound, Unprocessable
from rules.visibility import TABLE

GONE = N_("The character you write as here is gone. Choose another, or write as yourself.")
ARCHIVED = N_("{name} is archived. Make the character active again, or write as yourself.")
ELSEWHERE = N_("{name} is played in another chronicle, not here.")
NOBODY = N_("There’s nobody like that in the cast.")


@dataclass(frozen=True)
class Speaker:
    """A character or one of the cast, whom somebody may speak for in a room."""

    id: UUID
    name: str
    portrait: str
    character: Character | None = None


def speaker_in(room: Room, principal: Principal, *, chosen: UUID | None, as_myself: bool) -> Speaker | None:
    """Who speaks: whom they chose, else whom they chose for the room; None for themselves.

    Raises NotFound, NotAllowed, Unprocessable (`voice_gone`, `voice_archived`, `voice_elsewhere`).
    """
    if as_myself:
        return None
    if chosen is not None:
        return find(room, principal, chosen)
    kept = chosen_for(room, principal)
    if kept is None:
        return None
    try:
        return find(room, principal, kept)
    except NotFound:
        raise Unprocessable(_(GONE), "voice_gone") from None


def chosen_for(room: Room, principal: Principal) -> UUID | None:
    """As whom somebody writes there unless they say otherwise; in a thread, as in its channel until they choose."""
    if (known := room.writer(principal.id)) is not None:
        return known.speaks_as
    places = [room.id]
    if room.channel and room.channel.parent_id:
        places.append(room.channel.parent_id)
    kept = dict(
        RoomState.objects.filter(user=principal.id, room__in=places)
        .exclude(speaks_as=None)
        .values_list("room", "speaks_as")
    )
    return next((kept[place] for place in places if place in kept), None)


def find(room: Room, principal: Principal, speaker_id: UUID) -> Speaker:
    """Somebody whom they may speak for there. What `speaker_in` raises."""
    character = characters.rows().filter(pk=speaker_id).first()
    if character is None:
        return _of_cast(room, principal, speaker_id)
    can(principal, "character.speak", character).require()
    if refusal := why_not(room, character):
        raise refusal
    return Speaker(character.pk, character.name, character.avatar, derived(character))


def why_not(room: Room, character: Character) -> GameError | None:
    """Why a character has no voice in a room, whoever speaks for them."""
    if character.deleted_at is not None:
        return NotFound(_(characters.NO_SUCH))
    if character.status == Character.Status.ARCHIVED:
        return Unprocessable(_(ARCHIVED, name=character.name), "voice_archived")
    if not _is_played_in(room, character.chronicle):
        return Unprocessable(_(ELSEWHERE, name=character.name), "voice_elsewhere")
    return None


def _is_played_in(room: Room, chronicle: Chronicle | None) -> bool:
    """A channel without a chronicle of its own is there for all of its server; a private conversation for every."""
    if room.channel is None or chronicle is None:
        return True
    bound = bound_to(room.channel)
    return chronicle == bound if bound else chronicle.server_id == room.server_id


def _of_cast(room: Room, principal: Principal, member_id: UUID) -> Speaker:
    chronicle = chronicle_of(room)
    found = CastMember.objects.filter(pk=member_id, chronicle=chronicle).first() if chronicle else None
    if found is None or not can(principal, "chronicle.tell", chronicle):
        raise NotFound(_(NOBODY))
    return Speaker(found.pk, found.name, found.portrait)


def voice(room: Room, speaker: Speaker, scene: Scene | None) -> JsonObject:
    """What is kept of the speaker with a message: no more of their state than the whole table sees."""
    character = speaker.character
    language = room.channel.server.language if room.channel else ""
    with speaking(language):
        state = status.lines(character, TABLE) if character else []
    return shapes.Voice(
        name=speaker.name,
        portrait_url=portraits.small_address(speaker.portrait) or "",
        character=character.pk if character else None,
        cast=None if character else speaker.id,
        status=state,
        place=scene.place if scene else "",
        source="character" if character else "cast",
    ).model_dump(mode="json")


def speakable(room: Room, principal: Principal) -> list[Character]:
    """The characters that they may speak for there: their own; for storytellers those of the chronicle too."""
    chronicle = chronicle_of(room)
    wanted = Q(owner_id=principal.id)
    if chronicle and can(principal, "chronicle.tell", chronicle):
        wanted |= Q(chronicle=chronicle)
    rows = characters.alive().filter(wanted).exclude(status=Character.Status.ARCHIVED)
    found = [row for row in rows.order_by("name_key")[:500] if why_not(room, row) is None]
    return sorted(map(derived, found), key=lambda row: row.owner_id != principal.id)
