"""Open a scene in a channel, take part in it, and close it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from chat.drafts import Draft
from chat.game import voices
from chat.models import ChatMessage, Scene, ScenePart
from chat.rooms import Room, chronicle_of, find_room
from chat.selectors import scenes as reading
from chat.services import turns
from chat.services.posting import post
from chat.services.scene_messages import announce, card_of, show_scene
from chat.services.speaking import set_speaker
from chronicle.principal import Principal
from chronicle.rights import can
from contract.chat_scenes import MAX_PARTS, MAX_TITLE, ChangeScene, OpenScene
from contract.translation import N_, _
from discordauth.models import CustomUser
from rules.errors import Conflict, Invalid, Limit, NotAllowed, NotFound, Unprocessable
from rules.notices import notice
from rules.text import clean, has_ink
from timeline.services import Cause

CLOSED = N_("This scene is closed.")
OPEN_ALREADY = N_("A scene is open here already. Close it first.")


@transaction.atomic
def open_in(room: Room, wanted: OpenScene, *, principal: Principal, cause: Cause) -> Scene:
    """Raises NotAllowed, Invalid, Conflict (`scene_open`), Unprocessable (`no_chronicle`)."""
    chronicle = chronicle_of(room)
    if room.channel is None or chronicle is None:
        raise Unprocessable(_("Scenes are played in the channels of a server."), "no_chronicle")
    can(principal, "scene.open", chronicle).require()
    row = Scene(
        chronicle=chronicle,
        channel=room.channel,
        channel_name=room.channel.name,
        title=_title(wanted.title),
        place=clean(wanted.place, MAX_TITLE),
        pace=wanted.pace,
        opened_by=principal.user,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_(OPEN_ALREADY), code="scene_open") from None
    draft = Draft(
        kind=ChatMessage.Kind.SCENE,
        card=card_of(row),
        as_myself=True,
        scene=row.pk,
        subjects=[row.pk],
    )
    post(room, draft, principal=principal, cause=cause)
    return row


def _title(text: str) -> str:
    cleaned = clean(text, MAX_TITLE)
    if not has_ink(cleaned):
        raise Invalid.field("title", _("A scene needs a title."))
    return cleaned


@contextmanager
def changing(principal: Principal, scene_id: UUID, action: str, *, closed: bool = False) -> Iterator[Scene]:
    """The scene, locked, to be changed: it is saved with its card. Raises NotFound, NotAllowed, Conflict
    (`scene_closed`).
    """
    with transaction.atomic():
        row = lock(principal, scene_id, action)
        if not row.is_open and not closed:
            raise Conflict(_(CLOSED), code="scene_closed")
        yield row
        row.version += 1
        row.save()
        show_scene(row)


def lock(principal: Principal, scene_id: UUID, action: str) -> Scene:
    """Lock it until commit: before the room, whose lock comes last."""
    reading.get(principal, scene_id, action)
    Scene.objects.select_for_update().filter(pk=scene_id).order_by().values_list("pk").first()
    return reading.get(principal, scene_id, action)


def change(scene_id: UUID, wanted: ChangeScene, *, principal: Principal) -> Scene:
    """Another title, place or pace."""
    given = wanted.model_fields_set
    with changing(principal, scene_id, "scene.run") as row:
        if wanted.title is not None:
            row.title = _title(wanted.title)
        if wanted.place is not None:
            row.place = clean(wanted.place, MAX_TITLE)
        if "pace" in given:
            row.pace = wanted.pace
    return row


def join(scene_id: UUID, speaker_id: UUID, *, principal: Principal) -> Scene:
    """Take part as a character, and write as them in the room from now on. What `voices.find` raises."""
    with changing(principal, scene_id, "scene.play") as row:
        room = room_of(row)
        can(principal, "channel.send", room.subject).require()
        speaker = voices.find(room, principal, speaker_id)
        character = speaker.character.pk if speaker.character else None
        part = ScenePart.objects.filter(scene=row, speaker=speaker.id).first()
        if part is not None and part.left_at is None:
            raise Conflict(_("{name} is already in this scene.", name=speaker.name), code="already_there")
        if ScenePart.objects.filter(scene=row, left_at=None).count() >= MAX_PARTS:
            raise Limit(_("A scene can have up to {most} people.", most=MAX_PARTS), code="too_many_parts")
        part = part or ScenePart(
            scene=row, speaker=speaker.id, character=character, cast=None if character else speaker.id
        )
        part.user, part.name = _player(principal), speaker.name
        part.position, part.is_away, part.left_at = _last_place(row) + 1, False, None
        part.save()
        set_speaker(room, speaker.id, principal=principal)
    return row


def _player(principal: Principal) -> CustomUser:
    if principal.user is None:
        raise NotAllowed(_("Sign in first."))
    return principal.user


def _last_place(row: Scene) -> int:
    found = ScenePart.objects.filter(scene=row).aggregate(last=Max("position"))["last"]
    return int(found or 0)


def leave(scene_id: UUID, part_id: UUID, *, principal: Principal) -> Scene:
    """Take part no more: one's own part, or as a storyteller anybody's."""
    with changing(principal, scene_id, "scene.play") as row:
        part = part_of(row, part_id, principal)
        turns.step_over(row, part)
        part.left_at = timezone.now()
        part.save(update_fields=["left_at"])
    return row


def set_away(scene_id: UUID, part_id: UUID, away: bool, *, principal: Principal) -> Scene:
    """Say that somebody is not there, and their turn is passed over; or that they are back."""
    with changing(principal, scene_id, "scene.play") as row:
        part = part_of(row, part_id, principal)
        part.is_away = away
        part.save(update_fields=["is_away"])
        if away:
            turns.step_over(row, part)
    return row


def part_of(row: Scene, part_id: UUID, principal: Principal) -> ScenePart:
    """One's own part; of others, for who runs the scene. Raises NotFound, NotAllowed."""
    found = ScenePart.objects.filter(pk=part_id, scene=row, left_at=None).first()
    if found is None:
        raise NotFound(_("There’s nobody like that in this scene."))
    if found.user_id != principal.id:
        can(principal, "scene.run", row).require()
    return found


