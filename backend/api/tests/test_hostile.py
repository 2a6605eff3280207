"""What no honest client sends, on whatever database the run has: refused with a sentence, never our fault."""

from typing import Any

import pytest
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from haven.models import Character
from haven.tests.kit import everything, make
from testing.fuzzing import assert_sane
from testing.personas import World

DEEP = b"[" * 300 + b"]" * 300
BODIES = {
    "depth": b'{"changes":[{"path":"hunger","value":' + DEEP + b'}],"base_version":1}',
    "depth that no parser takes": b"[" * 5000,
    "depth beside": b'{"changes":[],"x":' + b"[" * 1000 + b"]" * 1000 + b"}",
    "number": b'{"base_version":' + b"9" * 400 + b',"changes":[]}',
    "float": b'{"changes":[{"path":"hunger","value":1e999}]}',
    "u64": b'{"changes":[{"path":"hunger","value":18446744073709551615}]}',
    "not a number": b'{"changes":[{"path":"hunger","value":NaN}]}',
    "half a pair": b'{"changes":[{"path":"clan","value":"\\ud800"}]}',
    "half a pair, raw": b'{"changes":[{"path":"clan","value":"\xed\xa0\x80"}]}',
    "no UTF-8": b'{"changes":"\xff"}',
    "UTF-16": '{"changes":[]}'.encode("utf-16"),
    "mark": b'\xef\xbb\xbf{"changes":[]}',
    "twice": b'{"changes":[],"changes":1}',
    "path of NUL": b'{"changes":[{"path":"\\u0000","value":1}]}',
    "list": b"[]",
    "nothing": b"null",
    "large": b'{"changes":[],"x":"' + b"x" * 1_100_000 + b'"}',
}
HEADERS: dict[str, dict[str, str]] = {
    "key of NUL": {"HTTP_IDEMPOTENCY_KEY": "\x00"},
    "key of bytes": {"HTTP_IDEMPOTENCY_KEY": "\xf0\x9f\xa6\x89"},
    "long key": {"HTTP_IDEMPOTENCY_KEY": "k" * 101},
    "host": {"HTTP_HOST": "evil.example"},
    "broken host": {"HTTP_HOST": "\x00\xff"},
    "length": {"CONTENT_LENGTH": "many"},
    "negative length": {"CONTENT_LENGTH": "-5"},
    "accept": {"HTTP_ACCEPT": "text/html;q=\x00,;"},
    "form": {"content_type": "application/x-www-form-urlencoded"},
    "multipart": {"content_type": "multipart/form-data; boundary=\x00"},
    "no type": {"content_type": ""},
    "broken token": {"HTTP_AUTHORIZATION": "Bearer \xff\x00.a.b"},
    "unsigned token": {"HTTP_AUTHORIZATION": "Bearer eyJhbGciOiJub25lIn0.e30."},
    "three words": {"HTTP_AUTHORIZATION": "Bearer a b"},
}
QUERIES = [
    "characters/?splat=%00&status=%00&search=%00",
    "characters/?search=%ED%A0%80&own=%FF",
    "characters/?chronicle=" + "9" * 5000,
    "characters/?search=" + "x" * 100_000,
    "characters/?" + "&".join(f"a{number}=1" for number in range(2000)),
    "characters/?format=xml",
    "characters/%00/",
    "characters/%FF%FE/",
    "characters/' OR 1=1 --/",
]


@pytest.fixture
def owl(world: World) -> Character:
    return make(world)


@pytest.fixture
def mira(world: World) -> APIClient:
    return APIClient(
        HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(world.mira)}", raise_request_exception=False
    )


def check(answer: Any, *statuses: int) -> None:
    assert_sane(answer.status_code, answer, answer.content)
    assert not statuses or answer.status_code in statuses, answer.content


@pytest.mark.req("S003-60")
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("key", ["", "key"])
def test_bodies(mira: APIClient, owl: Character, body: bytes, key: str) -> None:
    before = everything()
    path = f"/api/characters/{owl.id}/"
    answer = mira.generic("PATCH", path, body, content_type="application/json", HTTP_IDEMPOTENCY_KEY=key)
    check(answer, 400, 409, 413)
    assert everything() == before


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_headers(mira: APIClient, owl: Character, headers: dict[str, str]) -> None:
    before = everything()
    body = b'{"changes":[{"path":"hunger","value":2}]}'
    given = {"content_type": "application/json"} | headers
    answer = mira.generic("PATCH", f"/api/characters/{owl.id}/", body, **given)
    check(answer, 400, 401, 406, 415)
    assert everything() == before


