"""Points for rolls that people will talk about: given soon after the roll, and taken back when it no longer stands.

What a roll is worth follows from how it is now. So it makes no difference how often, or in which order, what happened
to it is looked at.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from contract.events import EventType
from progress.eras import Eras
from progress.seen import Seen
from progress.services import ledger, taken_back
from rolls.models import Roll, Visibility
from rolls.systems import SYSTEMS
from rules.notices import notice
from timeline.models import Event
from timeline.services import Cause

log = logging.getLogger(__name__)

SYSTEM = Cause(actor=None, door="system")
# Older rolls give nothing: the cap is that of the day on which points are given.
MAX_AGE = timedelta(days=1)
# By system and outcome, or by the name of a check.
WORTH: dict[tuple[str, str], int] = {
    ("v5", "messy"): 3,
    ("v5", "bestial"): 3,
    ("v5", "critical"): 2,
    ("w5", "brutal"): 3,
    ("w5", "brutal_gain"): 3,
    ("w5", "critical"): 2,
    ("h5", "despair"): 3,
    ("h5", "overreach"): 3,
    ("h5", "overreach_critical"): 3,
    ("h5", "critical"): 2,
    ("wod20", "botch"): 3,
    ("cod", "exceptional"): 3,
    ("cod", "dramatic_failure"): 3,
}
CHECKS = {"frenzy": 3, "remorse": 2, "degeneration": 2, "harano": 2, "hauglosk": 2}
MADE = frozenset((EventType.ROLL_MADE.value, EventType.ROLL_REROLLED.value))
CHANGED = frozenset((EventType.ROLL_CHOSEN.value, EventType.ROLL_REVEALED.value, EventType.ROLL_STRUCK.value))
TYPES = MADE | CHANGED | {EventType.CHARACTER_UPDATED.value}


def settle(events: Iterable[Seen], eras: Eras) -> None:
    """Give or take back what the rolls of these events are worth now, each in a transaction of its own."""
    concerned: dict[UUID, None] = {}
    for event in events:
        try:
            concerned |= dict.fromkeys(_rolls_of(event))
        except (LookupError, TypeError, ValueError):  # of a version that wrote rolls otherwise
            log.exception("the roll of event %s cannot be read", event.id)
    for roll_id in concerned:
        settle_roll(roll_id, eras)


def _rolls_of(event: Seen) -> Iterator[UUID]:
    if event.type in CHANGED:
        yield event.entity_id
    elif event.type in MADE:
        roll = event.after("roll") or {}
        if roll.get("replaces"):
            yield UUID(roll["replaces"])
        if event.roll and _worth(roll["kind"], roll["system"], roll["outcome"]["slug"]):
            yield event.entity_id
    elif event.undoes:
        yield from _rolls_with(event.undoes)


def _rolls_with(changed: UUID | None) -> list[UUID]:
    """The roll whose change of a sheet was undone, or is so no more."""
    while changed:
        if found := list(Roll.objects.filter(event_id=changed).values_list("pk", flat=True)):
            return found
        changed = Event.objects.filter(pk=changed).values_list("undoes_id", flat=True).first()
    return []


def settle_roll(roll_id: UUID, eras: Eras) -> None:
    rows = Roll.objects.select_related("chronicle__server", "roller").filter(pk=roll_id)
    if (roll := rows.first()) is None or roll.chronicle is None:
        return
    key = f"roll:{roll.pk}"
    awards = taken_back.standing(roll.roller, key)
    stands = [award for award, is_standing in awards.items() if is_standing]
    if not (worth := worth_of(roll)):
        for award in stands:
            taken_back.take_back(roll.roller, award, SYSTEM)
    elif not stands and not _let_stand(roll, awards) and _gives(roll, eras):
        key = f"{key}:{len(awards) + 1}" if awards else key
        reason = notice("points_roll", label=str(roll.outcome["label"]))
        ledger.award(roll.roller, worth, "roll", reason, key, SYSTEM, chronicle=roll.chronicle)


def _let_stand(roll: Roll, awards: Iterable[str]) -> bool:
    """Let an award stand again that a reset has taken: it counts if that is undone."""
    return any(taken_back.let_stand(roll.roller, award) for award in awards)


def _gives(roll: Roll, eras: Eras) -> bool:
    """Whether the roll is new, and later than every reset that is about it."""
    is_new = roll.created_at > timezone.now() - MAX_AGE
    return roll.roller.is_active and is_new and eras.stands(str(roll.chronicle_id), roll.created_at)


def worth_of(roll: Roll) -> int:
    """What a roll is worth as it stands. Only what the whole table sees counts, and only with somebody's sheet."""
    if roll.visibility != Visibility.PUBLIC or not roll.chronicle_id or not roll.character_id:
        return 0
    if roll.struck_at or Roll.objects.filter(replaces=roll).exists() or _is_undone(roll.event_id):
        return 0
    if roll.hide_difficulty and SYSTEMS[roll.system].by_die:  # the points would tell it
        return 0
    return _worth(roll.kind, roll.system, roll.outcome["slug"])


def _worth(kind: str, system: str, outcome: str) -> int:
    return WORTH.get((system, outcome), 0) if kind == "roll" else CHECKS.get(kind, 0)


def _is_undone(event_id: UUID | None) -> bool:
    """Whether a change is undone: each undo of an undo switches it on or off again."""
    undone = False
    while event_id and (
        later := Event.objects.filter(undoes_id=event_id).values_list("pk", flat=True).first()
    ):
        event_id, undone = later, not undone
    return undone
