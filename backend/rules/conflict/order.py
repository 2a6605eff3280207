"""The order in which actions are declared and carried out, and the current turn."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rules.conflict.kinds import ACT, CATEGORIES, DECLARE, LAST_CATEGORY
from rules.conflict.state import DECLARED, State
from rules.dice import initiative
from rules.dice.initiative import Turn as Place

RANKS = {slug: rank for rank, slug in enumerate(CATEGORIES)}


@dataclass(frozen=True)
class Turn:
    """One action of a round. `number` 0 is the regular one, others are extra; equal `together` means at once."""

    participant: str
    number: int
    together: int

    @property
    def extra(self) -> bool:
        return self.number > 0

    @property
    def key(self) -> str:
        return f"{self.participant}.{self.number}"


def acting(state: State) -> list[Turn]:
    """Return all turns in the order in which they are carried out."""
    if state.kind.by_category:
        return _by_category(state)
    people = list(state.joined)
    return _numbered(people, initiative.acting([state.initiative(pk) for pk in people]))


def declaring(state: State) -> list[Turn]:
    """Return all turns in the order in which they are declared."""
    if not state.kind.slowest_first:
        return acting(state)
    people = list(state.joined)
    return _numbered(people, initiative.declaring([state.initiative(pk) for pk in people]))


def waiting(state: State) -> list[Turn]:
    """Return the turns of this phase that are still open, in order."""
    if state.phase == DECLARE:
        return [turn for turn in declaring(state) if turn.key not in state.actions]
    if state.phase != ACT:
        return []
    open_ones = {key for key, action in state.actions.items() if action.state == DECLARED}
    return [turn for turn in acting(state) if turn.key in open_ones or turn.key not in state.actions]


def current(state: State) -> Turn | None:
    """Return the current turn; None when there is none, or when everybody declares in any order."""
    if state.phase == DECLARE and not state.kind.slowest_first:
        return None
    return next(iter(waiting(state)), None)


def may_go(state: State) -> list[Turn]:
    """Return the turns that can be taken now: the current one and equals; all open ones where order is free."""
    left, now = waiting(state), current(state)
    return left if now is None else [turn for turn in left if turn.together == now.together]


def _numbered(people: list[str], places: Iterable[Place]) -> list[Turn]:
    counted: Counter[int] = Counter()
    turns = []
    for place in places:
        counted[place.who] += place.extra
        turns.append(Turn(people[place.who], counted[place.who] if place.extra else 0, place.together))
    return turns


def _by_category(state: State) -> list[Turn]:
    turns = [Turn(pk, 0, _rank(state, pk)) for pk in state.joined]
    return sorted(turns, key=lambda turn: turn.together)


def _rank(state: State, pk: str) -> int:
    action = state.actions.get(f"{pk}.0")
    return RANKS.get(action.category if action else "", RANKS[LAST_CATEGORY])
