"""Categories of a guild: rows that follow Discord by its ids, and stay when the server goes on without it."""

from typing import Any

import pytest

from chronicle.models import ServerChannel
from chronicle.services import keep_without_discord, leave_server, sync_server
from testing.personas import SYSTEM, TABLE_CHANNEL, TRACKER_CHANNEL, World, channel_facts, guild_facts

HALL, CITY = "720000000000000009", "750000000000000001"


def mirror(*channels: Any) -> None:
    sync_server(guild_facts(channels=channels), cause=SYSTEM)


def shown() -> dict[str, str]:
    rows = ServerChannel.objects.exclude(kind=ServerChannel.Kind.CATEGORY).select_related("category")
    return {row.name: row.category.name if row.category else "" for row in rows.exclude(discord_id=None)}


def categories(world: World) -> list[tuple[str, str | None]]:
    rows = ServerChannel.objects.filter(server=world.server, kind=ServerChannel.Kind.CATEGORY)
    return list(rows.order_by("position", "id").values_list("name", "discord_id"))


def test_channels_of_one_category_share_its_row(world: World) -> None:
    inside = {"category": "In the city", "category_id": CITY}
    mirror(
        channel_facts(TRACKER_CHANNEL, "tracker", position=0),
        channel_facts(HALL, "hall", position=1, **inside),
        channel_facts(TABLE_CHANNEL, "table", position=2, **inside),
    )
    assert categories(world) == [("In the city", CITY)]
    found = shown()
    assert (found["hall"], found["table"], found["tracker"]) == ("In the city", "In the city", "")


def test_a_renamed_category_is_the_same_row_and_two_of_one_name_are_two(world: World) -> None:
    mirror(channel_facts(TABLE_CHANNEL, "table", category="City", category_id=CITY))
    row = ServerChannel.objects.get(discord_id=CITY)
    mirror(
        channel_facts(TABLE_CHANNEL, "table", category="Domain", category_id=CITY),
        channel_facts(HALL, "hall", position=1, category="Domain", category_id="750000000000000002"),
    )
    renamed = ServerChannel.objects.get(pk=row.pk)
    assert (renamed.name, renamed.slug) == ("Domain", "category-domain")
    assert [name for name, _ in categories(world)] == ["Domain", "Domain"]


def test_a_category_without_channels_goes(world: World) -> None:
    mirror(channel_facts(TABLE_CHANNEL, "table", category="City", category_id=CITY))
    mirror(channel_facts(TABLE_CHANNEL, "table"))
    assert categories(world) == []
    assert shown()["table"] == ""


def test_a_channel_named_anew_gets_another_slug_and_keeps_its_own_otherwise(world: World) -> None:
    mirror(channel_facts(TABLE_CHANNEL, "table"), channel_facts(HALL, "hall"))
    mirror(channel_facts(TABLE_CHANNEL, "hall"), channel_facts(HALL, "table"))
    slugs = dict(ServerChannel.objects.filter(server=world.server).values_list("discord_id", "slug"))
    assert len(set(slugs.values())) == len(slugs)
    mirror(channel_facts(TABLE_CHANNEL, "hall", position=7), channel_facts(HALL, "table"))
    assert dict(ServerChannel.objects.filter(server=world.server).values_list("discord_id", "slug")) == slugs


def test_a_row_of_the_code_of_before_gets_its_slug(world: World) -> None:
    ServerChannel.objects.filter(discord_id=TABLE_CHANNEL).update(slug=None)
    mirror(channel_facts(TABLE_CHANNEL, "table"))
    assert ServerChannel.objects.get(discord_id=TABLE_CHANNEL).slug == "table"


@pytest.mark.parametrize("known", [True, False])
def test_without_discord_its_categories_are_its_own(world: World, known: bool) -> None:
    mirror(channel_facts(TABLE_CHANNEL, "table", category="City", category_id=CITY if known else None))
    if not known:
        # As the migration leaves a server that the bot had left by then.
        ServerChannel.objects.filter(kind=ServerChannel.Kind.CATEGORY).delete()
    leave_server(world.server, cause=SYSTEM)
    keep_without_discord(world.server, principal=world.principal("olga"), cause=SYSTEM)
    assert [name for name, _ in categories(world)] == ["City"]
    assert shown()["table"] == "City"
