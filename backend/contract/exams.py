"""Exams: fixed, timed sets of questions (*papers* in the tables), sitting them, and the certificates they grant."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Empty, Input, Moment, Named, Whole, one_of
from contract.errors import sentence
from contract.labels import Label
from contract.translation import N_

MAX_TITLE = 100
MAX_PROMPT = 1000
MAX_OPTION = 200
MAX_EXPLANATION = 1000
MAX_QUESTIONS = 50
MIN_OPTIONS, MAX_OPTIONS = 2, 5
MAX_MINUTES = 180
MAX_NAME = 60
MAX_CODE = 40

SYSTEM_LABELS: dict[str, str] = {
    "v5": N_("Vampire"),
    "w5": N_("Werewolf"),
    "h5": N_("Hunter"),
    "wod20": N_("20th edition"),
    "cod": N_("Chronicles of Darkness"),
}
System = Annotated[Literal["v5", "w5", "h5", "wod20", "cod"], one_of(SYSTEM_LABELS)]
Title = Annotated[
    str,
    Field(
        max_length=MAX_TITLE,
        json_schema_extra=sentence(N_("An exam’s title has 1 to {most} characters."), most=MAX_TITLE),
    ),
]
Minutes = Annotated[Whole, Field(ge=1, le=MAX_MINUTES)]
PassMark = Annotated[Whole, Field(ge=1, le=100, description="Percent of the questions")]
Number = Annotated[Whole, Field(ge=1, le=MAX_QUESTIONS, description="The question’s number, from 1")]
Choice = Annotated[Whole, Field(ge=0, lt=MAX_OPTIONS, description="The option’s place, from 0")]
Count = Annotated[Whole, Field(ge=1, le=MAX_QUESTIONS)]
Difficulty = Annotated[Whole, Field(ge=1, le=3)]
QuestionId = Annotated[str, Field(max_length=20)]
Prompt = Annotated[
    str,
    Field(
        max_length=MAX_PROMPT,
        json_schema_extra=sentence(N_("A question has 1 to {most} characters."), most=MAX_PROMPT),
    ),
]
Option = Annotated[
    str,
    Field(
        max_length=MAX_OPTION,
        json_schema_extra=sentence(N_("An option has 1 to {most} characters."), most=MAX_OPTION),
    ),
]
Options = Annotated[
    list[Option],
    Field(
        min_length=MIN_OPTIONS,
        max_length=MAX_OPTIONS,
        json_schema_extra=sentence(
            N_("A question has {least} to {most} options."), least=MIN_OPTIONS, most=MAX_OPTIONS
        ),
    ),
]
Right = Annotated[Choice, Field(description="The place of the right option, from 0")]
Explanation = Annotated[str, Field(max_length=MAX_EXPLANATION)]


class ListExams(Input):
    """Standard exams and those of all one's chronicles, or of one."""

    chronicle: UUID | None = None


class NamedExam(Input):
    exam: UUID


class CreateExam(Input):
    """With so many generated questions to begin with."""

    chronicle: UUID
    title: Title
    system: System
    minutes: Minutes = 20
    pass_mark: PassMark = 70
    level: Difficulty = 1
    count: Annotated[Whole, Field(ge=0, le=MAX_QUESTIONS)] = 10


class ChangeExam(NamedExam):
    title: Title | None = None
    minutes: Minutes | None = None
    pass_mark: PassMark | None = None


class AddGenerated(NamedExam):
    level: Difficulty = 1
    count: Count = 5


class AddOwn(NamedExam):
    prompt: Prompt
    options: Options
    right: Right
    explanation: Explanation = ""


class NamedQuestion(NamedExam):
    question: QuestionId


class RemoveQuestion(NamedQuestion):
    pass


class ChangeQuestion(NamedQuestion):
    """A question of one's own; what is left out stays as it is."""

    prompt: Prompt | None = None
    options: Options | None = None
    right: Right | None = None
    explanation: Explanation | None = None


