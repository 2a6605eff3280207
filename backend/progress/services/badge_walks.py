"""Count badges from the beginning of the timeline, as of a rule that is new; what is broken off goes on where it was.

While a badge is counted so, `services.badges.look` counts it only in the streams that the walk has passed.
"""

from collections.abc import Callable, Collection, Iterator
from itertools import groupby

from django.db.models import QuerySet, Sum
from django.utils import timezone

from progress.badges import BADGES, by_type
from progress.eras import Eras
from progress.models import BadgeCount, BadgePosition, BadgeWalk
from progress.seen import seen_after
from progress.services import badges, rewards

Passed = Callable[[int], None]
# So many people at once, where what resets took is given again.
AT_ONCE = 500


def begin(slugs: Collection[str]) -> None:
    """Count these badges again from the first event on."""
    with badges.counting():
        BadgeCount.objects.filter(badge__in=slugs).delete()
        for slug in slugs:
            start = {"position": 0, "seq": 0, "finished_at": None}
            BadgeWalk.objects.update_or_create(badge=slug, defaults=start)


def begun() -> list[str]:
    """Badges whose count was broken off."""
    return list(_walks().values_list("badge", flat=True))


def never_finished() -> list[str]:
    """Badges that were never counted from the beginning: those of new rules, and those that were broken off."""
    finished = set(BadgeWalk.objects.exclude(finished_at=None).values_list("badge", flat=True))
    return [slug for slug in BADGES if slug not in finished]


def events_before() -> int:
    """About how many events a walk passes."""
    return BadgePosition.objects.aggregate(sum=Sum("seq"))["sum"] or 0


def walk(passed: Passed) -> None:
    """Go through everything that was looked at before, for each badge that has not come to its end."""
    while together := next(_together(), None):
        while _step(together, passed):
            rewards.settle_due()
    rewards.settle_due()


def _walks() -> QuerySet[BadgeWalk]:
    return BadgeWalk.objects.filter(badge__in=BADGES, finished_at=None).order_by("position", "seq", "badge")


def _together() -> Iterator[list[str]]:
    """Badges that have come equally far."""
    for _, walks in groupby(_walks(), key=lambda walk: (walk.position, walk.seq)):
        yield [walk.badge for walk in walks]


def _step(slugs: list[str], passed: Passed) -> bool:
    """Count a batch of events of one stream; False at the end of all."""
    rules, eras = [BADGES[slug] for slug in slugs], Eras()
    with badges.counting():
        walks = BadgeWalk.objects.filter(badge__in=slugs)
        here = walks[0]
        position = BadgePosition.objects.filter(pk__gt=here.position).order_by("pk").first()
        if position is None:
            walks.update(finished_at=timezone.now())
            return False
        types = frozenset(by_type(rules))
        events = seen_after(position.stream_id, here.seq, position.seq, types, badges.BATCH)
        badges.add(badges.tallied(events, rules, eras), eras)
        if len(events) == badges.BATCH:
            walks.update(seq=events[-1].seq)
            passed(events[-1].seq - here.seq)
        else:
            walks.update(position=position.pk, seq=0)
            passed(position.seq - here.seq)
    return True


def give_before_resets(slugs: Collection[str]) -> None:
    """Give these badges also to whoever had enough for them before a reset."""
    for slug in slugs:
        sums = (
            BadgeCount.objects.filter(badge=slug).values_list("user_id", "scope").order_by("user_id", "scope")
        )
        enough = sums.annotate(total=Sum("count")).filter(total__gte=BADGES[slug].at)
        start = 0
        while page := list(enough[start : start + AT_ONCE]):
            with badges.counting():
                badges.note_due({(user, slug, scope): None for user, scope, _ in page})
            while rewards.settle_due():
                pass
            start += AT_ONCE
