"""Undo a change by a new event with the inverse changes. The old event stays in the history."""

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from chronicle import rights
from chronicle.principal import Principal
from contract.events import EventType
from contract.labels import label
from contract.translation import _
from haven.house_rules import traits_of
from haven.models import Character
from haven.services.change import apply, may_touch, overlap
from haven.services.common import Change, lock
from haven.services.reference import Reference, find
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from rules.traits import Outcome, put_back
from rules.visibility import Level
from timeline import frames
from timeline.models import Event
from timeline.services import Cause

# How far back the last change that somebody may take back is looked for: mostly it is among the first few.
LOOK_BACK = (10, 90)


@transaction.atomic(savepoint=False)
def undo(principal: Principal, reference: Reference, cause: Cause, event_id: UUID | None = None) -> Change:
    """Undo one event of a character; by default the last one that this principal may undo.

    An undo can be taken back, too. Raises Conflict: `nothing_to_undo`, `already_undone`, or `undo_blocked` with the
    later `events` that touched the same traits.
    """
    target = find(principal, reference)
    character = lock(target.id)
    rights.can(principal, "character.history", character).require()
    level = rights.character_level(principal, character)
    chains = Chains(character)
    event = _last(principal, character, chains) if event_id is None else _named(chains, event_id, level)
    _allow(principal, character, event, level)
    _refuse_blocked(chains, event, level)
    outcome = _inverse(character, event)
    return Change(character, apply(character, outcome, cause, undoes=event), target.chosen)


class Chains:
    """Tracks which changes are in force: a change, its undo, the undo of that, and so on form a chain."""

    def __init__(self, character: Character) -> None:
        self.updates: QuerySet[Event] = Event.objects.filter(
            entity_id=character.id, type=EventType.CHARACTER_UPDATED.value
        ).select_related("stream", "actor")
        pairs = self.updates.order_by().exclude(undoes=None).values_list("id", "undoes_id")
        self.undoes: dict[UUID, UUID] = dict(pairs)
        self.undone_by = {target: undo_id for undo_id, target in self.undoes.items()}

    def is_undone(self, event_id: UUID) -> bool:
        """Return whether an event is undone: every undo in its chain switches it off or on again."""
        steps = 0
        while event_id in self.undone_by:
            event_id = self.undone_by[event_id]
            steps += 1
        return steps % 2 == 1

    def tip(self, event_id: UUID) -> UUID:
        """Return the last event of its chain: the one to undo in order to undo this one."""
        while event_id in self.undone_by:
            event_id = self.undone_by[event_id]
        return event_id

    def is_undo(self, event_id: UUID) -> bool:
        """Return whether it reverts a change; an undo of an undo does not."""
        steps = 0
        while event_id in self.undoes:
            event_id = self.undoes[event_id]
            steps += 1
        return steps % 2 == 1

    def latest(self) -> Iterator[Event]:
        """Yield changes that are in force, the newest first."""
        start = 0
        for many in LOOK_BACK:
            for event in self.updates.order_by("-version")[start : start + many]:
                if event.id not in self.undone_by and not self.is_undo(event.id):
                    yield event
            start += many


def _last(principal: Principal, character: Character, chains: Chains) -> Event:
    refusal: NotAllowed | None = None
    level = rights.character_level(principal, character)
    for event in chains.latest():
        if not frames.visible_changes(event, level):
            continue
        try:
            _allow(principal, character, event, level)
        except NotAllowed as error:
            refusal = refusal or error
        else:
            return event
    nothing_left = kept_for() or _("There is nothing left to undo.")
    raise refusal or Conflict(nothing_left, code="nothing_to_undo")


def kept_for() -> str:
    """How long changes are kept, as a sentence; empty if for good."""
    if days := settings.EVENTS_KEPT_DAYS:
        return _("Changes are kept for {days} days. Older ones can’t be undone.", days=days)
    return ""


def _named(chains: Chains, event_id: UUID, level: Level) -> Event:
    event = chains.updates.filter(id=event_id).first()
    if event is None or not frames.visible_changes(event, level):
        raise NotFound(" ".join(filter(None, (_("This character has no such change."), kept_for()))))
    if chains.is_undone(event.id):
        raise Conflict(_("That change is already undone."), code="already_undone")
    tip = chains.tip(event.id)
    return event if tip == event.id else chains.updates.get(id=tip)


def _allow(principal: Principal, character: Character, event: Event, level: Level) -> None:
    """Check the right to undo; a portrait can be restored though nobody may set its path by hand."""
    slugs = {path.partition(".")[0] for path in event.changes}
    if not slugs <= character.traits.keys():
        raise NotAllowed(_("This sheet no longer has the trait that was changed."))
    if any(character.level_of(slug) > level for slug in slugs):
        raise NotAllowed(_("That change was to something that only storytellers may see."))
    may_touch(principal, character, [character.traits[slug] for slug in slugs])


def _refuse_blocked(chains: Chains, event: Event, level: Level) -> None:
    """Raise Conflict if a later change of the same trait, not itself undone, is in the way."""
    later = chains.updates.filter(version__gt=event.version).order_by("version")
    after = {event.id for event in later}
    blocking = [
        later_event
        for later_event in later
        if not chains.is_undone(later_event.id)
        # With both an event and its undo behind this one, nothing of them is left.
        and chains.undoes.get(later_event.id) not in after
        and any(overlap(path, other) for path in event.changes for other in later_event.changes)
    ]
    if not blocking:
        return
    shown = [body for body in (frames.event_json(blocker, level) for blocker in blocking) if body]
    named = sorted(
        {
            label(blocker.labels.get(path, path), path, frames.edition_of(blocker))
            for blocker in blocking
            for path in blocker.changes
            if path in event.changes
        }
    )
    sentence = _("The same traits were changed again later. Undo those changes first, or together.")
    if named:
        sentence = _(
            "These traits were changed again later: {names}. Undo those changes first, or together.",
            names=", ".join(named),
        )
    raise Conflict(sentence, code="undo_blocked", events=shown)


def _inverse(character: Character, event: Event) -> Outcome:
    try:
        return put_back(traits_of(character), character.document(), event.changes)
    except Invalid as error:  # an entry comes back, and another has its name or its place by now
        raise Conflict(error.detail, code="undo_blocked", events=[]) from error
