"""Exams of the personas' table, who sits them, and a clock that a test moves."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction

from contract import exams as shapes
from progress.exams import questions, standard
from progress.models import Paper, PaperAttempt
from progress.services import papers, sittings
from testing.personas import World
from timeline.services import Cause

V5 = next(pk for pk, exam in standard.EXAMS.items() if exam.system == "v5")
RIGHT, WRONG = 1, 0


class Clock:
    """The server's clock; `forward` and `set` move it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 30, 20, tzinfo=UTC)

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: made.now)
    return made


def cause(world: World, who: str) -> Cause:
    return Cause(actor=getattr(world, who), door="web")


def own_exam(world: World, own: int = 4, who: str = "vesna", **more: object) -> Paper:
    """An exam of the chronicle: own questions, of each of which the second option is right."""
    given = shapes.CreateExam(
        **{"chronicle": world.chronicle.id, "title": "House lore", "system": "v5", "count": 0} | more
    )
    principal = world.principal(who)
    paper = papers.create(principal, world.chronicle, given, cause(world, who))
    for number in range(own):
        asked = shapes.AddOwn(
            exam=paper.pk,
            prompt=f"Who rules domain {number}?",
            options=["Nobody", f"Prince {number}"],
            right=RIGHT,
            explanation="It is said.",
        )
        papers.add_own(principal, asked, cause(world, who))
    return Paper.objects.get(pk=paper.pk)


@transaction.atomic
def start(world: World, exam_id: UUID, who: str = "mira") -> PaperAttempt:
    return sittings.start(world.principal(who), exam_id, cause(world, who))


def answers(*choices: int) -> list[shapes.GivenAnswer]:
    """Answers to the first questions."""
    return [shapes.GivenAnswer(question=number, choice=choice) for number, choice in enumerate(choices, 1)]


@transaction.atomic
def answer(world: World, row: PaperAttempt, *choices: int, who: str = "mira") -> PaperAttempt:
    return sittings.answer(world.principal(who), row.pk, answers(*choices), cause(world, who))


@transaction.atomic
def hand_in(world: World, row: PaperAttempt, *choices: int, who: str = "mira") -> PaperAttempt:
    return sittings.hand_in(world.principal(who), row.pk, answers(*choices), cause(world, who))


def all_right(row: PaperAttempt) -> list[int]:
    return [questions.read(stored).right for stored in row.questions]
