"""Whatever changes who is a storyteller in a channel has a version of its own: who misses the word of it notices."""

from typing import Any

import pytest

from chronicle.models import Chronicle, Server
from chronicle.services import chronicles
from testing.personas import SYSTEM, World

pytestmark = [pytest.mark.engine, pytest.mark.django_db]


def version(world: World) -> int:
    return Server.objects.get(pk=world.server.pk).version


def test_archiving_and_another_default_raise_it_and_say_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Chronicle.objects.create(server=world.server, name="Elsewhere", slug="elsewhere")
    said: list[tuple[Any, ...]] = []
    monkeypatch.setattr(chronicles, "rights_changed", lambda *given: said.append(given))
    first, owner = version(world), world.principal("olga")
    for archived in (True, True, False):  # the second time nothing changes
        chronicles.archive(other, archived, principal=owner, cause=SYSTEM)
    chronicles.make_default(other, principal=owner, cause=SYSTEM)
    assert version(world) == first + 3
    assert said == [(world.server.pk, first + step, None) for step in (1, 2, 3)]
