"""Words that people typed: shown as typed, acting in no way, never too long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rodbot.core.text import clip, code, escape, join_lines, units

ANYTHING = st.text(max_size=400)


@given(ANYTHING, st.integers(1, 300))
def test_clipped_text_fits_as_clients_and_as_the_api_count(text: str, limit: int) -> None:
    short = clip(text, limit)
    assert units(short) <= limit
    assert len(short) <= limit
    assert short == text or short.endswith("…")


@given(ANYTHING, st.integers(1, 300))
def test_clipping_never_ends_in_half_an_escape(text: str, limit: int) -> None:
    head = clip(escape(text), limit).removesuffix("…")
    assert (len(head) - len(head.rstrip("\\"))) % 2 == 0


@given(ANYTHING)
def test_plain_text_is_one_line_that_is_never_empty(text: str) -> None:
    shown = escape(text)
    assert shown
    assert "\n" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "@everyone",
        "@here",
        "<@123456789012345678>",
        "<@&123456789012345678>",
        "<#123456789012345678>",
        "@ everyone",
    ],
)
def test_nobody_is_mentioned(text: str) -> None:
    shown = escape(text)
    assert "@e" not in shown
    assert "@h" not in shown
    assert not shown.startswith("<")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**bold**", r"\*\*bold\*\*"),
        ("||secret||", r"\|\|secret\|\|"),
        ("[free](http://evil)", "\\[free\\](http:\u200b//evil)"),
        ("a\n# b", "a # b"),
        ("Night Owl", "Night Owl"),
        ("D'Arcy-Łukasz", "D'Arcy-Łukasz"),
        ("   ", "—"),
        ("# Big News", r"\# Big News"),
        ("### Big News", r"\### Big News"),
        ("-# small", r"\-# small"),
        ("- item", r"\- item"),
        ("* item", r"\* item"),
        ("+ item", r"\+ item"),
        ("> quote", r"\> quote"),
        (">>> quote", r"\>>> quote"),
        ("1. first", r"1\. first"),
        ("23) later", r"23\) later"),
        ("#1 in town", "#1 in town"),
        ("-5", "-5"),
    ],
)
def test_play_38_markdown_shows_as_it_was_typed(text: str, shown: str) -> None:
    """Also what would begin a headline, a quote or a list, as a name may stand at the beginning of a line."""
    assert escape(text) == shown


@given(ANYTHING)
def test_code_cannot_be_left(text: str) -> None:
    assert code(text, 100).count("`") == 2


def test_joined_lines_say_how_many_were_left_out() -> None:
    assert join_lines(["a", "b", "c"], 100, 2) == "a\nb\n… and 1 more"
    assert join_lines(["x" * 50, "y" * 50], 80, 9) == "x" * 50 + "\n… and 1 more"
