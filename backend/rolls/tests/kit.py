"""Rolls for tests: with listed dice, by persona."""

from dataclasses import replace
from typing import Any

from chronicle.call import Call
from chronicle.door import parse
from chronicle.principal import Principal
from contract.rolls import PoolInput
from haven.models import Character
from haven.tests.kit import cause, principal
from rolls import services
from rolls.answers import roll_answer
from rolls.models import Roll
from rolls.operations.rolls import roll_input
from rolls.services import Done, RollInput
from rules.dice.source import listed
from testing.personas import World
from timeline.models import Event


def call(world: World, who: str = "mira") -> Call:
    """Somebody at the table, in Discord."""
    return Call(principal(world, who), cause(world, who), world.server)


def ask(world: World, character: Character | None = None, **more: Any) -> RollInput:
    """A V5 roll as a door reads it, of nobody unless a character is given."""
    resolved = {"chronicle": world.chronicle}
    resolved |= {name: more.pop(name) for name in ("chronicle", "reference") if name in more}
    whose = str(character.id) if character else False
    given = parse(PoolInput, {"system": "v5", "pool": 5, "character": whose, **more})
    return replace(roll_input(call(world), given), **resolved)


def roll(
    world: World,
    character: Character | None = None,
    *,
    dice: list[int],
    who: str = "mira",
    **more: Any,
) -> Done:
    return services.roll(
        principal(world, who), ask(world, character, **more), cause(world, who), listed(dice)
    )


def check(
    world: World,
    slug: str,
    character: Character | None = None,
    *,
    dice: list[int] | None = None,
    who: str = "mira",
    after: Roll | None = None,
    **options: Any,
) -> Done:
    asked = ask(world, character, options=options, system=None, pool=None)
    offered, source = after.id if after else None, listed(dice or [])
    return services.check(principal(world, who), slug, asked, cause(world, who), offered, source)


def again(world: World, first: Done, *, dice: list[int], who: str = "mira", **picked: Any) -> Done:
    picked = picked or {"strategy": "failures"}
    source = listed(dice)
    return services.reroll(principal(world, who), first.roll.id, cause(world, who), source=source, **picked)


def answer_to(world: World, done: Done, who: str = "mira") -> dict[str, Any]:
    return roll_answer(call(world, who), done).model_dump(mode="json")


def everything() -> Any:
    """What a refusal must leave alone."""
    return (
        list(Character.objects.order_by("id").values()),
        list(Roll.objects.order_by("id").values()),
        Event.objects.count(),
    )


def asker(world: World, who: str) -> Principal:
    found: Principal = principal(world, who)
    return found
