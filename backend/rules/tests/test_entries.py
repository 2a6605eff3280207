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
    one = sheet()
    one.add("merits", {"name": "Beautiful", "rating": 2})
    return one, one.ids("merits")[0]


def test_a_new_entry_has_its_start_values_and_is_one_change() -> None:
    one, key = with_beautiful()
    entry = {"name": "Beautiful", "rating": 2, "description": ""}
    assert one.document["merits"] == {key: entry}
    outcome = one.remove(f"merits.{key}")
    assert outcome.changes == {f"merits.{key}": [entry, None]}
    assert outcome.labels == {f"merits.{key}": "Merits: Beautiful"}
    assert one.document["merits"] == {}


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
    one, key = with_beautiful()
    outcome = one.set(f"merits.{key}.rating", 4)
    assert outcome.changes == {f"merits.{key}.rating": [2, 4]}
    assert outcome.labels == {f"merits.{key}.rating": "Beautiful: Dots"}


def test_several_parts_change_at_once() -> None:
    one, key = with_beautiful()
    outcome = one.set(f"merits.{key}", {"rating": 3, "description": "a\nb", "age": 20})
    assert outcome.changes == {
        f"merits.{key}.rating": [2, 3],
        f"merits.{key}.description": ["", "a\nb"],
        f"merits.{key}.age": [None, 20],
    }


def test_of_several_parts_one_wrong_one_stops_all() -> None:
    one, key = with_beautiful()
    error = one.refuses(of(f"merits.{key}", "set", {"rating": 3, "name": ""}))
    assert fields_of(error).keys() == {f"merits.{key}.name"}


def test_an_optional_part_can_be_taken_away() -> None:
    one, key = with_beautiful()
    one.set(f"merits.{key}.age", 20)
    assert one.set(f"merits.{key}.age", None).changes == {f"merits.{key}.age": [20, None]}


def test_a_part_can_be_adjusted_and_stops_at_its_end() -> None:
    one, key = with_beautiful()
    assert sentences(one.adjust(f"merits.{key}.rating", 5).notices) == ["Dots stops at 5; 2 ignored."]


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
    one, key = with_beautiful()
    path = path.format(key=key)
    assert fields_of(one.refuses(of(path, op, value))).popitem()[0].startswith(path.rstrip(".").split(".")[0])


def test_the_refusal_names_the_whole_path() -> None:
    one, key = with_beautiful()
    assert fields_of(one.refuses(of(f"merits.{key}.rating", "set", 9))).keys() == {f"merits.{key}.rating"}
    one.add("disciplines", {"name": "Auspex"})
    discipline = one.ids("disciplines")[0]
    one.add(f"disciplines.{discipline}.powers", {"name": "Scry"})
    path = f"disciplines.{discipline}.powers.{one.ids(f'disciplines.{discipline}.powers')[0]}.level"
    assert fields_of(one.refuses(of(path, "set", 0))).keys() == {path}


def test_a_list_has_an_end() -> None:
    one = sheet()
    for number in range(3):
        one.add("merits", {"name": f"Merit {number}"})
    assert "3 entries" in one.refuses(of("merits", "add", {"name": "One more"})).detail


def test_merits_may_come_twice_disciplines_not() -> None:
    one, _ = with_beautiful()
    one.add("merits", {"name": "Beautiful"})
    one.add("disciplines", {"name": "Auspex"})
    one.refuses(of("disciplines", "add", {"name": " AUSPEX "}))
    one.add("disciplines", {"name": "Potence"})
    second = one.ids("disciplines")[1]
    one.refuses(of(f"disciplines.{second}.name", "set", "auspex"))
    one.set(f"disciplines.{second}.name", "POTENCE")


def test_powers_stay_when_the_dots_fall() -> None:
    one = sheet()
    one.add("disciplines", {"name": "Auspex", "dots": 3})
    key = one.ids("disciplines")[0]
    one.add(f"disciplines.{key}.powers", {"name": "Scry", "level": 3})
    one.set(f"disciplines.{key}.dots", 0)
    assert [power["name"] for power in one.document["disciplines"][key]["powers"].values()] == ["Scry"]


def test_a_power_is_named_with_its_discipline() -> None:
    one = sheet()
    one.add("disciplines", {"name": "Auspex"})
    key = one.ids("disciplines")[0]
    outcome = one.add(f"disciplines.{key}.powers", {"name": "Scry"})
    assert list(outcome.labels.values()) == ["Auspex: Powers: Scry"]


