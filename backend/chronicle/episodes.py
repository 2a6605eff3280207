"""Reading sessions: which one is meant, and how they are shown. Constant numbers of queries."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from chronicle import features
from chronicle.models import Attendance, Chronicle, Episode, Schedule
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services.schedules import DAYS, WEEKS, schedule_of, upcoming
from contract import episodes as shapes
from contract.base import Named
from contract.translation import N_, _
from rules.errors import NotFound

Status = Episode.Status
AHEAD = (Status.LIVE, Status.PLANNED)
SHOWN = (*AHEAD, Status.DONE)
OVER = (Status.DONE, Status.CANCELLED)
# What is said where no session is named and none of these is there.
MISSING: dict[tuple[str, ...], str] = {
    AHEAD: N_("No episode is planned."),
    SHOWN: N_("There are no episodes yet."),
    (Status.LIVE,): N_("No episode is running."),
    (Status.PLANNED,): N_("No episode is planned."),
    (Status.LIVE, Status.DONE): N_("No episode has been played yet."),
}


def rows(chronicle: Chronicle) -> QuerySet[Episode]:
    found = Episode.objects.filter(chronicle=chronicle)
    return found.select_related("chronicle__server").prefetch_related("attendances__user")


def find(chronicle: Chronicle, named: str | None, statuses: Sequence[str] = AHEAD) -> Episode:
    """Return a session by its id or number; unnamed, the first of these statuses: of several planned the soonest, of
    several played the last. Raises NotFound (`no_session`).
    """
    if named is None:
        found = next((row for status in statuses if (row := _first(chronicle, status))), None)
    else:
        found = _named(chronicle, named)
    if found is None:
        sentence = MISSING[tuple(statuses)] if named is None else N_("There’s no such episode here.")
        raise NotFound(_(sentence), code="no_session")
    return found


def chronicle_of(named: str | None) -> UUID | None:
    """Return the chronicle of a session that is named by its id; None where it is not, or is nobody's."""
    try:
        pk = UUID(named) if named else None
    except ValueError:
        return None
    return Episode.objects.filter(pk=pk).values_list("chronicle_id", flat=True).first() if pk else None


def _first(chronicle: Chronicle, status: str) -> Episode | None:
    order = "-planned_for" if status in OVER else "planned_for"
    return rows(chronicle).filter(status=status).order_by(order, "id").first()


def _named(chronicle: Chronicle, text: str) -> Episode | None:
    typed = text.strip().lstrip("#")
    if typed.isdecimal() and typed.isascii() and len(typed) < 10:
        return rows(chronicle).filter(number=int(typed)).first()
    try:
        return rows(chronicle).filter(pk=UUID(typed)).first()
    except ValueError:
        return None


def listed(principal: Principal, chronicle: Chronicle, given: shapes.ListEpisodes) -> shapes.Episodes:
    """Return a page: the first begins with what is ahead, all go on with what is over."""
    ahead: list[Episode] = []
    over = rows(chronicle).filter(status__in=OVER).order_by("-planned_for", "-id")
    if given.before is None:
        ahead = sorted(rows(chronicle).filter(status__in=AHEAD), key=_soonest)
    else:
        over = over.filter(_earlier(find(chronicle, str(given.before))))
    found = list(over[: given.limit + 1])
    page = found[: given.limit]
    schedule = schedule_of(chronicle)
    return shapes.Episodes(
        results=[episode_for(row, principal) for row in [*ahead, *page]],
        next=page[-1].pk if len(found) > given.limit else None,
        schedule=schedule_for(schedule),
        upcoming=upcoming(schedule, timezone.now()),
        rights=rights_in(principal, chronicle),
    )


def _earlier(last: Episode) -> Q:
    return Q(planned_for__lt=last.planned_for) | Q(planned_for=last.planned_for, pk__lt=last.pk)


def _soonest(row: Episode) -> tuple[bool, object]:
    return row.status != Status.LIVE, row.planned_for


def one_schedule(chronicle: Chronicle) -> shapes.OneSchedule:
    schedule = schedule_of(chronicle)
    return shapes.OneSchedule(schedule=schedule_for(schedule), upcoming=upcoming(schedule, timezone.now()))


def schedule_for(row: Schedule | None) -> shapes.Schedule | None:
    if row is None:
        return None
    return shapes.Schedule.from_object(
        row, weekday=DAYS[row.weekday], time=f"{row.time:%H:%M}", rhythm=WEEKS[row.weeks - 1]
    )


def rights_in(principal: Principal, chronicle: Chronicle) -> shapes.EpisodeRights:
    """What somebody can do with the chronicle's sessions now: nothing where they are switched off."""
    on = features.is_on(chronicle.server, "sessions")
    return shapes.EpisodeRights(
        run=on and bool(can(principal, "episode.run", chronicle)),
        answer=on and bool(can(principal, "episode.answer", chronicle)),
    )


def episode_for(row: Episode, principal: Principal) -> shapes.Episode:
    """Return a session of `rows`, as its reader sees it."""
    return _shown(row, rights_in(principal, row.chronicle), principal.id)


def as_the_table_sees_it(row: Episode) -> shapes.Episode:
    """A session of `rows` for a message in a channel, which has no reader of its own."""
    is_on = features.is_on(row.chronicle.server, "sessions")
    return _shown(row, shapes.EpisodeRights(run=False, answer=is_on), None)


def shown_at_the_table(episode_id: UUID) -> shapes.Episode:
    """Raises NotFound (`no_session`)."""
    row = (
        Episode.objects.select_related("chronicle__server")
        .prefetch_related("attendances__user")
        .filter(pk=episode_id)
        .first()
    )
    if row is None:
        raise NotFound(_("There’s no such episode here."), code="no_session")
    return as_the_table_sees_it(row)


def _shown(row: Episode, allowed: shapes.EpisodeRights, reader: UUID | None) -> shapes.Episode:
    return shapes.Episode.from_object(
        row,
        chronicle=Named.from_object(row.chronicle),
        recap=row.recap if allowed.run or row.recap_published_at else "",
        attendance=_attendees(row.attendances.all(), reader, allowed.run),
        rights=shapes.EpisodeRights(run=allowed.run, answer=allowed.answer and not row.is_over),
    )


def public_episodes(chronicle: Chronicle) -> list[shapes.PublicEpisode]:
    """What everybody may read of the episodes of a public campaign, in the order of their numbers. One query.

    Who came or comes is never public, nor is a recap that is for the table alone.
    """
    played = Episode.objects.filter(chronicle=chronicle, number__isnull=False).exclude(
        status=Status.CANCELLED
    )
    return [_public(row) for row in played.order_by("number")]


def _public(row: Episode) -> shapes.PublicEpisode:
    return shapes.PublicEpisode.from_object(
        row,
        recap=row.recap if row.recap_published_at and row.recap_is_public else "",
        date=row.started_at or row.planned_for,
    )


def _attendees(rows: Collection[Attendance], reader: UUID | None, runs: bool) -> list[shapes.Attendee]:
    """What a character was awarded is for storytellers and its player."""
    found = [
        shapes.Attendee.from_object(
            row,
            id=row.user_id,
            name=row.user.display_name,
            discord_id=row.user.discord_id,
            coming=row.answer,
            state=row.state or None,
            experience=row.experience if runs or row.user_id == reader else None,
        )
        for row in rows
    ]
    return sorted(found, key=lambda attendee: (attendee.name.casefold(), attendee.id))
