"""Every trait of every splat through the bot API, as numbers and as typed text."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from haven.tests.cases import SPLATS, fields_of, right, wrong
from haven.tests.kit import at, make
from testing.personas import World, bot_body


@pytest.mark.parametrize("splat", SPLATS)
def test_every_trait_through_the_bot_api(world: World, bot: APIClient, splat: str) -> None:
    character = make(world, splat=splat)

    def give(field: dict[str, Any], op: str, value: Any) -> Any:
        changes = [{"path": field["path"], "op": op, "value": value}]
        who = "vesna" if field["path"] in tellers else "mira"
        body = bot_body(who, character=str(character.id), changes=changes)
        return bot.patch("/bot/characters", body, format="json")

    tellers = {trait["slug"] for trait, _ in fields_of(splat) if trait["writer"] == "storyteller"}
    fields = [(trait, field) for trait, field in fields_of(splat) if trait["slug"] != "locked"]
    for trait, field in fields:
        for value in wrong(field, trait["kind"])[:2]:
            answer = give(field, "set", value)
            assert (answer.status_code, list(answer.json()["fields"])) == (400, [field["path"]]), value
        good = right(field, trait["kind"])[0]
        answer = give(field, "set", good)
        assert answer.status_code == 200, answer.json()
        character.refresh_from_db()
        body = answer.json()
        assert at(character, field["path"]) == good or body.get("notices") or body["event"]["notices"]
        typed = give(field, "text", "yes" if good is True else str(good))
        assert typed.status_code == 200, typed.json()


@pytest.mark.parametrize("splat", SPLATS)
def test_every_tracker_is_in_the_schema_with_its_option(world: World, bot: APIClient, splat: str) -> None:
    found = next(
        declared for declared in bot.get("/bot/schema").json()["splats"] if declared["slug"] == splat
    )
    tracked = {trait["slug"]: trait["fields"] for trait in found["traits"] if trait["tracker"]}
    character = make(world, splat=splat)
    assert set(tracked) == {slug for slug, trait in character.traits.items() if trait.tracker}
    # A list has none: its entries are typed with `/character trait`.
    assert all(fields or character.traits[slug].entry_schema() for slug, fields in tracked.items())
