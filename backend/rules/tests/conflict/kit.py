"""Conflicts with people in them, and dice that fall as a test wants."""

from rules.conflict import moves, people
from rules.conflict.actions import declare, done, turn_of
from rules.conflict.kinds import KINDS
from rules.conflict.state import InitiativeRoll, Participant, State
from rules.dice.base import die


def begin(kind: str) -> State:
    return State(KINDS[kind])


def throw(number: int, rating: int, modifier: int = 0) -> InitiativeRoll:
    rated = rating + modifier
    return InitiativeRoll((die(number),), rating, modifier, max(0, number + rated), rated)


def enter(state: State, pk: str, number: int | None = None, rating: int = 5, extra: int = 0) -> State:
    roll = None if number is None else throw(number, rating)
    return people.enter(state, pk, Participant(pk.title(), f"user-{pk}", extra_actions=extra), roll)


def go(state: State, *slugs: str) -> State:
    for slug in slugs:
        state = moves.make(state, slug)
    return state


def says(state: State, pk: str | None, text: str = "waits", category: str = "") -> State:
    return declare(state, turn_of(state, pk), text, category)


def acts(state: State, pk: str | None) -> State:
    return done(state, turn_of(state, pk))
