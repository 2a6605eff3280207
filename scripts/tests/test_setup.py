"""`.env`: made once with fresh secrets, completed without losing a value, readable by its owner alone."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import dotenv
from contract.dotenv import ConfigError
from scripts import setup
from scripts.common import ScriptError


@pytest.fixture
def file(tmp_path, monkeypatch):
    """The place of `.env`; the environment has an answer for none of its lines."""
    file = tmp_path / ".env"
    monkeypatch.setattr(setup, "env_file", lambda: file)
    for name in dotenv.read(setup.EXAMPLE).values:
        monkeypatch.delenv(name, raising=False)
    return file


def mode(file):
    return file.stat().st_mode & 0o777


@pytest.mark.req("S004-67", "S004-70", "S004-71")
def test_a_first_run_writes_fresh_secrets_for_the_owner_alone(file):
    values = setup.ensure(ask=None)
    assert len(values["SECRET_KEY"]) >= 50
    assert len(values["API_KEY"]) >= 32
    assert (values["ENV"], values["DB_ENGINE"]) == ("development", "sqlite3")
    assert mode(file) == 0o600


def test_two_installations_share_no_secret(file):
    first = setup.ensure(ask=None)
    file.unlink()
    second = setup.ensure(ask=None)
    assert not {first["SECRET_KEY"], first["API_KEY"]} & {second["SECRET_KEY"], second["API_KEY"]}


@pytest.mark.req("S004-70")
def test_a_second_run_changes_nothing(file):
    setup.ensure(ask=None)
    before = file.read_text()
    setup.ensure(ask=None)
    assert file.read_text() == before


@pytest.mark.req("S004-70", "S004-71")
def test_an_incomplete_file_is_completed_and_keeps_every_line(file):
    file.write_text("# mine\nDISCORD_BOT_TOKEN=abc\nSECRET_KEY=\nOTHER='two words'\nREDIS_PORT=6400\n")
    file.chmod(0o644)
    values = setup.ensure(ask=None)
    lines = file.read_text().splitlines()
    assert lines[:2] == ["# mine", "DISCORD_BOT_TOKEN=abc"]
    assert lines[3:5] == ["OTHER='two words'", "REDIS_PORT=6400"]
    assert len(values["SECRET_KEY"]) >= 50
    assert values["API_KEY"]
    assert mode(file) == 0o600


def test_a_complete_file_that_others_can_read_is_closed_to_them(file):
    setup.ensure(ask=None)
    file.chmod(0o644)
    setup.ensure(ask=None)
    assert mode(file) == 0o600


@pytest.mark.req("S004-70")
def test_the_environment_and_flags_answer_without_a_person(file, monkeypatch):
    monkeypatch.setenv("DISCORD_APP_ID", "42")
    monkeypatch.setenv("ENV", "/etc/profile")  # what that name means to some shells
    assert setup.main(["--yes", "--set", "REDIS_PORT=7000"]) == 0
    values = dotenv.read(file).values
    assert (values["DISCORD_APP_ID"], values["REDIS_PORT"], values["ENV"]) == ("42", "7000", "development")


@pytest.mark.req("S004-64", "S004-65", "S004-66", "S004-68", "S004-69")
def test_a_person_is_asked_for_the_database_only_where_it_is_needed(file):
    asked = []

    def ask(text, default):
        asked.append(text)
        return {"Environment": "production", "Database host": "db.example", "Discord bot": "token"}.get(
            next(
                (
                    start
                    for start in ("Environment", "Database host", "Discord bot")
                    if text.startswith(start)
                ),
                "",
            ),
            "",
        )

    values = setup.ensure(ask)
    assert (values["ENV"], values["DB_ENGINE"], values["DB_HOST"]) == ("production", "mysql", "db.example")
    assert values["DB_PORT"] == "3306"
    assert any("application id" in text for text in asked)
    assert any("Patreon" in text for text in asked)
    file.unlink()
    asked.clear()
    setup.ensure(lambda text, default: asked.append(text) or "")
    assert not any("Database" in text for text in asked)
    assert not any("application id" in text for text in asked)


def test_what_only_a_person_knows_is_asked_for_by_name(file):
    file.write_text("ENV=development\nDB_ENGINE=mysql\nDB_NAME=rod\n")
    with pytest.raises(ScriptError, match="lacks DB_HOST, DB_USER"):
        setup.ensure(ask=None)


@pytest.mark.parametrize("line", ["ENV=live", "REDIS_PORT=six"])
def test_nonsense_is_refused_and_left_as_it_is(file, line):
    file.write_text(line + "\n")
    with pytest.raises(ScriptError, match=line.split("=")[1]):
        setup.ensure(ask=None)
    assert file.read_text() == line + "\n"


def test_the_person_s_own_backend_file_is_the_one_completed(tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "BACKEND", tmp_path)
    (tmp_path / ".env").write_text("")
    assert setup.env_file() == tmp_path / ".env"


text = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" "), max_size=30
)


@given(text.map(str.strip))
def test_a_value_that_is_written_is_read_as_it_was(value):
    assert dotenv.parse(dotenv.merge("", {"DB_PASSWORD": value})).values == {"DB_PASSWORD": value}


@given(st.text(max_size=60))
def test_no_file_at_all_is_more_than_a_sentence(content):
    with contextlib.suppress(ConfigError):
        dotenv.parse(content)


def test_a_value_that_env_files_cannot_hold_is_refused():
    with pytest.raises(ConfigError, match="line break"):
        dotenv.merge("", {"DB_PASSWORD": "one\ntwo"})


def test_run_01_nothing_is_appended_to_a_file_that_begins_with_a_mark(file):
    setup.ensure(ask=None)
    complete = (
        file.read_bytes().replace(b"ENV=development", b"ENV=production") + b"ALLOWED_HOSTS=play.example\n"
    )
    before = b"\xef\xbb\xbf" + b"\n".join(line for line in complete.split(b"\n") if line[:1] != b"#")
    file.write_bytes(before)
    assert before.startswith(b"\xef\xbb\xbfENV=production")
    assert setup.ensure(ask=None)["ENV"] == "production"
    assert file.read_bytes() == before


def test_run_03_an_unsafe_choice_is_not_written(file):
    with pytest.raises(ScriptError, match="SECRET_KEY is too easy to guess"):
        setup.main(["--yes", "--set", "ENV=production", "--set", "SECRET_KEY=short"])
    assert not file.exists()


def test_run_04_utf_16_is_refused_with_its_path(file):
    file.write_bytes("ENV=production".encode("utf-16"))
    with pytest.raises(ScriptError, match="saved as UTF-16") as refused:
        setup.ensure(ask=None)
    assert str(file) in str(refused.value)
