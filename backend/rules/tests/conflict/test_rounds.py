"""A round of each edition, as the books have it."""

import pytest

from rules.conflict import moves, people
from rules.conflict.kinds import ACT, DECLARE, GATHER, ORDER
from rules.conflict.order import acting, current, declaring, may_go
from rules.conflict.phases import hint, phase_label
from rules.conflict.state import SKIPPED, State
from rules.errors import Conflict, GameError, Invalid, Unprocessable
from rules.tests.conflict.kit import acts, begin, enter, go, says


def names(turns: list) -> list[str]:
    return [turn.key for turn in turns]


def refuses(code: str) -> pytest.RaisesExc:
    return pytest.raises(GameError, check=lambda error: error.code == code)


def three() -> State:
    """The hare is the quickest and acts twice, the owl and the fox are equals."""
    state = enter(begin("20th"), "fox", 4)
    state = enter(state, "hare", 9, extra=1)
    return enter(state, "owl", 4)


def test_20th_declares_from_the_slowest_and_acts_from_the_quickest() -> None:
    state = go(three(), "reveal")
    assert (state.phase, phase_label(state)) == (ORDER, "Initiative order")
    assert names(acting(state)) == ["hare.0", "fox.0", "owl.0", "hare.1"]
    assert names(declaring(state)) == ["owl.0", "fox.0", "hare.0", "hare.1"]
    state = go(state, "declare")
    assert names(may_go(state)) == ["owl.0", "fox.0"], "equals declare as they like"
    with refuses("not_your_turn"):
        says(state, "hare")
    state = says(says(state, "fox", "bites"), None, "flies")
    state = says(says(state, "hare", "runs"), "hare", "runs on")
    assert state.phase == ACT, "once all is declared, it is carried out"
    assert state.actions["hare.1"].text == "runs on"
    state = acts(state, "hare")
    with refuses("not_your_turn"):
        acts(state, "hare")
    state = acts(acts(acts(state, "owl"), "fox"), None)
    assert current(state) is None
    assert hint(state) == "Everybody has acted."


def test_a_new_round_has_new_rolls_and_no_extra_actions() -> None:
    state = go(three(), "reveal", "next_new")
    assert (state.phase, state.round, state.rolls, list(state.joined)) == (GATHER, 2, {}, [])
    assert all(not participant.extra_actions for participant in state.participants.values())
    with pytest.raises(Unprocessable, match="Nobody has joined"):
        go(state, "reveal")


def test_the_same_initiative_is_joined_and_a_newcomer_rolls_without_moving_the_others() -> None:
    state = go(three(), "reveal", "next_same")
    assert (state.phase, state.kept, phase_label(state)) == (GATHER, True, "Join the next round")
    state = people.join(state, "owl", 2)
    state = enter(state, "bear", 1)
    state = people.join(state, "hare")
    assert state.phase == GATHER, "newcomers change nothing for the others"
    state = go(state, "reveal")
    assert names(acting(state)) == ["hare.0", "owl.0", "bear.0", "owl.1", "owl.2"]
    assert "fox" in state.participants


def test_everybody_joins_who_can() -> None:
    state = people.join_all(go(three(), "reveal", "next_same"))
    assert set(state.joined) == {"fox", "hare", "owl"}
    state = go(three(), "reveal", "next_new")
    assert not people.join_all(state).joined, "there is nothing to join with"
    with refuses("not_rolled"):
        people.join(state, "owl")


def test_skipping_goes_on_to_the_next_and_in_the_end_to_the_actions() -> None:
    state = go(three(), "reveal", "declare", "skip", "skip", "skip", "skip")
    assert state.phase == ACT
    assert {action.state for action in state.actions.values()} == {SKIPPED}
    assert current(state) is None, "who was skipped has nothing to carry out"


def test_who_leaves_holds_nobody_up() -> None:
    state = go(three(), "reveal", "declare")
    state = people.leave(people.leave(state, "owl"), "fox")
    assert names(declaring(state)) == ["hare.0", "hare.1"]
    state = people.leave(says(state, "hare"), "hare")
    assert (state.phase, state.actions, state.participants) == (ACT, {}, {})


def test_one_alone_can_go_on() -> None:
    assert go(enter(begin("20th"), "owl", 3), "reveal").phase == ORDER


def test_cod_rolls_once_and_newcomers_come_at_any_time() -> None:
    state = go(enter(enter(begin("cod"), "owl", 3), "hare", 8), "reveal")
    assert state.phase == ACT
    state = enter(acts(state, "hare"), "bear", 6)
    assert names(acting(state)) == ["hare.0", "bear.0", "owl.0"]
    assert current(state).participant == "bear"  # type: ignore[union-attr]  # somebody's turn it is
    state = go(state, "next_same")
    assert (state.phase, state.round, list(state.joined)) == (ACT, 2, ["owl", "hare", "bear"])
    with refuses("wrong_phase"):
        enter(state, "owl", 10)
    assert go(state, "next_new").phase == GATHER


def test_5th_is_ordered_by_what_people_do() -> None:
    state = go(enter(enter(enter(begin("5th"), "owl"), "hare"), "fox"), "reveal")
    assert (state.phase, current(state)) == (DECLARE, None)
    state = says(state, "fox", "shoots", "ranged")
    state = says(state, "owl", "calls for help")
    state = says(state, "hare", "holds on", "engaged")
    assert state.phase == DECLARE, "people may still change their minds about who comes"
    state = go(state, "act")
    assert names(acting(state)) == ["hare.0", "fox.0", "owl.0"]
    state = go(acts(acts(acts(state, "hare"), "fox"), "owl"), "next_same")
    assert (state.phase, state.actions) == (DECLARE, {})
    with pytest.raises(Invalid, match="engaged"):
        says(state, "owl", "swims", "water")


def test_5th_equals_act_together() -> None:
    state = go(enter(enter(begin("5th"), "owl"), "hare"), "reveal")
    state = go(says(says(state, "owl", "shoots", "ranged"), "hare", "shoots", "ranged"), "act")
    assert {turn.together for turn in acting(state)} == {1}
    assert names(may_go(acts(state, "hare"))) == ["owl.0"]


def test_one_roll_decides() -> None:
    state = go(enter(enter(begin("5th_once"), "owl", 3, 0), "hare", 8, 0), "reveal")
    assert names(acting(state)) == ["hare.0", "owl.0"]
    assert phase_label(state) == "The results"
    assert [move.slug for move in moves.possible(state)] == ["next_new", "end"]


@pytest.mark.parametrize(
    ("slugs", "wrong"),
    [
        ([], "declare"),
        ([], "skip"),
        ([], "next_new"),
        (["reveal"], "reveal"),
        (["reveal"], "done"),
        (["reveal", "declare"], "declare"),
        (["reveal", "declare"], "next_same"),
    ],
)
def test_a_move_of_another_phase_is_refused(slugs: list[str], wrong: str) -> None:
    state = go(three(), *slugs)
    with refuses("wrong_phase"):
        go(state, wrong)


def test_what_is_over_is_over() -> None:
    state = go(three(), "end")
    assert not state.open
    for slug in moves.MOVES:
        with refuses("conflict_ended"):
            go(state, slug)
    with refuses("conflict_ended"):
        enter(state, "bear", 5)
    with pytest.raises(Invalid, match="A move is one of"):
        go(three(), "dance")


def test_declaring_twice_is_refused() -> None:
    state = go(enter(enter(begin("5th"), "owl"), "hare"), "reveal")
    with pytest.raises(Conflict, match="already declared"):
        says(says(state, "owl"), "owl")
