"""Conflicts: who acts when (initiative). What can be done in one, and a conflict as one reader sees it."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contract.base import ActsFor, Answer, Flag, Input, Moment, Named, Person, Reference, Whole
from contract.errors import sentence
from contract.labels import Label
from contract.notices import StoredNotice
from contract.translation import N_

MAX_TITLE = 100
MAX_TEXT = 150
MAX_TURNS = 50
# The rules take these ranges from here (`rules.dice.initiative`), as the Discord process does.
RATING, MODIFIER, EXTRA_ACTIONS = (-50, 100), (-50, 50), (0, 5)

ConflictId = Annotated[
    UUID | None, Field(description="Which conflict; the one that runs in this channel if left out")
]
ParticipantRef = Annotated[Reference | None, Field(description="A participant, by id or name")]
ExtraActions = Annotated[Whole, Field(ge=EXTRA_ACTIONS[0], le=EXTRA_ACTIONS[1])]
Short = Annotated[str, Field(max_length=30)]


class ConflictInput(ActsFor):
    conflict: ConflictId = None


class ListConflicts(Input):
    chronicle: UUID | None = None


class StartConflict(Input):
    chronicle: UUID | None = None
    channel_id: Annotated[
        str | None, Field(max_length=20, description="On the web: Discord's id, or none")
    ] = None
    kind: Annotated[
        Short | None, Field(description="20th, cod, fantasy, 5th, 5th_once; by the edition if left out")
    ] = None
    title: Annotated[str | None, Field(max_length=MAX_TITLE)] = None
    replace: Annotated[UUID | None, Field(description="The running conflict that this one ends")] = None


class GetConflict(Input):
    conflict: ConflictId = None
    table: Annotated[Flag, Field(description="As its message in the channel shows it to everyone")] = False


class PassTime(Input):
    chronicle: UUID | None = None
    passed: Annotated[Short, Field(description="scene, night or session")]


class Enter(ConflictInput):
    name: Annotated[
        Reference | None, Field(description="A character, or a bare name; the default if left out")
    ] = None
    extra_actions: ExtraActions | None = None
    hidden: Annotated[Flag, Field(description="Only storytellers see it")] = False


class RollInitiative(Enter):
    rating: Annotated[
        Annotated[Whole, Field(ge=RATING[0], le=RATING[1])] | None,
        Field(description="By the sheet if left out"),
    ] = None
    modifier: Annotated[Whole, Field(ge=MODIFIER[0], le=MODIFIER[1])] | None = None
    pool: Annotated[
        Annotated[Whole, Field(ge=0, le=50)] | Annotated[str, Field(max_length=200)] | None,
        Field(
            json_schema_extra=sentence(N_("A pool is a number up to 50, or traits such as strength + brawl."))
        ),
    ] = None
    again: Annotated[Flag, Field(description="Roll a new die instead of correcting the numbers")] = False
    participant: ParticipantRef = None


class JoinConflict(Enter):
    everybody: Annotated[Flag, Field(description="Everyone who can join with the initiative they have")] = (
        False
    )


class Declare(ConflictInput):
    action: Annotated[
        str,
        Field(
            json_schema_extra=sentence(N_("Say it in 1 to {most} characters."), most=MAX_TEXT),
            max_length=MAX_TEXT,
        ),
    ]
    category: Short | None = None
    participant: ParticipantRef = None


class MoveConflict(ConflictInput):
    move: Short
    participant: ParticipantRef = None
    mark: Annotated[Short | None, Field(description="The state that the button was made for")] = None


class ParticipantChanges(Input):
    name: Reference | None = None
    hidden: Flag | None = None
    extra_actions: ExtraActions | None = None


class ChangeParticipant(ConflictInput):
    participant: Reference
    changes: ParticipantChanges


class LeaveConflict(ConflictInput):
    participant: ParticipantRef = None


class AddEffect(ConflictInput):
    text: Annotated[
        str,
        Field(
            json_schema_extra=sentence(N_("Say it in 1 to {most} characters."), most=MAX_TEXT),
            max_length=MAX_TEXT,
        ),
    ]
    until: Annotated[Short, Field(description="turns, scene, night or session")]
    participant: ParticipantRef = None
    turns: Annotated[Whole, Field(ge=1, le=MAX_TURNS)] | None = None


class LiftEffect(ConflictInput):
    effect: Reference


class InitiativeRoll(Answer):
    dice: list[int]
    rating: int
    modifier: int
    value: int
    text: Label


class Participant(Answer):
    """`gone`: has left the server. `rating` is that of a round that is over."""

    id: str
    name: str
    user: Person | None
    character: Named | None
    joined: bool
    rolled: bool
    hidden: bool
    gone: bool
    yours: bool
    extra_actions: int
    rating: int | None
    roll: InitiativeRoll | None


class Turn(Answer):
    """`together` is the same for those who act at the same moment; `ready`: can be declared or done now."""

    participant: str
    name: str
    extra: bool
    number: int
    together: int
    state: Annotated[str, Field(description="waiting, current, declared, done or skipped")]
    ready: bool
    action: str
    category: str


class Effect(Answer):
    """`left` are turns; 0 where it does not last for turns."""

    id: str
    text: str
    participant: str | None
    name: str
    until: str
    left: int
    label: Label


class EndedEffect(Effect):
    conflict: UUID


class Category(Answer):
    slug: str
    label: Label


class Move(Answer):
    move: str
    label: Label
    style: Annotated[str, Field(description="primary, secondary or danger")]
    mark: str


class ConflictRights(Answer):
    run: bool
    enter: bool


class Conflict(Answer):
    """`rolls`: die, pool, or nothing. `mention`: the Discord id of whose turn it is."""

    id: UUID
    chronicle: Named
    channel_id: str | None
    url: str
    kind: str
    label: Label
    title: str
    phase: Annotated[str, Field(description="gather, order, declare, act or ended")]
    phase_label: Label
    round: int
    version: int
    mark: str
    open: bool
    starter: Person
    started_at: Moment
    ended_at: Moment | None
    rolls: str
    participants: list[Participant]
    turns: list[Turn]
    current: Turn | None
    mention: str | None
    effects: list[Effect]
    categories: list[Category]
    moves: list[Move]
    rights: ConflictRights
    notices: list[StoredNotice] = []
    hint: Label


class OneConflict(Answer):
    conflict: Conflict


class ConflictChanged(OneConflict):
    """`participant` and `effect`: which of them the step was about."""

    rebuilt: ClassVar[frozenset[str]] = frozenset({"conflict"})
    id: UUID
    participant: str | None = None
    effect: str | None = None


class Conflicts(Answer):
    results: list[Conflict]


class TimePassed(Answer):
    ended: list[EndedEffect]
