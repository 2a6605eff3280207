"""`GET /api/servers/<id>/why/` about a channel, a role and a roll."""

from typing import Any

from rest_framework.test import APIClient

from chronicle.models import ServerRole
from haven.tests.kit import make
from rolls.tests.kit import roll
from testing.personas import NARRATOR, TABLE_CHANNEL, World


def asked(world: World, who: str, **query: Any) -> Any:
    client = APIClient()
    client.force_authenticate(getattr(world, who))
    return client.get(f"/api/servers/{world.server.pk}/why/", query)


def test_each_kind_of_thing_is_found_by_its_id(world: World) -> None:
    thrown: Any = roll(world, make(world), dice=[1, 2, 3, 4, 5]).roll
    narrator = ServerRole.objects.get(discord_id=NARRATOR)
    for action, thing, permission in (
        ("channel.send", {"channel": TABLE_CHANNEL}, "send_messages"),
        ("role.edit", {"role": NARRATOR}, "position"),
        ("role.edit", {"role": str(narrator.pk)}, "position"),
        ("roll.strike", {"roll": str(thrown.pk)}, "roller"),
        ("character.edit", {"character": str(thrown.character_id)}, "owner"),
    ):
        answer = asked(world, "vesna", user=str(world.mira.pk), action=action, **thing)
        assert answer.status_code == 200, answer.json()
        assert permission in [step["permission"] for step in answer.json()["chain"]], action


def test_what_is_not_there_or_not_named_is_refused(world: World) -> None:
    answer = asked(world, "mira", action="channel.view", channel="1")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    answer = asked(world, "mira", action="roll.view", roll=str(world.mira.pk))
    assert answer.status_code == 404
    answer = asked(world, "mira", action="role.edit", role="no role")
    assert answer.status_code == 404
    answer = asked(world, "mira", action="roll.view")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["roll"])
