"""Time zones are found as people type them; what is none is refused in words."""

import re
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError

from contract.zones import ZoneName, read_zone, zones


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        (" Berlin ", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("america/new york", "America/New_York"),
        ("utc", "UTC"),
        ("GMT", "GMT"),
        ("são paulo", "America/Sao_Paulo"),
        ("", ""),
    ],
)
def test_zones_are_read_as_people_type_them(typed: str, name: str) -> None:
    assert read_zone(typed) == name


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("Europe/Berln", "There’s no time zone called “Europe/Berln”. They are named after cities, such as "
         "Europe/Berlin. Did you mean Europe/Berlin?"),
        ("Mars/Olympus", "There’s no time zone called “Mars/Olympus”."),
        ("../../etc/passwd", "There’s no time zone called “../../etc/passwd”."),
        ("Louisville", "“Louisville” could be "),
        ("x\x00y", "There’s no time zone called"),
    ],
)  # fmt: skip
def test_what_is_no_zone_is_refused_in_words(typed: str, says: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(says)}"):
        read_zone(typed)


def test_a_field_of_the_contract_refuses_it_too() -> None:
    zone = TypeAdapter(ZoneName)
    assert zone.validate_python("berlin") == "Europe/Berlin"
    for wrong in ("Nowhere/Land", "x" * 200, 5):
        with pytest.raises(ValidationError):
            zone.validate_python(wrong)


def test_this_machine_knows_every_zone_of_the_list() -> None:
    for name in zones():
        assert ZoneInfo(name).key == name
