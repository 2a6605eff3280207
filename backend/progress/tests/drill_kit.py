"""Drills for tests: who starts them, and which option is right or wrong."""

from uuid import UUID

from discordauth.models import CustomUser
from progress.models import PracticeSession
from progress.services import practice
from timeline.services import Cause


def by(user: CustomUser) -> Cause:
    return Cause(user, "web")


def started(user: CustomUser, system: str = "v5", level: int = 2) -> PracticeSession:
    return practice.start(user, system, level, by(user))


def choice(drill: PracticeSession | UUID, right: bool = True) -> int:
    """The place of the right option of the question that waits, or of a wrong one."""
    pk = drill.pk if isinstance(drill, PracticeSession) else drill
    attempt = PracticeSession.objects.get(pk=pk).attempts.order_by("-number")[0]
    question = practice.question_of(attempt)
    assert question is not None
    return question.right if right else (question.right + 1) % len(question.choices)


def answer(user: CustomUser, drill: PracticeSession, right: bool = True) -> PracticeSession:
    drill.refresh_from_db()
    return practice.answer(user, drill.pk, drill.asked, choice(drill, right), by(user))
