"""Rolls for tests: with listed dice, by persona."""

from typing import Any

from chronicle.principal import Principal
from haven.models import Character
from haven.services import Reference
from haven.tests.kit import cause, principal
from rolls import services
from rolls.models import Roll
from rolls.services import Answer, RollInput
from rules.dice.source import listed
from testing.personas import World
from timeline.models import Event


def ask(world: World, character: Character | None = None, **more: Any) -> RollInput:
    """A V5 roll, of nobody unless a character is given."""
    meant = Reference(str(character.id), world.server) if character else None
    return RollInput(**{"system": "v5", "pool": 5, "reference": meant, "chronicle": world.chronicle, **more})


def roll(
    world: World,
    character: Character | None = None,
    *,
    dice: list[int],
    who: str = "mira",
    **more: Any,
) -> Answer:
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
) -> Answer:
    asked = ask(world, character, options=options, system=None, pool=None)
    offered = str(after.id) if after else None
    return services.check(principal(world, who), slug, asked, cause(world, who), offered, listed(dice or []))


def again(world: World, first: Answer, *, dice: list[int], who: str = "mira", **picked: Any) -> Answer:
    picked = picked or {"strategy": "failures"}
    source = listed(dice)
    return services.reroll(principal(world, who), first.roll.id, cause(world, who), source=source, **picked)


def told(world: World, answer: Answer, who: str = "mira") -> dict[str, Any]:
    return answer.answer(principal(world, who))


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
