"""What docs/RESET.md must tell somebody who is about to reset progress."""

from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[3] / "docs" / "RESET.md"


@pytest.fixture(scope="module")
def guide() -> str:
    return GUIDE.read_text().partition("## Reset progress")[2]


def lacking(guide: str, *words: str) -> list[str]:
    return [word for word in words if word not in guide]


@pytest.mark.req("S001-57")
def test_it_shows_how_to_back_up_first_on_every_engine(guide: str) -> None:
    assert (
        lacking(guide, "Back up first", "scripts/backup.sh", "pg_dump", "mysqldump", "cp backend/db.sqlite3")
        == []
    )


@pytest.mark.req("S001-58", "S001-59")
def test_it_advises_a_staging_database_and_a_word_to_players_first(guide: str) -> None:
    before = guide.partition("### Do it")[0]
    assert lacking(before, "staging database first", "Tell your players first", "RESET_NOTICE_CHANNEL") == []


@pytest.mark.req("S001-60")
def test_it_lists_where_to_look_when_it_fails(guide: str) -> None:
    trouble = guide.partition("### Where to look if it did not")[2]
    assert lacking(trouble, ".env", "DATABASE_URL", "set_role NAME admin", "in the log") == []
