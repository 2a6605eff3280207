"""Scenes as people read them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from chat.game.scenes import open_scene
from chat.models import CastMember, Scene, ScenePart
from chat.rooms import Room, chronicle_of
from chronicle.models import Chronicle
from chronicle.principal import Principal
from chronicle.rights import can
from contract import chat_scenes as shapes
from contract.base import Named
from contract.translation import _
from haven import portraits
from haven.models import Character
from rules.errors import NotFound


def rows() -> "QuerySet[Scene]":
    """With what a scene's document needs, in a constant number of queries."""
    return Scene.objects.select_related(
        "chronicle__server", "channel__server", "channel__parent"
    ).prefetch_related("parts__user")


def get(principal: Principal, scene_id: UUID, action: str = "scene.view") -> Scene:
    """Raises NotFound, NotAllowed."""
    found = rows().filter(pk=scene_id).first()
    if found is None:
        raise NotFound(_("There’s no such scene."))
    can(principal, action, found).require()
    return found


def document(row: Scene) -> shapes.Scene:
    return documents([row])[0]


def documents(found: Sequence[Scene]) -> list[shapes.Scene]:
    pictures = _portraits(part for row in found for part in row.playing)
    return [_document(row, pictures) for row in found]


def _document(row: Scene, pictures: dict[UUID, str]) -> shapes.Scene:
    return shapes.Scene.from_object(
        row,
        room=row.channel_id,
        room_name=row.channel.name if row.channel else row.channel_name,
        chronicle=Named(id=row.chronicle_id, name=row.chronicle.name),
        open=bool(row.is_open),
        parts=[_part(part, pictures) for part in row.playing],
        turn=row.turn_id,
        late_from=late_from(row),
        opened_by=row.opened_by_id,
        url=f"{settings.SITE_URL}/scenes/{row.pk}/",
    )


def _part(row: ScenePart, pictures: dict[UUID, str]) -> shapes.Part:
    return shapes.Part.from_object(
        row,
        user=row.user.as_person(),
        portrait_url=portraits.address(pictures.get(row.speaker, "")) or "",
        away=row.is_away,
    )


def _portraits(parts: Iterable[ScenePart]) -> dict[UUID, str]:
    """By speaker, the path of the portrait as it is now."""
    speakers = {part.speaker for part in parts}
    if not speakers:
        return {}
    known = dict(Character.objects.filter(pk__in=speakers, deleted_at=None).values_list("pk", "avatar"))
    return known | dict(CastMember.objects.filter(pk__in=speakers).values_list("pk", "portrait"))


def late_from(row: Scene) -> datetime | None:
    """When the others may go on without who is at turn."""
    if row.turn_since is None or row.pace is None or row.turn_id is None:
        return None
    return row.turn_since + timedelta(minutes=row.pace)


def of_room(principal: Principal, room: Room) -> shapes.RoomScene:
    chronicle, found = chronicle_of(room), open_scene(room)
    scene = rows().get(pk=found.pk) if found else None
    return shapes.RoomScene(
        room=room.id,
        scene=document(scene) if scene else None,
        may_open=bool(chronicle and room.channel and can(principal, "scene.open", chronicle)),
        may_run=bool(scene and can(principal, "scene.run", scene)),
    )


def closed(principal: Principal, chronicle: Chronicle, before: UUID | None = None) -> shapes.Scenes:
    """The newest closed scenes of a chronicle that this reader may see."""
    found = rows().filter(chronicle=chronicle, is_open=None).order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    seen: list[Scene] = []
    for row in found.iterator(chunk_size=shapes.SHOWN):
        if can(principal, "scene.view", row):
            seen.append(row)
        if len(seen) > shapes.SHOWN:
            break
    return shapes.Scenes(results=documents(seen[: shapes.SHOWN]), more=len(seen) > shapes.SHOWN)
