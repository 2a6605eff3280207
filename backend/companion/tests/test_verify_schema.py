"""`manage.py verify_schema` prints the lines of S002, and says what is missing."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

LINES = """\
Tables created successfully!
Campaigns table exists: campaigns
Characters table exists: characters
Episodes table exists: episodes
Events table exists: events
Rosters table exists: rosters
LayoutOverrides table exists: layout_overrides
"""


@pytest.mark.req("S002-01", "S002-10")
@pytest.mark.django_db
def test_the_six_tables_are_confirmed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_schema")
    assert capsys.readouterr().out == LINES


@pytest.mark.django_db
def test_a_missing_table_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = connection.introspection.table_names()
    there = [name for name in tables if name != "rosters"]
    monkeypatch.setattr(connection.introspection, "table_names", lambda: there)
    with pytest.raises(CommandError, match=r"Missing: rosters\. Run python manage\.py migrate\."):
        call_command("verify_schema")
    assert capsys.readouterr().out == ""
