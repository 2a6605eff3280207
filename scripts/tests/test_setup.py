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
    for name in (*dotenv.read(setup.EXAMPLE).values, *setup.OF_PRODUCTION):
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


TOKEN = "MTA5ODc2NTQzMjEwOTg3NjU0.GxYz12.abcdefghijklmnopqrstuvwxyz0123456789AB"
ANSWERS = {
    "Environment": "production",
    "Public host": "play.example",
    "Database host": "db.example",
    "Discord bot": TOKEN,
    "Discord application id": "109876543210987654",
    "Discord application secret": "s3cret_s3cret_s3cret_s3cret",
}


class Person:
    """Answers by the beginning of a question, a list one after the other; Enter where there is nothing to say."""

    def __init__(self, answers):
        self.answers = {
            start: list(said) if isinstance(said, list) else said for start, said in answers.items()
        }
        self.asked = []

    def __call__(self, text, default):
        self.asked.append(text)
        said = next((said for start, said in self.answers.items() if text.startswith(start)), "")
        return said.pop(0) if isinstance(said, list) else said


@pytest.fixture(autouse=True)
def probes(monkeypatch):
    """What answers, as far as setup can tell: `probes["database"] = ["Nothing answers.", ""]`."""
    said = {"database": [], "redis": []}
    for name, problems in said.items():
        look = lambda where, problems=problems: problems.pop(0) if problems else ""  # noqa: E731
        monkeypatch.setattr(f"scripts.probes.{name}", look)
    return said


@pytest.mark.req("S004-64", "S004-65", "S004-66", "S004-68", "S004-69")
def test_a_person_is_asked_for_what_the_environment_needs(file, capsys):
    person = Person(ANSWERS)
    assert setup.ensure(person)
    values = dotenv.read(file).values
    assert (values["ENV"], values["DB_ENGINE"], values["DB_HOST"]) == ("production", "mysql", "db.example")
    assert values["DB_PORT"] == "3306"
    assert (values["ALLOWED_HOSTS"], values["SITE_URL"]) == ("play.example", "https://play.example")
    assert values["TRUST_PROXY"] == "1"
    assert (values["DISCORD_BOT_TOKEN"], values["DISCORD_APP_ID"]) == (TOKEN, "109876543210987654")
    assert any("Patreon" in text for text in person.asked)
    assert setup.next_command(values).startswith("scripts/run.sh")
    file.unlink()
    person = Person({})
    assert setup.next_command(setup.ensure(person)) == "scripts/dev.sh"
    for word in ("Database", "application id", "Public host", "Redis"):
        assert not any(text.startswith(word) or word in text for text in person.asked)


@pytest.mark.req("S004-65", "S004-66", "S004-68")
@pytest.mark.parametrize(
    ("question", "wrong", "right", "sentence"),
    [
        ("Environment", "live", "production", "ENV must be one of"),
        ("Public host", "https://play.example", "play.example", "must be names of hosts"),
        ("Public host", "", "play.example", "ALLOWED_HOSTS is needed"),
        ("Address that", "play.example", "https://play.example", "must be an address beginning with"),
        ("Database (", "oracle", "postgresql", "DB_ENGINE must be one of"),
        ("Database port", "99999", "3307", "a whole number from 1 to 65535"),
        ("Redis", "127.0.0.1:6379", "redis://127.0.0.1:6379/1", "REDIS_URL must be"),
        ("Discord bot", "token", TOKEN, "must be three parts with dots"),
        ("Discord application id", "my-bot", "109876543210987654", "15 to 20 digits"),
        ("Channel id", "#errors", "109876543210987655", "the id of a channel"),
    ],
)
def test_each_answer_is_checked_when_it_is_typed(file, capsys, question, wrong, right, sentence):
    person = Person(ANSWERS | {question: [wrong, right]})
    values = setup.ensure(person)
    assert sentence in capsys.readouterr().out
    assert right in values.values()
    assert len([text for text in person.asked if text.startswith(question)]) == 2


def test_a_secret_is_not_shown_with_what_is_wrong(file, capsys):
    setup.ensure(Person(ANSWERS | {"Discord bot": ["hush-hush", ""]}))
    assert "hush-hush" not in capsys.readouterr().out


@pytest.mark.req("S004-66")
def test_a_database_that_does_not_answer_is_asked_for_again(file, probes, capsys):
    probes["database"] += ["Nothing answers at db.example:3306.", ""]
    hosts = ["db.example", "127.0.0.1"]
    values = setup.ensure(Person(ANSWERS | {"Database host": hosts, "Keep it": "n"}))
    assert values["DB_HOST"] == "127.0.0.1"
    assert "Nothing answers at db.example:3306." in capsys.readouterr().out


def test_one_that_will_answer_later_is_kept(file, probes):
    probes["database"].append("Nothing answers.")
    probes["redis"].append("Nothing answers.")
    assert setup.ensure(Person(ANSWERS))["DB_HOST"] == "db.example"


def test_who_answers_at_random_is_not_asked_for_ever(file):
    with pytest.raises(ScriptError, match="ENV is still not right"):
        setup.ensure(Person({"Environment": "live"}))
    assert not file.exists()


@pytest.mark.req("S004-70")
def test_production_is_set_up_unattended(file, monkeypatch, capsys):
    monkeypatch.setenv("ALLOWED_HOSTS", "play.example")
    assert setup.main(["--yes", "--set", "ENV=production", "--set", "USE_REDIS=1"]) == 0
    assert dotenv.read(file).values["ALLOWED_HOSTS"] == "play.example"
    assert "Next: scripts/run.sh" in capsys.readouterr().out
    file.unlink()
    monkeypatch.delenv("ALLOWED_HOSTS")
    with pytest.raises(ScriptError, match="lacks ALLOWED_HOSTS"):
        setup.main(["--yes", "--set", "ENV=production"])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            "ALLOWED_HOST=play.example",
            r"ALLOWED_HOST: there is no such setting\. Did you mean ALLOWED_HOSTS\?",
        ),
        ("allowed_hosts=play.example", r"Did you mean ALLOWED_HOSTS\?"),
        ("QUITE_ELSE=1", r"there is no such setting\. \.env\.example has them all"),
        ("ALLOWED_HOSTS", "write NAME=VALUE"),
    ],
)
def test_a_mistyped_flag_is_refused_and_nothing_is_written(file, given, sentence):
    with pytest.raises(ScriptError, match=sentence):
        setup.main(["--yes", "--set", "ENV=production", "--set", given])
    assert not file.exists()


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
