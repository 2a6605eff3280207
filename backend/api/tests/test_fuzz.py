"""Everything that the OpenAPI document describes, asked in every way that fits it and in many that do not."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from rest_framework_simplejwt.tokens import AccessToken
from schemathesis.specs.openapi import checks

from discordauth.tokens import start_family
from haven.tests.kit import make
from haven.tests.strategies import as_json, operations
from testing.fuzzing import assert_sane, described, tries
from testing.personas import World

schema = described("api")
# These two ask for more than a description can hold: what a trait takes, and who may do what, is in the rules.
BEYOND = [checks.negative_data_rejection, checks.positive_data_acceptance, checks.ignored_auth]
OPEN = ("/api/token/", "/api/token/refresh/", "/api/schema/splats/")
# What is public of campaigns is for everybody.
PUBLIC = "/campaigns/"
PEOPLE = ["mira", "vesna", "olga", "root", "sam", ""]


@pytest.fixture
def known(world: World) -> dict[str, list[str]]:
    """Ids that are there, by the name of the parameter."""
    characters = [make(world, name, who=who) for name, who in (("Owl", "mira"), ("Bat", "jonas"))]
    return {
        "character_id": [str(character.id) for character in characters],
        "chronicle_id": [str(world.chronicle.id), str(world.other_chronicle.id)],
        "server_id": [str(world.server.id), str(world.other_server.id)],
    }


def make_likely(case: Any, data: Any, known: dict[str, list[str]]) -> None:
    """Random ids are nobody's and random paths are no traits: often enough, put in those that are."""
    for name, ids in known.items():
        if name in (case.path_parameters or {}) and data.draw(st.integers(0, 3)):
            case.path_parameters[name] = data.draw(st.sampled_from(ids))
    if isinstance(case.body, dict) and "changes" in case.body and data.draw(st.booleans()):
        case.body["changes"] = [as_json(operation) for operation in data.draw(operations())]
        case.body |= {"splat": "vampire5th", "base_version": data.draw(st.sampled_from([None, 1, 10**30]))}


@schema.given(data=st.data(), who=st.sampled_from(PEOPLE))
@schema.parametrize()
@tries(8)
def test_every_call_answers_as_described(
    case: Any, data: Any, who: str, world: World, known: dict[str, list[str]], in_process: None
) -> None:
    make_likely(case, data, known)
    headers = {"Authorization": f"Bearer {AccessToken.for_user(getattr(world, who))}"} if who else {}
    if case.path == "/api/token/refresh/" and isinstance(case.body, dict) and who:
        case.body["refresh"] = start_family(getattr(world, who))["refresh"]
    with transaction.atomic():
        response = case.call(headers=headers)
        transaction.set_rollback(True)
    assert_sane(
        response.status_code,
        {"Content-Type": response.headers.get("content-type", [""])[0]},
        response.content,
    )
    is_open = case.path in OPEN or (case.method.upper() == "GET" and case.path.startswith(PUBLIC))
    if not who and not is_open:
        assert response.status_code in (401, 403, 404), "answered to nobody"
    case.validate_response(response, excluded_checks=BEYOND)
