"""Every wrong field is named at once, in words."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import pytest
from pydantic import Field, ValidationError

from contract.base import Flag, Input, Note, Whole
from contract.chronicles import ChronicleChanges
from contract.errors import problems, sentence
from contract.luck import GetLuck
from contract.text import typed_fields, typed_with_empty


class Inner(Input):
    path: Annotated[str, Field(max_length=5)]


Named = Annotated[str, Field(json_schema_extra=sentence("The id or name of somebody."))]


class Example(Input):
    dice: Annotated[Whole, Field(ge=0, le=5)] | None = None
    hidden: Flag = False
    note: Note = ""
    id: UUID | None = None
    kind: Literal["x", "y"] = "x"
    changes: Annotated[list[Inner], Field(max_length=2)] = []
    pool: Annotated[int | str, Field(json_schema_extra=sentence("A pool is a number or traits."))] = 1
    picture: bytes = b""
    share: Decimal | None = None
    whose: Annotated[Named | None, Field(description="Nobody if left out")] = None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"dice": 6}, {"dice": ["Dice goes from 0 to 5."]}),
        ({"dice": "6"}, {"dice": ["Dice must be a whole number."]}),
        ({"hidden": 1}, {"hidden": ["Hidden must be yes or no."]}),
        ({"note": "x" * 301}, {"note": ["Note can have up to 300 characters."]}),
        ({"id": "x"}, {"id": ["Id must be an id."]}),
        ({"kind": "z"}, {"kind": ["Kind must be one of: x, y."]}),
        (
            {"changes": [{}, {"path": 5}]},
            {"changes.0.path": ["Path is missing."], "changes.1.path": ["Path must be text."]},
        ),
        ({"changes": [{"path": "a", "more": 1}]}, {"changes.0.more": ["There’s no field “more” here."]}),
        ({"changes": 5}, {"changes": ["Changes must be a list."]}),
        ({"picture": 7}, {"picture": ["Picture must be text."]}),
        ({"share": []}, {"share": ["Share isn’t in the right format."]}),
        ({"pool": []}, {"pool": ["A pool is a number or traits."]}),
        ({"whose": 5}, {"whose": ["The id or name of somebody."]}),
        (
            {"diec": 5, "hidden": "no"},
            {"diec": ["There’s no field “diec” here."], "hidden": ["Hidden must be yes or no."]},
        ),
        ({"x" * 5000: 1}, {"x" * 5000: [f"There’s no field “{'x' * 99}…” here."]}),
        ([], {"body": ["Body must be a JSON object."]}),
    ],
)
def test_names_every_wrong_field(body, expected):
    with pytest.raises(ValidationError) as caught:
        Example.model_validate(body)
    assert problems(Example, caught.value) == expected


def test_reads_a_form_in_which_everything_is_text():
    form = {"dice": "−0", "hidden": "yes", "note": "5", "pool": "3", "changes": [{"path": "7"}], "id": ""}
    read = Example.model_validate(typed_fields(Example, form))
    assert (read.dice, read.hidden, read.note, read.pool, read.id) == (0, True, "5", 3, None)
    assert read.changes[0].path == "7"


def test_text_that_is_no_number_is_refused_with_its_sentence():
    with pytest.raises(ValidationError) as caught:
        Example.model_validate(typed_fields(Example, {"dice": "many", "hidden": "perhaps"}))
    assert set(problems(Example, caught.value)) == {"dice", "hidden"}


def test_an_empty_field_is_kept_as_null_only_where_it_may_be_null():
    emptied = {"name": "", "edition": "", "archived": "yes"}
    assert typed_with_empty(ChronicleChanges, emptied) == {"name": "", "edition": None, "archived": True}


def test_nul_is_left_out_of_text():
    assert typed_fields(Example, {"note": "a\x00b"}) == {"note": "ab"}


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01"])
def test_a_moment_at_the_end_of_the_calendar_is_refused(moment: str) -> None:
    """Databases turn it into another time zone, in which it is no date any more."""
    with pytest.raises(ValidationError) as caught:
        GetLuck.model_validate({"since": moment})
    assert problems(GetLuck, caught.value) == {
        "since": ["A moment such as 2026-11-20T20:00:00Z is expected."]
    }
