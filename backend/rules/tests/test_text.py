"""Text from outside: what is dropped, what stays, what counts as a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import clean, clean_lines, has_ink, lines, one_line

HOSTILE = {
    "null": "Night\x00Owl",
    "bell": "Night\x07Owl",
    "C1 control": "Night\x9fOwl",
    "delete": "Night\x7fOwl",
    "right-to-left override": "Night\u202eOwl",
    "no character": "Night\ufffeOwl",
    "isolate": "Night\u2067Owl",
    "lone surrogate": "Night\ud800Owl",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_nobody_sees_is_dropped(text: str) -> None:
    assert one_line(text) == "NightOwl"
    assert lines(text) == "NightOwl"


@pytest.mark.parametrize(
    ("text", "line", "paragraphs"),
    [
        ("  two   words ", "two words", "two   words"),
        ("one\ntwo", "one two", "one\ntwo"),
        ("one\r\ntwo\rthree", "one two three", "one\ntwo\nthree"),
        ("one\u2028two\x85three", "one two three", "one\ntwo\nthree"),
        ("a\tb", "a b", "a\tb"),
        ("cafe\u0301", "café", "café"),
        ("👩‍👩‍👧", "👩‍👩‍👧", "👩‍👩‍👧"),  # joiners are part of it
        ("שלום", "שלום", "שלום"),
    ],
)
def test_lines_and_blanks(text: str, line: str, paragraphs: str) -> None:
    assert one_line(text) == line
    assert lines(text) == paragraphs


@pytest.mark.parametrize(
    "text", ["", "\u200b", "\u2060\ufeff", "\u00ad", "\u3164", "\u2800", "\u0301", " \u00a0 "]
)
def test_a_name_that_nobody_sees_is_none(text: str) -> None:
    assert not has_ink(text)


@pytest.mark.parametrize("text", ["a", "ب", "🦉", "-", "e\u0301", "漢"])
def test_any_visible_sign_is_ink(text: str) -> None:
    assert has_ink(text)


def test_clipping_never_leaves_a_blank_at_the_end() -> None:
    assert clean("night owl", 6) == "night"
    assert clean_lines("night\nowl", 6) == "night"
    assert clean(None, 5) == clean_lines(None, 5) == ""


@given(st.text(st.characters(), max_size=60))
def test_cleaning_is_done_once_and_can_always_be_stored(text: str) -> None:
    for tidy in (one_line, lines):
        cleaned = tidy(text)
        assert tidy(cleaned) == cleaned
        cleaned.encode("utf-8")
