"""The calendar by its address: what it holds, right over both changes of the clocks, and who may read it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from chronicle.models import Chronicle, Episode, EpisodeSettings, ServerMember
from chronicle.operations import episodes
from chronicle.tracker import episode_channel
from contract.redaction import Redactor
from progress.operations import sessions
from testing.community import set_server
from testing.pages import page_of
from testing.personas import SYSTEM, TABLE_CHANNEL, World
from testing.sessions import SCHEDULE, do, live, planned
from timeline.frames import event_json
from timeline.models import Event

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def settings(world: World, who: str = "mira", **wanted: Any) -> Any:
    return do(world, who, episodes.SET_SETTINGS, **wanted)


def address(world: World, who: str = "mira", verb: str = "show") -> str:
    return urlsplit(settings(world, who, calendar=verb).calendar).path


def events(path: str) -> list[Any]:
    answer = Client().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def named(path: str, title: str) -> Any:
    return next(event for event in events(path) if title in event["SUMMARY"])


@pytest.mark.engine
def test_each_state_of_an_episode_is_a_status_under_a_uid_that_stays(world: World) -> None:
    path = address(world)
    row = planned(world, "2026-12-04T19:30+01:00", title="Ashes", summary="They meet; all of them, at once")
    before = named(path, "Ashes")
    assert str(before["SUMMARY"]) == "Night Court: Episode 1: Ashes"
    assert (str(before["STATUS"]), str(before["DESCRIPTION"])) == (
        "CONFIRMED",
        "They meet; all of them, at once",
    )
    assert before.decoded("DTSTART") == datetime(2026, 12, 4, 18, 30, tzinfo=UTC)
    do(world, "vesna", episodes.CANCEL, episode=str(row.id))
    after = named(path, "Ashes")
    assert (str(after["UID"]), str(after["STATUS"])) == (str(before["UID"]), "CANCELLED")
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["UID"].startswith(str(row.id))


@pytest.mark.parametrize(
    ("starts", "hours"),
    [
        # The clocks of Berlin go back on 25 October 2026, and forward on 28 March 2027.
        ("2026-10-16", {"20261016": 17, "20261023": 17, "20261030": 18, "20261106": 18}),
        ("2027-03-19", {"20270319": 18, "20270326": 18, "20270402": 17, "20270409": 17}),
    ],
)
def test_the_dates_of_the_schedule_stay_on_the_clock_of_the_table(
    world: World, monkeypatch: pytest.MonkeyPatch, starts: str, hours: dict[str, int]
) -> None:
    now = datetime.fromisoformat(f"{starts}T00:00+00:00")
    monkeypatch.setattr(timezone, "now", lambda: now)
    do(world, "vesna", episodes.SET_SCHEDULE, **SCHEDULE | {"starts": starts})
    found = events(address(world))
    begins = {f"{event.decoded('DTSTART'):%Y%m%d}": event.decoded("DTSTART") for event in found}
    assert {day: begins[day].hour for day in hours} == hours
    assert all(at.utcoffset() == timedelta(0) and at.minute == 30 for at in begins.values())
    assert {str(event["STATUS"]) for event in found} == {"TENTATIVE"}
    assert all(event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(hours=4) for event in found)
    assert len({str(event["UID"]) for event in found}) == len(found)
    assert not any("RRULE" in event for event in found)


def test_a_planned_date_of_the_schedule_is_in_it_once(world: World) -> None:
    do(world, "vesna", episodes.SET_SCHEDULE, **SCHEDULE)
    path = address(world)
    dates = {event.decoded("DTSTART") for event in events(path)}
    row = do(world, "vesna", episodes.PLAN).episode
    again = events(path)
    assert row.planned_for in dates
    assert [str(event["STATUS"]) for event in again if event.decoded("DTSTART") == row.planned_for] == [
        "CONFIRMED"
    ]


def test_a_draft_of_the_recap_is_not_in_it(world: World) -> None:
    path, row = address(world), live(world)
    do(world, "vesna", sessions.END, episode=str(row.id))
    do(world, "vesna", episodes.WRITE_RECAP, episode=str(row.id), recap="It burned.")
    assert b"burned" not in Client().get(path).content
    do(world, "vesna", episodes.WRITE_RECAP, episode=str(row.id), published=True)
    assert "It burned." in str(named(path, "Episode 1")["DESCRIPTION"])


def test_alarms_are_those_that_its_owner_wants(world: World) -> None:
    planned(world, "2026-12-04T19:30+01:00", title="Ashes")
    path = address(world)

    def alarms() -> list[timedelta]:
        return [alarm.decoded("TRIGGER") for alarm in named(path, "Ashes").walk("VALARM")]

    assert alarms() == [timedelta(days=-1), timedelta(hours=-1)]
    settings(world, remind_day=False)
    assert alarms() == [timedelta(hours=-1)]
    do(world, "mira", episodes.ANSWER, coming="no")
    assert alarms() == []
    assert str(named(path, "Ashes")["TRANSP"]) == "TRANSPARENT"


def test_it_is_fetched_again_only_where_something_changed(world: World) -> None:
    planned(world, "2026-12-04T19:30+01:00")
    path = address(world)
    first = Client().get(path)
    etag = {"If-None-Match": first["ETag"]}
    assert Client().get(path, headers=etag).status_code == 304
    assert Client().get(path, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    do(world, "vesna", episodes.CHANGE, title="Dust")
    fresh = Client().get(path, headers=etag)
    assert (fresh.status_code, fresh["ETag"] == first["ETag"]) == (200, False)
    assert "no-cache" in fresh["Cache-Control"]


def test_a_new_address_ends_the_old_one_and_a_revoked_one_is_gone(world: World) -> None:
    old = address(world)
    assert address(world) == old  # shown again, it is the same
    new = address(world, verb="renew")
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)
    assert settings(world, calendar="revoke").calendar is None
    assert Client().get(new).status_code == 404
    later = address(world)
    assert later not in (old, new)
    assert Client().get(later).status_code == 200


@pytest.mark.parametrize("word", ["x", "0" * 60, "a.1.b", "..", "%00"])
def test_what_is_no_address_is_404(world: World, word: str) -> None:
    assert Client().get(f"/calendar/{word}.ics").status_code == 404


def test_an_address_is_of_one_person_and_one_chronicle(world: World) -> None:
    mine, theirs = address(world), address(world, "jonas")
    elsewhere = urlsplit(
        do(
            world, "sam", episodes.SET_SETTINGS, chronicle=str(world.other_chronicle.id), calendar="show"
        ).calendar
    ).path
    planned(world, title="Ashes")
    assert len({mine, theirs, elsewhere}) == 3
    assert b"Ashes" in Client().get(theirs).content
    assert b"Ashes" not in Client().get(elsewhere).content


@pytest.mark.parametrize("event", ["left", "inactive", "off", "deleted"])
def test_who_may_no_longer_see_the_chronicle_reads_nothing_more(world: World, event: str) -> None:
    path = address(world)
    if event == "left":
        ServerMember.objects.filter(server=world.server, user=world.mira).delete()
    elif event == "inactive":
        type(world.mira).objects.filter(pk=world.mira.pk).update(is_active=False)
    elif event == "off":
        principal = world.principal("olga")
        set_server(world.server, features={"sessions": False}, principal=principal, cause=SYSTEM)
    else:
        type(world.server).objects.filter(pk=world.server.pk).update(deleted_at=timezone.now())
    answer = Client().get(path)
    assert answer.status_code == 404
    assert b"BEGIN" not in answer.content


def test_a_member_sees_no_address_but_their_own(world: World, browser: Browser) -> None:
    page = f"/chronicles/{world.chronicle.id}/sessions/"
    browser("mira").post(f"{page}settings/", {"calendar": "show", "key": "1"})
    token = EpisodeSettings.objects.get().pk.hex
    assert token in page_of(browser("mira").get(page))
    assert token not in page_of(browser("jonas").get(page))
    assert token not in page_of(browser("vesna").get(page))
    browser("mira").post(f"{page}settings/", {"remind_hour": "yes", "key": "2"})
    row = EpisodeSettings.objects.get()
    assert (row.remind_day, row.remind_hour, row.has_calendar) == (False, True, True)
    browser("mira").post(f"{page}settings/", {"calendar": "revoke", "key": "3"})
    assert token not in page_of(browser("mira").get(page))


def test_where_episodes_are_announced_is_chosen_on_the_page(world: World, browser: Browser) -> None:
    page = f"/chronicles/{world.chronicle.id}/sessions/"
    browser("vesna").post(f"{page}channel/", {"channel": TABLE_CHANNEL, "key": "1"})
    assert episode_channel(Chronicle.objects.get(pk=world.chronicle.pk).settings) == TABLE_CHANNEL
    assert f'value="{TABLE_CHANNEL}" selected' in page_of(browser("vesna").get(page))
    assert "Announcements" not in page_of(browser("mira").get(page))
    event = Event.objects.get(type="chronicle.updated")
    assert event_json(event, 1) is None  # not everybody knows of each channel
    browser("vesna").post(f"{page}channel/", {"channel": "999", "key": "2", "form": "channel"})
    browser("mira").post(f"{page}channel/", {"channel": "", "key": "3"})
    assert episode_channel(Chronicle.objects.get(pk=world.chronicle.pk).settings) == TABLE_CHANNEL
    browser("vesna").post(f"{page}channel/", {"channel": "", "key": "4"})
    assert episode_channel(Chronicle.objects.get(pk=world.chronicle.pk).settings) == ""


def test_it_holds_nothing_of_who_comes_and_nothing_of_other_chronicles(world: World) -> None:
    planned(world, title="Ashes")
    do(world, "jonas", episodes.ANSWER, coming="yes")
    second = Chronicle.objects.create(server=world.server, name="Elsewhere", slug="elsewhere")
    Episode.objects.create(chronicle=second, number=1, title="Hidden", planned_for=timezone.now())
    body = Client().get(address(world)).content
    assert b"Jonas" not in body
    assert b"Hidden" not in body


def test_its_address_is_no_line_of_a_log(world: World) -> None:
    path = address(world)
    assert path not in Redactor()(f'GET {path} HTTP/1.1" 200')


def test_sending_a_setting_again_shows_the_address_again(world: World, browser: Browser) -> None:
    page = f"/api/chronicles/{world.chronicle.id}/sessions/settings/"
    mira = browser("mira")
    key = {"Idempotency-Key": "calendar-once"}
    first = mira.patch(page, {"calendar": "show"}, content_type="application/json", headers=key).json()
    again = mira.patch(page, {"calendar": "show"}, content_type="application/json", headers=key).json()
    assert first["calendar"] == again["calendar"] is not None
