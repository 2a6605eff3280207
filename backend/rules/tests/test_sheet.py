"""A change of a whole sheet: order, refusals, folding, putting back."""

import copy
from typing import Any

import pytest

from rules.errors import Invalid
from rules.tests.kit import Sheet, fields_of, of
from rules.traits import Dots, Entries, Number, Text, fold


def sheet() -> Sheet:
    return Sheet(
        strength=Dots(1, 5, 1),
        wits=Dots(1, 5, 1),
        generation=Number(1, 16),
        merits=Entries({"name": Text(20, required=True)}),
    )


def test_one_command_may_do_many_things() -> None:
    outcome = sheet().do(of("wits", "set", 2), of("strength", "adjust", 1), of("strength", "adjust", 1))
    assert outcome.changes == {"strength": [1, 3], "wits": [1, 2]}


def test_a_refusal_names_every_wrong_path_and_does_nothing() -> None:
    error = sheet().refuses(
        of("strength", "set", 9), of("wits", "set", 2), of("unknown", "set", 1), of("wits", "x")
    )
    assert fields_of(error).keys() == {"strength", "unknown", "wits"}
    assert all(change in error.detail for many in fields_of(error).values() for change in many)


def test_a_refusal_of_many_things_stays_readable() -> None:
    error = sheet().refuses(*(of(f"unknown{number}", "set", 1) for number in range(200)))
    assert len(fields_of(error)) == 200
    assert len(error.detail) < 300
    assert error.detail.endswith("(And 195 more.)")


@pytest.mark.parametrize(
    "path", ["", ".", "..", "unknown", "strength..x", "a" * 500, "\ud800", "merits.\ud800", "__class__"]
)
@pytest.mark.parametrize("op", ["set", "adjust", "add", "remove", "text", "\ud800", "x" * 500])
def test_any_path_and_op_is_answered_with_a_short_printable_sentence(path: str, op: str) -> None:
    error = sheet().refuses(of(path, op, "x"))
    assert len(error.detail) < 200
    error.detail.encode("utf-8")


def test_what_stays_as_it_was_is_no_change() -> None:
    assert sheet().do(
        of("strength", "set", 1), of("merits", "text", "A"), of("wits", "adjust", 0)
    ).changes.keys() == {"merits.0000000000000001"}
    assert sheet().do().changes == {}


def test_back_and_forth_in_one_command_is_no_change() -> None:
    assert sheet().do(of("strength", "adjust", 1), of("strength", "adjust", -1)).changes == {}


@pytest.mark.parametrize(
    ("document", "fields", "after"),
    [
        ({}, {"a": 1}, {"a": 1}),
        ({"a": 1}, {"a": None}, {}),
        ({}, {"a": None}, {}),
        ({"a": {"b": 1}}, {"a.b": 2, "a.c": 3}, {"a": {"b": 2, "c": 3}}),
        ({}, {"a.b.c": 1}, {"a": {"b": {"c": 1}}}),
        ({"a": {"x": {}}}, {"a.x": None}, {"a": {}}),
    ],
)
def test_folding(document: dict[str, Any], fields: dict[str, Any], after: dict[str, Any]) -> None:
    assert fold(document, fields) == after


def test_folding_never_changes_the_event_it_reads() -> None:
    first = {"merits": {"a": {"name": "A"}}}
    kept = copy.deepcopy(first)
    fold(fold({}, first), {"merits.a.name": "B", "merits.b": {"name": "C"}})
    assert first == kept


def test_putting_back_never_changes_the_event_it_reads() -> None:
    character = sheet()
    character.add("merits", {"name": "A"})
    key = character.ids("merits")[0]
    removal = character.remove(f"merits.{key}")
    kept = copy.deepcopy(removal.changes)
    character.undo(removal)
    character.document["merits"][key]["name"] = "B"
    assert removal.changes == kept


def test_putting_back_leaves_alone_what_others_did_meanwhile() -> None:
    character = sheet()
    outcome = character.set("strength", 3)
    character.set("wits", 4)
    character.undo(outcome)
    assert (character.document["strength"], character.document["wits"]) == (1, 4)


def test_a_trait_is_read_only_on_an_instance() -> None:
    class Thing:
        strength = Dots(1, 5, 1)

        def document(self) -> dict[str, int]:
            return {"strength": 3}

    assert Thing().strength == 3
    assert Thing.strength.slug == "strength"
    with pytest.raises(AttributeError, match="read-only"):
        Thing().strength = 4


def test_errors_as_json() -> None:
    assert Invalid.field("hunger", "Too much.").as_json() == {
        "code": "invalid",
        "detail": "Too much.",
        "fields": {"hunger": ["Too much."]},
    }