def order(scene_id: UUID, part_ids: list[UUID], *, principal: Principal) -> Scene:
    """Set the order of turns; who is not named comes after the others, as before."""
    with changing(principal, scene_id, "scene.run") as row:
        parts = {part.pk: part for part in ScenePart.objects.filter(scene=row)}
        if unknown := set(part_ids) - parts.keys():
            raise Invalid.field("parts", _("{count} of these aren’t in this scene.", count=len(unknown)))
        named = [parts[pk] for pk in dict.fromkeys(part_ids)]
        others = [part for part in parts.values() if part not in named]
        for position, part in enumerate([*named, *others], start=1):
            part.position = position
        ScenePart.objects.bulk_update(parts.values(), ["position"])
    return row


def close(scene_id: UUID, *, principal: Principal) -> Scene:
    """Close it: what is said from now on belongs to it no more, and its log stays."""
    with changing(principal, scene_id, "scene.run") as row:
        row.is_open, row.closed_at, row.turn, row.turn_since = None, timezone.now(), None, None
        announce(row, notice("scene_closed", title=row.title))
    return row


def reopen(scene_id: UUID, *, principal: Principal) -> Scene:
    """Play it on, where no other is open. Raises Conflict (`scene_open`)."""
    with changing(principal, scene_id, "scene.run", closed=True) as row:
        if row.is_open:
            raise Conflict(_("This scene is open."), code="scene_open")
        if row.channel is None:
            raise Conflict(_("The channel of this scene is gone."), code="scene_closed")
        if Scene.objects.select_for_update().filter(channel=row.channel, is_open=True).exists():
            raise Conflict(_(OPEN_ALREADY), code="scene_open")
        row.is_open, row.closed_at = True, None
    return row


def room_of(row: Scene) -> Room:
    found = find_room(row.channel_id) if row.channel_id else None
    if found is None:
        raise NotFound(_("There’s no such channel."))
    return found
