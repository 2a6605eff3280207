"""Drills as their person reads them, in the current language."""

from django.utils import timezone

from contract import practice as shapes
from contract.translation import _
from progress.models import Attempt, PracticeSession
from progress.services import streaks
from progress.services.practice import QUESTIONS, question_of


def drill_for(drill: PracticeSession) -> shapes.Drill:
    """With its answers, and the question that waits."""
    now = timezone.now()
    attempts = list(drill.attempts.order_by("number"))
    open_until_now = drill.finished_at is None and drill.ends_at > now
    waiting = [attempt for attempt in attempts if attempt.answered_at is None]
    return shapes.Drill.from_object(
        drill,
        questions=QUESTIONS,
        question=_question(waiting[-1]) if waiting and open_until_now else None,
        answers=[_answer(attempt) for attempt in attempts if attempt.answered_at],
        streak=streaks.current(drill.user, now),
    )


def _question(attempt: Attempt) -> shapes.DrillQuestion:
    """Of a question that the rules no longer know: its only option asks for another one."""
    question = question_of(attempt)
    if question is None:
        return shapes.DrillQuestion(
            number=attempt.number, prompt=_outdated(), options=[_("Another question")]
        )
    return shapes.DrillQuestion(number=attempt.number, prompt=question.prompt(), options=question.options())


def _answer(attempt: Attempt) -> shapes.DrillAnswer:
    given = {"number": attempt.number, "choice": attempt.choice, "is_right": attempt.is_right}
    question = question_of(attempt)
    if question is None:
        return shapes.DrillAnswer.model_validate(
            given | {"prompt": _outdated(), "options": [], "right": 0, "explanation": "", "page": ""}
        )
    return shapes.DrillAnswer.model_validate(
        given
        | {
            "prompt": question.prompt(),
            "options": question.options(),
            "right": question.right,
            "explanation": question.explanation(),
            "page": question.page,
        }
    )


def _outdated() -> str:
    return _("The rules have changed since this question was asked.")
