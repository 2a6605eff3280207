"""Badges, helpful acts, and honours: what of both waits for a storyteller."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contract.base import Answer, Input, Moment, Named, Person
from contract.errors import sentence
from contract.labels import Label
from contract.servers import Who
from contract.translation import N_

MAX_HELP = 200
MAX_REASON = 300

Reason = Annotated[str, StringConstraints(max_length=MAX_REASON)]
HelpText = Annotated[
    str,
    Field(
        max_length=MAX_HELP,
        json_schema_extra=sentence(
            N_("Say what they helped with, in 1 to {most} characters."), most=MAX_HELP
        ),
    ),
]
HonourKind = Literal["badge", "helpful"]


class GetBadges(Input):
    """Your own."""


class Badge(Answer):
    """One that somebody has, that waits for a storyteller, or that can still be won: then `count` of `at` is there.

    `chronicle`: where it was won, for one that each chronicle gives.
    """

    slug: str
    group: Annotated[str, Field(description="dice, story, table, study or people")]
    label: Label
    why: Label
    state: Annotated[str, Field(description="given, waiting or open")]
    prestige: Annotated[bool, Field(description="A storyteller approves it")]
    chronicle: Named | None
    at: int
    count: int
    given_at: Moment | None


class Badges(Answer):
    """Hidden badges are among those that were won alone. `waiting`: so many honours wait for this storyteller."""

    badges: list[Badge]
    won: int
    open: int
    waiting: int
    url: str


class ReportHelp(Input):
    chronicle: UUID | None = None
    user: Who
    text: HelpText


class HelpfulAct(Answer):
    id: UUID
    chronicle: Named
    helper: Person
    reported_by: Person
    text: str
    state: Annotated[str, Field(description="waiting, confirmed or refused")]


class ListHonours(Input):
    """Of one chronicle; in Discord that of the channel."""

    chronicle: UUID | None = None


class NamedHonour(Input):
    honour: UUID


class RefuseHonour(NamedHonour):
    reason: Reason | None = None


class Honour(Answer):
    """A badge of prestige or a helpful act that waits for a storyteller, or that was decided.

    `badge`, `label` and `why` are empty for a helpful act, `text` and `reported_by` for a badge.
    """

    id: UUID
    kind: HonourKind
    chronicle: Named
    user: Person
    badge: str = ""
    label: Label = ""
    why: Label = ""
    text: str = ""
    reported_by: Person | None = None
    state: Annotated[str, Field(description="waiting, confirmed or refused")]
    at: Moment


class Honours(Answer):
    results: list[Honour]
    url: str
