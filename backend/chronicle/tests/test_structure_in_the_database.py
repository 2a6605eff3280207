"""What the tables of communities promise on every engine: keys, names, and the indexes that lists go by."""

from uuid import UUID

import pytest
from django.db import connection

from chronicle.models import Campaign, Chronicle
from testing.personas import World

pytestmark = pytest.mark.engine


def indexes(table: str) -> list[list[str]]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return [index["columns"] for index in found.values() if index["index"] or index["unique"]]


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        pytest.param("servers", ["name"], marks=pytest.mark.req("S003-54")),
        pytest.param("server_channels", ["server_id"], marks=pytest.mark.req("S003-55")),
        pytest.param("server_members", ["server_id", "user_id"], marks=pytest.mark.req("S003-57")),
    ],
)
def test_lists_go_by_an_index(db: None, table: str, columns: list[str]) -> None:
    assert any(index[: len(columns)] == columns for index in indexes(table))


@pytest.mark.req("S002-25", "S002-27")
def test_a_campaign_is_a_chronicle_with_a_uuid_and_a_name(world: World) -> None:
    assert Campaign is Chronicle
    campaign = Campaign.objects.create(server=world.server, name="Ashes 🦉", slug="ashes")
    found = Campaign.objects.get(pk=str(campaign.pk))
    assert (type(found.pk), found.name) == (UUID, "Ashes 🦉")
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_column(cursor, "campaigns")
        cursor.execute("SELECT name FROM campaigns WHERE slug = 'ashes'")
        assert (key, cursor.fetchone()) == ("id", ("Ashes 🦉",))
