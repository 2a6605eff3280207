"""Lists: merits and their like, and powers inside disciplines."""

from typing import Any

import pytest

from rules.tests.kit import Sheet, fields_of, of
from rules.traits import Dots, Entries, Number, Powers, Text
from testing.notices import sentences


def sheet() -> Sheet:
    return Sheet(
        merits=Entries(
            {
                "name": Text(20, required=True),
                "rating": Dots(0, 5, 1, label="Dots"),
                "description": Text(50, multiline=True),
                "age": Number(0, 99),
            },
            limit=3,
            rating="rating",
        ),
        disciplines=Powers(
            {
                "name": Text(20, required=True),
                "dots": Dots(0, 5, 1),
                "powers": Entries(
                    {"name": Text(20, required=True), "level": Dots(1, 5, 1)}, limit=2, rating="level"
                ),
            },
            limit=3,
        ),
    )


def with_beautiful() -> tuple[Sheet, str]:
    character = sheet()
    character.add("merits", {"name": "Beautiful", "rating": 2})
    return character, character.ids("merits")[0]


def test_a_new_entry_has_its_start_values_and_is_one_change() -> None:
    character, key = with_beautiful()
    entry = {"name": "Beautiful", "rating": 2, "description": ""}
    assert character.document["merits"] == {key: entry}
    outcome = character.remove(f"merits.{key}")
    assert outcome.changes == {f"merits.{key}": [entry, None]}
    assert outcome.labels == {f"merits.{key}": "Merits: Beautiful"}
    assert character.document["merits"] == {}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"rating": 2},
        {"name": ""},
        {"name": "\u200b"},
        {"name": None},
        {"name": 3},
        {"name": "x" * 21},
        {"name": "Beautiful", "rating": 6},
        {"name": "Beautiful", "rating": True},
        {"name": "Beautiful", "rating": None},
        {"name": "Beautiful", "unknown": 1},
        {"name": "Beautiful", "powers": {}},
        "Beautiful",
        None,
        ["Beautiful"],
        7,
    ],
    ids=repr,
)
def test_what_makes_no_entry_is_refused(value: Any) -> None:
    assert fields_of(sheet().refuses(of("merits", "add", value))).keys() == {"merits"}


def test_one_part_changes_alone() -> None:
    character, key = with_beautiful()
    outcome = character.set(f"merits.{key}.rating", 4)
    assert outcome.changes == {f"merits.{key}.rating": [2, 4]}
    assert outcome.labels == {f"merits.{key}.rating": "Beautiful: Dots"}


def test_several_parts_change_at_once() -> None:
    character, key = with_beautiful()
    outcome = character.set(f"merits.{key}", {"rating": 3, "description": "a\nb", "age": 20})
    assert outcome.changes == {
        f"merits.{key}.rating": [2, 3],
        f"merits.{key}.description": ["", "a\nb"],
        f"merits.{key}.age": [None, 20],
    }


def test_of_several_parts_one_wrong_one_stops_all() -> None:
    character, key = with_beautiful()
    error = character.refuses(of(f"merits.{key}", "set", {"rating": 3, "name": ""}))
    assert fields_of(error).keys() == {f"merits.{key}.name"}


def test_an_optional_part_can_be_taken_away() -> None:
    character, key = with_beautiful()
    character.set(f"merits.{key}.age", 20)
    assert character.set(f"merits.{key}.age", None).changes == {f"merits.{key}.age": [20, None]}


def test_a_part_can_be_adjusted_and_stops_at_its_end() -> None:
    character, key = with_beautiful()
    assert sentences(character.adjust(f"merits.{key}.rating", 5).notices) == ["Dots stops at 5; 2 ignored."]


