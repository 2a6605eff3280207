"""A table that rolls dice for badges, and looks at what was rolled."""

from typing import Any

from haven.models import Character
from haven.tests.kit import make, sets
from progress.models import PointEntry, Reward
from progress.services import badges
from rolls.models import Roll
from rolls.services import Done
from rolls.tests import kit
from testing.personas import World

MESSY = [10, 6, 3, 10, 2]
BESTIAL = [3, 2, 3, 1, 2]
PLAIN = [7, 6, 3, 3, 2]


def owl(world: World, who: str = "mira") -> Character:
    return make(world, f"Owl of {who}", who=who, operations=sets(hunger=2))


def throw(world: World, character: Character | None, dice: list[int], who: str = "mira", **more: Any) -> Done:
    options = {"hunger": 2, "difficulty": 2}
    return kit.roll(world, character, dice=dice, who=who, options=options, **more)


def roll(world: World, character: Character | None, dice: list[int], who: str = "mira", **more: Any) -> Roll:
    return throw(world, character, dice, who, **more).roll


def won(world: World, who: str = "mira", scope: str = "") -> set[str]:
    rows = Reward.objects.filter(user=getattr(world, who), scope=scope, state="given")
    return set(rows.values_list("badge", flat=True))


def look() -> int:
    return badges.look_around()


def points(world: World, source: str, who: str = "mira") -> list[int]:
    rows = PointEntry.objects.filter(user=getattr(world, who), source=source).order_by("pk")
    return list(rows.values_list("amount", flat=True))
