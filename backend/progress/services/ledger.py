"""The ledger of points: each is one entry with a reason; the totals of users, boards and levels follow from it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from chronicle import features
from chronicle.models import Chronicle, Server
from contract.events import BoardSubject, EventType, PointsSubject
from discordauth.models import CustomUser
from progress.counting import counted, put_last
from progress.models import NOWHERE, ArchivedWeek, Board, PlayerProfile, PointEntry, Season, Standing
from progress.services.profiles import home_of, profile_of
from progress.sources import SOURCES
from rules.levels import level_of
from rules.notices import Notice, notice
from timeline.services import Cause, record

UNDONE = "undone"


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
    at = Day.of(locked, now)
    # Of an account that is closed nothing is made again.
    amount = min(amount, _left(locked, source, key, at)) if locked.is_active else 0
    if amount < 1:
        return None
    server = server or (chronicle.server if chronicle else home_of(locked))
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
    enter(entry, cause)
    user.total_points = locked.total_points
    return entry


@transaction.atomic(savepoint=False)
def take_back(user: CustomUser, key: str, cause: Cause) -> PointEntry | None:
    """Take an award back, as of a roll that was undone: append the opposite entry. None where there is none to take.

    What a reset has taken already gets an entry of nothing: if that is undone, it is taken back then
    (`take_back_since`).
    """
    locked = locked_user(user.pk)
    entries = PointEntry.objects.filter(user=locked)
    given = entries.filter(key=key).select_related("server", "chronicle__server", "season").first()
    undone = f"{key}:{UNDONE}"
    if given is None or entries.filter(key=undone).exists():
        return None
    entry = _opposite(given, locked, undone)
    if not counted(entries.filter(pk=given.pk)).exists():
        entry.amount = 0
        put_last([entry])
        entry.save(force_insert=True)
        return None
    enter(entry, cause)
    user.total_points = locked.total_points
    return entry


def take_back_since(users: Collection[UUID], cause: Cause) -> None:
    """Take back from these (locked) users what could not be while a reset had taken it, and counts again by now."""
    marks = PointEntry.objects.filter(user__in=users, amount=0, key__endswith=f":{UNDONE}")
    for pk, undone in marks.order_by("user_id", "pk").values_list("user_id", "key"):
        entries, key = PointEntry.objects.filter(user=pk), f"again:{undone}"
        rows = counted(entries.filter(key=undone.removesuffix(f":{UNDONE}")))
        given = rows.select_related("server", "chronicle__server", "season").first()
        if given is not None and not entries.filter(key=key).exists():
            enter(_opposite(given, locked_user(pk), key), cause)


def _opposite(given: PointEntry, user: CustomUser, key: str) -> PointEntry:
    return PointEntry(
        user=user,
        amount=-given.amount,
        source=given.source,
        reason=notice("points_taken_back").as_json(),
        key=key,
        server=given.server,
        chronicle=given.chronicle,
        season=given.season,
        day=given.day,
        week=given.week,
        created_at=timezone.now(),
    )


def locked_user(pk: UUID) -> CustomUser:
    """The user's row, which orders everything that happens to their points."""
    return CustomUser.objects.select_for_update().get(pk=pk)


def enter(entry: PointEntry, cause: Cause) -> None:
    """Append the entry to the ledger of its (locked) user, move totals, boards and level, and record it."""
    user = entry.user
    before = user.total_points
    user.total_points += entry.amount
    user.save(update_fields=["total_points"])
    put_last([entry])
    entry.save(force_insert=True)
    profile = profile_of(user)
    if profile.level != (level := level_of(user.total_points)):
        profile.level = level
        profile.save(update_fields=["level"])
    _move(entry, hidden=not profile.on_boards)
    _tell(entry, before, profile, cause)


def boards_of(entry: PointEntry) -> Iterator[tuple[Board, UUID]]:
    """The boards on which an entry counts."""
    yield Board.ALL, NOWHERE
    for board, board_id in (
        (Board.SERVER, entry.server_id),
        (Board.CHRONICLE, entry.chronicle_id),
        (Board.SEASON, entry.season_id),
    ):
        if board_id is not None:
            yield board, board_id


def _move(entry: PointEntry, *, hidden: bool) -> None:
    """Move the person's places on all boards of the entry: in one statement where no week has to be closed."""
    boards = list(boards_of(entry))
    ids = [board_id for _board, board_id in boards]
    rows = Standing.objects.select_for_update().filter(user=entry.user, board_id__in=ids)
    places = {(place.board, place.board_id): place for place in rows}
    running = [places[board].pk for board in boards if board in places and places[board].week == entry.week]
    if running:
        moved = {name: F(name) + entry.amount for name in ("total_points", "weekly_points")}
        Standing.objects.filter(pk__in=running).update(**moved)
    for board, board_id in boards:
        place = places.get((board, board_id))
        if place is None:
            place = Standing(board=board, board_id=board_id, user=entry.user, hidden=hidden, week=entry.week)
        elif place.pk in running:
            continue
        _move_to_week(place, entry)


def _move_to_week(place: Standing, entry: PointEntry) -> None:
    if place.week is None or place.week < entry.week:
        archive(place)
        place.week, place.weekly_points = entry.week, 0
    place.total_points += entry.amount
    if place.week == entry.week:
        place.weekly_points += entry.amount
    else:
        _correct(place, entry)
    place.save()


def _correct(place: Standing, entry: PointEntry) -> None:
    """Of a week that is over: what is taken back, and what somebody earns who flew west on a Monday."""
    week = {"board": place.board, "board_id": place.board_id, "user_id": place.user_id, "week": entry.week}
    if not ArchivedWeek.objects.filter(**week).update(points=F("points") + entry.amount):
        ArchivedWeek.objects.create(points=entry.amount, **week)


def archive(place: Standing) -> None:
    """Keep what a week that is over came to, once."""
    if place.week is not None and place.weekly_points:
        ArchivedWeek.objects.update_or_create(
            board=place.board,
            board_id=place.board_id,
            user_id=place.user_id,
            week=place.week,
            defaults={"points": place.weekly_points},
        )


def season_on(server: Server | None, day: date) -> Season | None:
    """The season that a server is in on this day; of several the one that began last."""
    if server is None:
        return None
    running = Season.objects.filter(Q(ends=None) | Q(ends__gt=day), server=server, starts__lte=day)
    return running.order_by("-starts", "-id").first()


def _left(user: CustomUser, source: str, key: str, at: Day) -> int:
    """How many points the day still allows from this source; 0 if the key was used."""
    same = Q(key=key) | Q(source=source, day=at.day)
    given = list(PointEntry.objects.filter(same, user=user).values_list("key", "source", "day", "amount"))
    if any(used == key for used, *_rest in given):
        return 0
    most = SOURCES[source].most
    return max(most - sum(amount for *_rest, amount in given), 0) if most else 2**31 - 1


def _tell(entry: PointEntry, before: int, profile: PlayerProfile, cause: Cause) -> None:
    """Record the event in the person's own stream. Where a table's boards show them, it hears that these moved.

    No more than that: events stay when somebody leaves the boards later, or when these are switched off.
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
        record(
            stream=table,
            type=EventType.POINTS_MOVED,
            subject=BoardSubject(),
            entity_id=table[1],
            version=0,
            cause=Cause(actor=None, door="system"),
        )
