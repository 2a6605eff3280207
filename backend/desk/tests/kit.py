"""Ways to a character at the table, and to what is asked of storytellers."""

from typing import Any

from desk.models import Submission
from desk.services import submissions
from haven import services
from haven.models import Character
from haven.services import Reference
from rules.traits import Operation
from testing.personas import World
from timeline.services import Cause


def cause(world: World, who: str) -> Cause:
    return Cause(actor=getattr(world, who), door="web")


def character(world: World, who: str = "mira", name: str = "Night Owl", **traits: Any) -> Character:
    wanted = [Operation(path, "set", value) for path, value in traits.items()]
    made = services.create(
        world.principal(who), "vampire5th", name, wanted, world.chronicle, cause(world, who)
    )
    return made.character


def lock(world: World, character: Character, locked: bool = True) -> None:
    wanted = [Operation("locked", "set", locked)]
    services.change(world.principal("vesna"), Reference(str(character.id)), wanted, cause(world, "vesna"))


def set_(path: str, value: Any) -> dict[str, Any]:
    return {"path": path, "op": "set", "value": value}


def propose(
    world: World, character: Character, *changes: dict[str, Any], who: str = "mira", **more: Any
) -> Submission:
    text = more.pop("text", "Three months of training")
    meant = Reference(str(character.id))
    asked = [Operation(**wanted) for wanted in changes]
    return submissions.submit(world.principal(who), meant, asked, text, cause(world, who), **more)
