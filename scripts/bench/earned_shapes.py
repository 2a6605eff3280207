"""How much players have earned in a run, and what was measured of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """`people` are on the board of everybody; `attempts` are answers, ten in a drill; `rounds` of what is quick."""

    people: int = 100_000
    attempts: int = 1_000_000
    events: int = 1_000_000
    rounds: int = 30


@dataclass(frozen=True)
class Place:
    """Where a page listens: ports of the servers, a member's session, the chronicle's stream, a character there."""

    gateway: int
    http: int
    session: str
    stream: str
    character: str


@dataclass(frozen=True)
class Live:
    """Seconds from an award, and from a change of a sheet, to a page that listens.

    `moved`: to the frame by which an open board moves the row; `read_again`: until it has the whole board anew.
    """

    award: float
    change: float
    ratio: float
    moved: float
    moved_ratio: float
    read_again: float


@dataclass(frozen=True)
class Figures:
    """Seconds, and MiB by which the process grew."""

    sizes: Sizes
    award: float
    change: float
    live: Live
    board: float
    board_floor: float
    board_statements: int
    reset: float
    reset_floor: float
    reset_memory: float
    undo: float
    undo_floor: float
    undo_memory: float
    badges: float
    badges_floor: float
    badges_memory: float
