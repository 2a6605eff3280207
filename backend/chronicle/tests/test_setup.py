"""The checklist of a server's set-up: each step ticks when it is done, wherever that was."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from chronicle.models import Chronicle, Server
from chronicle.services import sync_server
from chronicle.setup import setup_of
from contract.setup import STEP_SLUGS, STEPS
from testing.community import set_server
from testing.personas import SYSTEM, TRACKER_CHANNEL, World, guild_facts

pytestmark = pytest.mark.django_db


def done(server: Server) -> dict[str, bool]:
    return {step.slug: step.done for step in setup_of(Server.objects.get(pk=server.pk)).steps}


def test_every_step_has_its_words() -> None:
    assert tuple(STEPS) == STEP_SLUGS
    assert all(step.label and step.purpose for step in STEPS.values())


def test_a_new_guild_has_nearly_everything_to_do(db: None) -> None:
    server, _ = sync_server(guild_facts(id="700000000000000009", channels=[], roles=[]), cause=SYSTEM)
    assert {slug for slug, is_done in done(server).items() if is_done} == {"bot", "chronicle"}


def test_each_step_ticks_by_what_does_it(world: World) -> None:
    server = world.server
    assert [slug for slug, is_done in done(server).items() if not is_done] == [
        *("commands", "edition", "tracker", "character", "roll")
    ]
    sync_server(guild_facts(commands_registered=False), cause=SYSTEM)
    assert not done(server)["commands"]
    sync_server(guild_facts(commands_registered=True), cause=SYSTEM)
    sync_server(guild_facts(), cause=SYSTEM)
    assert done(server)["commands"], "what the process does not know changes nothing"
    olga = world.principal("olga")
    version = Server.objects.get(pk=server.pk).version
    set_server(server, edition="5th", principal=olga, cause=SYSTEM)
    assert done(server)["edition"], "chosen, though it is what every new server plays"
    assert Server.objects.get(pk=server.pk).version == version + 1, "open pages hear of it"
    set_server(server, tracker_channel=TRACKER_CHANNEL, principal=olga, cause=SYSTEM)
    set_server(server, storyteller_roles=[], principal=olga, cause=SYSTEM)
    assert done(server)["tracker"]
    assert not done(server)["storyteller"]


def test_an_archived_chronicle_counts_for_nothing(world: World) -> None:
    Chronicle.objects.filter(server=world.server).update(archived_at="2026-01-01T00:00:00Z")
    assert not done(world.server)["chronicle"]


def test_no_sheet_is_asked_for_where_there_are_none(world: World) -> None:
    set_server(world.server, edition="cod", principal=world.principal("olga"), cause=SYSTEM)
    assert "character" not in done(world.server)


def test_a_server_of_the_web_does_without_discord(world: World) -> None:
    assert not {"bot", "commands", "tracker"} & done(Server.objects.create(name="Ours")).keys()


def test_those_who_manage_get_it_from_the_api(world: World, django_assert_max_num_queries: Any) -> None:
    client, address = APIClient(), f"/api/servers/{world.server.pk}/setup/"
    client.force_authenticate(world.olga)
    with django_assert_max_num_queries(20):
        found = client.get(address).json()
    assert found["url"].endswith(f"/servers/{world.server.pk}/setup/")
    assert (found["complete"], len(found["steps"])) == (False, 9)
    client.force_authenticate(world.mira)
    assert client.get(address).status_code == 403
