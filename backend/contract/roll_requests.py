"""Roll requests: a storyteller asks players for a roll, until a deadline."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Flag, Input, Moment, Named, Person, Reference, Whole
from contract.errors import sentence
from contract.labels import label
from contract.roll_fields import ChronicleId, Options, Pool, System, Value
from contract.rolls import SUMS, BriefRoll, PoolInput, Roll, RollAnswer
from contract.translation import N_, _, n_

MAX_PLAYERS = 25
MAX_MINUTES = 10_080
MAX_TEXT = 200


class AskForRoll(Input):
    """A pool or options that are left open are the player's."""

    chronicle: ChronicleId = None
    players: Annotated[
        list[Reference],
        Field(
            min_length=1,
            max_length=MAX_PLAYERS,
            description="Ids: Discord's, or those of accounts",
            json_schema_extra=sentence(N_("Name 1 to {most} players."), most=MAX_PLAYERS),
        ),
    ]
    pool: Pool | None = None
    system: System | None = None
    options: Options | None = None
    text: Annotated[str, Field(max_length=MAX_TEXT)] | None = None
    hide_difficulty: Flag | None = None
    minutes: Annotated[Whole, Field(ge=1, le=MAX_MINUTES)] | None = None


class NamedRequest(Input):
    request: UUID


class AnswerRequest(PoolInput):
    request: UUID


class ListRequests(Input):
    chronicle: UUID


class AskedPlayer(Answer):
    """`roll`: the answer, or what became of it when it was rolled again."""

    user: Person
    answered_at: Moment | None
    roll: Roll | None
    summary: str


def summary_of(roll: BriefRoll) -> str:
    """`3 successes: Success, margin 1`; of general dice the total, and where nothing may be counted the outcome."""
    outcome, result = roll.outcome, label(roll.outcome.label)
    if outcome.successes is None:
        return result
    count = n_("{count} success", "{count} successes", outcome.successes)
    if roll.system in SUMS:
        count = str(outcome.successes)
    if outcome.margin is None:
        return _("{count}: {outcome}", count=count, outcome=result)
    return _("{count}: {outcome}, margin {margin}", count=count, outcome=result, margin=outcome.margin)


class Lead(Answer):
    """Of two players who rolled against each other: who is ahead, by how many successes; nobody if they are level."""

    player: Person | None
    by: int


class RollRequest(Answer):
    """`done`: everyone has answered, or it is over. `lead` is null until two players, if it asks two, have rolled."""

    id: UUID
    text: str
    storyteller: Person
    chronicle: Named
    system: str | None
    pool: str | None
    options: dict[str, Value | None]
    difficulty: int | None
    difficulty_hidden: bool
    deadline: Moment
    open: bool
    done: bool
    closed_at: Moment | None
    players: list[AskedPlayer]
    answered: int
    asked: int
    lead: Lead | None
    text_summary: str


class OneRequest(Answer):
    rebuilt: ClassVar[frozenset[str]] = frozenset({"request"})
    request: RollRequest


class RequestAnswered(RollAnswer):
    rebuilt: ClassVar[frozenset[str]] = RollAnswer.rebuilt | {"request"}
    request: RollRequest


class Requests(Answer):
    results: list[RollRequest]
