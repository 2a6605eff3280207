"""Every error in the pseudo-language: a sentence outside of its brackets is not marked for translation.

Frames of the gateway are in `gateway/tests/test_languages.py`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from api.views.progress import DENIED
from contract import errors, notices
from contract.translation import PSEUDO, speaking
from rod.errors import SENTENCES, answer
from rod.tests.matrix.entries import Entry
from rod.tests.matrix.test_routes import ENTRIES
from rules.naming import NOT_FOUND, none_found
from testing.personas import World, bot_body
from testing.pseudo_language import unmarked

PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")
# What is in no request: a field that nobody knows, and wrong values for those that many have.
NONSENSE = {"nonsense": 1, "name": 7, "changes": 7, "pool": {}, "options": 7, "user": [], "visibility": 7}


def test_the_tables_of_sentences_are_marked() -> None:
    context = {"low": 1, "high": 2, "choices": "1", "max_length": 3, "min_length": 1, "error": ""}
    with speaking(PSEUDO):
        said = [sentence(errors.label_of(None, "name"), context) for sentence in errors.SENTENCES.values()]
        said += [none_found("7", [], what).detail for what in NOT_FOUND]
        said += [str(getattr(answer(kind("7"), {}), "data", {})["detail"]) for kind in SENTENCES]
        said += list(notices.sentences().values())
    assert len(said) > 100
    assert not [sentence for sentence in said if unmarked(sentence)]


def _sentences(body: dict[str, Any]) -> Iterator[str]:
    yield str(body["detail"])
    for listed in (body.get("fields") or {}).values():
        yield from listed


def _refused(client: Client, entry: Entry, asked: object) -> Iterator[str]:
    def parameter(found: re.Match[str]) -> str:
        return {"uuid": str(uuid4()), "int": "7"}.get(found[1], "7")

    path = "/" + PARAMETER.sub(parameter, entry.route)
    headers = {"Accept-Language": PSEUDO}
    if path.startswith("/bot/"):
        headers["Authorization"] = f"Api-Key {settings.API_KEYS[0]}"
        asked = bot_body("mira") | asked if isinstance(asked, dict) else asked
    if entry.method == "GET":
        got = client.get(path, {"nonsense": "1"}, headers=headers)
    else:
        got = client.generic(entry.method, path, json.dumps(asked), "application/json", headers=headers)
    if got.status_code >= 400 and "json" in got.get("Content-Type", ""):
        yield from _sentences(got.json())


@pytest.mark.parametrize("door", ["api/", "bot/"])
def test_every_refusal_of_a_door_is_marked(door: str, world: World) -> None:
    client = Client()
    client.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    found = {
        sentence
        for entry in ENTRIES
        if entry.route.startswith(door)
        for asked in ({}, NONSENSE, [])
        for sentence in _refused(client, entry, asked)
    }
    assert len(found) > 20
    # The refusal of a reset is read by programs, in the words of the specification (S001-52).
    assert not [sentence for sentence in found - {DENIED} if unmarked(sentence)]
