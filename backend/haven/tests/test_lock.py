"""A character that changes is locked, and nothing else: what stands beside it belongs to everyone at the table."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.models import Model

from discordauth.models import CustomUser
from haven.models import Character
from haven.services.common import lock
from haven.tests.kit import make
from rules.errors import NotFound
from testing.personas import World, found_world

pytestmark = pytest.mark.engine


def is_free(row: Model) -> bool:
    """Could another connection lock this row at once?"""
    found: list[bool] = []

    def look() -> None:
        try:
            with transaction.atomic():
                list(type(row)._default_manager.select_for_update(nowait=True).filter(pk=row.pk))
            found.append(True)
        except OperationalError:
            found.append(False)
        finally:
            connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join(30)
    return found == [True]


def test_nothing_but_the_character_is_locked(transactional_db: Any) -> None:
    world = found_world()
    character = Character.objects.get(pk=make(world).pk)
    with transaction.atomic():
        lock(character.id)
        if not connection.features.has_select_for_update:
            return  # SQLite locks the whole file, by the transaction itself
        free = [is_free(row) for row in (character, world.mira, world.chronicle, world.server)]
    assert free == [False, True, True, True]


def test_what_stands_beside_it_needs_no_query(world: World, django_assert_num_queries: Any) -> None:
    character = make(world)
    with transaction.atomic(), django_assert_num_queries(1):
        found = lock(character.id)
        assert found.chronicle is not None
        assert (found.owner.as_json(), found.chronicle, found.chronicle.server) == (
            CustomUser.as_json(world.mira),
            world.chronicle,
            world.server,
        )
        assert (type(found), found.sheet, found.version) == (
            type(character),
            character.sheet,
            character.version,
        )


def test_a_character_of_no_chronicle(world: World) -> None:
    assert lock(make(world, chronicle=None).id).chronicle is None


def test_a_deleted_one_is_found_by_who_asks_for_it_alone(world: World) -> None:
    character = make(world)
    Character.objects.filter(pk=character.pk).update(deleted_at=character.created_at)
    with pytest.raises(NotFound):
        lock(character.id)
    assert lock(character.id, deleted=True).pk == character.pk
    with pytest.raises(NotFound):
        lock(uuid4(), deleted=True)
