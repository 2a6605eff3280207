"""Delete a server: closed at once for everybody but its administrators, who can restore it for thirty days."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from chronicle.models import Server, ServerChannel
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services import add_member, create_server, ensure_server, invite, leave_server
from testing.personas import SYSTEM, World, guild_facts
from timeline.models import Event


@pytest.fixture
def court(world: World) -> Server:
    made = create_server(world.sam, "Salon", cause=SYSTEM)
    add_member(made, world.mira, cause=SYSTEM, system_roles=["STORYTELLER"])
    add_member(made, world.jonas, cause=SYSTEM, system_roles=["MODERATOR"])
    add_member(made, world.vesna, cause=SYSTEM, system_roles=["ADMIN"])
    ServerChannel.objects.create(server=made, name="hall")
    return made


def ask(user: Any, method: str, server: Server, rest: str = "", body: Any = None) -> Any:
    client = APIClient()
    client.force_authenticate(user)
    return getattr(client, method)(f"/api/servers/{server.pk}/{rest}", body, format="json")


@pytest.mark.req("S003-15", "S003-31")
def test_only_administrators_delete_and_any_of_them(world: World, court: Server) -> None:
    assert ask(world.jonas, "delete", court).status_code == 403
    assert ask(world.mira, "delete", court).status_code == 403
    assert ask(world.olga, "delete", court).status_code == 404
    answer = ask(world.vesna, "delete", court)
    assert answer.status_code == 200
    court.refresh_from_db()
    assert court.deleted_at is not None
    assert ask(world.vesna, "delete", court).json()["code"] == "server_deleted"


def test_closed_at_once_for_everybody_but_its_administrators(world: World, court: Server) -> None:
    link = invite(court, principal=Principal(world.sam), cause=SYSTEM)
    ask(world.sam, "delete", court)
    for user in (world.mira, world.jonas):
        assert ask(user, "get", court).status_code == 404
        assert ask(user, "get", court, "channels/").status_code == 404
        assert not Principal(user).permissions(court.pk)
    assert ask(world.vesna, "get", court).json()["restorable_until"]
    assert [row.name for row in ServerChannel.objects.filter(server=court)] == ["hall"]
    client = APIClient()
    client.force_authenticate(world.olga)
    assert client.post(f"/api/join/{link.code}/").status_code == 404
    own = [row["name"] for row in ask_servers(world.mira)]
    assert "Salon" not in own
    assert [row["name"] for row in ask_servers(world.sam) if row["deleted_at"]] == ["Salon"]


def ask_servers(user: Any) -> Any:
    client = APIClient()
    client.force_authenticate(user)
    return client.get("/api/servers/").json()["results"]


def test_nothing_is_played_or_changed_in_a_deleted_server(world: World, court: Server) -> None:
    chronicle = court.chronicles.get()
    ask(world.sam, "delete", court)
    for method, rest, body in (
        ("patch", "", {"description": "x"}),
        ("post", "channels/", {"name": "x"}),
        ("post", "members/", {"user": str(world.olga.pk)}),
    ):
        answer = ask(world.sam, method, court, rest, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "server_deleted")
    chronicle.refresh_from_db()
    assert can(Principal(world.sam), "chronicle.view", chronicle)
    assert can(Principal(world.sam), "roll.make", chronicle).code == "server_deleted"
    channel = ServerChannel.objects.get(server=court)
    assert can(Principal(world.sam), "channel.view", channel)
    assert can(Principal(world.sam), "channel.send", channel).code == "server_deleted"


def test_restored_it_is_as_it_was(world: World, court: Server) -> None:
    ask(world.sam, "delete", court)
    assert ask(world.mira, "post", court, "restore/").status_code == 404
    assert ask(world.vesna, "post", court, "restore/").json()["deleted_at"] is None
    assert ask(world.mira, "get", court, "channels/").json()["results"][0]["name"] == "hall"
    assert ask(world.vesna, "post", court, "restore/").json()["code"] == "not_deleted"


def test_after_thirty_days_it_is_too_late(world: World, court: Server) -> None:
    ask(world.sam, "delete", court)
    Server.objects.filter(pk=court.pk).update(deleted_at=timezone.now() - timedelta(days=30))
    answer = ask(world.sam, "post", court, "restore/")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_late")


def test_a_guild_with_the_bot_in_it_is_not_deleted_here(world: World) -> None:
    answer = ask(world.olga, "delete", world.server)
    assert (answer.status_code, answer.json()["code"]) == (409, "bot_in_server")
    leave_server(world.server, cause=SYSTEM)
    assert ask(world.olga, "delete", world.server).status_code == 200
    assert ask(world.mira, "get", world.server).status_code == 404
    ensure_server(guild_facts(), cause=SYSTEM)
    assert ask(world.mira, "get", world.server).status_code == 200, "who invites the bot again wants it back"


def test_open_sockets_are_told_to_look_again(world: World, court: Server) -> None:
    ask(world.sam, "delete", court)
    changes = Event.objects.filter(type="server.rights", entity_id=court.pk)
    assert changes.filter(changes__has_key="rights").exists()
    event = Event.objects.filter(type="server.updated", entity_id=court.pk).latest("id")
    assert event.changes["deleted"] == [False, True]
