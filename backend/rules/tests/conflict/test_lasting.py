"""Effects end when they should; a state is the same after it was kept, and a step back leads where it came from."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.conflict import moves, people
from rules.conflict.actions import skip, turn_of
from rules.conflict.effects import begun
from rules.conflict.kinds import KINDS
from rules.conflict.moves import over
from rules.conflict.state import Effect, State, difference, flat, taken_back, unflat
from rules.errors import GameError
from rules.tests.conflict.kit import acts, begin, enter, go, says
from testing.notices import sentences


def with_effects() -> State:
    effects = {
        "a": Effect("Blinded", "turns", "owl", "Owl", 2),
        "b": Effect("Smoke", "scene"),
        "c": Effect("Blush of Life", "night", "owl", "Owl"),
        "d": Effect("Oath", "session"),
    }
    return replace(go(enter(begin("20th"), "owl", 5), "reveal"), effects=effects)


def test_turns_are_counted_and_told_when_they_are_over() -> None:
    first = with_effects()
    second = go(first, "next_new")
    assert (second.effects["a"].left, second.effects["a"].label) == (1, "1 more turn")
    third = go(enter(second, "owl", 5), "reveal", "next_new")
    assert "a" not in third.effects
    assert sentences(over(second, third)) == ["“Blinded” (Owl) has ended."]
    assert third.effects["b"].label == "until the end of the scene"


def affected(state: State, pk: str, turns: int) -> State:
    return replace(state, effects={"x": begun(state, Effect("Blinded", "turns", pk, pk.title(), turns))})


def fighting() -> State:
    """Three in the order A, B, C, each with an action."""
    state = begin("20th")
    for pk, number in (("a", 9), ("b", 6), ("c", 3)):
        state = enter(state, pk, number)
    return says(says(says(go(state, "reveal", "declare"), "c"), "b"), "a")


def again(state: State) -> State:
    joined = go(people.join_all(go(state, "next_same")), "reveal", "declare")
    return says(says(says(joined, "c"), "b"), "a")


def test_play_27_a_turn_that_is_over_is_not_counted() -> None:
    state = acts(affected(acts(fighting(), "a"), "a", 1), "b")
    second = again(acts(state, "c"))
    assert second.effects["x"].label == "1 more turn"
    ended = acts(second, "a")
    assert ended.effects == {}
    assert sentences(over(second, ended)) == ["“Blinded” (A) has ended."]


@pytest.mark.parametrize(("turns", "rounds"), [(1, 1), (2, 2), (3, 3)])
def test_play_27_each_own_turn_counts_once(turns: int, rounds: int) -> None:
    state = affected(fighting(), "b", turns)
    for _ in range(rounds - 1):
        state = again(acts(acts(acts(state, "a"), "b"), "c"))
        assert "x" in state.effects
    state = acts(state, "a")
    assert "x" in state.effects
    assert acts(state, "b").effects == {}


def test_an_effect_during_ones_own_turn_lasts_through_the_next() -> None:
    state = affected(fighting(), "a", 1)
    assert "x" in acts(state, "a").effects
    assert "x" not in acts(again(acts(acts(acts(state, "a"), "b"), "c")), "a").effects


def test_what_is_on_all_counts_rounds() -> None:
    state = replace(fighting(), effects={"x": Effect("Smoke", "turns", left=1)})
    state = acts(acts(acts(state, "a"), "b"), "c")
    assert "x" in state.effects
    assert go(state, "next_same").effects == {}


def test_the_end_ends_what_belongs_to_the_scene() -> None:
    before = with_effects()
    after = go(before, "end")
    assert sorted(after.effects) == ["c", "d"]
    assert sentences(over(before, after)) == ["“Blinded” (Owl) has ended.", "“Smoke” has ended."]


def test_what_was_on_somebody_leaves_with_them() -> None:
    assert sorted(people.leave(with_effects(), "owl").effects) == ["b", "d"]


def play(state: State, number: int) -> State:
    """Some next step, whatever is possible."""
    people_now = list(state.participants)
    steps = [
        lambda: enter(state, f"p{len(people_now)}", number % 10 + 1 if state.kind.rolls else None),
        lambda: people.join(state, people_now[number % len(people_now)]),
        lambda: people.leave(state, people_now[number % len(people_now)]),
        lambda: says(state, None, "acts"),
        lambda: skip(state, turn_of(state, people_now[number % len(people_now)])),
        *(lambda slug=slug: moves.make(state, slug) for slug in moves.MOVES if slug != "end"),
    ]
    return steps[number % len(steps)]()


@given(st.sampled_from(sorted(KINDS)), st.lists(st.integers(0, 5000), max_size=40))
@settings(deadline=None)
def test_any_course_can_be_kept_and_taken_back(kind: str, numbers: list[int]) -> None:
    state = begin(kind)
    for number in numbers:
        try:
            following = play(state, number)
        except (GameError, ZeroDivisionError):
            continue
        kept = json.loads(json.dumps(flat(following), sort_keys=True))
        assert flat(unflat(kind, kept)) == flat(following)
        assert unflat(kind, kept).phase in ("gather", *KINDS[kind].phases)
        changes = difference(flat(state), flat(following))
        assert taken_back(flat(following), changes) == flat(state)
        state = unflat(kind, kept)
