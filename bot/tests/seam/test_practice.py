"""Practice, between rodbot's real client and the real backend."""

from typing import Any

import pytest

from contract import endpoints, practice
from rodbot.core.backend import BackendError
from tests.seam.conftest import GUILD, Mirror, Who


async def test_a_drill_is_begun_answered_and_stopped(
    sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    made = await nadia().call(endpoints.START_DRILL, practice.StartDrill(system="h5", level=1))
    answer = practice.AnswerDrill(drill=made.id, number=1, choice=0)
    with pytest.raises(BackendError) as error:
        await olga().call(endpoints.ANSWER_DRILL, answer)
    assert error.value.code == "not_yours"
    answered = (await nadia().call(endpoints.ANSWER_DRILL, answer)).drill
    assert (answered.asked, answered.answers[0].choice) == (2, 0)
    running = await nadia().call(endpoints.GET_DRILL, practice.GetDrill())
    assert running.drill == answered
    over = (await nadia().call(endpoints.FINISH_DRILL, practice.NamedDrill(drill=made.id))).drill
    assert over.question is None
    assert over.right + over.wrong == 1
