"""Make a draft ready for a room: who speaks, who sees it, in which scene it is said, what its rolls came to."""

from dataclasses import replace
from uuid import UUID

from chat.drafts import Draft
from chat.game import inline, voices
from chat.game.scenes import open_scene
from chat.models import ChatMessage
from chat.rooms import Room, chronicle_of, level_in
from chronicle.principal import Principal
from chronicle.rights import can
from contract.translation import _
from discordauth.models import CustomUser
from rules.errors import Invalid, NotAllowed, NotFound, Unprocessable
from rules.visibility import PRIVATE, SECRET, Level
from timeline.services import Cause

OPENING, CLOSING = "((", "))"


def ready(
    room: Room, draft: Draft, answered: ChatMessage | None, *, principal: Principal, cause: Cause
) -> Draft:
    """The draft as it is stored. Its rolls are made: call it in the transaction of the message, before the room's
    number is taken.

    Raises Invalid, NotAllowed, NotFound, Unprocessable, and what rolls raise.
    """
    ooc = draft.ooc or is_out_of_character(draft.text)
    visibility, owner = readers(room, draft, answered, principal)
    scene = open_scene(room)
    speaker = None
    if not ooc and draft.voice is None and draft.kind != "notice":
        speaker = voices.speaker_in(room, principal, chosen=draft.speaks_as, as_myself=draft.as_myself)
    made = replace(
        draft,
        ooc=ooc,
        visibility=visibility,
        owner=owner,
        scene=draft.scene or (scene.pk if scene else None),
        voice=voices.voice(room, speaker, scene) if speaker else draft.voice,
    )
    return inline.with_rolls(room, made, speaker, principal=principal, cause=cause)


def is_out_of_character(text: str) -> bool:
    """`((like this))`, the whole text."""
    said = text.strip()
    return len(said) > len(OPENING + CLOSING) and said.startswith(OPENING) and said.endswith(CLOSING)


def readers(
    room: Room, draft: Draft, answered: ChatMessage | None, principal: Principal
) -> tuple[Level, UUID | None]:
    """The level from which it is seen, and by whom else. An answer to a whisper is one, between the same two."""
    if sum((draft.whisper, draft.whisper_to is not None, draft.hidden)) > 1:
        raise Invalid.field("whisper", _("Choose one: a whisper, or hidden for now."))
    if draft.hidden:
        _require_storyteller(room, principal, _("Only a storyteller can hide a message for now."))
        return SECRET, principal.id
    if draft.whisper_to is not None:
        _require_storyteller(room, principal, _("Only a storyteller can whisper to a player."))
        return PRIVATE, _addressed(room, draft.whisper_to)
    if draft.whisper:
        if chronicle_of(room) is None:
            raise Unprocessable(_("There are no storytellers to whisper to here."), "no_storyteller")
        return PRIVATE, principal.id
    if answered is not None and answered.visibility > draft.visibility:
        return Level(answered.visibility), answered.owner
    return draft.visibility, draft.owner or principal.id


def _require_storyteller(room: Room, principal: Principal, sentence: str) -> None:
    if chronicle_of(room) is None or level_in(principal, room) < SECRET:
        raise NotAllowed(sentence)


def _addressed(room: Room, user_id: UUID) -> UUID:
    """Somebody who sees the room. Raises NotFound."""
    found = CustomUser.objects.filter(pk=user_id, is_active=True).first()
    if found is None or not can(Principal.for_user(found), f"{room.kind}.view", room.subject):
        raise NotFound(_("There’s nobody like that here."))
    return found.pk
