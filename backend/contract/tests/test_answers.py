"""Answers that are filled from an object with attributes of the same names."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from contract.base import Answer, Named


@dataclass
class Place:
    id: UUID
    name: str
    secret: str = "where the bodies are"


@dataclass
class Thing:
    number: int
    place: Place | None
    kind: str = "thing"


class Shown(Answer):
    number: int
    place: Named | None
    kind: str
    note: str = "none"


PLACE = Place(uuid4(), "Elysium")


def test_fields_are_read_by_their_names_and_parts_with_them() -> None:
    shown = Shown.from_object(Thing(3, PLACE))
    assert shown == Shown(number=3, place=Named(id=PLACE.id, name="Elysium"), kind="thing")
    assert "secret" not in shown.model_dump(mode="json")["place"]


def test_named_values_go_first() -> None:
    assert Shown.from_object(Thing(3, PLACE), place=None, kind="roll").model_dump() == {
        "number": 3,
        "place": None,
        "kind": "roll",
        "note": "none",
    }


def test_what_is_missing_or_of_another_kind_is_an_error() -> None:
    with pytest.raises(ValidationError):
        Shown.from_object(PLACE, number=1, place=None)
    with pytest.raises(ValidationError):
        Shown.from_object(Thing("many", None))  # type: ignore[arg-type]
