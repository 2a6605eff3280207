"""Prepared statements do what the ORM's own do, with other values at each call."""

import uuid
from typing import Any

import pytest
from django.db.models import CharField, UUIDField
from django.utils import timezone

from chronicle.models import Chronicle, Server
from discordauth.models import CustomUser
from testing.personas import World
from timeline.models import Event, IdempotencyKey, Stream
from timeline.prepared import Columns, Prepared, Slot, insert, update

pytestmark = pytest.mark.engine

CHRONICLE, SERVER = Columns(Chronicle), Columns(Server, "server__")
OWNER = Columns(CustomUser, "server__owner__", CustomUser.TOLD)


def chronicles() -> Prepared:
    wanted = Chronicle.objects.filter(id=Slot("id", UUIDField()), name=Slot("name", CharField()))
    return Prepared(lambda: wanted.values_list(*CHRONICLE.paths, *SERVER.paths, *OWNER.paths))


def values(row: Any, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in leave_out
    }


def test_rows_are_what_the_orm_reads(world: World) -> None:
    prepared = chronicles()
    for _ in range(2):  # written, then used again
        (row,) = prepared(id=world.chronicle.id, name=world.chronicle.name)
        found = iter(row)
        assert values(CHRONICLE.read(found)) == values(Chronicle.objects.get(pk=world.chronicle.pk))
        assert values(SERVER.read(found)) == values(Server.objects.get(pk=world.server.pk))
        assert OWNER.read(found).as_json() == world.olga.as_json()
        assert not list(found)


def test_each_call_has_values_of_its_own(world: World) -> None:
    prepared = chronicles()
    assert prepared(id=world.chronicle.id, name="'; DROP TABLE campaigns; --") == []
    assert prepared(id=uuid.uuid4(), name=world.chronicle.name) == []
    assert len(prepared(id=world.chronicle.id, name=world.chronicle.name)) == 1
    with pytest.raises(KeyError):
        prepared(id=world.chronicle.id)


def test_an_outer_join_that_found_nothing_is_none(world: World) -> None:
    Server.objects.filter(pk=world.server.pk).update(owner=None)
    (row,) = chronicles()(id=world.chronicle.id, name=world.chronicle.name)
    found = iter(row)
    CHRONICLE.read(found), SERVER.read(found)
    assert OWNER.read(found) is None


def test_a_row_is_inserted_as_save_would(world: World) -> None:
    stream = Stream.objects.create(id=uuid.uuid4(), kind="chronicle")
    common = {"stream": stream, "type": "character.updated", "entity": "character", "entity_id": uuid.uuid4()}
    more = {"version": 1, "door": "web", "actor": world.mira, "changes": {"hunger": [1, "“é” % %s"]}}
    ours, theirs = Event(seq=1, **common, **more), Event(seq=2, **common, **more)
    before = timezone.now()
    insert(ours)
    theirs.save(force_insert=True)
    assert ours.created_at >= before
    assert not ours._state.adding
    again = Event.objects.get(pk=ours.pk)
    assert values(again, ("id", "seq", "created_at")) == values(
        Event.objects.get(pk=theirs.pk), ("id", "seq", "created_at")
    )
    assert again.created_at == ours.created_at


def test_the_database_numbers_what_has_no_key(db: Any) -> None:
    for key in ("a", "b"):
        insert(IdempotencyKey(scope="bot", key=key, fingerprint="f", status=200, body={"a": 1}))
    assert len(set(IdempotencyKey.objects.values_list("pk", flat=True))) == 2


def test_only_the_named_columns_of_one_row_are_written(world: World) -> None:
    Chronicle.objects.create(server=world.server, name="Other", slug="other")
    world.chronicle.name, world.chronicle.description, world.chronicle.settings = (
        "New",
        "kept out",
        {"a": [1]},
    )
    update(world.chronicle, ["name", "settings"])
    found = Chronicle.objects.get(pk=world.chronicle.pk)
    assert (found.name, found.description, found.settings) == ("New", "", {"a": [1]})
    assert Chronicle.objects.filter(name="New").count() == 1


def test_values_that_rows_share_are_converted_once(world: World) -> None:
    wanted = Chronicle.objects.filter(server_id=Slot("server", UUIDField())).order_by("name")
    prepared = Prepared(lambda: wanted.values_list("id", "settings", "server__settings"), same_from=2)
    Chronicle.objects.create(server=world.server, name="Z", slug="z", settings={"a": 1})
    first, last = prepared(server=world.server.id)
    assert first == (world.chronicle.id, {}, {})
    assert last[1] == {"a": 1}
