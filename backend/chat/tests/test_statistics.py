"""The numbers of chat, by command and by SQL on the views, on every engine."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from chat.models import ChatMessage
from chat.tests.chat_kit import say
from chat.views_of_tables import VIEWS
from testing.personas import World

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def rows(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


@pytest.mark.req("S003-53")
def test_statistics_count_messages_channels_and_people(world: World) -> None:
    say(world, "mira", "one")
    say(world, "mira", "two")
    say(world, "jonas", "long ago")
    ChatMessage.objects.filter(user=world.jonas).update(created_at=timezone.now() - timedelta(hours=25))
    printed = StringIO()
    call_command("chat_stats", stdout=printed)
    assert printed.getvalue().splitlines() == [
        "Total messages: 3",
        "Messages per channel:",
        "  Night Court / table: 3",
        "  Night Court / tracker: 0",
        "Active users (last 24 hours): 1",
    ]


@pytest.mark.req("S003-06", "S003-53")
def test_the_tables_of_the_specification_can_be_read_with_sql(world: World) -> None:
    with connection.cursor() as cursor:
        there = {table.name for table in connection.introspection.get_table_list(cursor) if table.type == "v"}
    assert set(VIEWS) <= there
    say(world, "mira", "one")
    assert rows("SELECT COUNT(*) FROM chatmessage") == [(1,)]
    per_channel = rows(
        "SELECT c.name, COUNT(m.id) FROM chatchannel c LEFT JOIN chatmessage m ON m.channel_id = c.id "
        "GROUP BY c.id, c.name ORDER BY c.name"
    )
    assert per_channel == [("table", 1), ("tracker", 0)]
    roles = rows(
        "SELECT u.username, m.role FROM servermembership m JOIN users u ON u.id = m.user_id "
        "JOIN chatserver s ON s.id = m.server_id WHERE s.name = 'Night Court' ORDER BY u.username"
    )
    assert roles == [("jonas", "MEMBER"), ("mira", "MEMBER"), ("olga", "ADMIN"), ("vesna", "MEMBER")]


@pytest.mark.req("S003-54", "S003-55", "S003-56", "S003-57")
def test_what_is_searched_by_has_an_index(world: World) -> None:
    wanted = {
        "servers": ["name"],
        "server_channels": ["server_id"],
        "chat_messages": ["server_id", "channel_id", "created_at"],
        "server_members": ["server_id", "user_id"],
    }
    for table, columns in wanted.items():
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, table).values()
        indexed = [
            constraint["columns"] for constraint in found if constraint["index"] or constraint["unique"]
        ]
        assert any(each[: len(columns)] == columns for each in indexed), (table, indexed)
