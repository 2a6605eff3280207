"""Choices, flags, texts and colours."""

from typing import Any

import pytest

from rules.tests.kit import Sheet, of
from rules.traits import Choice, Colour, Flag, Text


def sheet() -> Sheet:
    return Sheet(
        name=Text(10, required=True),
        notes=Text(20, multiline=True),
        clan=Choice(("Brujah", "Banu Haqim"), max_length=20),
        status=Choice(("draft", "active"), free_text=False, first="active"),
        locked=Flag(),
        theme=Colour(),
    )


@pytest.mark.parametrize("path", ["name", "notes", "clan", "status", "theme"])
@pytest.mark.parametrize("value", [None, 3, True, ["a"], {"a": "b"}, 1.5], ids=repr)
def test_only_text_is_text(path: str, value: Any) -> None:
    sheet().refuses(of(path, "set", value))


def test_text_too_long_is_refused_not_cut() -> None:
    character = sheet()
    character.set("name", "x" * 10)
    assert "10 characters; this has 11" in character.refuses(of("name", "set", "x" * 11)).detail


def test_length_counts_after_cleaning() -> None:
    character = sheet()
    character.set("name", "  Night\x00    Owl \u202e")
    assert character.document["name"] == "Night Owl"


@pytest.mark.parametrize("value", ["", "   ", "\u200b", "\x00", "\n", "\u3164"])
def test_a_required_text_needs_something_to_see(value: str) -> None:
    sheet().refuses(of("name", "set", value))


def test_only_a_multiline_text_keeps_its_lines() -> None:
    character = sheet()
    character.do(of("name", "set", "a\nb"), of("notes", "set", "a\r\nb"))
    assert (character.document["name"], character.document["notes"]) == ("a b", "a\nb")


@pytest.mark.parametrize("path", ["name", "notes", "clan", "locked"])
def test_words_cannot_be_adjusted(path: str) -> None:
    sheet().refuses(of(path, "adjust", 1))


@pytest.mark.parametrize(
    ("value", "kept"),
    [("brujah", "Brujah"), ("BANU  HAQIM", "Banu Haqim"), ("Old Clan", "Old Clan"), ("", "")],
)
def test_a_free_choice_takes_what_is_listed_in_its_own_spelling_and_the_rest_as_it_is(
    value: str, kept: str
) -> None:
    character = sheet()
    character.set("clan", value)
    assert character.document["clan"] == kept


def test_a_free_choice_has_a_length_too() -> None:
    sheet().refuses(of("clan", "set", "x" * 21))


@pytest.mark.parametrize("value", ["", "retired"])
def test_a_closed_choice_names_what_there_is(value: str) -> None:
    assert "draft, active" in sheet().refuses(of("status", "set", value)).detail


def test_a_closed_choice_ignores_letter_case() -> None:
    character = sheet()
    character.set("status", "DRAFT")
    assert character.document["status"] == "draft"


@pytest.mark.parametrize("value", [1, 0, "yes", None, "true"], ids=repr)
def test_a_flag_is_true_or_false(value: Any) -> None:
    sheet().refuses(of("locked", "set", value))


@pytest.mark.parametrize(("text", "kept"), [("yes", True), ("ON", True), ("No", False), ("0", False)])
def test_a_typed_flag(text: str, kept: bool) -> None:
    character = sheet()
    character.set("locked", not kept)
    character.type("locked", text)
    assert character.document["locked"] is kept


def test_a_typed_flag_of_neither_kind_is_refused() -> None:
    sheet().refuses(of("locked", "text", "perhaps"))


@pytest.mark.parametrize("value", ["#fff", "red", "#12345g", "8c1c2b0", "", "#1234567"])
def test_a_colour_looks_like_one(value: str) -> None:
    sheet().refuses(of("theme", "set", value))


def test_a_colour_is_kept_in_small_letters() -> None:
    character = sheet()
    character.set("theme", " #ABCDEF ")
    assert character.document["theme"] == "#abcdef"


def test_typed_words() -> None:
    character = sheet()
    character.type("clan", " brujah ")
    character.type("notes", "3")
    assert (character.document["clan"], character.document["notes"]) == ("Brujah", "3")


def test_in_words() -> None:
    character = sheet()
    assert character.traits["locked"].text(True) == "yes"
    assert character.traits["clan"].text("") == "none"
