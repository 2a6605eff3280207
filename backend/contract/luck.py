"""Luck: what the dice gave against what was to be expected."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contract.base import ActsFor, Answer, Flag, Moment, Named, Reference, Whole
from contract.errors import sentence
from contract.labels import Label
from contract.roll_fields import ChronicleId
from contract.translation import N_

MAX_DAYS = 3650

When = Annotated[
    Moment,
    Field(
        description="ISO 8601; a date alone too",
        json_schema_extra=sentence(N_("A moment such as 2026-11-20T20:00:00Z is expected.")),
    ),
]


class LuckOfWhom(ActsFor):
    """Of a character, of a player, or of everyone in the chronicle; one's own if nobody is named."""

    character: Reference | None = None
    chronicle: ChronicleId = None
    everyone: Flag | None = None
    days: Annotated[
        Annotated[Whole, Field(ge=1, le=MAX_DAYS)] | None, Field(description="So many days back")
    ] = None
    since: When | None = None
    until: When | None = None


class GetLuck(LuckOfWhom):
    chart: Annotated[Flag, Field(description="With a picture of it")] = False


class LuckOf(Answer):
    kind: Literal["character", "player", "chronicle"]
    id: UUID
    name: str


class Successes(Answer):
    """`difference` in all, `deviation` the same in standard deviations."""

    mean: float | None
    expected: float | None
    difference: float
    deviation: float | None


class Tally(Answer):
    """How often an outcome came, and how often it was to be expected."""

    slug: str
    label: Label
    tone: str
    colour: str
    count: int
    expected: float


class SystemLuck(Answer):
    system: str
    label: Label
    rolls: int
    mean: float | None
    expected: float | None
    passed: int
    passed_expected: float
    outcomes: list[Tally]


class CheckLuck(Answer):
    kind: str
    label: Label
    rolls: int
    passed: int
    expected: float
    outcomes: list[Tally]


class RerollLuck(Answer):
    rolls: int
    won: int
    expected: float


class Luck(Answer):
    """`cut`: only the newest were counted. `course` is the running difference, of at most a hundred points."""

    of: LuckOf
    chronicle: Named | None
    since: Moment | None
    until: Moment | None
    rolls: int
    struck: int
    cut: bool
    successes: Successes
    systems: list[SystemLuck]
    checks: list[CheckLuck]
    rerolls: RerollLuck
    course: list[float]
    text: str
    chart: Annotated[str | None, Field(description="A PNG in base64; null unless asked for")] = None
