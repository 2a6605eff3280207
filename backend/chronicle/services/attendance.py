"""Who says they will come to a session, and who came."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from chronicle.models import Attendance, Episode, ServerMember
from chronicle.principal import Principal
from chronicle.services.episodes import Status, changing, require_status
from contract.events import EventType
from contract.translation import _
from rules.errors import Invalid, NotAllowed
from timeline.services import Cause


@dataclass(frozen=True, slots=True)
class Tick:
    """`state` is empty to take a tick back; `character` None leaves the one that is known."""

    user_id: UUID
    state: str
    character: UUID | None = None


# An answer → the columns that hold it.
COLUMNS: dict[str | None, dict[str, bool | None]] = {
    "yes": {"coming": True, "maybe": False},
    "no": {"coming": False, "maybe": False},
    "maybe": {"coming": None, "maybe": True},
    None: {"coming": None, "maybe": False},
}


def answer(episode: Episode, coming: str | None, *, principal: Principal, cause: Cause) -> Episode:
    """Say `yes`, `no` or `maybe` to an episode that is not over yet; None takes it back."""
    answered = EventType.EPISODE_ANSWERED
    with changing(episode, answered, principal=principal, cause=cause, action="episode.answer") as locked:
        require_status(locked, Status.PLANNED, Status.LIVE)
        if not _members(locked, [principal.id] if principal.id else []):
            raise NotAllowed(_("Only members of this server can say whether they’re coming."))
        Attendance.objects.update_or_create(episode=locked, user_id=principal.id, defaults=COLUMNS[coming])
    return locked


def tick(episode: Episode, ticks: Collection[Tick], principal: Principal) -> None:
    """Mark who came to a (locked) session that has started. Raises Invalid for somebody who is no member.

    Who has left the server since can still be corrected.
    """
    require_status(episode, Status.LIVE, Status.DONE)
    rows = {row.user_id: row for row in Attendance.objects.filter(episode=episode)}
    strangers = {tick.user_id for tick in ticks} - rows.keys()
    if strangers - _members(episode, strangers):
        raise Invalid.field("ticks", _("Somebody in your list isn’t a member of this server."))
    for given in ticks:
        row = rows.get(given.user_id) or Attendance(episode=episode, user_id=given.user_id)
        row.state, row.marked_by_id = given.state, principal.id
        row.character = given.character or row.character
        row.save()


def _members(episode: Episode, users: Collection[UUID]) -> set[UUID]:
    """Which of these are members of the session's server."""
    found = ServerMember.objects.filter(server_id=episode.chronicle.server_id, user_id__in=users)
    return set(found.values_list("user_id", flat=True))
