"""The state of a conflict, its form as paths with values for storage and events, and how to undo a change."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from contract.translation import N_, _
from rules.conflict.kinds import GATHER, KINDS, POOL, Kind
from rules.dice import initiative
from rules.dice.base import Die, Record
from rules.errors import NotFound
from rules.json import Json, JsonMapping

# What labels are made of.
SUCCESS = N_("success")
SUCCESSES = N_("successes")
MORE_TURN = N_("more turn")
MORE_TURNS = N_("more turns")

Flat = dict[str, Json]

DECLARED = "declared"
SKIPPED = "skipped"
DONE = "done"

TURNS = "turns"
UNTIL = {
    TURNS: N_("turns"),
    "scene": N_("until the end of the scene"),
    "night": N_("until the end of the night"),
    "session": N_("until the end of the session"),
}
# These outlive the conflict in which they began.
LASTING = ("night", "session")


@dataclass(frozen=True)
class Participant(Record):
    """A participant. `user` and `character` are ids; without a character they are known by name alone.

    `hidden`: storytellers alone know of it. `joined`: takes part in this round. `rating`: with which they rolled in a
    round that is over, for those without a sheet that has it.
    """

    name: str
    user: str
    character: str | None = None
    hidden: bool = False
    joined: bool = True
    extra_actions: int = 0
    rating: int | None = None


@dataclass(frozen=True)
class InitiativeRoll(Record):
    """An initiative roll: its dice and modifiers. `rating` is the size of the pool where a pool is rolled."""

    parts = {"dice": Die}

    dice: tuple[Die, ...]
    rating: int
    modifier: int
    value: int
    tiebreak: int

    def text(self, kind: Kind) -> str:
        if kind.rolls == POOL:
            return f"1 {SUCCESS}" if self.value == 1 else f"{self.value} {SUCCESSES}"
        modifier = signed(self.modifier) if self.modifier else ""
        return f"{self.dice[0].value}{signed(self.rating)}{modifier} = {self.value}"


def signed(number: int) -> str:
    return f" {'−' if number < 0 else '+'} {abs(number)}"


@dataclass(frozen=True)
class Action(Record):
    text: str = ""
    category: str = ""
    state: str = DECLARED


@dataclass(frozen=True)
class Effect(Record):
    """`participant` is empty for an effect on all; `name` is whose it is in words.

    `left` counts turns, `counted` is the last round whose turn needs no counting any more.
    """

    text: str
    until: str
    participant: str = ""
    name: str = ""
    left: int = 0
    counted: int = 0

    @property
    def label(self) -> str:
        """In English; a `Label` of its answer."""
        if self.until != TURNS:
            return UNTIL[self.until]
        return f"1 {MORE_TURN}" if self.left == 1 else f"{self.left} {MORE_TURNS}"


PARTS: Mapping[str, type[Record]] = {
    "participants": Participant,
    "rolls": InitiativeRoll,
    "actions": Action,
    "effects": Effect,
}


@dataclass(frozen=True)
class State:
    """All that changes in a conflict. Actions are keyed by `<participant>.<number>`; number 0 is the regular action."""

    kind: Kind
    phase: str = GATHER
    round: int = 1
    open: bool = True
    # The order of this round comes from rolls of an earlier one.
    kept: bool = False
    participants: Mapping[str, Participant] = field(default_factory=dict)
    rolls: Mapping[str, InitiativeRoll] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
    effects: Mapping[str, Effect] = field(default_factory=dict)

    @property
    def joined(self) -> dict[str, Participant]:
        """The participants of this round; where dice decide, those who have rolled."""
        return {
            pk: participant
            for pk, participant in self.participants.items()
            if participant.joined and (not self.kind.rolls or pk in self.rolls)
        }

    @property
    def shown(self) -> "State":
        """What the table knows of it: the same without hidden participants and all that is about them."""
        hidden = {pk for pk, participant in self.participants.items() if participant.hidden}
        if not hidden:
            return self
        return replace(
            self,
            participants={pk: who for pk, who in self.participants.items() if pk not in hidden},
            rolls={pk: roll for pk, roll in self.rolls.items() if pk not in hidden},
            actions={key: act for key, act in self.actions.items() if key.partition(".")[0] not in hidden},
            effects={pk: effect for pk, effect in self.effects.items() if effect.participant not in hidden},
        )

    def as_seen_with(self, pk: str) -> "State":
        """Return the order that counts for this participant: the hidden hold up nobody who is shown."""
        return self if self.participants[pk].hidden else self.shown

    def initiative(self, pk: str) -> initiative.Initiative:
        roll = self.rolls[pk]
        return initiative.Initiative(
            roll.dice, roll.value, roll.tiebreak, self.participants[pk].extra_actions
        )


def participant(state: State, pk: str) -> Participant:
    """Return the participant of this id. Raises NotFound (`no_participant`)."""
    if pk not in state.participants:
        raise NotFound(_("Nobody with that name is in this conflict."), code="no_participant")
    return state.participants[pk]


PLAIN = ("phase", "round", "open", "kept")


def flat(state: State) -> Flat:
    """Return the state as `{"phase": …, "participants.<id>": {…}, …}`; a value is never None."""
    found: Flat = {name: getattr(state, name) for name in PLAIN}
    for part in PARTS:
        found |= {f"{part}.{pk}": record.as_json() for pk, record in getattr(state, part).items()}
    return found


def unflat(kind: str, paths: JsonMapping) -> State:
    parts: dict[str, dict[str, Record]] = {name: {} for name in PARTS}
    plain: dict[str, Any] = {}
    for path, value in paths.items():
        name, _, pk = path.partition(".")
        if pk and isinstance(value, dict):
            parts[name][pk] = PARTS[name].from_json(value)
        else:
            plain[name] = value
    ordered: dict[str, Any] = {name: dict(sorted(many.items())) for name, many in parts.items()}
    return State(kind=KINDS[kind], **plain, **ordered)


def difference(before: Flat, after: Flat) -> dict[str, list[Json]]:
    """Return path → `[before, after]` of what differs; None where there is no value."""
    paths = [*before, *(path for path in after if path not in before)]
    pairs = {path: [before.get(path), after.get(path)] for path in paths}
    return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


def taken_back(now: Flat, changes: Mapping[str, list[Json]]) -> Flat:
    """Return the state before these changes, which must be the last ones."""
    before = now | {path: pair[0] for path, pair in changes.items()}
    return {path: value for path, value in before.items() if value is not None}
