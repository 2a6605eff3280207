"""The ledger of points: each is one entry with a reason; the totals of users, boards and levels follow from it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chronicle import features
from chronicle.models import Chronicle, Server
from contract.events import BoardSubject, EventType, PointsSubject
from delivery.publish import publish
from discordauth.models import CustomUser
from gateway.constants import stream_group
from progress.counting import after
from progress.models import PlayerProfile, PointEntry, Season
from progress.services import places
from progress.services.earners import Earner, earner_of, locked_user
from progress.sources import SOURCES
from rules.levels import level_of
from rules.notices import Notice
from timeline.prepared import insert, update
from timeline.services import Cause, record


@dataclass(frozen=True, slots=True)
class Day:
    """A moment as its person lives it: their date, and the Monday of their week."""

    day: date
    week: date

    @classmethod
    def of(cls, user: CustomUser, now: datetime) -> "Day":
        day = now.astimezone(user.zone).date()
        return cls(day, day - timedelta(days=day.weekday()))


@transaction.atomic(savepoint=False)
def award(
    user: CustomUser,
    amount: int,
    source: str,
    reason: Notice,
    key: str,
    cause: Cause,
    *,
    server: Server | None = None,
    chronicle: Chronicle | None = None,
    now: datetime | None = None,
) -> PointEntry | None:
    """Give points once for `key`, as many as the day still allows; return the entry, or None for nothing.

    What belongs to no server, as a drill on the web, counts in the one that is the person's home.

    Locks the user's row, then the person's places on boards, and records events: call it after other locks and
    before an event of your own.
    """
    if amount < 1:
        raise ValueError(f"{amount} is no award")
    now = now or timezone.now()
    locked = locked_user(user.pk)
    if not locked.is_active:  # of an account that is closed nothing is made again
        return None
    at = Day.of(locked, now)
    earner = earner_of(locked, key, source, at.day)
    amount = min(amount, _left(earner, source))
    if amount < 1:
        return None
    server = server or (chronicle.server if chronicle else earner.home)
    entry = PointEntry(
        user=locked,
        amount=amount,
        source=source,
        reason=reason.as_json(),
        key=key,
        server=server,
        chronicle=chronicle,
        season=season_on(server, at.day),
        day=at.day,
        week=at.week,
        created_at=now,
    )
    enter(entry, earner, cause)
    user.total_points = locked.total_points
    return entry


def enter(entry: PointEntry, earner: Earner, cause: Cause) -> None:
    """Append the entry to the ledger of its (locked) user, move totals, boards and level, and record it."""
    user, profile = earner.user, earner.profile
    before = user.total_points
    user.total_points += entry.amount
    update(user, ["total_points"])
    entry.pk = after(earner.newest, entry.pk)
    insert(entry)
    if profile.level != (level := level_of(user.total_points)):
        profile.level = level
        update(profile, ["level"])
    places.move(entry, hidden=not profile.on_boards)
    _tell(entry, before, profile, cause)


def season_on(server: Server | None, day: date) -> Season | None:
    """The season that a server is in on this day; of several the one that began last."""
    if server is None:
        return None
    running = Season.objects.filter(Q(ends=None) | Q(ends__gt=day), server=server, starts__lte=day)
    return running.order_by("-starts", "-id").first()


def _left(earner: Earner, source: str) -> int:
    """How many points the day still allows from this source; 0 if the key was used."""
    if earner.is_used:
        return 0
    most = SOURCES[source].most
    return max(most - earner.earned, 0) if most else 2**31 - 1


def _tell(entry: PointEntry, before: int, profile: PlayerProfile, cause: Cause) -> None:
    """Record the event in the person's own stream. Where a table's boards show them, it hears that these moved.

    No more than that is kept: events stay when somebody leaves the boards later, or when these are switched off.
    Whose points they were, only pages hear that are open now (`points_added`).
    """
    record(
        stream=("user", entry.user_id),
        type=EventType.POINTS_AWARDED,
        subject=PointsSubject(owner=entry.user_id, name=entry.user.display_name, source=entry.source),
        entity_id=entry.user_id,
        version=0,
        cause=cause,
        changes={"points": [before, entry.user.total_points]},
        notices=[Notice(**entry.reason)],
    )
    server = entry.server
    if profile.on_boards and server is not None and features.is_on(server, "boards"):
        table = ("chronicle", entry.chronicle_id) if entry.chronicle_id else ("server", server.id)
        # Before the event: a page moves one row, and then asks for the board as it is.
        transaction.on_commit(lambda: _show_to(table, entry))
        record(
            stream=table,
            type=EventType.POINTS_MOVED,
            subject=BoardSubject(),
            entity_id=table[1],
            version=0,
            cause=Cause(actor=None, door="system"),
        )


def _show_to(table: tuple[str, UUID], entry: PointEntry) -> None:
    """Let open boards of a table move a row, by a frame that nothing keeps (docs/GATEWAY.md)."""
    stream = f"{table[0]}:{table[1]}"
    counted = (entry.server_id, entry.chronicle_id, entry.season_id)
    frame = {
        "type": "points_added",
        "stream": stream,
        "user": entry.user_id,
        "amount": entry.amount,
        "places": [place for place in counted if place],
        "week": entry.week,
    }
    aside = {"type": "stream.aside", "stream": stream, "frame": orjson.dumps(frame).decode()}
    publish(stream_group(table[1]), aside)
