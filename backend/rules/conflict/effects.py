"""How long effects last that are counted in turns: those of the one they are on, or rounds for what is on all."""

from dataclasses import replace

from rules.conflict.kinds import ACT
from rules.conflict.order import current, waiting
from rules.conflict.state import TURNS, Effect, State


def begun(state: State, effect: Effect) -> Effect:
    """A new effect. A turn that is under way, or over in this round, is none of its turns."""
    counts = effect.until == TURNS and effect.participant in state.joined and state.phase == ACT
    if not counts or _still_to_come(state, effect.participant):
        return effect
    return replace(effect, counted=state.round)


def _still_to_come(state: State, pk: str) -> bool:
    seen = state.as_seen_with(pk)
    now = current(seen)
    return any(turn.participant == pk for turn in waiting(seen)) and (now is None or now.participant != pk)


def turn_over(state: State, pk: str) -> State:
    """Count the last turn of somebody in this round."""
    if state.phase != ACT or any(turn.participant == pk for turn in waiting(state)):
        return state
    return _counted(state, {key for key, effect in state.effects.items() if effect.participant == pk})


def round_over(state: State) -> State:
    """Count what has not been counted in this round: effects on all, and on those who had no turn."""
    return _counted(state, set(state.effects))


def _counted(state: State, keys: set[str]) -> State:
    effects = {
        key: (
            replace(effect, left=effect.left - 1, counted=state.round)
            if key in keys and effect.until == TURNS and effect.counted != state.round
            else effect
        )
        for key, effect in state.effects.items()
    }
    lasting = {key: effect for key, effect in effects.items() if effect.until != TURNS or effect.left > 0}
    return replace(state, effects=lasting)
