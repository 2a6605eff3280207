"""Pages of points, boards, profiles and players."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contract.points import SetPlayerProfile
from progress.models import Season
from progress.services import streaks, weeks
from progress.services.player_profiles import set_profile
from progress.services.profiles import profile_of
from progress.tests.kit import give, switch_boards
from testing.pages import page_of
from testing.personas import World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def test_the_overview_before_and_after_the_first_points(world: World, browser: Browser) -> None:
    assert "Practise today to begin a streak." in page_of(browser("mira").get("/progress/"))
    give(world.mira, 60, "a", chronicle=world.chronicle)
    streaks.practised(world.mira, timezone.now())
    page = page_of(browser("mira").get("/progress/"))
    assert "Level 2" in page
    assert "85 points to the next level" in page
    assert "You have practised today." in page
    assert "Daily bonus." in page
    assert 'aria-labelledby="weeks-title weeks-desc"' in page
    assert "Set your time zone" in page


def test_every_point_is_listed_page_by_page(world: World, browser: Browser) -> None:
    for number in range(27):
        give(world.mira, 1, f"roll:{number}", source="roll", now=timezone.now() - timedelta(days=number))
    page = page_of(browser("mira").get("/progress/points/"))
    assert "27 points: the sum of everything here." in page
    assert page.count('class="amount"') == 25
    older = page.partition("?before=")[2].partition('"')[0]
    assert page_of(browser("mira").get(f"/progress/points/?before={older}")).count('class="amount"') == 2
    assert browser("mira").get("/progress/points/?before=x").status_code == 400


def test_a_servers_boards(world: World, browser: Browser) -> None:
    address = f"/servers/{world.server.pk}/boards/"
    assert browser("mira").get(address).status_code == 403
    assert f'href="{address}"' not in page_of(browser("mira").get(f"/servers/{world.server.pk}/"))
    switch_boards(world.server)
    world.chronicle.server.refresh_from_db()
    assert f'href="{address}"' in page_of(browser("mira").get(f"/servers/{world.server.pk}/"))
    assert "Nobody has points here yet." in page_of(browser("mira").get(address))
    give(world.mira, 60, "a", chronicle=world.chronicle)
    give(world.jonas, 9, "a", chronicle=world.chronicle)
    for path in ("", "?weekly=yes", f"?board=chronicle&place={world.chronicle.pk}", "?page=1"):
        page = page_of(browser("jonas").get(address + path))
        assert "Mira" in page
        assert 'class="mine"' in page
    assert 'data-follows="points server"' in page
    assert "Jonas" in page_of(browser("mira").get("/progress/boards/"))
    weeks.turn(timezone.now() + timedelta(days=8))
    monday = str(streaks.streaks.week_of(timezone.now().date()))
    assert browser("mira").get(f"{address}?week={monday}").status_code == 200
    assert browser("sam").get(address).status_code == 404
    assert browser("mira").get(f"{address}?page=0").status_code == 400


def test_seasons_are_begun_and_ended_on_the_page(world: World, browser: Browser) -> None:
    switch_boards(world.server)
    address = f"/servers/{world.server.pk}/"
    assert "New season" not in page_of(browser("mira").get(f"{address}boards/"))
    refused = browser("olga").post(
        f"{address}seasons/", {"name": " ", "form": "season", "stood": f"{address}boards/"}
    )
    assert refused.status_code == 400
    assert browser("olga").post(f"{address}seasons/", {"name": "Winter"}).status_code == 302
    season = Season.objects.get()
    page = page_of(browser("olga").get(f"{address}boards/?board=season&place={season.pk}"))
    assert "Winter" in page
    assert browser("olga").post(f"/seasons/{season.pk}/end/").status_code == 302
    assert browser("mira").post(f"/seasons/{season.pk}/end/").status_code == 403


def test_a_profile_is_switched_and_its_page_shows_no_more(world: World, browser: Browser) -> None:
    mira = browser("mira")
    public = f"/players/{profile_of(world.mira).public_id}/"
    assert browser("").get(public).status_code == 404
    ticked = {"is_public": "yes", "shows_level": "yes", "home_server": str(world.server.pk)}
    assert mira.post("/progress/profile/", ticked)["Location"] == "/progress/profile/?saved=1"
    page = page_of(browser("").get(public))
    assert "Mira" in page
    assert "At home in" in page
    assert "Days in a row" not in page
    own = page_of(mira.get("/progress/profile/?saved=1"))
    assert 'Public page: <bdi translate="no">off</bdi> → <bdi translate="no">on</bdi>' in own
    assert 'On leaderboards: <bdi translate="no">on</bdi>' in own, "not ticked is off"
    assert mira.post("/progress/profile/", {"home_server": str(world.other_server.pk)}).status_code == 400
    mira.post("/progress/profile/", {})
    assert browser("jonas").get(public).status_code == 404


def test_who_opted_out_sees_their_own_place_alone(world: World, browser: Browser) -> None:
    give(world.mira, 60, "a")
    give(world.jonas, 9, "a")
    set_profile(world.mira, SetPlayerProfile(on_boards=False))
    assert "You’d be number 1 with 60 points." in page_of(browser("mira").get("/progress/boards/"))
    assert "Mira" not in page_of(browser("jonas").get("/progress/boards/"))
