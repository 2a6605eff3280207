"""Effects end when they should; a state is the same after it was kept, and a step back leads where it came from."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.conflict import moves, people
from rules.conflict.actions import skip, turn_of
from rules.conflict.kinds import KINDS
from rules.conflict.moves import over
from rules.conflict.state import Effect, State, difference, flat, taken_back, unflat
from rules.errors import GameError
from rules.tests.conflict.kit import begin, enter, go, says
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
