"""What players see of what they earned: every point with its reason; profiles; and what is nobody else's business."""

import base64
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from PIL import Image
from rest_framework.test import APIClient

from chronicle.models import Server
from contract.notices import sentence
from contract.points import GetProgress, ListPoints
from haven import portraits
from haven.models import Character, Vampire5th
from progress import rank_card
from progress.models import PlayerProfile, ProfileChange
from progress.operations import points
from progress.services import restore_points, streaks, taken_back
from progress.services.profiles import profile_of
from progress.services.scopes import Scope
from progress.services.undo import undo
from progress.tests import reset_kit
from progress.tests.kit import MONDAY, call, give
from rules.streaks import DAY
from testing.personas import SYSTEM, World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def api(user: object) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_the_overview_says_what_was_earned_and_when(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY)
    give(world.mira, 60, "a", chronicle=world.chronicle, now=MONDAY - 14 * DAY)
    streaks.practised(world.mira, MONDAY - DAY)
    streaks.practised(world.mira, MONDAY)
    found = points.GET.run(call(world, "mira"), GetProgress())
    assert (found.points, found.week_points, found.rank) == (70, 5, 1)
    assert (found.level.level, found.level.begins, found.level.next) == (2, 50, 150)
    assert (found.streak.current, found.streak.today, found.streak.forgives) == (2, True, True)
    assert [week.points for week in found.weeks[-3:]] == [60, 5, 5]
    assert len(found.weeks) == 12
    assert [entry.amount for entry in found.recent] == [5, 5, 60]
    assert found.recent[-1].place == "Night Court"


@pytest.mark.engine
def test_why_lists_every_point_with_its_reason_page_by_page(world: World) -> None:
    for number in range(7):
        give(world.mira, 2, f"roll:{number}", source="roll", now=MONDAY + number * DAY)
    taken_back.take_back(world.mira, "roll:3", call(world, "mira").cause)
    seen, before, pages = [], None, 0
    while True:
        page = points.LIST_POINTS.run(call(world, "mira"), ListPoints(before=before, limit=3))
        seen += page.results
        pages += 1
        if (before := page.next) is None:
            break
    assert pages == 3
    assert sum(entry.amount for entry in seen) == page.total == 12
    assert (sentence(seen[0].reason), seen[0].amount) == ("Taken back.", -2)
    assert points.LIST_POINTS.run(call(world, "jonas"), ListPoints()).results == []


def test_a_page_that_is_not_switched_on_is_not_there(world: World) -> None:
    profile = profile_of(world.mira)
    address = f"/api/players/{profile.public_id}/"
    assert api(world.jonas).get(address).status_code == 404
    assert (
        api(world.mira).patch("/api/users/me/player/", {"is_public": True}, format="json").status_code == 200
    )
    shown = api(world.jonas).get(address).json()
    assert shown["name"] == "Mira"
    for name in ("home", "level", "points", "streak", "longest_streak", "badges", "certificates"):
        assert shown[name] is None
    switched = {"shows_level": True, "shows_streak": True, "home_server": str(world.server.pk)}
    assert api(world.mira).patch("/api/users/me/player/", switched, format="json").json()["shows_streak"]
    shown = api(world.jonas).get(address).json()
    assert (shown["home"], shown["level"], shown["streak"], shown["badges"]) == ("Night Court", 1, 0, None)
    world.mira.is_active = False
    world.mira.save()
    assert api(world.jonas).get(address).status_code == 404


def test_only_a_server_of_ones_own_can_be_home(world: World) -> None:
    wrong = api(world.mira).patch(
        "/api/users/me/player/", {"home_server": str(world.other_server.pk)}, format="json"
    )
    assert (wrong.status_code, wrong.json()["fields"]["home_server"]) == (
        400,
        ["You aren’t a member of that server."],
    )
    assert not PlayerProfile.objects.exclude(home_server=None)
    patched = {"home_server": str(world.server.pk)}
    assert (
        api(world.mira).patch("/api/users/me/player/", patched, format="json").json()["home_server"]["name"]
    )
    Server.objects.filter(pk=world.server.pk).update(name="Renamed")
    assert api(world.mira).get("/api/users/me/player/").json()["home_server"]["name"] == "Renamed"
    assert (
        api(world.mira).patch("/api/users/me/player/", {"home_server": None}, format="json").status_code
        == 200
    )


@pytest.mark.req("S001-25")
def test_the_log_of_an_account_is_its_owners_alone(world: World) -> None:
    api(world.mira).patch("/api/users/me/player/", {"is_public": True, "on_boards": True}, format="json")
    api(world.mira).patch("/api/users/me/", {"timezone": "Europe/Berlin"}, format="json")
    listed = api(world.mira).get("/api/users/me/changes/").json()["results"]
    assert [(row["changed_by"], row["changes"]) for row in listed] == [
        ("Mira", {"timezone": ["", "Europe/Berlin"]}),
        ("Mira", {"is_public": [False, True]}),
    ]
    assert api(world.jonas).get("/api/users/me/changes/").json()["results"] == []
    for number in range(30):
        ProfileChange.objects.create(user=world.mira, changes={}, at=MONDAY + timedelta(minutes=number))
    first = api(world.mira).get("/api/users/me/changes/").json()
    rest = api(world.mira).get("/api/users/me/changes/", {"before": first["next"]}).json()
    assert (len(first["results"]), len(rest["results"]), rest["next"]) == (25, 7, None)


def test_the_rank_card_is_a_picture_with_ones_own_portrait(world: World) -> None:
    plain = points.GET.run(call(world, "mira"), GetProgress(card=True))
    assert plain.card
    assert base64.b64decode(plain.card).startswith(b"\x89PNG")
    assert rank_card.portrait(world.mira) == ""
    written = io.BytesIO()
    Image.new("RGB", (40, 60), "#8a0303").save(written, "PNG")
    path = portraits.keep(written.getvalue())
    Vampire5th.objects.create(owner=world.mira, name="Night Owl", name_key="night owl", avatar=path)
    assert rank_card.portrait(world.mira).startswith("data:image/png;base64,")
    assert points.GET.run(call(world, "mira"), GetProgress(card=True)).card != plain.card
    Character.objects.update(avatar="portraits/gone.webp")
    assert rank_card.portrait(world.mira) == "", "a file that is gone spoils no card"


def test_a_home_that_one_has_left_is_shown_to_nobody_any_more(world: World) -> None:
    profile = profile_of(world.mira)
    profile.is_public, profile.home_server = True, world.server
    profile.save()
    page = f"/api/players/{profile.public_id}/"
    assert api(world.jonas).get(page).json()["home"] == "Night Court"
    world.server.members.filter(user=world.mira).delete()
    assert api(world.jonas).get(page).json()["home"] is None
    assert api(world.mira).get("/api/users/me/player/").json()["home_server"] is None
    assert api(world.mira).get("/api/users/me/progress/").json()["home"] is None


def test_a_reset_leaves_no_week_below_nothing(world: World) -> None:
    give(world.mira, 60, "a", chronicle=world.chronicle)
    before = api(world.mira).get("/api/users/me/progress/").json()
    reset_kit.run(Scope.of("all"))
    after = api(world.mira).get("/api/users/me/progress/").json()
    assert (before["week_points"], after["week_points"]) == (60, 0)
    assert {week["points"] for week in after["weeks"]} == {0}
    undo(restore_points.to_undo().pk, SYSTEM)
    assert api(world.mira).get("/api/users/me/progress/").json()["weeks"] == before["weeks"]
