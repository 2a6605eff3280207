"""A character that moves is gone where it was and comes where it goes, live and after a resume."""

import pytest

from chronicle.models import Chronicle
from chronicle.services import create_chronicle
from gateway.tests.kit import Table
from haven.services import Reference, move
from testing.personas import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story(world) -> Chronicle:
    made = create_chronicle(world.server, "Second Story", principal=world.principal("olga"), cause=SYSTEM)
    return Chronicle.objects.select_related("server").get(pk=made.pk)


def test_both_tables_are_told(join, table: Table, story: Chronicle):
    owl = table.create("mira", "Night Owl")
    table.set("mira", owl, hunger=3)
    there = f"chronicle:{story.pk}"
    here, new = join("jonas"), join("jonas")
    here.send(type="subscribe", stream=table.stream)
    new.send(type="subscribe", stream=there)
    here.wait("snapshot")
    at = new.wait("snapshot")["seq"]
    move(table.world.principal("mira"), Reference(owl), story, table.cause("mira"))
    left, came = here.wait("deleted"), new.wait("created")
    assert (left["id"], left["event"]["type"], left["event"]["changes"]) == (owl, "character.left", {})
    assert (came["id"], came["event"]["type"], came["character"]["name"]) == (
        owl,
        "character.moved",
        "Night Owl",
    )
    assert "hunger" not in came["character"]["fields"], "what a fellow player does not see"
    late = join("mira")
    late.send(type="subscribe", stream=there, since=at)
    assert late.wait("created")["character"]["fields"]["hunger"] == 3
    table.set("mira", owl, hunger=1)
    assert late.wait("update")["fields"] == {"hunger": 1}
