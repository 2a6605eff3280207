"""A character of mira's in the Night Court's chronicle, and ways to change it."""

from collections.abc import Callable
from typing import Any

import pytest

from haven import services
from haven.models import Character
from haven.services import Reference
from rules.traits import Operation
from testing.personas import World
from timeline.services import Cause

Create = Callable[..., Character]


@pytest.fixture
def create(world: World) -> Create:
    """`create("mira", "Night Owl", hunger=2)`."""

    def make(owner: str, name: str, *, at_table: bool = True, **traits: Any) -> Character:
        user = getattr(world, owner)
        changes = [Operation(path.replace("__", "."), "set", value) for path, value in traits.items()]
        chronicle = world.chronicle if at_table else None
        cause = Cause(actor=user, door="web")
        return services.create(
            world.principal(owner), "vampire5th", name, changes, chronicle, cause
        ).character

    return make


@pytest.fixture
def owl(create: Create) -> Character:
    return create("mira", "Night Owl", hunger=2, clan="Nosferatu", ambition="To own every secret")


@pytest.fixture
def change(world: World) -> Callable[..., Any]:
    """`change(owl, "vesna", hunger=4)`."""

    def apply(character: Character, who: str, **traits: Any) -> Any:
        changes = [Operation(path.replace("__", "."), "set", value) for path, value in traits.items()]
        cause = Cause(actor=getattr(world, who), door="discord", command="/vampire update")
        return services.change(world.principal(who), Reference(str(character.id)), changes, cause)

    return apply
