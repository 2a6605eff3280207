"""The log: JSON where it is live, with the ids of request and interaction, and never a secret."""

import json
import logging

import pytest

from contract.logs import INTERACTION, REQUEST, WithIds, WithoutSecrets, formatter, given_id
from contract.redaction import HIDDEN, Redactor, secrets_of
from contract.variables import DECLARED, Variables

SECRET = 'a-"quoted"-secret-of-ours'


def written(
    json_lines: bool, message: str, *values: object, error: Exception | None = None, **more: object
) -> str:
    record = logging.LogRecord("rod.test", logging.ERROR, __file__, 1, message, values, None)
    if error:
        record.exc_info = (type(error), error, error.__traceback__)
    record.__dict__.update(more)
    WithIds().filter(record)
    return WithoutSecrets(Redactor([SECRET]), json_lines).format(record)


@pytest.fixture(autouse=True)
def no_ids():
    """Those of a request of another test would stand there."""
    REQUEST.set("")
    INTERACTION.set("")


@pytest.fixture
def ids(no_ids):
    REQUEST.set("request-1")
    INTERACTION.set("1234")


def test_a_live_line_is_json_with_its_ids(ids) -> None:
    line = json.loads(written(True, "unexpected error on %s", "/ä", reference="ab12"))
    assert line.pop("time").startswith("20")
    assert isinstance(line.pop("process"), int)
    assert line == {
        "level": "ERROR",
        "logger": "rod.test",
        "message": "unexpected error on /ä",
        "reference": "ab12",
        "request": "request-1",
        "interaction": "1234",
    }


def test_a_line_of_development_is_for_people(ids) -> None:
    assert written(False, "hello %s", "there").endswith(
        "ERROR rod.test hello there request=request-1 interaction=1234"
    )


@pytest.mark.parametrize("json_lines", [True, False])
def test_no_secret_is_written_wherever_it_stands(json_lines: bool) -> None:
    try:
        raise ValueError(f"cannot use {SECRET}")
    except ValueError as error:
        line = written(json_lines, "key %s", SECRET, error=error, more=f"<{SECRET}>")
    assert "quoted" not in line
    assert line.count(HIDDEN) >= (3 if json_lines else 2)
    if json_lines:
        json.loads(line)


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Api-Key XXXX1234567890123456",
        "Bearer XXXX.1234567890.123456",
        "headers {'Authorization': 'Bot XXXX1234567890.Gabc.defghij'}",
        "redis://:XXXX@127.0.0.1:6379/0",
        "mysql://rod:XXXX@db/rod",
        "GET /auth/callback/?code=XXXX&state=XXXX",
        "wss://play.example/ws/gateway/?ticket=XXXX",
        '{"access_token": "XXXX", "refresh_token":"XXXX"}',
        "DISCORD_APP_SECRET=XXXX",
        "password: XXXX",
        "sessionid=XXXX; csrftoken=XXXX",
    ],
)
@pytest.mark.parametrize("json_lines", [True, False])
def test_what_looks_like_a_secret_is_hidden_too(text: str, json_lines: bool) -> None:
    assert "XXXX" not in written(json_lines, text)


@pytest.mark.parametrize(
    "text",
    [
        "The bot connected within a second and answers",
        "Basic rules, a token of thanks, state of play: fine",
        "unexpected error on /characters/0190/, reference ab12cd34",
        "http://localhost:8080/healthz",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert written(False, text).endswith(text)


def test_every_secret_variable_is_known_with_the_passwords_in_addresses() -> None:
    values = {name: f"{name}-value-1" for name, row in DECLARED.items() if row.metadata["secret"]}
    values |= {"API_KEY": ["key-one-1", "key-two-2"], "DATABASE_URL": "mysql://rod:pass%21word@db/rod"}
    known = secrets_of(Variables(**values))
    assert {"key-one-1", "key-two-2", "SECRET_KEY-value-1", "pass%21word", "pass!word"} <= set(known)
    assert formatter(Variables(**values))["json"] is False
    assert formatter(Variables(ENV="production"))["json"] is True


@pytest.mark.parametrize("word", ["a", "token-", "bot ", "://", "://a:", "&code", "a_", '\\"'])
def test_a_line_of_any_length_is_read_in_no_time(word: str) -> None:
    """Where each place looked ahead to the end of the line, this would take minutes."""
    written(False, word * 100_000)


@pytest.mark.parametrize("value", ["", None, "a b", "x\nINFO forged", "ü", "a" * 65])
def test_what_is_no_id_is_taken_for_none(value: str | None) -> None:
    assert given_id(value) == ""