@pytest.mark.parametrize(
    ("path", "op", "value"),
    [
        ("merits.gone", "remove", None),
        ("merits.gone.rating", "set", 1),
        ("merits.{key}.unknown", "set", 1),
        ("merits.{key}.rating.deep", "set", 1),
        ("merits.{key}", "add", {"name": "x"}),
        ("merits.{key}", "adjust", 1),
        ("merits.{key}", "set", "Beautiful"),
        ("merits.{key}", "set", {"unknown": 1}),
        ("merits.{key}.name", "remove", None),
        ("merits", "set", {}),
        ("merits", "remove", None),
        ("merits", "adjust", 1),
        ("merits.", "remove", None),
        ("disciplines.{key}.powers", "add", {"name": "x"}),
    ],
)
def test_paths_and_ops_that_lead_nowhere(path: str, op: str, value: Any) -> None:
    character, key = with_beautiful()
    path = path.format(key=key)
    assert (
        fields_of(character.refuses(of(path, op, value)))
        .popitem()[0]
        .startswith(path.rstrip(".").split(".")[0])
    )


def test_the_refusal_names_the_whole_path() -> None:
    character, key = with_beautiful()
    assert fields_of(character.refuses(of(f"merits.{key}.rating", "set", 9))).keys() == {
        f"merits.{key}.rating"
    }
    character.add("disciplines", {"name": "Auspex"})
    discipline = character.ids("disciplines")[0]
    character.add(f"disciplines.{discipline}.powers", {"name": "Scry"})
    path = f"disciplines.{discipline}.powers.{character.ids(f'disciplines.{discipline}.powers')[0]}.level"
    assert fields_of(character.refuses(of(path, "set", 0))).keys() == {path}


def test_a_list_has_an_end() -> None:
    character = sheet()
    for number in range(3):
        character.add("merits", {"name": f"Merit {number}"})
    assert "3 entries" in character.refuses(of("merits", "add", {"name": "One more"})).detail


def test_merits_may_come_twice_disciplines_not() -> None:
    character, _ = with_beautiful()
    character.add("merits", {"name": "Beautiful"})
    character.add("disciplines", {"name": "Auspex"})
    character.refuses(of("disciplines", "add", {"name": " AUSPEX "}))
    character.add("disciplines", {"name": "Potence"})
    second = character.ids("disciplines")[1]
    character.refuses(of(f"disciplines.{second}.name", "set", "auspex"))
    character.set(f"disciplines.{second}.name", "POTENCE")


def test_powers_stay_when_the_dots_fall() -> None:
    character = sheet()
    character.add("disciplines", {"name": "Auspex", "dots": 3})
    key = character.ids("disciplines")[0]
    character.add(f"disciplines.{key}.powers", {"name": "Scry", "level": 3})
    character.set(f"disciplines.{key}.dots", 0)
    assert [power["name"] for power in character.document["disciplines"][key]["powers"].values()] == ["Scry"]


def test_a_power_is_named_with_its_discipline() -> None:
    character = sheet()
    character.add("disciplines", {"name": "Auspex"})
    key = character.ids("disciplines")[0]
    outcome = character.add(f"disciplines.{key}.powers", {"name": "Scry"})
    assert list(outcome.labels.values()) == ["Auspex: Powers: Scry"]


def test_nested_lists_have_an_end_too() -> None:
    character = sheet()
    character.add("disciplines", {"name": "Auspex"})
    path = f"disciplines.{character.ids('disciplines')[0]}.powers"
    character.add(path, {"name": "A"})
    character.add(path, {"name": "B"})
    character.refuses(of(path, "add", {"name": "C"}))


# An undo puts entries back, so it has to look at the same limits.


def test_an_undone_removal_comes_back_in_its_place() -> None:
    character = sheet()
    for name in ("A", "B", "C"):
        character.add("merits", {"name": name})
    removal = character.remove(f"merits.{character.ids('merits')[0]}")
    character.undo(removal)
    assert [entry["name"] for entry in character.document["merits"].values()] == ["A", "B", "C"]


