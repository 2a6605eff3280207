"""The arithmetic and the parsers of the benchmarks. Nothing here is timed."""

import orjson
import pytest

from scripts.bench import counters
from scripts.bench.numbers import (
    Rung,
    growth,
    highest_held,
    median,
    milliseconds,
    percentile,
    ratio_of_rounds,
)
from scripts.bench.options import Options
from scripts.bench.table import BEGIN, END, Row, in_markdown, in_terminal, put_results
from scripts.common import ScriptError


def test_percentiles_lie_between_neighbours():
    assert median([3, 1, 2]) == 2
    assert median([1, 2, 3, 4]) == 2.5
    assert percentile([0, 10], 0.95) == pytest.approx(9.5)
    assert percentile([7], 0.95) == 7


def test_nothing_measured_is_an_error_and_not_a_zero():
    with pytest.raises(ValueError, match="nothing was measured"):
        median([])


def test_a_disturbed_round_does_not_move_the_ratio():
    assert ratio_of_rounds([2, 2, 200], [1, 1, 100]) == 2
    assert ratio_of_rounds([2, 90, 2], [1, 1, 1]) == 2


def test_times_keep_three_digits():
    assert [milliseconds(value) for value in (0.00123, 0.0456, 0.789)] == ["1.23 ms", "45.6 ms", "789 ms"]


def rung(rate, arrived=100, p95=0.1):
    return Rung(rate, 100, arrived, p95)


def test_a_ladder_ends_at_its_first_failure():
    assert highest_held([rung(20), rung(40), rung(60, arrived=99), rung(80)], 1.0) == 40
    assert highest_held([rung(20), rung(40, p95=1.2)], 1.0) == 20
    assert highest_held([rung(20, arrived=0)], 1.0) == 0


def test_growth_leaves_the_warm_up_out():
    assert growth([10, 50, 100, 100, 100, 100, 100, 100]) == 0
    assert growth([10, 50, 100, 100, 105, 105, 110, 110]) == pytest.approx(0.1)


def test_statements_are_told_apart_from_what_frames_them():
    names = (*counters.STATEMENTS, *counters.FRAMES)
    before = dict.fromkeys(names, 5)
    after = before | {"select": 25, "update": 15, "commit": 15}
    each = counters.difference(before, after, 10)
    assert each == {"select": 2, "update": 1, "commit": 1}
    assert counters.count(each) == 3
    assert counters.in_words(each) == "2 select, 1 update + 1 commit"


def task(dur, tid=1, name="RunTask"):
    return {"name": name, "ph": "X", "pid": 7, "tid": tid, "dur": dur}


def trace_of(*events):
    names = [
        {"name": "thread_name", "ph": "M", "pid": 7, "tid": tid, "args": {"name": name}}
        for tid, name in ((1, "CrRendererMain"), (2, "Compositor"))
    ]
    return orjson.dumps({"traceEvents": [*names, *events]})


def test_the_longest_task_is_one_of_a_page_s_main_thread():
    from scripts.bench.stage_page import longest_task

    events = (task(900), task(41_000), task(70_000, tid=2), task(80_000, name="Paint"))
    assert longest_task(trace_of(*events)) == pytest.approx(0.041)


def test_a_trace_without_tasks_is_an_error_and_not_a_zero():
    from scripts.bench.stage_page import longest_task

    with pytest.raises(ScriptError, match="no task"):
        longest_task(trace_of(task(70_000, tid=2)))


ROWS = [
    Row("change", "2 ms", "1 ms", 2.0, "≤ 4", True),
    Row("memory | idle", "30 KiB", aim="≤ 23", met=False),
]


def test_the_terminal_shows_columns():
    lines = in_terminal(ROWS).splitlines()
    assert lines[2].split() == ["change", "2", "ms", "1", "ms", "2.00", "≤", "4", "ok"]
    assert len({line.index(cell) for line, cell in zip(lines[2:], ("2 ms", "30 KiB"), strict=True)}) == 1
    assert lines[3].endswith("MISSED")


