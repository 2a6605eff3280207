"""The moves of those who run a conflict, and when each is possible. A move returns the next state, or raises."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from contract.translation import _
from rules.conflict.actions import done, settled, skip, turn_of
from rules.conflict.effects import round_over
from rules.conflict.kinds import ACT, DECLARE, ENDED, GATHER, ORDER
from rules.conflict.order import current, waiting
from rules.conflict.phases import refuse_ended, wrong_phase
from rules.conflict.state import LASTING, Effect, State
from rules.errors import Invalid, Unprocessable
from rules.notices import Notice, notice

REVEAL = "reveal"
BEGIN_DECLARING = "declare"
BEGIN_ACTING = "act"
SKIP = "skip"
DO = "done"
NEXT_NEW = "next_new"
NEXT_SAME = "next_same"
END = "end"
# Goes back over what was recorded: nothing that a state knows of.
REWIND = "rewind"


@dataclass(frozen=True)
class Move:
    """`style` is how a button looks; `when` says whether it can be done now, `make` does it."""

    slug: str
    label: str
    style: str
    when: Callable[[State], bool]
    make: Callable[[State], State]

    def label_in(self, state: State) -> str:
        if self.slug == REVEAL and state.kind.rolls:
            return "Reveal"
        if self.slug == NEXT_SAME and not state.kind.rolls:
            return "Next round"
        return self.label


def possible(state: State) -> list[Move]:
    return [move for move in MOVES.values() if move.when(state)]


def make(state: State, slug: object) -> State:
    """Apply a move by its slug.

    Raises Invalid for an unknown move, Conflict (`wrong_phase`, `conflict_ended`), Unprocessable.
    """
    move = MOVES.get(str(slug))
    if move is None:
        raise Invalid.field("move", _("A move is one of: {names}.", names=", ".join((*MOVES, REWIND))))
    refuse_ended(state)
    if not move.when(state):
        raise wrong_phase(state)
    return move.make(state)


def over(before: State, after: State) -> list[Notice]:
    """Return a notice for each effect that has ended."""
    return [_ended(effect) for pk, effect in before.effects.items() if pk not in after.effects]


def _ended(effect: Effect) -> Notice:
    if effect.name:
        return notice("effect_of_ended", text=effect.text, name=effect.name)
    return notice("effect_ended", text=effect.text)


def _reveal(state: State) -> State:
    if not state.joined:
        raise Unprocessable(_("Nobody has joined yet."), "nobody_joined")
    return replace(state, phase=state.kind.phases[0])


def _to(phase: str) -> Callable[[State], State]:
    return lambda state: settled(replace(state, phase=phase))


def _next_new(state: State) -> State:
    following = _all_out(_next(state))
    people = {
        pk: replace(participant, rating=state.rolls[pk].rating) if pk in state.rolls else participant
        for pk, participant in following.participants.items()
    }
    return replace(following, phase=GATHER, kept=False, participants=people, rolls={})


def _next_same(state: State) -> State:
    following = _next(state)
    if state.kind.rejoins:
        return replace(_all_out(following), phase=GATHER, kept=True)
    return replace(following, phase=state.kind.phases[0])


def _all_out(state: State) -> State:
    people = {
        pk: replace(participant, joined=False, extra_actions=0)
        for pk, participant in state.participants.items()
    }
    return replace(state, participants=people)


def _next(state: State) -> State:
    return replace(round_over(state), round=state.round + 1, actions={})


def _end(state: State) -> State:
    lasting = {pk: effect for pk, effect in state.effects.items() if effect.until in LASTING}
    return replace(state, phase=ENDED, open=False, effects=lasting)


def _between_rounds(state: State) -> bool:
    return state.phase in (ORDER, state.kind.phases[-1])


MOVES = {
    move.slug: move
    for move in (
        Move(REVEAL, "Next phase", "primary", lambda state: state.phase == GATHER, _reveal),
        Move(
            BEGIN_DECLARING,
            "Declare actions",
            "primary",
            lambda state: state.phase == ORDER and DECLARE in state.kind.phases,
            _to(DECLARE),
        ),
        Move(
            BEGIN_ACTING,
            "Act",
            "primary",
            lambda state: state.phase == DECLARE and not state.kind.slowest_first,
            _to(ACT),
        ),
        Move(
            DO,
            "Done",
            "primary",
            lambda state: state.phase == ACT and bool(waiting(state)),
            lambda state: done(state, turn_of(state, None)),
        ),
        Move(
            SKIP,
            "Skip",
            "secondary",
            lambda state: state.phase in (DECLARE, ACT) and current(state) is not None,
            lambda state: skip(state, turn_of(state, None)),
        ),
        Move(
            NEXT_SAME,
            "Next round, same order",
            "secondary",
            lambda state: state.kind.same and _between_rounds(state),
            _next_same,
        ),
        Move(
            NEXT_NEW,
            "Next round, new rolls",
            "secondary",
            lambda state: state.kind.again and _between_rounds(state),
            _next_new,
        ),
        Move(END, "End", "danger", lambda state: state.open, _end),
    )
}