def test_an_undo_cannot_bring_a_twin() -> None:
    character = sheet()
    character.add("disciplines", {"name": "Auspex"})
    removal = character.remove(f"disciplines.{character.ids('disciplines')[0]}")
    character.add("disciplines", {"name": "auspex"})
    before = dict(character.document)
    with pytest.raises(Exception, match="already has"):
        character.undo(removal)
    assert character.document == before


def test_an_undo_cannot_overfill_a_list() -> None:
    character = sheet()
    for name in ("A", "B", "C"):
        character.add("merits", {"name": name})
    removal = character.remove(f"merits.{character.ids('merits')[0]}")
    character.add("merits", {"name": "D"})
    with pytest.raises(Exception, match="3 entries"):
        character.undo(removal)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Stunning 4", {"Beautiful": 2, "Stunning": 4}),
        ("Stunning", {"Beautiful": 2, "Stunning": 1}),
        ("  Up All   Night 2 ", {"Beautiful": 2, "Up All Night": 2}),
        ("beautiful 4", {"Beautiful": 4}),
        ("- beautiful", {}),
        ("-Beautiful", {}),
        ("remove BEAUTIFUL", {}),
        ("7", {"Beautiful": 2, "7": 1}),
    ],
)
def test_typed_entries(text: str, names: dict[str, int]) -> None:
    character, _ = with_beautiful()
    character.type("merits", text)
    assert {entry["name"]: entry["rating"] for entry in character.document["merits"].values()} == names


@pytest.mark.parametrize("text", ["- Stunning", "", " ", "Stunning 6", "x" * 30, "\ud800"])
def test_typed_nonsense_is_refused(text: str) -> None:
    character, _ = with_beautiful()
    character.refuses(of("merits", "text", text)).detail.encode("utf-8")


def test_typed_at_an_entry_it_changes_that_entry() -> None:
    character, key = with_beautiful()
    character.add("merits", {"name": "Stunning", "rating": 4})
    character.type(f"merits.{key}", "Famous Face 1")
    assert character.document["merits"][key] == {"name": "Famous Face", "rating": 1, "description": ""}
    character.type(f"merits.{key}", "Stunning")
    assert character.document["merits"][key]["rating"] == 1
    assert len(character.document["merits"]) == 2


def test_typed_at_a_part() -> None:
    character, key = with_beautiful()
    character.type(f"merits.{key}.rating", "+1")
    character.type(f"merits.{key}.description", "- not a removal")
    assert character.document["merits"][key] == {
        "name": "Beautiful",
        "rating": 3,
        "description": "- not a removal",
    }
    path = f"merits.{key}.rating"
    assert fields_of(character.refuses(of(path, "text", "many"))).keys() == {path}
    character.refuses(of(f"merits.{key}.unknown", "text", "1"))


def test_typed_at_a_nested_list_it_stays_in_there() -> None:
    character = sheet()
    character.add("disciplines", {"name": "Auspex"})
    key = character.ids("disciplines")[0]
    character.type(f"disciplines.{key}.powers", "Scry 3")
    character.type(f"disciplines.{key}.powers", "scry 4")
    assert len(character.document["disciplines"]) == 1
    assert [power["level"] for power in character.document["disciplines"][key]["powers"].values()] == [4]
    character.type(f"disciplines.{key}.powers", "- Scry")
    assert character.document["disciplines"][key]["powers"] == {}


def test_an_unknown_key_in_an_entry_survives_changes_around_it() -> None:
    character, key = with_beautiful()
    character.document["merits"][key]["homebrew"] = {"any": [1]}
    character.set(f"merits.{key}.rating", 5)
    assert character.document["merits"][key]["homebrew"] == {"any": [1]}


def test_in_words_by_age_whatever_order_the_database_gives() -> None:
    merits = sheet().traits["merits"]
    assert merits.text({}) == "none"
    assert merits.text({"b": {"name": "B", "rating": 0}, "a": {"name": "A", "rating": 2}}) == "A 2, B"
