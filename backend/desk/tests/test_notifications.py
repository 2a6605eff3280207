"""What a player is written to about a storyteller's decision: at most once, and only who wants it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contract.people import SetPreferences
from desk.services import awards, submissions
from desk.tests.kit import cause, character, lock, propose, set_
from discordauth.profile import set_preferences
from haven.models import Character
from testing.personas import GUILD, World
from timeline import notifications
from timeline.models import Event, Notification
from timeline.tasks import forget_old

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


@pytest.fixture
def owl(world: World) -> Character:
    made = character(world, strength=2)
    lock(world, made)
    return made


def written() -> list[tuple[str, str, str]]:
    rows = Notification.objects.select_related("user").order_by("pk")
    return [
        (notification.user.username, notification.body["kind"], notification.body["text"])
        for notification in rows
    ]


def award(world: World, *characters: Character, who: str = "vesna") -> Any:
    named = [character.pk for character in characters]
    return awards.award(world.principal(who), world.chronicle, named, 2, "Session 3", cause(world, who))


def test_each_decision_is_told_to_its_player_with_the_event(world: World, owl: Character) -> None:
    row = propose(world, owl, set_("strength", 3))
    vesna = world.principal("vesna")
    submissions.comment(vesna, row.id, "By whom?", cause(world, "vesna"))
    submissions.comment(world.principal("mira"), row.id, "By Jonas.", cause(world, "mira"))
    submissions.send_back(vesna, row.id, "Next month", cause(world, "vesna"))
    row = propose(world, owl, set_("strength", 3))
    submissions.approve(vesna, row.id, cause(world, "vesna"))
    assert written() == [
        ("mira", "commented", "By whom?"),
        ("mira", "returned", "Next month"),
        ("mira", "approved", ""),
    ]
    last = Notification.objects.latest("created_at")
    assert last.event == Event.objects.get(type="submission.approved")
    assert last.guild_id == GUILD
    assert (last.body["by"], last.body["characters"], last.body["chronicle"]) == (
        "Vesna",
        ["Night Owl"],
        "Night Court",
    )
    assert last.body["url"].endswith(f"/submissions/{row.id}/")


def test_an_award_is_one_decision_for_a_player(world: World, owl: Character) -> None:
    award(world, owl, character(world, name="Second Owl"), character(world, "jonas", "Grey Fox"))
    assert sorted(written()) == [("jonas", "awarded", "Session 3"), ("mira", "awarded", "Session 3")]
    hers = Notification.objects.get(user=world.mira)
    assert (sorted(hers.body["characters"]), hers.body["amount"]) == (["Night Owl", "Second Owl"], 2)


def test_nobody_is_written_to_about_what_they_did_themselves(world: World, owl: Character) -> None:
    award(world, character(world, "vesna", "Own Owl"))
    row = propose(world, owl, set_("strength", 3))
    submissions.withdraw(world.principal("mira"), row.id, cause(world, "mira"))
    row = propose(world, owl, set_("strength", 3), who="vesna")
    submissions.withdraw(world.principal("vesna"), row.id, cause(world, "vesna"))
    assert written() == []


def test_who_switched_it_off_gets_none(world: World, owl: Character) -> None:
    set_preferences(world.mira, SetPreferences(direct_messages=False))
    award(world, owl)
    assert written() == []
    set_preferences(world.mira, SetPreferences(direct_messages=True))
    award(world, owl)
    (notification,) = Notification.objects.all()
    set_preferences(world.mira, SetPreferences(direct_messages=False))
    assert notifications.claim(notification.pk) is False, "switched off before it was sent"


@pytest.mark.parametrize("how", ["no Discord account", "the bot has left", "no Discord server"])
def test_where_nobody_could_deliver_none_is_written(world: World, owl: Character, how: str) -> None:
    if how == "no Discord account":
        type(world.mira).objects.filter(pk=world.mira.pk).update(discord_id=None)
    elif how == "the bot has left":
        type(world.server).objects.filter(pk=world.server.pk).update(left_at=timezone.now())
    else:
        type(world.server).objects.filter(pk=world.server.pk).update(discord_id=None)
    award(world, owl)
    assert written() == []


def test_a_refused_decision_writes_nothing(world: World, owl: Character) -> None:
    full = character(world, name="Full Owl")
    Character.objects.filter(pk=full.pk).update(experience_total=10**5, experience_current=0)
    with pytest.raises(Exception, match="Nobody got anything"):
        award(world, owl, full)
    assert written() == []


def test_a_notification_is_claimed_once(world: World, owl: Character) -> None:
    award(world, owl)
    (notification,) = Notification.objects.all()
    known, fresh = notifications.unclaimed()
    assert (known, fresh) == ({notification.pk}, [notification])
    assert notifications.unclaimed(known) == ({notification.pk}, [])
    assert [notifications.claim(notification.pk) for _ in range(3)] == [True, False, False]
    assert notifications.unclaimed() == (set(), [])


def test_what_is_a_day_old_is_no_news(world: World, owl: Character) -> None:
    award(world, owl)
    (notification,) = Notification.objects.all()
    Notification.objects.update(created_at=timezone.now() - notifications.MAX_AGE - timedelta(minutes=1))
    assert notifications.unclaimed() == (set(), [])
    assert not notifications.claim(notification.pk)


def test_old_notifications_are_deleted(world: World, owl: Character) -> None:
    award(world, owl)
    Notification.objects.update(created_at=timezone.now() - timedelta(hours=49))
    award(world, owl)
    forget_old.call()
    assert Notification.objects.count() == 1
