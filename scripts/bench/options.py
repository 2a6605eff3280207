"""The size of a run, and the form of the data that it is run on."""

from dataclasses import dataclass, field, replace
from typing import TypedDict

from scripts.bench.earned_shapes import Sizes
from scripts.bench.messages_shapes import Sizes as MessageSizes

PLAYERS = 32
CAST = 8  # characters of the campaign that plays in public
SMALL_MEMBERS = 50  # of each of the many small communities beside the large one
# The channels in Redis that the floors subscribe to.
CHANNEL = "bench"
NODE_CHANNEL = "bench.node"


class Community(TypedDict):
    """A guild with one chronicle; each character belongs to another player. `room` is a channel that all see."""

    guild: str
    owner: str
    stream: str
    server: str
    room: str
    characters: list[str]


class Crowd(TypedDict):
    """A chronicle of a certain number of characters; `character` is one of them."""

    stream: str
    character: str


class Show(TypedDict):
    """What `scripts.bench.stage_world` makes: a public campaign, and the path of its overlay."""

    community: Community
    campaign: str
    overlay: str


class World(TypedDict):
    """What `scripts.bench.world` makes. `sizes` is keyed by the number of characters, `things` are the floor's rows."""

    large: Community
    small: list[Community]
    sizes: dict[str, Crowd]
    sessions: list[str]
    people: list[str]
    things: list[int]


class WorldSize(TypedDict):
    """What `scripts.bench.world` is asked for."""

    viewers: int
    small: int
    players: int
    sizes: tuple[int, ...]


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
    guilds: int = 10_000
    earned: Sizes = field(default_factory=Sizes)
    messages: MessageSizes = field(default_factory=MessageSizes)
    # Of talk at a fixed rate, and the rates at which a consumer for each socket is tried.
    chat_seconds: float = 60.0
    consumer_ladder: tuple[float, ...] = (1, 2, 3, 4, 6, 8, 12, 16)
    # Viewers of a public campaign.
    public: int = 5_000
    soak_minutes: float = 0.5

    def quick(self) -> "Options":
        """Return a run that only shows that everything works; its figures are rough."""
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
            guilds=500,
            earned=Sizes(people=1_000, attempts=2_000, events=2_000, rounds=10),
            messages=MessageSizes(few=1_000, many=5_000, rounds=10),
            chat_seconds=5.0,
            consumer_ladder=(1, 3),
            public=200,
            soak_minutes=0.2,
        )

    def world(self) -> WorldSize:
        small = max(PLAYERS, -(-max(self.idle, self.viewers) // SMALL_MEMBERS))
        return {"viewers": self.viewers, "small": small, "players": PLAYERS, "sizes": self.sizes}
