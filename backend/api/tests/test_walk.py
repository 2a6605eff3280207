"""Every trait of every splat through the public API: what is wrong is refused by name, what is right arrives."""

from typing import Any

import pytest
from django.test import Client

from haven.tests.cases import SPLATS, fields_of, right, wrong
from haven.tests.kit import at, make
from testing.personas import World


@pytest.mark.parametrize("splat", SPLATS)
def test_every_trait_through_rest(world: World, browser: Any, splat: str) -> None:
    character = make(world, splat=splat)
    client: Client = browser("root")
    url = f"/api/characters/{character.id}/"

    def give(path: str, value: Any) -> Any:
        body = {"changes": [{"path": path, "op": "set", "value": value}]}
        return client.patch(url, body, content_type="application/json")

    for trait, field in fields_of(splat):
        path = field["path"]
        for value in wrong(field, trait["kind"])[:3]:
            answer = give(path, value)
            assert (answer.status_code, list(answer.json()["fields"])) == (400, [path]), value
        for value in right(field, trait["kind"])[:2]:
            answer = give(path, value)
            assert answer.status_code == 200, answer.json()
            body = answer.json()
            character.refresh_from_db()
            found = body["character"]["fields"]
            for name in path.split("."):
                found = found[name]
            assert found == at(character, path)
            assert found == value or body.get("notices") or body["event"]["notices"]
