"""An account that is deleted in the middle of a drill."""

import pytest
from rest_framework.test import APIClient

from discordauth.models import CustomUser
from privacy.tests.kit import leave
from progress.models import Attempt, PracticeSession
from testing.personas import World, bot_body

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_drill_goes_with_its_account_and_a_late_press_says_so(world: World, bot: APIClient) -> None:
    made = bot.post("/bot/progress/practice", bot_body("mira"), format="json").json()
    leave(CustomUser.objects.get(pk=world.mira.pk))
    assert not PracticeSession.objects.exists()
    assert not Attempt.objects.exists()

    press = bot_body("mira") | {"drill": made["id"], "number": 1, "choice": 0}
    late = bot.post("/bot/progress/practice/answer", press, format="json")
    assert (late.status_code, late.json()["detail"]) == (
        404,
        "This drill is no longer there. Start another one.",
    )
