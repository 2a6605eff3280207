"""Both OpenAPI documents: complete, valid, served; and each error described once."""

import json
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient

from rod.openapi import ALWAYS, APPS, WITH_BODY, document

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(params=APPS, scope="module")
def described(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Made for these tests: `document` raises where the generator had to guess."""
    document.cache_clear()
    return document(request.param)


def test_they_are_valid(described: dict[str, Any]) -> None:
    validate_schema(described)


def test_every_call_names_its_errors_by_reference(described: dict[str, Any]) -> None:
    shared = {f"#/components/responses/Error{status}" for status in ALWAYS | WITH_BODY}
    calls = [
        (path, method, call)
        for path, methods in described["paths"].items()
        for method, call in methods.items()
        if method in METHODS
    ]
    assert len(calls) > 70
    for path, method, call in calls:
        errors = ALWAYS if method == "get" else ALWAYS | WITH_BODY
        assert {str(status) for status in errors} <= set(call["responses"]), (path, method)
        assert any(status < "400" for status in call["responses"]), (path, method)
        refused = {status: answer for status, answer in call["responses"].items() if status >= "400"}
        assert all(answer.get("$ref") in shared or "content" in answer for answer in refused.values())


def test_references_lead_somewhere(described: dict[str, Any]) -> None:
    def references(part: Any) -> set[str]:
        if isinstance(part, dict):
            own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
            return own.union(*map(references, part.values()))
        return set().union(*map(references, part)) if isinstance(part, list) else set()

    for reference in references(described):
        found: Any = described
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        assert isinstance(found, dict)


def test_they_are_served_to_who_may_use_the_api(bot: APIClient, db: None) -> None:
    assert (
        json.loads(Client().get("/api/schema/openapi").content)["paths"].keys()
        == document("api")["paths"].keys()
    )
    assert bot.get("/bot/openapi/").json()["paths"].keys() == document("bot")["paths"].keys()
    assert Client().get("/bot/openapi").status_code == 401
