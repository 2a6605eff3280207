"""How large and how long a run is."""

from dataclasses import dataclass, replace
from typing import Any

PLAYERS = 32
# Of the many small communities beside the one large hall.
HOUSE_MEMBERS = 50
# What the floors listen to in Redis.
CHANNEL = "bench"
NODE_CHANNEL = "bench.node"


@dataclass(frozen=True)
class Options:
    viewers: int = 1000
    clients: int = 32
    # Of each measured stretch, and how often ours and the floor take turns.
    seconds: float = 1.5
    rounds: int = 4
    samples: int = 60
    idle: int = 2000
    sizes: tuple[int, ...] = (10, 100, 500, 2000)
    ladder: tuple[int, ...] = (20, 40, 60, 80, 100, 130)
    rung_seconds: float = 4.0
    events: tuple[int, ...] = (1_000, 100_000)
    characters: tuple[int, ...] = (100, 100_000)
    soak_minutes: float = 0.5

    def quick(self) -> "Options":
        """To see that everything runs; its figures are rough."""
        return replace(
            self,
            viewers=200,
            seconds=0.7,
            rounds=3,
            samples=20,
            idle=400,
            sizes=(10, 100),
            ladder=(20, 60),
            rung_seconds=2.0,
            events=(1_000, 10_000),
            characters=(100, 1_000),
            soak_minutes=0.2,
        )

    def world(self) -> dict[str, Any]:
        houses = max(PLAYERS, -(-max(self.idle, self.viewers) // HOUSE_MEMBERS))
        return {"viewers": self.viewers, "houses": houses, "players": PLAYERS, "sizes": self.sizes}
