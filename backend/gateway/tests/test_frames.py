"""Garbage, too much, too fast, silence: answered, bounded, and in the end closed."""

import json
import time

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.client_frames import CLIENT_FRAMES, by_type
from contract.frames import FromServer
from gateway.frames import parse, snapshot_parts, with_presence
from gateway.tests.kit import FROM_CLIENT, Table
from rules.errors import Invalid

pytestmark = pytest.mark.django_db(transaction=True)

GARBAGE = ["", "{", "[]", "null", "7", '"x"', "{}", '{"type": 7}', '{"type": "x"}', '{"type": "subscribe"}']
GARBAGE += ['{"type": "subscribe", "stream": ""}', '{"type": "subscribe", "stream": "a", "since": -1}']
GARBAGE += [
    '{"type": "subscribe", "stream": "a", "since": true}',
    '{"type": "open", "id": ["x"]}',
    "[" * 5000,
]
GARBAGE += ['{"type": "presence", "status": "dead"}', '{"type": "heartbeat", "ref": {}}', '{"a": "\ud800"}']
GARBAGE += [json.dumps({"type": "feed", "since": {"x": "1"}}), json.dumps({"type": "open", "id": "x" * 201})]


@pytest.mark.parametrize("text", GARBAGE)
def test_garbage_is_refused(text):
    with pytest.raises(Invalid) as refused:
        parse(text)
    assert refused.value.code in ("bad_frame", "unknown_type")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
KINDS = st.sampled_from(["heartbeat", "subscribe", "unsubscribe", "open", "close", "presence", "feed", "x"])


@given(st.dictionaries(st.sampled_from(["stream", "since", "id", "status", "ref"]), JSON), KINDS)
def test_what_is_read_fits_the_schema(body, kind):
    """Whatever comes: refused, or a frame as the schema has it. Never another error."""
    try:
        frame = parse(json.dumps(body | {"type": kind}))
    except Invalid:
        return
    FROM_CLIENT.validate(frame.model_dump(exclude_none=True))


def test_a_bad_frame_is_answered_and_a_few_end_the_socket(join):
    viewer = join("mira")
    viewer.raw('{"type": "subscribe", "ref": "mine"}')
    error = viewer.wait("error")
    assert error["code"] == "bad_frame"
    assert error["ref"] == "mine"
    for text in ("{", '{"type": "x"}', b"\x00\x01"):
        viewer.raw(text)
        assert viewer.wait("error")["detail"]
    viewer.send(type="heartbeat")
    viewer.wait("heartbeat")
    viewer.raw("[]")
    assert viewer.close_code() == 4008


def test_a_refused_stream_is_no_bad_frame(join):
    viewer = join("mira")
    for number in range(10):
        viewer.send(type="subscribe", stream="chronicle:x", ref=number)
        assert viewer.wait("error")["ref"] == number
    viewer.send(type="heartbeat")
    viewer.wait("heartbeat")


def test_too_large_a_frame_ends_the_socket(join):
    viewer = join("mira")
    viewer.raw(json.dumps({"type": "heartbeat", "padding": "x" * 15_000}))
    viewer.wait("heartbeat")
    viewer.raw(json.dumps({"type": "heartbeat", "padding": "x" * 17_000}))
    assert viewer.close_code() == 1009


def test_too_many_frames_are_refused_and_end_the_socket(join, settings):
    settings.GATEWAY |= {"rate_frames": 10, "rate_seconds": 60}
    viewer = join("mira")
    for _ in range(10):
        viewer.send(type="heartbeat")
    for _ in range(5):
        viewer.send(type="heartbeat")
    assert viewer.close_code() == 4008
    kinds = [frame["type"] for frame in viewer.frames]
    assert kinds.count("heartbeat") == 10
    assert [frame["code"] for frame in viewer.frames if frame["type"] == "error"] == ["too_fast"] * 5


def test_the_rate_is_forgiven_after_a_while(join, settings):
    settings.GATEWAY |= {"rate_frames": 3, "rate_seconds": 0.3}
    viewer = join("mira")
    for _ in range(3):
        time.sleep(0.35)
        for _ in range(3):
            viewer.send(type="heartbeat")
            viewer.wait("heartbeat")


def test_silence_ends_the_socket_and_heartbeats_keep_it(join, settings):
    settings.GATEWAY["heartbeat_interval"] = 0.8
    silent, alive = join("mira"), join("jonas")
    assert alive.frames[0]["heartbeat_interval"] == 800
    for _ in range(8):
        alive.send(type="heartbeat")
        alive.wait("heartbeat")
        time.sleep(0.2)
    assert silent.close_code() == 4009
    alive.send(type="heartbeat")
    alive.wait("heartbeat")


def test_one_socket_has_so_many_streams_and_sheets(join, settings, table: Table, world):
    settings.GATEWAY |= {"max_subscriptions": 2, "max_sheets": 1}
    owl, fox = table.create("mira", "Night Owl"), table.create("mira", "Grey Fox")
    viewer = join("mira")
    viewer.subscribe(table.stream)
    viewer.subscribe(f"server:{world.server.id}")
    assert viewer.subscribe(f"user:{world.mira.id}")["code"] == "too_many_subscriptions"
    viewer.send(type="open", id=owl)
    viewer.wait("sheet")
    viewer.send(type="open", id=fox)
    assert viewer.wait("error")["code"] == "too_many_sheets"


def test_the_feed_is_for_the_discord_process_alone(join):
    viewer = join("mira")
    viewer.send(type="feed")
    assert viewer.wait("error")["code"] == "not_allowed"


def test_the_schema_names_every_frame_that_is_documented():
    from pathlib import Path

    text = (Path(__file__).parents[3] / "docs" / "GATEWAY.md").read_text()
    for name in (*by_type(FromServer), *CLIENT_FRAMES):
        assert f"`{name}`" in text, name


@pytest.mark.parametrize("count", [1, 3])
def test_a_snapshot_is_cut_between_characters(count):
    characters = [{"id": number, "text": "x" * 100} for number in range(count)]
    parts = [
        json.loads(part.text) for part in snapshot_parts("user:1", 5, map(orjson.dumps, characters), 150)
    ]
    assert [part["part"] for part in parts] == list(range(1, count + 1))
    assert [character for part in parts for character in part["characters"]] == characters


def test_an_empty_snapshot_has_one_part():
    (part,) = snapshot_parts("user:1", 0, [], 150, ref=3)
    whole = json.loads(with_presence(part, {"a": "online"}).text)
    assert whole["characters"] == []
    assert whole["ref"] == 3
    assert whole["presence"] == {"a": "online"}


@pytest.mark.parametrize(
    ("frame", "sentences"),
    [
        (
            {"type": "subscribe", "since": "5"},
            "Stream is missing. Since is the seq of an event: a whole number.",
        ),
        ({"type": "presence", "status": "dead"}, "Status must be one of: online, away."),
        ({"type": "heartbeat", "ref": -1}, "A ref is a text of at most 64 characters, or a number."),
        (
            {"type": "feed", "shards": "3-1/2"},
            "Shards are the first, the last and how many there are: 0-3/8.",
        ),
        ({"type": "feed", "since": {"x": "1"}}, "An object is expected here: the name of a stream → a seq."),
    ],
)
def test_every_wrong_field_is_named_in_a_sentence(frame, sentences):
    with pytest.raises(Invalid) as refused:
        parse(json.dumps(frame))
    assert refused.value.detail == sentences
