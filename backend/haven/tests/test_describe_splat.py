"""`manage.py describe_splat` shows every trait and where it shows up."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from haven.management.commands.describe_splat import BY_HAND
from haven.registry import SPLATS
from haven.schema import schema


def test_pages_that_nobody_could_check_are_listed() -> None:
    out = StringIO()
    call_command("describe_splat", "werewolf20th", stdout=out)
    last = out.getvalue().strip().splitlines()[-1]
    assert last.startswith("Page unverified: ")
    assert "Primal-Urge" in last
    out = StringIO()
    call_command("describe_splat", "vampire5th", stdout=out)
    assert "unverified" not in out.getvalue()


@pytest.mark.parametrize("splat", SPLATS)
def test_every_trait_field_and_entry_is_in_it(splat: str) -> None:
    out = StringIO()
    call_command("describe_splat", splat, stdout=out)
    lines = out.getvalue().splitlines()
    (described,) = [entry for entry in schema()["splats"] if entry["slug"] == splat]
    for trait in described["traits"]:
        (line,) = [line for line in lines if line.startswith(f"  {trait['slug']} (")]
        for word in (trait["kind"], trait["element"], trait["visibility"], trait["writer"], trait["page"]):
            assert word in line
        for field in trait["fields"]:
            (line,) = [line for line in lines if line.startswith(f"    {field['path']}: ")]
            if field["path"] not in BY_HAND:
                assert (f"option {field['name']} of" in line) == trait["tracker"]
            if field["type"] == "integer":
                assert f"{field['min']} to {field['max']}" in line


def test_a_splat_that_is_none() -> None:
    with pytest.raises(CommandError, match="vampire5th"):
        call_command("describe_splat", "mage")
