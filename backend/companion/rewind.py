"""What a campaign shows, folded back from now, one event at a time.

Events hold `[before, after]`, so the state before one is the state after it with every path set back. Nothing is read
twice: characters and conflicts are loaded when they are first asked for, as they are now, and follow each event that
is taken back from then on. So whoever goes back in time names what is to be followed first.
"""

import copy
from collections.abc import Iterable
from uuid import UUID

from companion import cast
from companion.cast import Seen
from companion.models import Campaign, LayoutOverrides, Roster
from conflicts.models import Conflict
from contract.base import JsonObject
from contract.events import EventType
from haven.models import Character
from haven.utility import derived
from rolls.models import Roll
from rolls.selectors import rows as rolls
from rules.conflict.state import State, taken_back, unflat
from rules.traits.sheet import fold
from rules.visibility import NAMES
from timeline.models import Event

# A character came into the chronicle: what it was before is not this campaign's.
CAME = frozenset({EventType.CHARACTER_CREATED, EventType.CHARACTER_MOVED, EventType.CHARACTER_RESTORED})
WENT = frozenset({EventType.CHARACTER_DELETED, EventType.CHARACTER_LEFT})
VISIBILITY = "visibility."
# Paths of a campaign's events.
ROSTER, LAYOUT, STAGE = "roster", "layout", "stage"


class Rewind:
    """The public state of a campaign at a moment that only moves backward."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.stage: JsonObject = copy.deepcopy(campaign.stage)
        self._characters: dict[UUID, Seen | None] = {}
        self._conflicts: dict[UUID, tuple[Conflict, JsonObject] | None] = {}
        self._rolls: dict[UUID, Roll] = {}
        self._roster: list[str] | None = None
        self._layout: dict[str, JsonObject] | None = None

    # What is followed

    def follow(self, characters: Iterable[Character]) -> None:
        for row in characters:
            self._characters.setdefault(row.pk, cast.now(derived(row)))

    def load(self, character_ids: Iterable[UUID]) -> None:
        """Follow these, in one query; those that are not in the chronicle now are known to be nobody."""
        wanted = [pk for pk in dict.fromkeys(character_ids) if pk not in self._characters]
        if wanted:
            self.follow(cast.rows(self.campaign).filter(pk__in=wanted))
            self._characters.update({pk: None for pk in wanted if pk not in self._characters})

    def load_conflicts(self, conflict_ids: Iterable[UUID]) -> None:
        wanted = [pk for pk in dict.fromkeys(conflict_ids) if pk not in self._conflicts]
        if wanted:
            rows = Conflict.objects.filter(pk__in=wanted, chronicle_id=self.campaign.chronicle_id)
            rows = rows.order_by("created_at")
            self._conflicts.update({row.pk: (row, dict(row.paths)) for row in rows})

    def load_rolls(self, roll_ids: Iterable[UUID]) -> None:
        """Rolls are read as they stand: nothing of them is folded back."""
        wanted = [pk for pk in dict.fromkeys(roll_ids) if pk not in self._rolls]
        if wanted:
            self._rolls.update({row.pk: row for row in rolls().filter(pk__in=wanted)})

    # The state

    @property
    def followed_ids(self) -> list[UUID]:
        """Entities whose events have to be taken back."""
        characters = [pk for pk, seen in self._characters.items() if seen is not None]
        return [self.campaign.pk, *characters, *self._conflicts]

    @property
    def followed(self) -> list[Seen]:
        return [seen for seen in self._characters.values() if seen is not None]

    def character(self, character_id: UUID) -> Seen | None:
        """It as it was, public or not; None for one that is not in the chronicle now."""
        self.load([character_id])
        return self._characters[character_id]

    def public(self, character_id: UUID) -> Seen | None:
        """As `character`; None too for one that the public may not know of, now or then."""
        seen = self.character(character_id)
        return seen if seen is not None and seen.is_public else None

    def roll(self, roll_id: UUID) -> Roll | None:
        self.load_rolls([roll_id])
        return self._rolls.get(roll_id)

    def conflict(self, conflict_id: UUID) -> tuple[Conflict, State] | None:
        self.load_conflicts([conflict_id])
        found = self._conflicts.get(conflict_id)
        return (found[0], unflat(found[0].kind, found[1])) if found and found[1] else None

    @property
    def conflicts(self) -> list[tuple[Conflict, State]]:
        """Those that are followed and existed then, in the order in which they were loaded."""
        there = [found for found in self._conflicts.values() if found and found[1]]
        return [(row, unflat(row.kind, paths)) for row, paths in there]

    @property
    def roster(self) -> list[str]:
        if self._roster is None:
            row = Roster.objects.filter(pk=self.campaign.pk).first()
            self._roster = list(row.character_ids) if row else []
        return self._roster

    @property
    def layout(self) -> dict[str, JsonObject]:
        if self._layout is None:
            rows = LayoutOverrides.objects.filter(campaign=self.campaign)
            self._layout = {row.tier: {"badges": row.badges, "chips": row.chips} for row in rows}
        return self._layout

    def forget(self) -> None:
        """Nothing of it was public at this moment."""
        self._characters, self._conflicts = {}, {}
        self._roster, self._layout, self.stage = [], {}, {}

    # Back in time

    def undo(self, event: Event) -> None:
        """Go back to before an event; it must be the next one back."""
        match event.entity:
            case "character":
                if (seen := self._characters.get(event.entity_id)) is not None:
                    _undo_of_character(seen, event)
            case "conflict":
                if (found := self._conflicts.get(event.entity_id)) is not None:
                    self._conflicts[event.entity_id] = (found[0], taken_back(found[1], event.changes))
            case "campaign":
                self._undo_of_campaign(event)

    def _undo_of_campaign(self, event: Event) -> None:
        for path, (before, _after) in event.changes.items():
            name, _, rest = path.partition(".")
            if name == ROSTER:
                self._roster = list(before or [])
            elif name == LAYOUT and before is None:
                self.layout.pop(rest, None)
            elif name == LAYOUT:
                self.layout[rest] = before
            elif name == STAGE:
                fold(self.stage, {rest: before})


def _undo_of_character(seen: Seen, event: Event) -> None:
    if event.public_seq is not None:
        seen.version -= 1
    if event.type in CAME:
        seen.there = False
        seen.is_foreign = seen.is_foreign or event.type == EventType.CHARACTER_MOVED
    elif event.type in WENT:
        seen.there = True
    for path, (before, _after) in event.changes.items():
        if event.type == EventType.CHARACTER_SHOWN and path.startswith(VISIBILITY):
            seen.visibility[path.removeprefix(VISIBILITY)] = int(NAMES[before])
        elif event.type not in CAME:
            if not seen.is_own:
                seen.document, seen.is_own = copy.deepcopy(seen.document), True
            fold(seen.document, {path: before})