@pytest.mark.engine
@pytest.mark.req("S003-60")
@pytest.mark.parametrize("query", QUERIES, ids=[query[:30] for query in QUERIES])
def test_addresses(mira: APIClient, owl: Character, query: str) -> None:
    check(mira.get(f"/api/{query}"), 200, 400, 404)


@pytest.mark.parametrize(
    "limit", ["1" + "9" * 5000, "000000001" + "9" * 5000, "00000000199999", "-1", "1e1", "\u0661" * 10]
)
def test_limits_of_pages(mira: APIClient, world: World, limit: str) -> None:
    check(mira.get(f"/api/chronicles/{world.chronicle.id}/members/", {"limit": limit}), 400)


@pytest.mark.engine
@pytest.mark.parametrize("path", ["/api/users/me/", "/api/characters/"])
@pytest.mark.parametrize("cookie", ['"\\000aaaaaaaaa"', "a" * 5000, '"a b c d e f g h"', "' OR 1=1 --"])
def test_cookies_that_are_no_session_are_nobody(db: None, cookie: str, path: str) -> None:
    """Quoted, a cookie may hold a NUL; some databases fail on it."""
    check(APIClient(raise_request_exception=False).get(path, HTTP_COOKIE=f"sessionid={cookie}"), 401)


@pytest.mark.engine
@pytest.mark.parametrize(
    "wanted",
    [{"\x00": 1}, {"a": ["\x00"]}, {"n": 2**64 - 1}, {"n": 1e300}, {"n": {"m": -(10**15)}}],
    ids=str,
)
def test_settings_that_no_database_keeps_as_they_are(mira: APIClient, wanted: dict[str, Any]) -> None:
    check(mira.patch("/api/users/me/", {"user_settings": wanted}, format="json"), 400)
    check(mira.patch("/api/users/me/", {"avatar_url": "https://x.example/\x00"}, format="json"), 400)
    kept = {"owl": "🦉\\u0000", "n": [1, -2.5, None, True]}
    check(mira.patch("/api/users/me/", {"user_settings": kept}, format="json"), 200)
    assert mira.get("/api/users/me/").json()["user_settings"] == kept


@pytest.mark.engine
def test_a_tracker_channel_of_nothing(world: World) -> None:
    olga = APIClient(
        HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(world.olga)}", raise_request_exception=False
    )
    for channel in ("\x00", "🦉", "x" * 5000):
        check(
            olga.patch(f"/api/servers/{world.server.id}/", {"tracker_channel": channel}, format="json"), 400
        )


def test_passwords_cannot_be_guessed_from_ever_new_forwarded_addresses(db: None) -> None:
    answers = [
        APIClient().post(
            "/api/token/",
            {"username": "x", "password": "y"},
            format="json",
            HTTP_X_FORWARDED_FOR=f"10.0.0.{number}\x00",
        )
        for number in range(11)
    ]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]


@pytest.mark.engine
def test_letters_that_some_databases_take_for_the_same(mira: APIClient, world: World) -> None:
    """MariaDB's usual collations tell neither emoji nor Japanese marks apart; Latin accents make no other name."""
    for name in ("🦉", "🐺", "José", "か", "が", "Straße"):
        check(mira.post("/api/characters/", {"splat": "vampire5th", "name": name}, format="json"), 201)
    for name in ("josé", "Jose", "STRASSE", " 🦉 "):
        check(mira.post("/api/characters/", {"splat": "vampire5th", "name": name}, format="json"), 409)
    found = mira.get("/api/characters/", {"search": "🐺"}).json()["results"]
    assert [found_character["name"] for found_character in found] == ["🐺"]


@pytest.mark.engine
def test_keys_of_another_letter_case_are_other_keys(mira: APIClient, owl: Character) -> None:
    for key, value in (("abc", 2), ("ABC", 3)):
        body = {"changes": [{"path": "hunger", "value": value}]}
        check(mira.patch(f"/api/characters/{owl.id}/", body, format="json", HTTP_IDEMPOTENCY_KEY=key), 200)
