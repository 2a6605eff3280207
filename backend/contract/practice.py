"""Practice: short drills of generated questions. A question holds no key before it is answered."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Input, KeptById, Moment, Whole
from contract.exams import System
from contract.translation import N_

LEVEL_LABELS: dict[int, str] = {1: N_("Easy"), 2: N_("Tricky"), 3: N_("Hard")}
MAX_QUESTIONS = 100
MAX_OPTIONS = 4
Level = Annotated[Whole, Field(ge=1, le=3, description="1 is easy, 3 is hard")]


class StartDrill(Input):
    """What is left out is that of the last drill, else of the game that is played here, on the first level. Where
    nothing is given, the drill that is under way goes on.
    """

    system: System | None = None
    level: Level | None = None


class GetDrill(Input):
    """A drill of one's own; the one that is under way if none is named."""

    drill: UUID | None = None


class NamedDrill(Input):
    drill: UUID


class AnswerDrill(NamedDrill):
    number: Annotated[Whole, Field(ge=1, le=MAX_QUESTIONS, description="The question’s number, from 1")]
    choice: Annotated[Whole, Field(ge=0, lt=MAX_OPTIONS, description="The option’s place, from 0")]


class DrillQuestion(Answer):
    """A question as it is asked."""

    number: int
    prompt: str
    options: list[str]


class DrillAnswer(DrillQuestion):
    """A question that was answered. `right` is the place of the right option, `page` where the rule stands."""

    choice: int
    right: int
    is_right: bool
    explanation: str
    page: str


class Drill(Answer):
    """`question` waits for an answer; None where the drill is over. `answers` are those given, in order.

    `points` are those given for the drill when it is over, `streak` the days in a row with practice by now.
    """

    id: UUID
    system: str
    level: int
    questions: int
    asked: int
    right: int
    wrong: int
    points: int
    started_at: Moment
    ends_at: Moment
    finished_at: Moment | None
    question: DrillQuestion | None
    answers: list[DrillAnswer]
    streak: int


class DrillChanged(KeptById):
    drill: Drill


class OneDrill(Answer):
    """None where no drill is under way."""

    drill: Drill | None
