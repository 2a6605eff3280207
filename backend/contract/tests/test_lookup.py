"""Finding what was meant by a name, as every option of every command does it."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from contract.base import one_of
from contract.lookup import did_you_mean, fitting, fold, key, matches, nearest, quoted, rank

SAME = [
    ("D’Arcy", "D'Arcy"),
    ("D’Arcy", "d`arcy"),
    ("Zoë", "zoe"),
    ("Anne–Marie", "Anne-Marie"),
    ("Anne−Marie", "anne marie"),
    ("Éloïse", "eloise"),
    ("İlkay", "ilkay"),
    ("Ilkay", "ılkay"),
    ("Łukasz", "lukasz"),
    ("Straße", "STRASSE"),
    ("Søren", "soren"),
    ("Ｏｗｌ", "owl"),
    ("Ægir", "aegir"),
    ("Ёлка", "елка"),
    ("Kaʻiulani", "Ka'iulani"),
    ("Haʿrun", "harun"),
    ("שָׁלוֹם", "שלום"),
    ("מלאך־אור", "מלאך אור"),
    ("مُحَمَّد", "محمد"),
    ("محـــمد", "محمد"),
    ("Owl\u200b", "owl"),
    ("\u200fOwl\u200e", "owl"),
    ("Night\u00adfall", "nightfall"),
    ("❤\ufe0f", "❤"),
    ("👨\u200d👩\u200d👧", "👨👩👧"),
    ("e\u0301\u0302\u0303va", "eva"),
]


@pytest.mark.parametrize(("name", "other"), SAME)
def test_play_10_marks_apostrophes_and_dashes_make_no_other_name(name: str, other: str) -> None:
    assert key(name) == key(other)
    assert rank(other, name) is not None


@pytest.mark.parametrize(
    ("name", "other"),
    [("Owl", "Owls"), ("Punch 👊", "Punch 🦶"), ("が", "か"), ("कि", "कु"), ("☠", "☢"), ("Anna", "Hanna")],
)
def test_other_names_stay_others(name: str, other: str) -> None:
    assert key(name) != key(other)


NAMES = {
    "owl": ("night_owl", "Night Owl"),
    "ken": ("animal_ken", "Animal Ken"),
    "animalism": ("animalism", "Animalism"),
    "darcy": ("d1", "D’Arcy"),
    "punch": ("m1", "Punch 👊"),
    "stealth": ("stealth", "Stealth"),
    "streetwise": ("streetwise", "Streetwise"),
    "hunger": ("max_hunger", "Highest Hunger"),
}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Night Owl", ["owl"]),
        ("night owl", ["owl"]),
        ("owl", ["owl"]),
        ("nightowl", ["owl"]),
        ("animalken", ["ken"]),
        ("an ken", ["ken"]),
        ("animal", ["ken", "animalism"]),
        ("d'a", ["darcy"]),
        ("darcy", ["darcy"]),
        ("punch", ["punch"]),
        ("PUNCH 👊", ["punch"]),
        ("👊", ["punch"]),
        ("👊\ufe0f", ["punch"]),
        ("o\u200bwl", ["owl"]),
        ("highest hunger", ["hunger"]),
        ("max_hunger", ["hunger"]),
        ("st", ["stealth", "streetwise"]),
        ("", []),
        ("   ", []),
        ("nothing", []),
    ],
)
def test_play_09_names_are_found_as_people_type_them(typed: str, found: list[str]) -> None:
    assert matches(typed, NAMES) == found


def test_the_exact_spelling_goes_before_one_without_its_marks() -> None:
    both = {"one": ("Zoe",), "other": ("Zoë",)}
    assert matches("zoë", both) == ["other"]
    assert matches("zoe", both) == ["one"]


def test_a_slug_goes_before_a_label_and_whole_names_before_beginnings() -> None:
    assert matches("rage", {"a": ("rage_pool", "Rage"), "b": ("rage", "Fury")}) == ["b"]
    assert matches("owl", {"a": ("Owlbear",), "b": ("Owl",)}) == ["b"]
    assert matches("owl", {"a": ("Owlbear",)}, whole=True) == []


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("strenth", " Did you mean Strength?"), ("brwal", " Did you mean Brawl?"), ("xyzzy", ""), ("", "")],
)
def test_play_11_what_is_nearly_right_is_suggested(typed: str, hint: str) -> None:
    assert did_you_mean(typed, ["Strength", "Brawl", "Occult"]) == hint


def test_at_most_three_are_suggested_and_the_nearest_comes_first() -> None:
    assert nearest("anna", ["Anne", "Hanna", "Annas", "Ann", "Zoe"])[0] in ("Annas", "Ann", "Hanna")
    assert len(nearest("anna", ["Anne", "Hanna", "Annas", "Ann", "Zoe"])) == 3


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("strn", ["Strength"]),
        ("st", ["Strength", "Streetwise", "Night Stalker", "Last Supper"]),
        ("stalk", ["Night Stalker"]),
        ("upper", ["Last Supper"]),
        ("stregnth", ["Strength"]),
        ("qqq", []),
        ("", ["Strength", "Streetwise", "Night Stalker", "Last Supper"]),
    ],
)
def test_play_11_completion_shows_the_likeliest_first(typed: str, shown: list[str]) -> None:
    assert fitting(typed, ["Strength", "Streetwise", "Night Stalker", "Last Supper"], str) == shown


@given(st.text(max_size=30))
def test_every_name_finds_itself_and_its_key_is_stable(name: str) -> None:
    assert key(key(name)) == key(name)
    if fold(name):
        assert matches(name, {"it": (name,)}) == ["it"]
        assert matches(key(name), {"it": (name,)}) == ["it"]
        assert fitting(name, [name], str) == [name]


def test_what_is_too_long_for_a_name_is_quoted_in_part():
    class Chosen(BaseModel):
        kind: Annotated[str, one_of({"rite": "Rite", "gift": "Gift"})]

    with pytest.raises(ValidationError) as caught:
        Chosen(kind="rit" * 5000)
    assert len(caught.value.errors()[0]["msg"]) < 250
    assert quoted("x" * 100) == f"“{'x' * 100}”"
    assert quoted("x" * 101) == f"“{'x' * 99}…”"