def test_nested_lists_have_an_end_too() -> None:
    one = sheet()
    one.add("disciplines", {"name": "Auspex"})
    path = f"disciplines.{one.ids('disciplines')[0]}.powers"
    one.add(path, {"name": "A"})
    one.add(path, {"name": "B"})
    one.refuses(of(path, "add", {"name": "C"}))


# An undo puts entries back, so it has to look at the same limits.


def test_an_undone_removal_comes_back_in_its_place() -> None:
    one = sheet()
    for name in ("A", "B", "C"):
        one.add("merits", {"name": name})
    removal = one.remove(f"merits.{one.ids('merits')[0]}")
    one.undo(removal)
    assert [entry["name"] for entry in one.document["merits"].values()] == ["A", "B", "C"]


def test_an_undo_cannot_bring_a_twin() -> None:
    one = sheet()
    one.add("disciplines", {"name": "Auspex"})
    removal = one.remove(f"disciplines.{one.ids('disciplines')[0]}")
    one.add("disciplines", {"name": "auspex"})
    before = dict(one.document)
    with pytest.raises(Exception, match="already has"):
        one.undo(removal)
    assert one.document == before


def test_an_undo_cannot_overfill_a_list() -> None:
    one = sheet()
    for name in ("A", "B", "C"):
        one.add("merits", {"name": name})
    removal = one.remove(f"merits.{one.ids('merits')[0]}")
    one.add("merits", {"name": "D"})
    with pytest.raises(Exception, match="3 entries"):
        one.undo(removal)


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
    one, _ = with_beautiful()
    one.type("merits", text)
    assert {entry["name"]: entry["rating"] for entry in one.document["merits"].values()} == names


@pytest.mark.parametrize("text", ["- Stunning", "", " ", "Stunning 6", "x" * 30, "\ud800"])
def test_typed_nonsense_is_refused(text: str) -> None:
    one, _ = with_beautiful()
    one.refuses(of("merits", "text", text)).detail.encode("utf-8")


def test_typed_at_an_entry_it_changes_that_entry() -> None:
    one, key = with_beautiful()
    one.add("merits", {"name": "Stunning", "rating": 4})
    one.type(f"merits.{key}", "Famous Face 1")
    assert one.document["merits"][key] == {"name": "Famous Face", "rating": 1, "description": ""}
    one.type(f"merits.{key}", "Stunning")
    assert one.document["merits"][key]["rating"] == 1
    assert len(one.document["merits"]) == 2


def test_typed_at_a_part() -> None:
    one, key = with_beautiful()
    one.type(f"merits.{key}.rating", "+1")
    one.type(f"merits.{key}.description", "- not a removal")
    assert one.document["merits"][key] == {"name": "Beautiful", "rating": 3, "description": "- not a removal"}
    path = f"merits.{key}.rating"
    assert fields_of(one.refuses(of(path, "text", "many"))).keys() == {path}
    one.refuses(of(f"merits.{key}.unknown", "text", "1"))


def test_typed_at_a_nested_list_it_stays_in_there() -> None:
    one = sheet()
    one.add("disciplines", {"name": "Auspex"})
    key = one.ids("disciplines")[0]
    one.type(f"disciplines.{key}.powers", "Scry 3")
    one.type(f"disciplines.{key}.powers", "scry 4")
    assert len(one.document["disciplines"]) == 1
    assert [power["level"] for power in one.document["disciplines"][key]["powers"].values()] == [4]
    one.type(f"disciplines.{key}.powers", "- Scry")
    assert one.document["disciplines"][key]["powers"] == {}


def test_an_unknown_key_in_an_entry_survives_changes_around_it() -> None:
    one, key = with_beautiful()
    one.document["merits"][key]["homebrew"] = {"any": [1]}
    one.set(f"merits.{key}.rating", 5)
    assert one.document["merits"][key]["homebrew"] == {"any": [1]}


def test_in_words_by_age_whatever_order_the_database_gives() -> None:
    merits = sheet().traits["merits"]
    assert merits.text({}) == "none"
    assert merits.text({"b": {"name": "B", "rating": 0}, "a": {"name": "A", "rating": 2}}) == "A 2, B"
