"""When an overlay looks again: after its delay and not before, in order, and at once for what goes off air."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.overlay_agenda import GRAIN, Agenda

SECONDS = st.floats(0, 1000, allow_nan=False)
HEARD = st.lists(st.tuples(SECONDS, st.booleans()), max_size=60)


def looks(agenda: Agenda, until: float) -> list[float]:
    """When it looks, if the clock runs on to this time."""
    found = []
    while (due := agenda.next()) is not None and due <= until:
        assert agenda.take(due)
        found.append(due)
    return found


@given(st.sampled_from([0.0, 0.5, 10.0, 600.0]), HEARD)
def test_each_change_is_looked_at_after_the_delay_and_soon(
    delay: float, heard: list[tuple[float, bool]]
) -> None:
    agenda = Agenda(delay)
    for at, takes_off in heard:
        agenda.heard(at, takes_off)
    found = looks(agenda, 5000)
    assert found == sorted(set(found))
    for at, takes_off in heard:
        assert any(at + delay <= look <= at + delay + 2 * GRAIN for look in found)
        if takes_off:
            assert any(at <= look <= at + 2 * GRAIN for look in found)
    assert len(found) <= 2 * len(heard)


@given(HEARD, st.floats(0.5, 30), SECONDS)
def test_a_fold_of_the_past_shows_everything_in_order_and_nothing_that_went(
    heard: list[tuple[float, bool]], delay: float, end: float
) -> None:
    """A model of the whole: at each look the page shows the log up to `delay` ago, without what went off air by now."""
    agenda = Agenda(delay)
    log = [(at, number, takes_off) for number, (at, takes_off) in enumerate(sorted(heard))]
    for at, _number, takes_off in log:
        agenda.heard(at, takes_off)
    shown: list[int] = []
    for look in looks(agenda, end):
        off = {number - 1 for at, number, takes_off in log if takes_off and at <= look}
        visible = [number for at, number, _ in log if at <= look - delay and number not in off]
        assert visible == sorted(visible)
        # What is on air stays in its order; new things come behind it.
        kept = [number for number in shown if number not in off]
        assert visible[: len(kept)] == kept
        assert not set(visible) & off
        shown = visible


@given(SECONDS)
def test_looks_at_about_the_same_time_are_one(now: float) -> None:
    agenda = Agenda(0)
    for _each in range(100):
        agenda.heard(now, takes_off=True)
    assert len(looks(agenda, now + 1)) == 1


def test_it_holds_no_more_than_there_are_moments() -> None:
    agenda = Agenda(10)
    for number in range(20_000):
        agenda.heard(number / 20_000, takes_off=False)
    assert len(looks(agenda, 100)) <= 1 / GRAIN + 1
