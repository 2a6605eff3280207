"""What operators let go after a while (`EVENTS_KEPT_DAYS` and its like; docs/PRIVACY.md), off unless they set it.

Rows are walked from the oldest on, in batches of a short transaction each. What newer rows still refer to stays until
those go: an undone change as long as its undo, a roll as long as its reroll. What happens at the edge: a viewer that
comes back with a number before it gets a snapshot (`gateway.snapshots.missed_events`), undo a sentence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from desk.models import Submission
from rolls.models import Asked, Roll, RollRequest
from timeline.models import Event, PostedMessage

BATCH = 500
Ids = Sequence[Any]


def _release_events(ids: Ids) -> None:
    Roll.objects.filter(event_id__in=ids).update(event=None)


def _release_rolls(ids: Ids) -> None:
    Asked.objects.filter(roll_id__in=ids).update(roll=None)
    _release_message(ids)


def _release_message(ids: Ids) -> None:
    PostedMessage.objects.filter(entity_id__in=ids).delete()


@dataclass(frozen=True)
class Rule:
    """`moment`: since when a row counts as past. `held_by`: what refers to it. `release` lets go what need not stay."""

    setting: str
    model: type[Model]
    moment: str
    held_by: tuple[str, ...]
    release: Callable[[Ids], None]


RULES = (
    Rule("EVENTS_KEPT_DAYS", Event, "created_at", ("undone_by",), _release_events),
    Rule("ROLLS_KEPT_DAYS", Roll, "created_at", ("replaced_by", "parts"), _release_rolls),
    Rule("ROLLS_KEPT_DAYS", RollRequest, "deadline", ("rolls",), _release_message),
    Rule("REQUESTS_KEPT_DAYS", Submission, "decided_at", (), _release_message),
)


def retire(now: datetime | None = None, size: int = BATCH) -> int:
    """Delete what each rule lets go; return how many rows."""
    return sum(_apply(rule, now or timezone.now(), size) for rule in RULES if getattr(settings, rule.setting))


def _apply(rule: Rule, now: datetime, size: int) -> int:
    before = now - timedelta(days=getattr(settings, rule.setting))
    # Ids are time-ordered: past the first batch without an old row there is none.
    rows = rule.model._default_manager.order_by("pk")
    deleted, last = 0, None
    while True:
        found = rows if last is None else rows.filter(pk__gt=last)
        batch = list(found.values_list("pk", "created_at", rule.moment)[:size])
        if not any(created_at < before for _, created_at, _ in batch):
            return deleted
        deleted += delete(rule, [pk for pk, _, moment in batch if moment and moment < before])
        last = batch[-1][0]


@transaction.atomic
def delete(rule: Rule, ids: Ids) -> int:
    rule.release(ids)
    rows = rule.model._default_manager.filter(pk__in=ids)
    free = rows.filter(**dict.fromkeys(rule.held_by))
    deleted = 0
    # What goes may have been what held another.
    while wanted := list(free.values_list("pk", flat=True)):
        rows.filter(pk__in=wanted).delete()
        deleted += len(wanted)
    return deleted
