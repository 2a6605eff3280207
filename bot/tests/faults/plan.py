"""What writers do to one character, by seed: adjusts, sets, undos, and the same request twice."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

# What a writer sets, and among which values.
SETS: dict[str, tuple[Any, ...]] = {
    "hunger": (0, 1, 2, 3, 4, 5),
    "wits": (1, 2, 3, 4, 5),
    "athletics.dots": (0, 1, 2, 3, 4, 5),
    "ambition": ("To rule", "To sleep", "To be forgotten", "“Ünrest” 🜏"),
}
# What it adjusts, by how much; Hunger stops at both ends.
ADJUSTS: dict[str, tuple[int, ...]] = {"hunger": (-2, -1, 1, 2), "experience.total": (1, 2, 3)}
HUNGER = (0, 5)
ONCE, AGAIN, BOTH = "once", "again", "both"


@dataclass(frozen=True)
class Deed:
    """`op` is set, adjust or undo. `sent`: once, again (after the answer), or both (twice at the same time)."""

    key: str
    op: str
    path: str = ""
    value: Any = None
    sent: str = ONCE

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [{"path": self.path, "op": self.op, "value": self.value}]


@dataclass
class Outcome:
    """The answer to each sending of a deed: `(status, body)`."""

    deed: Deed
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    @property
    def event(self) -> dict[str, Any] | None:
        status, body = self.answers[0]
        return body["event"] if status < 300 else None


def deeds(writer: int, count: int) -> Iterator[Deed]:
    chance = random.Random(writer)
    for number in range(count):
        sent = chance.choices((ONCE, AGAIN, BOTH), (90, 5, 5))[0]
        op = chance.choices(("adjust", "set", "undo"), (50, 40, 10))[0]
        key = f"w{writer}-{number}"
        if op == "undo":
            yield Deed(key, op, sent=sent)
        elif op == "set":
            path = chance.choice(list(SETS))
            yield Deed(key, op, path, chance.choice(SETS[path]), sent)
        else:
            path = chance.choice(list(ADJUSTS))
            yield Deed(key, op, path, chance.choice(ADJUSTS[path]), sent)


def intended(deed: Deed, before: Any) -> Any:
    """What a deed makes of the value that it finds."""
    if deed.op == "set":
        return deed.value
    after = before + deed.value
    return min(max(after, HUNGER[0]), HUNGER[1]) if deed.path == "hunger" else after
