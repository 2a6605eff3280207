"""Remind people of an episode a day and an hour before: who said they come or maybe, and players who said nothing.

Once for each date of an episode and each time before, whichever process does it and however often it is started anew:
the reminder is noted in the transaction that stores its direct message (`timeline.notifications`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from chronicle import features
from chronicle.models import Attendance, Episode, EpisodeReminder, EpisodeSettings, ServerMember
from discordauth.models import CustomUser
from haven.selectors import alive
from timeline import notifications

MOST = 1000
# What is over needs no note any more.
KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Before:
    """A time before an episode. It is late for that reminder when only `until` is left."""

    name: str
    ahead: timedelta
    until: timedelta
    setting: str


BEFORE = (
    Before("day", timedelta(days=1), timedelta(hours=6), "remind_day"),
    Before("hour", timedelta(hours=1), timedelta(0), "remind_hour"),
)


def remind(now: datetime | None = None) -> int:
    """Remind of everything that is due, and return how many direct messages that made."""
    now = now or timezone.now()
    EpisodeReminder.objects.filter(planned_for__lt=now - KEPT).delete()
    return sum(_remind_of(pk, before, now) for before in BEFORE for pk in _due(before, now))


def _due(before: Before, now: datetime) -> list[UUID]:
    """Episodes that begin in time for this reminder. One that was planned later than that needs none."""
    rows = Episode.objects.filter(
        status=Episode.Status.PLANNED,
        planned_for__gt=now + before.until,
        planned_for__lte=now + before.ahead,
        chronicle__archived_at=None,
        chronicle__server__deleted_at=None,
        chronicle__server__left_at=None,
    ).exclude(chronicle__server__discord_id=None)
    found = rows.order_by("planned_for", "pk").values_list("pk", "created_at", "planned_for")[:MOST]
    return [pk for pk, created_at, begins in found if created_at <= begins - before.ahead]


@transaction.atomic
def _remind_of(episode_id: UUID, before: Before, now: datetime) -> int:
    """As the episode is by now: its lock makes processes come one after the other."""
    found = Episode.objects.select_for_update().filter(pk=episode_id, status=Episode.Status.PLANNED).first()
    if found is None or not now + before.until < found.planned_for <= now + before.ahead:
        return 0
    episode = Episode.objects.select_related("chronicle__server").get(pk=episode_id)
    if not features.is_on(episode.chronicle.server, "sessions"):
        return 0
    people = [person for person in _waiting(episode, before) if person.accepts_notifications]
    noted = [
        EpisodeReminder(episode=episode, user=person, planned_for=episode.planned_for, before=before.name)
        for person in people
    ]
    EpisodeReminder.objects.bulk_create(noted)
    for person in people:
        _notify(episode, person)
    return len(people)


def _waiting(episode: Episode, before: Before) -> list[CustomUser]:
    """Members who are expected, want this reminder and have not had it."""
    said = {row.user_id: row.answer for row in Attendance.objects.filter(episode=episode)}
    players = (
        alive().filter(chronicle=episode.chronicle_id, status="active").values_list("owner_id", flat=True)
    )
    expected = {pk for pk, answer in said.items() if answer in ("yes", "maybe")}
    expected |= {pk for pk in players if said.get(pk) is None}
    refused = EpisodeSettings.objects.filter(chronicle=episode.chronicle_id, **{before.setting: False})
    reminded = EpisodeReminder.objects.filter(
        episode=episode, planned_for=episode.planned_for, before=before.name
    )
    expected -= set(refused.values_list("user_id", flat=True))
    expected -= set(reminded.values_list("user_id", flat=True))
    members = ServerMember.objects.filter(server_id=episode.chronicle.server_id, user_id__in=expected)
    return list(CustomUser.objects.filter(pk__in=members.values("user_id")).order_by("pk"))


def _notify(episode: Episode, person: CustomUser) -> None:
    chronicle = episode.chronicle
    body = {
        "kind": "episode_soon",
        "episode": str(episode.pk),
        "chronicle": chronicle.name,
        "number": episode.number or 0,
        "title": episode.title,
        "starts": episode.planned_for.isoformat(),
        "zone": person.timezone,
        "url": f"{settings.SITE_URL}/chronicles/{chronicle.pk}/sessions/{episode.pk}/",
    }
    notifications.create(None, person, chronicle.server.discord_id or "", body)