def test_markdown_survives_a_bar_in_a_cell():
    assert "memory \\| idle" in in_markdown(ROWS)


def test_results_replace_results_and_leave_the_words_around_them():
    first = put_results("# Benchmarks\n\nWords.\n", "old")
    assert first == f"# Benchmarks\n\nWords.\n\n{BEGIN}\nold\n{END}\n"
    second = put_results(first + "\nMore words.\n", "new")
    assert second == f"# Benchmarks\n\nWords.\n\n{BEGIN}\nnew\n{END}\n\nMore words.\n"


def test_a_quick_run_is_smaller_in_everything():
    full, quick = Options(), Options().quick()
    assert quick.viewers < full.viewers
    assert quick.seconds < full.seconds
    assert max(quick.sizes) < max(full.sizes)
    assert quick.public < full.public
    assert full.world()["small"] * 50 >= full.idle


class Collected:
    """A viewer whose frames are kept; no socket is opened."""

    def __init__(self):
        from scripts.bench.client import Door, Viewer

        self.texts = []
        self.viewer = Viewer(Door(1), lambda viewer, payload: self.texts.append(payload))
        self.sent = []
        self.viewer._transport = self
        self.is_closed = False

    def write(self, data):
        self.sent.append(data)

    def close(self):
        self.is_closed = True


async def test_frames_are_read_however_they_are_cut():
    long, longer = b"x" * 300, b"y" * 70_000
    stream = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"
    stream += (
        b"\x81\x05hello" + b"\x81\x7e\x01\x2c" + long + b"\x81\x7f" + (70_000).to_bytes(8, "big") + longer
    )
    for step in (1, 7, 1000, len(stream)):
        got = Collected()
        for start in range(0, len(stream), step):
            got.viewer.data_received(stream[start : start + step])
        assert got.texts == [b"hello", long, longer], step


async def test_a_ping_is_answered_and_a_close_is_noted():
    got = Collected()
    got.viewer.data_received(b"HTTP/1.1 101 Switching Protocols\r\n\r\n\x89\x02hi\x88\x02\x0f\xa1")
    assert got.sent == [b"\x8a\x82\0\0\0\0hi"]
    assert got.viewer.close_code == 4001


async def test_a_refused_handshake_is_told():
    got = Collected()
    got.viewer.data_received(b"HTTP/1.1 403 Forbidden\r\n\r\n")
    with pytest.raises(ConnectionRefusedError, match="403"):
        await got.viewer.opened
    assert got.is_closed


async def test_an_audience_counts_events_whatever_their_frames_tell():
    from scripts.bench.client import Audience

    audience = Audience(3)
    public = b'{"type":"update","stream":"s","seq":4,"fields":{}}'
    whole = b'{"type":"update","stream":"s","seq":4,"fields":{"hunger":2}}'
    for payload in (public, public, b'{"type":"presence"}', b'{"type":"resync","stream":"s"}'):
        audience.on_text(None, payload)
    assert audience.complete() == 0
    audience.on_text(None, whole)
    assert audience.complete() == 1
    assert (audience.frames, audience.resyncs) == (5, 1)
    assert await audience.next_complete(1) > 0
    assert audience.events == {}


async def test_an_audience_of_a_campaign_counts_by_its_id():
    from scripts.bench.client import Audience

    audience = Audience(1, "event", "campaign_id")
    audience.on_text(None, b'{"type":"snapshot","seq":4}')
    assert audience.complete() == 0
    audience.on_text(None, b'{"type":"event","seq":5,"campaign_id":"c"}')
    assert set(audience.events) == {("c", 5)}


async def test_a_door_tells_a_proxy_s_address_only_where_there_is_one():
    from scripts.bench.client import Door

    assert b"X-Forwarded-For: 10.0.0.9\r\n" in Door(1, forwarded="10.0.0.9").request()
    assert b"X-Forwarded-For" not in Door(1).request()
