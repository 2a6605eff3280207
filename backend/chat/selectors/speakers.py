"""As whom somebody may write in a room, and how the characters who speak there are at the moment."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings

from chat.game import status, voices
from chat.game.scenes import open_scene
from chat.models import CastMember, ScenePart
from chat.rooms import Room, chronicle_of
from chronicle.principal import Principal
from chronicle.rights import can, character_level
from contract import chat_game as shapes
from haven import portraits
from haven import selectors as characters
from haven.models import Character
from haven.utility import derived
from timeline.services import heads


def speakers(principal: Principal, room: Room) -> shapes.Speakers:
    """One's own characters, then those of the chronicle, then the cast."""
    chronicle = chronicle_of(room)
    tells = bool(chronicle and can(principal, "chronicle.tell", chronicle))
    found = [_character(row, principal) for row in voices.speakable(room, principal)]
    if tells:
        found += [_of_cast(row) for row in CastMember.objects.filter(chronicle=chronicle)]
    return shapes.Speakers(
        room=room.id, chosen=voices.chosen_for(room, principal), storyteller=tells, results=found
    )


def _character(row: Character, principal: Principal) -> shapes.Speaker:
    return shapes.Speaker(
        id=row.pk,
        name=row.name,
        kind="character",
        portrait_url=portraits.address(row.avatar) or "",
        own=row.owner_id == principal.id,
    )


def _of_cast(row: CastMember) -> shapes.Speaker:
    picture = portraits.address(row.portrait) or ""
    return shapes.Speaker(id=row.pk, name=row.name, kind="cast", portrait_url=picture, own=False)


def cast_member(row: CastMember) -> shapes.CastMember:
    return shapes.CastMember(id=row.pk, name=row.name, portrait_url=portraits.address(row.portrait) or "")


def live(principal: Principal, room: Room, ids: Iterable[UUID]) -> shapes.Voices:
    """How these characters are now, as far as this reader sees it; those that they cannot see are left out."""
    chronicle, scene = chronicle_of(room), open_scene(room)
    # Read first: what changes while the rest is read is told again.
    seq = heads([chronicle.pk])[str(chronicle.pk)] if chronicle else 0
    in_scene: set[UUID | None] = set()
    if scene:
        in_scene = set(
            ScenePart.objects.filter(scene=scene, left_at=None).values_list("character", flat=True)
        )
    shown = []
    for row in characters.alive().filter(pk__in=set(ids)).order_by("name_key"):
        if can(principal, "character.view", row):
            character = derived(row)
            place = scene.place if scene and row.pk in in_scene else ""
            shown.append(_live(character, principal, place))
    stream = f"chronicle:{chronicle.pk}" if chronicle else None
    return shapes.Voices(room=room.id, stream=stream, seq=seq, results=shown)


def _live(row: Character, principal: Principal, place: str) -> shapes.LiveVoice:
    return shapes.LiveVoice(
        character=row.pk,
        name=row.name,
        portrait_url=portraits.address(row.avatar) or "",
        url=f"{settings.SITE_URL}/characters/{row.pk}/",
        status=status.lines(row, character_level(principal, row)),
        place=place,
    )
