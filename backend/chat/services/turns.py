"""Whose turn it is in a scene: pass it on, step over who is not there, nudge who is waited for."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chat.drafts import Draft
from chat.game.scenes import open_scene
from chat.models import ChatMessage, Scene, ScenePart
from chat.rooms import Room
from chat.selectors.scenes import late_from, rows
from chat.services.posting import post
from chat.services.scene_messages import announce, show_scene
from chronicle.principal import Principal
from chronicle.rights import can
from contract.translation import _
from rules.errors import Limit, NotAllowed, NotFound, Unprocessable
from rules.notices import notice
from timeline.services import Cause

# So long after the last nudge, or after a turn began, nobody is nudged again.
PATIENCE = timedelta(minutes=10)


def pass_turn(row: Scene, to: UUID | None, principal: Principal) -> None:
    """Go on to the next one, or to who is named. The scene is locked.

    Raises NotAllowed, NotFound, Unprocessable (`nobody_there`).
    """
    _require_may_pass(row, principal, named=to is not None)
    parts = playing(row)
    if to is not None:
        chosen = next((part for part in parts if part.pk == to), None)
        if chosen is None:
            raise NotFound(_("There’s nobody like that in this scene."))
    else:
        chosen = after(parts, row.turn_id)
        if chosen is None:
            raise Unprocessable(_("Nobody is there to take a turn."), "nobody_there")
    begin(row, chosen)


def playing(row: Scene) -> list[ScenePart]:
    found = ScenePart.objects.filter(scene=row, left_at=None).select_related("user")
    return list(found.order_by("position", "pk"))


def after(parts: list[ScenePart], current: UUID | None) -> ScenePart | None:
    """Who comes after somebody in the order, around its end; nobody who is away."""
    places = [part.pk for part in parts]
    start = places.index(current) + 1 if current in places else 0
    around = parts[start:] + parts[:start]
    return next((part for part in around if not part.is_away), None)


def begin(row: Scene, part: ScenePart | None) -> None:
    """Their turn begins: the room is told, and they are mentioned."""
    row.turn, row.turn_since = part, timezone.now() if part else None
    if part is not None:
        announce(row, notice("scene_turn", name=part.name), part)


def step_over(row: Scene, part: ScenePart) -> None:
    """If it is their turn, the next one's begins; nobody's, where nobody else is there."""
    if row.turn_id != part.pk:
        return
    others = [other for other in playing(row) if other.pk != part.pk or not other.is_away]
    following = after(others, part.pk)
    begin(row, None if following is None or following.pk == part.pk else following)


def _require_may_pass(row: Scene, principal: Principal, *, named: bool) -> None:
    """Who is at turn, who runs the scene; anybody in it where nobody is at turn, or is late."""
    if can(principal, "scene.run", row):
        return
    mine = {part.pk for part in playing(row) if part.user_id == principal.id}
    if mine and not named:
        late = late_from(row)
        if row.turn_id is None or row.turn_id in mine or (late is not None and late <= timezone.now()):
            return
    raise NotAllowed(_("It isn’t your turn."))


def nudge(row: Scene, principal: Principal) -> None:
    """Mention who is waited for once more. Raises NotAllowed, Unprocessable (`no_turn`), Limit."""
    if row.turn is None:
        raise Unprocessable(_("It’s nobody’s turn."), "no_turn")
    takes_part = any(part.user_id == principal.id for part in playing(row))
    if not takes_part and not can(principal, "scene.run", row):
        raise NotAllowed(_("Only those who take part can do this."))
    if _told_lately(row):
        raise Limit(_("They were told a moment ago. Give them ten minutes."), code="too_often")
    announce(row, notice("scene_nudge", name=row.turn.name), row.turn)


def _told_lately(row: Scene) -> bool:
    notices = ChatMessage.objects.filter(scene=row, kind=ChatMessage.Kind.NOTICE)
    return notices.filter(created_at__gt=timezone.now() - PATIENCE).exists()


@transaction.atomic
def post_and_pass(room: Room, draft: Draft, *, principal: Principal, cause: Cause) -> ChatMessage:
    """Post, and let the next one's turn begin, once for a nonce. The scene is locked before the room, as always."""
    found = open_scene(room)
    if found is None:
        raise Unprocessable(_("No scene is open here."), "no_scene")
    Scene.objects.select_for_update().filter(pk=found.pk).order_by().values_list("pk").first()
    row = rows().get(pk=found.pk)
    if not row.is_open:  # it was closed in the meantime
        raise Unprocessable(_("No scene is open here."), "no_scene")
    known = ChatMessage.objects.filter(room=room.id, user=principal.id, nonce=draft.nonce).exclude(nonce="")
    was_posted = known.exists()
    message = post(room, draft, principal=principal, cause=cause)
    if was_posted:
        return message
    pass_turn(row, None, principal)
    row.version += 1
    row.save()
    show_scene(row)
    return message
