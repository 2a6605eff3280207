"""Look along the streams for what badges count. A badge is due once there is enough of it, and is given once.

`look_around` follows what happens, in a task of each minute, so that a change costs nothing more; `badge_walks` goes
through what happened before. Both count under one lock and save the position with the counts: each event counts once,
whatever ends their process. Points of rolls and what is due stand outside of that transaction, and are done again where
that was broken off.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from discordauth.models import CustomUser
from progress.badge_rules import Badge
from progress.badges import BADGES, by_type
from progress.eras import Eras
from progress.models import BadgeCount, BadgePosition, BadgeWalk, Reward
from progress.seen import Seen, seen_after
from progress.services import rewards, rolls_of_note
from progress.services.row_by_row import CONTENT_ERRORS
from timeline.models import Stream

log = logging.getLogger(__name__)

BATCH = 500
STREAMS = 1000
# A run of the task ends after so long; that of the next minute goes on.
SECONDS = 45.0
# The row of `BadgeWalk` that the one process that counts locks.
LOCK = ""

# A badge of a person: user, slug, scope.
Held = tuple[UUID, str, str]


@dataclass
class Tally:
    """What events count: by badge and era, and the last event that counted for each badge."""

    counts: Counter[tuple[Held, UUID]] = field(default_factory=Counter)
    events: dict[Held, UUID] = field(default_factory=dict)

    def without(self, badges: Iterable[str]) -> "Tally":
        left = frozenset(badges)
        counts = {key: count for key, count in self.counts.items() if key[0][1] not in left}
        return Tally(Counter(counts), self.events)


def look_around(seconds: float = SECONDS) -> int:
    """Look at what happened since the last time, and give what is due. Return how many events were passed."""
    end, passed = time.monotonic() + seconds, 0
    if not BadgePosition.objects.exists():
        # Everything is looked at from its first event on, so no badge has to be counted once more.
        known = [BadgeWalk(badge=badge, finished_at=timezone.now()) for badge in BADGES]
        BadgeWalk.objects.bulk_create(known, ignore_conflicts=True)
    while more := sum(_follow(stream_id, head, end) for stream_id, head in _behind()):
        passed += more
    rewards.settle_due()
    return passed


def _follow(stream_id: UUID, head: int, end: float) -> int:
    passed = 0
    while time.monotonic() < end and (more := look(stream_id, head)):
        passed += more
    return passed


def _behind() -> list[tuple[UUID, int]]:
    """Streams in which something happened since, with the number of their last event."""
    news = Q(badge_position=None) | Q(seq__gt=F("badge_position__seq"))
    return list(Stream.objects.filter(news, seq__gt=0).order_by("pk").values_list("pk", "seq")[:STREAMS])


def look(stream_id: UUID, head: int) -> int:
    """Look at the next events of a stream, up to `head`. Return how many were passed: 0 at the end."""
    position, _ = BadgePosition.objects.get_or_create(stream_id=stream_id)
    if position.seq >= head:
        return 0
    events = seen_after(stream_id, position.seq, head, TYPES, BATCH)
    until = events[-1].seq if len(events) == BATCH else head
    eras = Eras()
    rolls_of_note.settle(events, eras)
    tally = tallied(events, BADGES.values(), eras)
    with counting():
        held = BadgePosition.objects.get(pk=position.pk)
        if held.seq == position.seq:  # nobody else was here
            ahead = BadgeWalk.objects.filter(finished_at=None, position__lt=held.pk)
            add(tally.without(ahead.values_list("badge", flat=True)), eras)
            held.seq = until
            held.save(update_fields=["seq"])
    return until - position.seq


@contextmanager
def counting() -> Iterator[None]:
    """A transaction in which nobody else counts."""
    if not BadgeWalk.objects.filter(pk=LOCK).exists():
        BadgeWalk.objects.bulk_create([BadgeWalk(badge=LOCK)], ignore_conflicts=True)
    with transaction.atomic():
        BadgeWalk.objects.select_for_update().get(pk=LOCK)
        yield


def tallied(events: Iterable[Seen], badges: Iterable[Badge], eras: Eras) -> Tally:
    """Count events for these badges. A rule that raises is logged, and counts nothing for that event."""
    tally, wanted = Tally(), by_type(badges)
    for event in events:
        for badge in wanted.get(event.type, ()):
            scope = event.chronicle if badge.per_chronicle else ""
            if badge.per_chronicle and not scope:
                continue
            for user, amount in _counted(badge, event):
                held = (UUID(user), badge.slug, scope)
                tally.counts[held, eras.of(scope, event.counts_as_of)] += amount
                tally.events[held] = event.id
    return tally


def _counted(badge: Badge, event: Seen) -> list[tuple[str, int]]:
    try:
        return [(user, amount) for user, amount in badge.counts(event) if user]
    except CONTENT_ERRORS:  # the other rules go on
        log.exception("the badge “%s” cannot read event %s", badge.slug, event.id)
        return []


def add(tally: Tally, eras: Eras, *, before_resets: bool = False) -> None:
    """Add to the counts, and note which badges are due. Call it while `counting`.

    `before_resets`: what resets took counts too.
    """
    users = {user for (user, _, _), _ in tally.counts}
    there = set(CustomUser.objects.filter(pk__in=users, is_active=True).values_list("pk", flat=True))
    counts = {key: count for key, count in tally.counts.items() if key[0][0] in there}
    if not counts:
        return
    badges = {badge for (_, badge, _), _ in counts}
    rows = _added(counts, BadgeCount.objects.filter(user_id__in=there, badge__in=badges))
    totals: Counter[Held] = Counter()
    for row in rows:
        if before_resets or row.era in eras.counting(row.scope):
            totals[_held(row)] += row.count
    touched = {held for held, _ in counts}
    note_due({held: tally.events[held] for held in touched if totals[held] >= BADGES[held[1]].at})


def _added(counts: Mapping[tuple[Held, UUID], int], known: Iterable[BadgeCount]) -> list[BadgeCount]:
    """Save the counts; return all rows of these people and badges."""
    rows = {(_held(row), row.era): row for row in known}
    fresh, changed = [], []
    for key, count in counts.items():
        if (row := rows.get(key)) is None:
            (user, badge, scope), era = key
            row = rows[key] = BadgeCount(user_id=user, badge=badge, scope=scope, era=era)
            fresh.append(row)
        else:
            changed.append(row)
        row.count += count
    BadgeCount.objects.bulk_create(fresh)
    BadgeCount.objects.bulk_update(changed, ["count"])
    return list(rows.values())


def note_due(due: Mapping[Held, UUID | None]) -> None:
    """Note the badges that these people do not have yet; a refused one is never due again."""
    if not due:
        return
    users, badges = {held[0] for held in due}, {held[1] for held in due}
    known = Reward.objects.filter(user_id__in=users, badge__in=badges)
    there = set(known.values_list("user_id", "badge", "scope"))
    now = timezone.now()
    fresh = [
        Reward(
            user_id=held[0],
            badge=held[1],
            scope=held[2],
            state=Reward.State.DUE,
            event_id=event,
            given_at=now,
        )
        for held, event in due.items()
        if held not in there
    ]
    Reward.objects.bulk_create(fresh, ignore_conflicts=True)


def _held(row: BadgeCount) -> Held:
    return row.user_id, row.badge, row.scope


TYPES = frozenset(by_type(BADGES.values())) | rolls_of_note.TYPES
