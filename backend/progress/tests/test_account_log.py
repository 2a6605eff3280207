"""The log of an account: who changed what of it, through whichever door."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from rest_framework.test import APIClient

from contract.people import SetPreferences, UpdateProfile
from discordauth.profile import set_preferences, update_profile
from progress.models import ProfileChange
from progress.services import streaks
from testing.personas import World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def changes() -> list[tuple[object, dict[str, list[object]]]]:
    return [(change.changed_by, change.changes) for change in ProfileChange.objects.order_by("id")]


@pytest.mark.req("S001-25")
def test_what_one_changes_oneself_is_noted_once(world: World) -> None:
    mira = update_profile(world.mira, UpdateProfile(bio="Plays a Tremere.", user_settings={"panel": "open"}))
    set_preferences(mira, SetPreferences(text_mode=True, timezone="berlin", language="de"))
    set_preferences(mira, SetPreferences(text_mode=True))
    assert changes() == [
        (mira, {"bio": ["", "Plays a Tremere."]}),
        (mira, {"text_mode": [False, True], "language": ["", "de"], "timezone": ["", "Europe/Berlin"]}),
    ]


def test_what_is_refused_is_not_noted(world: World) -> None:
    api = APIClient()
    api.force_authenticate(world.mira)
    answer = api.patch("/api/users/me/", {"timezone": "Nowhere/Land", "bio": "Me"}, format="json")
    assert answer.status_code == 400
    assert "There’s no time zone called “Nowhere/Land”." in answer.json()["fields"]["timezone"][0]
    assert (
        api.patch("/api/users/me/", {"timezone": "Europe/Paris"}, format="json").json()["timezone"]
        == "Europe/Paris"
    )
    assert [changed for _, changed in changes()] == [{"timezone": ["", "Europe/Paris"]}]


def test_a_new_zone_takes_the_streak_with_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime(2026, 11, 30, 22, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    mira = set_preferences(world.mira, SetPreferences(timezone="Pacific/Honolulu"))
    ProfileChange.objects.all().delete()
    streaks.practised(mira, noon)
    mira = set_preferences(mira, SetPreferences(timezone="Pacific/Kiritimati"))
    assert str(mira.last_practice_date) == str(mira.last_daily_login_bonus_date) == "2026-12-01"


def test_what_an_admin_changes_is_noted_with_the_admin(world: World, browser: Browser) -> None:
    root = browser("root")
    form = root.get(f"/admin/discordauth/customuser/{world.mira.pk}/change/").context["adminform"].form
    shown = {name: value for name, value in form.initial.items() if value is not None and name in form.fields}
    shown |= {
        "date_joined_0": "2026-01-01",
        "date_joined_1": "12:00:00",
        "user_settings": "{}",
        "metadata": "{}",
    }
    shown |= {"per_game_stats": "{}", "groups": [], "user_permissions": [], "status_message": "Away"}
    answer = root.post(f"/admin/discordauth/customuser/{world.mira.pk}/change/", shown)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert changes() == [(world.root, {"status_message": ["", "Away"]})]
