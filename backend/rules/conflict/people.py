"""Participants: join, leave, change. Each function returns the next state, or raises."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from contract.translation import _
from rules.conflict.actions import settled
from rules.conflict.kinds import GATHER
from rules.conflict.phases import refuse_ended, wrong_phase
from rules.conflict.state import InitiativeRoll, Participant, State, participant
from rules.errors import Conflict

T = TypeVar("T")


def enter(state: State, pk: str, who: Participant, roll: InitiativeRoll | None = None) -> State:
    """Add a participant, or one who rolls for a new round. A new roll replaces the old one."""
    refuse_ended(state)
    if state.phase != GATHER and not (state.kind.late and pk not in state.joined):
        raise wrong_phase(state)
    rolls = state.rolls if roll is None else {**state.rolls, pk: roll}
    return replace(state, participants={**state.participants, pk: replace(who, joined=True)}, rolls=rolls)


def join(state: State, pk: str, extra_actions: int | None = None) -> State:
    """Join this round with the roll of an earlier one, or without where nothing is rolled."""
    who = participant(state, pk)
    if state.kind.rolls and pk not in state.rolls:
        raise Conflict(_("{name} has no initiative yet. Roll first.", name=who.name), code="not_rolled")
    extra = who.extra_actions if extra_actions is None else extra_actions
    return enter(state, pk, replace(who, extra_actions=extra))


def join_all(state: State) -> State:
    """Join everybody who has a roll, or needs none."""
    for pk, member in state.participants.items():
        if not member.joined and (not state.kind.rolls or pk in state.rolls):
            state = join(state, pk)
    return state


def leave(state: State, pk: str) -> State:
    """Remove a participant with their roll, actions and effects."""
    participant(state, pk)
    refuse_ended(state)
    without = replace(
        state,
        participants=_others(state.participants, pk),
        rolls=_others(state.rolls, pk),
        actions=_others(state.actions, pk),
        effects={key: effect for key, effect in state.effects.items() if effect.participant != pk},
    )
    return settled(without)


def change(state: State, pk: str, changed: Participant) -> State:
    participant(state, pk)
    refuse_ended(state)
    return settled(replace(state, participants={**state.participants, pk: changed}))


def _others(many: Mapping[str, T], pk: str) -> dict[str, T]:
    return {key: value for key, value in many.items() if key.partition(".")[0] != pk}
