"""Notifications are offered to the Discord process once on a connection, again on the next, until claimed."""

from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.test import Client

from desk.services import awards
from gateway.tests.kit import Table
from timeline.models import Notification

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bot_socket(join):
    return lambda: join(headers={"Authorization": f"Api-Key {django_settings.API_KEYS[0]}"}, origin=None)


def award(table: Table, character: str, reason: str) -> None:
    world = table.world
    awards.award(
        world.principal("vesna"), world.chronicle, [UUID(character)], 1, reason, table.cause("vesna")
    )


def claim(notification: str) -> bool:
    headers = {"Authorization": f"Api-Key {django_settings.API_KEYS[0]}"}
    answer = Client().post(
        "/bot/notifications/claim",
        {"notification": notification},
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code == 200, answer.content
    return answer.json()["taken"]


def notifications(bot) -> list[str]:
    return [frame["decision"]["text"] for frame in bot.frames if frame["type"] == "notification"]


def test_a_notification_is_offered_until_it_is_claimed(bot_socket, table: Table):
    owl = table.create("mira", "Night Owl")
    bot = bot_socket()
    bot.send(type="feed")
    bot.quiet()
    award(table, owl, "Session 1")
    frame = bot.wait("notification")
    assert frame["user_id"] == table.world.mira.discord_id
    award(table, owl, "Session 2")
    bot.wait("notification")
    assert notifications(bot) == ["Session 1", "Session 2"], "each once, though the first still waits"
    bot.connection.close()
    again = bot_socket()
    again.send(type="feed")
    again.wait("notification")
    again.wait("notification")
    assert notifications(again) == ["Session 1", "Session 2"]
    assert [claim(frame["id"]) for _ in range(2)] == [True, False]
    again.connection.close()
    last = bot_socket()
    last.send(type="feed")
    last.wait("notification")
    last.quiet()
    assert notifications(last) == ["Session 2"]
    assert Notification.objects.filter(taken_at=None).count() == 1


def test_nobody_but_the_discord_process_is_offered_any(join, table: Table):
    owl = table.create("mira", "Night Owl")
    mira = join("mira")
    mira.send(type="subscribe", stream=table.stream)
    mira.wait("snapshot")
    award(table, owl, "Session 1")
    mira.wait("update")
    assert notifications(mira) == []
