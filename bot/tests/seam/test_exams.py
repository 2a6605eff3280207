"""Exams, between rodbot's real client and the real backend: nothing that is answered holds a key before the end."""

from typing import Any

import pytest

from contract import endpoints, exams
from rodbot.core.backend import BackendError
from tests.seam.conftest import GUILD, Mirror, Who


async def test_an_exam_is_begun_answered_and_handed_in(
    sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    listed = (await nadia().call(endpoints.LIST_EXAMS, exams.ListExams())).results
    wanted = exams.NamedExam(exam=next(exam.id for exam in listed if exam.system == "cod"))
    sitting = (await nadia().call(endpoints.START_EXAM, wanted)).sitting
    assert all(asked.right is None and not asked.explanation for asked in sitting.questions)
    answers = [exams.GivenAnswer(question=number, choice=0) for number in (1, 2)]
    given = exams.AnswerQuestions(sitting=sitting.id, answers=answers)
    with pytest.raises(BackendError) as error:
        await olga().call(endpoints.ANSWER_QUESTIONS, given)
    assert error.value.code == "not_found"
    assert (await nadia().call(endpoints.ANSWER_QUESTIONS, given)).sitting.answered == 2
    named = exams.NamedSitting(sitting=sitting.id)
    assert (await nadia().call(endpoints.GET_SITTING, named)).sitting.answered == 2
    done = (await nadia().call(endpoints.HAND_IN, exams.HandIn(sitting=sitting.id))).sitting
    assert done.finished_at is not None
    assert all(asked.explanation for asked in done.questions)
    found = await nadia().call(endpoints.GET_EXAM, wanted)
    assert [result.id for result in found.results] == [sitting.id]
    certificates = await nadia().call(endpoints.LIST_CERTIFICATES, exams.ListCertificates())
    assert len(certificates.results) == int(bool(done.passed))
