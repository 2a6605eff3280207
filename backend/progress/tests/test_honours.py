"""What storytellers decide about: badges of prestige, and who helped; and the page of one's own badges."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from chronicle.models import Attendance, Episode
from chronicle.services import create_chronicle
from chronicle.services.chronicles import archive
from haven.tests.kit import cause, principal
from progress import honours
from progress.badges import BADGES
from progress.models import HelpfulAct, Reward
from progress.services import helpful, rewards
from progress.tests.badge_kit import MESSY, look, owl, points, roll, won
from rules.errors import Conflict, GameError, Invalid, NotAllowed, NotFound
from testing.personas import World, bot_body
from timeline.models import Event, Notification

pytestmark = [pytest.mark.django_db]


@contextmanager
def refused(kind: type[GameError] | tuple[type[GameError], ...], match: str | None = None) -> Iterator[Any]:
    """The block raises this error, in a savepoint of its own."""
    with pytest.raises(kind, match=match) as caught, transaction.atomic():
        yield caught


@pytest.fixture
def waiting(world: World, monkeypatch: pytest.MonkeyPatch) -> Reward:
    """A badge of prestige of Mira's, of the table of Vesna."""
    rule = replace(BADGES["messy_critical"], per_chronicle=True, prestige=True)
    monkeypatch.setitem(BADGES, "messy_critical", rule)
    roll(world, owl(world), MESSY)
    look()
    return Reward.objects.get(user=world.mira, badge="messy_critical")


def report(
    world: World, by: str = "jonas", about: str = "mira", text: str = "Lent me her dice"
) -> HelpfulAct:
    return helpful.report(
        principal(world, by), world.chronicle, getattr(world, about), text, cause(world, by)
    )


def decide(what: Callable[..., Any], world: World, row: Any, who: str = "vesna", **more: Any) -> Any:
    return what(principal(world, who), row.pk, cause(world, who), **more)


# Badges of prestige


def test_a_badge_of_prestige_waits_and_is_given_when_a_storyteller_approves_it(
    world: World, waiting: Reward
) -> None:
    scope = str(world.chronicle.pk)
    assert (waiting.state, waiting.scope) == ("waiting", scope)
    assert points(world, "badge") == [10, 10], "for the first character and the first roll"
    assert [row.user.name for row in honours.waiting_in(principal(world, "vesna"), world.chronicle)] == [
        "Mira"
    ]
    decide(rewards.approve, world, waiting)
    assert won(world, scope=scope) == {"messy_critical"}
    assert points(world, "badge") == [10, 10, 25]
    letter = Notification.objects.get(user=world.mira)
    assert (letter.body["kind"], letter.body["title"], letter.body["by"]) == (
        "badge_approved",
        "What a mess",
        "Vesna",
    )
    assert letter.event == Event.objects.filter(type="badge.won").last()


def test_a_badge_that_was_refused_never_waits_again(world: World, waiting: Reward) -> None:
    decide(rewards.refuse, world, waiting, reason="That was a test roll")
    roll(world, None, MESSY)
    look()
    waiting.refresh_from_db()
    assert waiting.state == "refused"
    assert Reward.objects.filter(user=world.mira, badge="messy_critical").count() == 1
    letter = Notification.objects.get(user=world.mira)
    assert (letter.body["kind"], letter.body["text"]) == ("badge_refused", "That was a test roll")


@pytest.mark.parametrize("who", ["mira", "jonas", "sam"])
def test_nobody_but_a_storyteller_decides_about_a_badge(world: World, waiting: Reward, who: str) -> None:
    for what in (rewards.approve, rewards.refuse):
        with refused((NotAllowed, NotFound)):
            decide(what, world, waiting, who)
    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_a_decision_is_made_once_and_not_about_oneself(world: World, waiting: Reward) -> None:
    decide(rewards.approve, world, waiting)
    for what in (rewards.approve, rewards.refuse):
        with refused(Conflict, match="already approved"):
            decide(what, world, waiting)
    own = Reward.objects.create(
        user=world.vesna,
        badge="messy_critical",
        scope=str(world.chronicle.pk),
        state="waiting",
        given_at=timezone.now(),
    )
    with refused(NotAllowed, match="your own badge"):
        decide(rewards.approve, world, own)


def test_a_badge_that_nobody_approves_cannot_be_decided_about(world: World) -> None:
    roll(world, owl(world), MESSY)
    look()
    plain = Reward.objects.get(user=world.mira, badge="messy_critical")
    with refused(NotFound):
        decide(rewards.refuse, world, plain)


def test_whoever_came_to_a_chronicle_gets_a_badge_when_it_ends(world: World) -> None:
    olga = {"principal": principal(world, "olga"), "cause": cause(world, "olga")}
    ended = create_chronicle(world.server, "The last night", **olga)
    row = Episode.objects.create(
        chronicle=ended, number=1, title="One", status="done", planned_for=timezone.now()
    )
    Attendance.objects.create(episode=row, user=world.mira, state="came")
    Attendance.objects.create(episode=row, user=world.jonas, state="absent")
    archive(ended, True, **olga)
    look()
    (waits,) = Reward.objects.filter(badge="to_the_end")
    assert (waits.user, waits.scope, waits.state) == (world.mira, str(ended.pk), "waiting")
    decide(rewards.approve, world, waits, "olga")
    assert won(world, scope=str(ended.pk)) == {"to_the_end"}, "also where nothing else is changed any more"


# Helpful acts


