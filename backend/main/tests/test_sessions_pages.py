"""Sessions on the web: plan, answer, tick, award; what is refused stands beside its field."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from chronicle.models import Attendance, Episode, Schedule
from companion.models import Campaign
from desk.tests.kit import character
from haven.models import Character
from testing.pages import page_of
from testing.personas import World
from testing.sessions import live, planned, tick

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def home(world: World) -> str:
    return f"/chronicles/{world.chronicle.id}/sessions/"


def test_a_storyteller_sets_the_schedule_and_plans_by_it(world: World, browser: Browser) -> None:
    vesna = browser("vesna")
    form = {"weekday": "friday", "time": "19:30", "timezone": "berlin", "rhythm": "weekly", "minutes": "180"}
    vesna.post(f"/chronicles/{world.chronicle.id}/schedule/", {**form, "key": "1", "form": "schedule"})
    assert (Schedule.objects.get().timezone, Schedule.objects.get().minutes) == ("Europe/Berlin", 180)
    answer = vesna.post(home(world), {"title": "Ashes", "planned_for": "", "key": "2", "form": "plan"})
    row = Episode.objects.get()
    assert answer["Location"] == f"{home(world)}{row.id}/"
    shown = page_of(browser("mira").get(home(world)))
    assert "Episode 1: Ashes" in shown
    assert "Every Friday at 19:30 (Europe/Berlin)" in shown
    assert "Plan an episode" not in shown


def test_a_time_zone_that_does_not_exist_is_refused_beside_its_field(world: World, browser: Browser) -> None:
    form = {"weekday": "friday", "time": "19:30", "timezone": "Atlantis", "form": "schedule", "key": "1"}
    answer = browser("vesna").post(
        f"/chronicles/{world.chronicle.id}/schedule/", {**form, "stood": home(world)}
    )
    assert "There’s no time zone called “Atlantis”" in page_of(answer)
    assert 'id="timezone-problem"' in page_of(answer)


def test_a_player_answers_and_sees_who_else_comes(world: World, browser: Browser) -> None:
    row = planned(world)
    browser("mira").post(f"{home(world)}{row.id}/answer/", {"coming": "yes", "key": "1"})
    browser("jonas").post(f"{home(world)}{row.id}/answer/", {"coming": "no", "key": "2"})
    answered = dict(Attendance.objects.values_list("user__global_name", "coming"))
    assert answered == {"Mira": True, "Jonas": False}
    shown = page_of(browser("mira").get(f"{home(world)}{row.id}/"))
    assert "Who came" not in shown
    assert 'aria-pressed="true">I’m coming' in shown


def test_each_answer_can_be_given_on_the_page(world: World, browser: Browser) -> None:
    row = planned(world)
    for number, answer in enumerate(("maybe", "no", "yes", "maybe")):
        browser("mira").post(f"{home(world)}{row.id}/answer/", {"coming": answer, "key": str(number)})
        assert Attendance.objects.get().answer == answer
    shown = page_of(browser("jonas").get(f"{home(world)}{row.id}/"))
    assert "<dt>Maybe</dt>" in shown
    browser("mira").post(f"{home(world)}{row.id}/answer/", {"coming": "perhaps", "key": "9"})
    assert Attendance.objects.get().answer == "maybe"


def test_a_recap_is_drafted_written_published_and_taken_back(world: World, browser: Browser) -> None:
    row, vesna, mira = live(world), browser("vesna"), browser("mira")
    page = f"{home(world)}{row.id}/"
    tick(world, row, mira="came")
    vesna.post(f"{page}end/", {"key": "1"})
    assert "Who came: Mira." not in page_of(vesna.get(page))
    assert "Who came: Mira." in page_of(vesna.get(f"{page}?draft=1"))
    assert "Who came: Mira." not in page_of(mira.get(f"{page}?draft=1"))
    vesna.post(f"{page}recap/", {"recap": "It <b>burned</b>.", "key": "2"})
    assert "burned" not in page_of(mira.get(page))
    vesna.post(f"{page}recap/", {"recap": "It <b>burned</b>.", "published": "yes", "key": "3"})
    assert "It &lt;b&gt;burned&lt;/b&gt;." in page_of(mira.get(page))
    assert "Make it public" not in page_of(vesna.get(page))
    Campaign.objects.create(chronicle=world.chronicle, is_public=True)
    assert "Make it public" in page_of(vesna.get(page))
    vesna.post(f"{page}recap/", {"recap": "It <b>burned</b>.", "public": "yes", "key": "7"})
    assert Episode.objects.get().recap_is_public
    assert "For the table alone" in page_of(vesna.get(page))
    vesna.post(f"{page}recap/", {"recap": "It burned.", "published": "no", "key": "4"})
    assert "burned" not in page_of(mira.get(page))
    refused = vesna.post(
        f"{page}recap/", {"recap": "", "published": "yes", "key": "5", "form": "recap", "stood": page}
    )
    assert "Write the recap first." in page_of(refused)
    mira.post(f"{page}recap/", {"recap": "Mine", "published": "yes", "key": "6"})
    assert Episode.objects.get().recap == "It burned."


def test_the_tick_list_changes_what_was_changed_and_the_award_follows(world: World, browser: Browser) -> None:
    owl, _fox = character(world), character(world, "jonas", "Grey Fox")
    row, vesna = live(world), browser("vesna")
    mira, jonas = str(world.mira.id), str(world.jonas.id)
    form = {"user": [mira, jonas], f"state-{mira}": "came", f"state-{jonas}": "", "key": "1"}
    vesna.post(f"{home(world)}{row.id}/attendance/", form)
    assert dict(Attendance.objects.values_list("user__global_name", "state")) == {"Mira": "came"}
    vesna.post(f"{home(world)}{row.id}/end/", {"summary": "It burned.", "key": "2"})
    vesna.post(f"{home(world)}{row.id}/award/", {"experience": "3", "key": "3"})
    assert Character.objects.get(pk=owl.pk).experience_total == 3
    shown = page_of(vesna.get(f"{home(world)}{row.id}/"))
    assert "3 experience" in shown
    assert "It burned." in shown
    assert "3 experience" not in page_of(browser("jonas").get(f"{home(world)}{row.id}/"))


def test_a_tick_is_corrected_though_the_character_is_gone(world: World, browser: Browser) -> None:
    row, mira, gone = live(world), str(world.mira.id), "01930000-0000-7000-8000-000000000001"
    Attendance.objects.create(episode_id=row.id, user=world.mira, state="came", character=gone)
    form = {"user": mira, f"state-{mira}": "absent", f"was-{mira}": "came"}
    named = {f"character-{mira}": gone, f"played-{mira}": gone}
    browser("vesna").post(f"{home(world)}{row.id}/attendance/", {**form, **named, "key": "1"})
    assert Attendance.objects.get().state == "absent"


def test_earlier_sessions_are_on_the_next_page(world: World, browser: Browser) -> None:
    first = datetime(2026, 1, 2, 18, tzinfo=UTC)
    rows = [
        Episode(
            chronicle=world.chronicle,
            number=number,
            planned_for=first + timedelta(weeks=number),
            status=Episode.Status.DONE,
        )
        for number in range(1, 27)
    ]
    Episode.objects.bulk_create(rows)
    shown = page_of(browser("mira").get(home(world)))
    assert "Earlier episodes" in shown
    address = shown.partition('href="?before=')[2].partition('"')[0]
    assert "Earlier episodes" not in page_of(browser("mira").get(f"{home(world)}?before={address}"))


def test_a_stranger_finds_no_sessions(world: World, browser: Browser) -> None:
    row = planned(world)
    for path in (home(world), f"{home(world)}{row.id}/"):
        assert browser("sam").get(path).status_code == 404