class MoveQuestion(NamedQuestion):
    to: Annotated[Number, Field(description="The number that it gets; the others make room")]


class NamedSitting(Input):
    sitting: UUID


class GivenAnswer(Input):
    question: Number
    choice: Choice


class AnswerQuestions(NamedSitting):
    """Some answers; each may be changed until the exam is handed in."""

    answers: Annotated[list[GivenAnswer], Field(min_length=1, max_length=MAX_QUESTIONS)]


class HandIn(NamedSitting):
    """The last answers may come with it: they count if they come in time."""

    answers: Annotated[list[GivenAnswer], Field(max_length=MAX_QUESTIONS)] = []


class NamedCertificate(Input):
    code: Annotated[str, Field(max_length=MAX_CODE)]


class RenameCertificate(NamedCertificate):
    name: Annotated[
        str,
        Field(
            max_length=MAX_NAME,
            json_schema_extra=sentence(N_("A name has 1 to {most} characters."), most=MAX_NAME),
        ),
    ]


class ListCertificates(Empty):
    pass


class ExamRights(Answer):
    sit: bool
    change: bool


class Exam(Answer):
    """`best` is the reader's own best result in percent; `sitting` the one that runs; `opens_at` when they may sit it
    again, null where they may now.
    """

    id: UUID
    title: str
    system: str
    system_label: Label
    standard: bool
    chronicle: Named | None
    questions: int
    minutes: int
    pass_mark: int
    version: int
    archived: bool
    best: int | None
    passed: bool
    sitting: UUID | None
    opens_at: Moment | None
    rights: ExamRights


class Exams(Answer):
    results: list[Exam]


class Result(Answer):
    """A sitting that is over, in a list."""

    id: UUID
    started_at: Moment
    right: int
    score: int
    passed: bool
    points: int


class OneExam(Answer):
    exam: Exam
    results: Annotated[list[Result], Field(description="The reader’s own sittings that are over")] = []


class ExamQuestion(Answer):
    """As who may change the exam sees it: with its key. `outdated`: the rules have changed; it counts no more."""

    id: str
    prompt: str
    options: list[str]
    right: int
    explanation: str
    page: str
    own: bool
    outdated: bool


class ExamDraft(Answer):
    """An exam as its storytellers edit it. `new_version`: it has been sat, so a change makes a new version of it."""

    exam: Exam
    questions: list[ExamQuestion]
    new_version: bool


class ExamChanged(ExamDraft):
    rebuilt: ClassVar[frozenset[str]] = frozenset({"exam", "questions", "new_version"})
    id: UUID


class SittingQuestion(Answer):
    """`right`, `explanation` and `page` come when the sitting is over, and not before."""

    number: int
    prompt: str
    options: list[str]
    own: bool
    choice: int | None
    right: int | None = None
    explanation: str = ""
    page: str = ""
    outdated: bool = False


class Sitting(Answer):
    """`seconds_left` by the server's clock, which is the only one that counts."""

    id: UUID
    exam: UUID
    title: str
    system: str
    system_label: Label
    pass_mark: int
    started_at: Moment
    deadline: Moment
    seconds_left: int
    finished_at: Moment | None
    answered: int
    questions: list[SittingQuestion]
    right: int | None
    score: int | None
    passed: bool | None
    points: int
    certificate: str | None
    opens_at: Moment | None
    url: str


class OneSitting(Answer):
    sitting: Sitting


class SittingChanged(OneSitting):
    rebuilt: ClassVar[frozenset[str]] = frozenset({"sitting"})
    id: UUID


class Certificate(Answer):
    """What anybody may know who has its code. An empty name: its owner is gone."""

    code: str
    name: str
    title: str
    system: str
    system_label: Label
    standard: Annotated[bool, Field(description="False for an exam that a storyteller made")]
    score: int
    issued_at: Moment
    url: str


class Certificates(Answer):
    results: list[Certificate]


class CertificateChanged(Answer):
    rebuilt: ClassVar[frozenset[str]] = frozenset({"certificate"})
    code: str
    certificate: Certificate