def test_help_that_a_storyteller_confirms_gives_points_once(world: World) -> None:
    act = report(world)
    assert points(world, "helpful") == []
    decide(helpful.confirm, world, act)
    with refused(Conflict, match="already confirmed"):
        decide(helpful.confirm, world, act)
    assert points(world, "helpful") == [10]
    letter = Notification.objects.get(user=world.mira)
    assert (letter.body["kind"], letter.body["text"]) == ("helped", "Lent me her dice")
    look()
    assert "helping_hand" in won(world)


def test_who_reported_learns_that_it_was_refused(world: World) -> None:
    act = report(world)
    decide(helpful.refuse, world, act, reason="That was me")
    assert points(world, "helpful") == []
    letter = Notification.objects.get(user=world.jonas)
    assert (letter.body["kind"], letter.body["title"], letter.body["text"]) == (
        "help_refused",
        "Mira",
        "That was me",
    )


def test_nobody_reports_or_confirms_their_own_help(world: World) -> None:
    with refused(NotAllowed, match="can’t report your own help"):
        report(world, "mira", "mira")
    with refused(NotAllowed, match="your own help"):
        decide(helpful.confirm, world, report(world, "jonas", "vesna"))
    with refused(NotAllowed, match="another storyteller"):
        decide(helpful.confirm, world, report(world, "vesna", "mira"))
    for who in ("mira", "jonas"):
        with refused(NotAllowed, match="Only a storyteller"):
            decide(helpful.confirm, world, report(world), who)
    assert points(world, "helpful") == points(world, "helpful", "vesna") == []


@pytest.mark.parametrize(
    ("about", "text", "sentence"),
    [("sam", "Dice", "isn’t a member"), ("mira", " \u200b ", "Say what"), ("mira", "", "Say what")],
)
def test_a_report_that_says_nothing_is_refused(world: World, about: str, text: str, sentence: str) -> None:
    with refused(Invalid, match=sentence):
        report(world, "jonas", about, text)
    assert HelpfulAct.objects.count() == 0


def test_nobody_floods_the_storytellers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helpful, "MOST_WAITING", 2)
    report(world)
    report(world)
    with refused(Conflict, match="2 of your reports"):
        report(world)


def test_help_is_between_who_helped_and_the_storytellers(world: World) -> None:
    report(world)
    (event,) = Event.objects.filter(type="helpful.reported")
    assert (event.subject["owner"], event.visibility) == (str(world.mira.pk), {})


# Doors


def test_the_page_shows_what_was_won_and_outlines_of_the_rest(
    world: World, browser: Callable[[str], Client]
) -> None:
    roll(world, owl(world), [2, 2, 3, 4, 2, 3, 4, 5], pool=8)
    look()
    page = browser("mira").get("/progress/badges/").content.decode()
    assert "Not my night" in page, "a hidden one that was won"
    assert "Overkill" not in page, "and one that was not"
    assert "What a mess" in page
    assert "1 of 500" in page


def test_badges_come_by_the_api_and_by_discord_alike(world: World, bot: APIClient) -> None:
    roll(world, owl(world), MESSY)
    look()
    browser = Client()
    browser.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    found = browser.get("/api/users/me/badges/").json()
    assert found["won"] == 3
    assert {badge["slug"] for badge in found["badges"] if badge["state"] == "given"} == won(world)
    hidden = {badge.slug for badge in BADGES.values() if badge.hidden}
    assert not hidden & {badge["slug"] for badge in found["badges"]}
    assert bot.post("/bot/progress/badges", bot_body("mira"), format="json").json() == found


def test_help_is_reported_and_decided_in_discord(world: World, bot: APIClient) -> None:
    body = bot_body("jonas", user=world.mira.discord_id, text="Lent me her dice")
    made = bot.post("/bot/progress/helped", body, format="json")
    assert (made.status_code, made.json()["state"]) == (201, "waiting")
    listed = bot.post("/bot/progress/honours", bot_body("vesna"), format="json").json()["results"]
    assert [(row["kind"], row["user"]["name"], row["reported_by"]["name"]) for row in listed] == [
        ("helpful", "Mira", "Jonas")
    ]
    named = bot_body("vesna", honour=listed[0]["id"], interaction="2")
    assert bot.post("/bot/progress/honours/confirm", named, format="json").json()["state"] == "confirmed"
    assert points(world, "helpful") == [10]


def test_a_storyteller_decides_on_the_page(
    world: World, waiting: Reward, browser: Callable[[str], Client]
) -> None:
    act, here = report(world), f"/chronicles/{world.chronicle.pk}/honours/"
    vesna = browser("vesna")
    page = vesna.get(here).content.decode()
    assert "What a mess" in page
    assert "Lent me her dice" in page
    assert "2 decisions are waiting" in vesna.get("/progress/badges/").content.decode()
    vesna.post(f"/honours/{waiting.pk}/confirm/", {"key": "a", "next": here})
    vesna.post(f"/honours/{act.pk}/refuse/", {"key": "b", "next": here, "reason": "No"})
    waiting.refresh_from_db()
    act.refresh_from_db()
    assert (waiting.state, act.state) == ("given", "refused")
    theirs = browser("mira").get(here).content.decode()
    assert "Waiting for you" not in theirs


def test_reading_badges_takes_the_same_queries_however_many_there_are(
    world: World, django_assert_max_num_queries: Any
) -> None:
    roll(world, owl(world), MESSY)
    look()
    with django_assert_max_num_queries(5):
        honours.badges_of(world.mira)


def test_errors_of_decisions_have_codes(world: World) -> None:
    with refused(GameError) as raised:
        decide(helpful.confirm, world, report(world, "vesna", "mira"))
    assert raised.value.code == "own_report"
