"""`/progress exam`: an exam by buttons, for its person alone; only the backend's clock counts."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from contract.base import Named
from contract.exams import (
    Certificate,
    Certificates,
    Exam,
    ExamRights,
    Exams,
    OneExam,
    OneSitting,
    Sitting,
    SittingChanged,
    SittingQuestion,
)
from contract.refusals import Refusal
from rodbot.client import RodBot
from sandbox.person import Person
from tests.rodbot.contract import CHRONICLE, NOW
from tests.rodbot.fake_backend import FakeBackend

EXAM = UUID("01930000-0000-7000-8000-000000000021")
SITTING = UUID("01930000-0000-7000-8000-000000000022")
DEADLINE = NOW + timedelta(minutes=20)


def exam(**changes: Any) -> Exam:
    values: dict[str, Any] = {
        "id": EXAM,
        "title": "House *lore*",
        "system": "v5",
        "system_label": "Vampire",
        "standard": False,
        "chronicle": Named(id=CHRONICLE, name="Night Court"),
        "questions": 2,
        "minutes": 20,
        "pass_mark": 70,
        "version": 1,
        "archived": False,
        "best": None,
        "passed": False,
        "sitting": None,
        "opens_at": None,
        "rights": ExamRights(sit=True, change=False),
    }
    return Exam(**values | changes)


def sitting(*choices: int | None, **changes: Any) -> Sitting:
    over = changes.get("finished_at") is not None
    key = {"right": 1, "explanation": "It is said.", "page": "core 1"} if over else {}
    asked = [
        SittingQuestion(
            number=number,
            prompt=f"Who rules {number}?",
            options=["Nobody", "A prince"],
            own=True,
            choice=choice,
            **key,
        )
        for number, choice in enumerate(choices, 1)
    ]
    values: dict[str, Any] = {
        "id": SITTING,
        "exam": EXAM,
        "title": "House lore",
        "system": "v5",
        "system_label": "Vampire",
        "pass_mark": 70,
        "started_at": NOW,
        "deadline": DEADLINE,
        "seconds_left": 1200,
        "finished_at": None,
        "answered": sum(choice is not None for choice in choices),
        "questions": asked,
        "right": None,
        "score": None,
        "passed": None,
        "points": 0,
        "certificate": None,
        "opens_at": None,
        "url": "http://localhost/progress/sittings/1/",
    }
    return Sitting(**values | changes)


def changed(made: Sitting) -> SittingChanged:
    return SittingChanged(id=SITTING, sitting=made)


PASSED = {
    "finished_at": NOW,
    "right": 2,
    "score": 100,
    "passed": True,
    "points": 4,
    "certificate": "0123-4567-89AB-CDEF",
}


async def begun(mira: Person, fake: FakeBackend, *choices: int | None) -> Any:
    fake.answers.append((200, OneExam(exam=exam())))
    reply = await mira.slash("progress exam", options={"exam": str(EXAM)})
    fake.answers.append((201, changed(sitting(*choices))))
    return await mira.click(reply, "Begin or go on")


async def test_the_list_of_exams_and_one_of_them(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    fake.answers.append(
        (200, Exams(results=[exam(), exam(id=SITTING, title="Vampire", passed=True, best=90)]))
    )
    reply = await mira.slash("progress exam")
    assert reply.ephemeral
    assert "**House \\*lore\\*** (Night Court): 2 questions, 20 minutes" in reply.content
    assert "passed with 90%" in reply.content
    fake.answers.append((200, OneExam(exam=exam())))
    reply = await mira.select(reply, str(EXAM))
    assert "You have 20 minutes once you begin, and pass with 70%." in reply.content
    assert fake.requests[-1].body["exam"] == str(EXAM)


async def test_an_exam_that_opens_later_has_no_button(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    fake.answers.append((200, OneExam(exam=exam(best=50, opens_at=DEADLINE))))
    reply = await mira.slash("progress exam", options={"exam": str(EXAM)})
    assert f"<t:{int(DEADLINE.timestamp())}:R>" in reply.content
    assert not reply.message["components"]


async def test_what_is_no_exam_is_refused(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    reply = await mira.slash("progress exam", options={"exam": "lore"})
    assert reply.content == "Choose an exam from the list."


async def test_the_time_left_is_discords_own(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    reply = await begun(mira, fake, None, None)
    assert f"ends <t:{int(DEADLINE.timestamp())}:R>" in reply.content
    assert "0 of 2 answered" in reply.content
    assert "**1.** Who rules 1?" in reply.content


async def test_it_goes_on_at_the_first_question_without_an_answer(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    assert "**2.** Who rules 2?" in (await begun(mira, fake, 1, None)).content


async def test_a_press_answers_and_turns_to_the_next_question(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    reply = await begun(mira, fake, None, None)
    fake.answers.append((200, changed(sitting(1, None))))
    reply = await mira.click(reply, "B")
    assert fake.requests[-1].path == "/bot/progress/sittings/answer"
    assert fake.requests[-1].body["answers"] == [{"question": 1, "choice": 1}]
    assert "**2.** Who rules 2?" in reply.content
    fake.answers.append((200, OneSitting(sitting=sitting(1, None))))
    assert "● **B** A prince" in (await mira.click(reply, "Back")).content


async def test_gaps_are_asked_about_before_it_is_handed_in(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    reply = await begun(mira, fake, 1, None)
    fake.answers.append((200, OneSitting(sitting=sitting(1, None))))
    reply = await mira.click(reply, "Hand in")
    assert "1 question has no answer yet." in reply.content
    fake.answers.append(
        (200, changed(sitting(1, None, **PASSED | {"score": 50, "passed": False, "points": 0})))
    )
    reply = await mira.click(reply, "Hand in all the same")
    assert fake.requests[-1].path == "/bot/progress/sittings/hand-in"
    assert "50%. You pass with 70%." in reply.content


async def test_the_end_shows_the_result_and_every_explanation(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    reply = await begun(mira, fake, 1, 1)
    fake.answers.append((200, OneSitting(sitting=sitting(1, 1))))
    fake.answers.append((200, changed(sitting(1, 0, **PASSED))))
    reply = await mira.click(reply, "Hand in")
    assert "passed with 100%" in reply.content
    assert "You got 4 points." in reply.content
    assert "`0123-4567-89AB-CDEF`" in reply.content
    assert "✓ **B** A prince" in reply.content
    assert "It is said. *(core 1)*" in reply.content
    fake.answers.append((200, OneSitting(sitting=sitting(1, 0, **PASSED))))
    assert "✗ **A** Nobody" in (await mira.click(reply, "Next")).content


async def test_a_press_that_comes_too_late_is_told_so(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    reply = await begun(mira, fake, None, None)
    late = "Time’s up: this answer came too late to count."
    fake.answers.append((409, Refusal(code="time_up", detail=late)))
    assert (await mira.click(reply, "A")).content == late


async def test_certificates_with_their_links(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    fake.answers.append((200, Certificates(results=[])))
    assert "no certificates yet" in (await mira.slash("progress certificates")).content
    certificate = Certificate(
        code="0123-4567-89AB-CDEF",
        name="Mira",
        title="Lore",
        system="v5",
        system_label="Vampire",
        standard=True,
        score=90,
        issued_at=NOW,
        url="http://localhost/certificates/0123-4567-89AB-CDEF/",
    )
    fake.answers.append((200, Certificates(results=[certificate])))
    reply = await mira.slash("progress certificates")
    assert "• **Lore**, 90%: <http://localhost/certificates/0123-4567-89AB-CDEF/>" in reply.content
