"""A deleted server whose thirty days are over: characters stay with their players, history with its storytellers."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from chronicle.models import Chronicle, Server, ServerChannel, ServerMember, ServerRole
from chronicle.principal import Principal
from chronicle.rights import StreamRef, can
from chronicle.services import add_member, create_server, delete_server, invite, leave_server, sync_server
from desk.models import Submission
from desk.tests.kit import propose, set_
from haven.models import Character
from haven.tests.kit import change, make, sets
from privacy.ended_servers import remove
from privacy.tasks import remove_ended_servers
from testing.personas import SYSTEM, World, guild_facts
from timeline.models import Event


@pytest.fixture
def owl(world: World) -> Character:
    """Mira's character in the guild, with a past and an open request; then the bot leaves, and Olga deletes all."""
    made = make(world, name="Night Owl")
    change(world, made, *sets(hunger=3))
    ServerChannel.objects.create(server=world.server, name="old hall")
    return made


def end(world: World, server: Server, who: str = "olga") -> Server:
    if server.discord_id:
        leave_server(server, cause=SYSTEM)
    delete_server(server, principal=world.principal(who), cause=SYSTEM)
    Server.objects.filter(pk=server.pk).update(deleted_at=timezone.now() - timedelta(days=31))
    server.refresh_from_db()
    return server


def test_characters_stay_with_their_players_without_a_chronicle(world: World, owl: Character) -> None:
    before = Character.objects.get(pk=owl.pk)
    remove(end(world, world.server))
    after = Character.objects.get(pk=owl.pk)
    assert (after.chronicle_id, after.owner_id, after.sheet) == (None, world.mira.pk, before.sheet)
    mira = world.principal("mira")
    assert can(mira, "character.edit", after)
    assert can(mira, "character.history", after)
    change(world, after, *sets(hunger=2))
    moved = Event.objects.filter(entity_id=owl.pk, type="character.moved").get()
    assert moved.notices[0]["code"] == "moved_out"


def test_storytellers_read_the_history_and_change_nothing(world: World, owl: Character) -> None:
    chronicle = world.chronicle
    remove(end(world, world.server))
    chronicle.refresh_from_db()
    vesna = world.principal("vesna")
    assert can(vesna, "chronicle.view", chronicle)
    assert can(vesna, "chronicle.notes", chronicle)
    assert can(vesna, "stream.subscribe", _stream(chronicle))
    for action in ("roll.make", "chronicle.tell", "episode.run", "character.create"):
        assert not can(vesna, action, chronicle)
    for action in ("server.manage", "server.channels", "server.members", "server.delete", "chronicle.create"):
        assert not can(world.principal("olga"), action, world.server), action
    for who in ("mira", "jonas"):
        assert can(world.principal(who), "chronicle.view", chronicle).hidden
        assert can(world.principal(who), "server.view", world.server).hidden


def _stream(chronicle: Chronicle) -> StreamRef:
    return StreamRef("chronicle", chronicle.pk, chronicle.server_id)


def test_what_is_no_history_is_gone(world: World, owl: Character) -> None:
    remove(end(world, world.server))
    row = Server.objects.get(pk=world.server.pk)
    assert row.removed_at is not None
    assert row.discord_id is None
    assert not ServerChannel.objects.filter(server=row).exists()
    names = {member.user.global_name for member in ServerMember.objects.filter(server=row)}
    assert names == {"Olga", "Vesna"}
    assert not Chronicle.objects.filter(server=row, archived_at=None).exists()


def test_a_request_that_waits_holds_nobody_back_afterwards(world: World, owl: Character) -> None:
    propose(world, owl, set_("strength", 4))
    remove(end(world, world.server))
    assert Submission.objects.get(character=owl).state == "withdrawn"


def test_the_guild_comes_back_as_a_new_server(world: World, owl: Character) -> None:
    remove(end(world, world.server))
    fresh, _changed = sync_server(guild_facts(), cause=SYSTEM)
    assert fresh.pk != world.server.pk
    assert ServerRole.objects.filter(server=fresh, discord_id__isnull=False).exists()


def test_before_its_time_and_restored_nothing_happens(world: World, owl: Character) -> None:
    leave_server(world.server, cause=SYSTEM)
    delete_server(world.server, principal=world.principal("olga"), cause=SYSTEM)
    remove(world.server)
    assert Character.objects.get(pk=owl.pk).chronicle_id == world.chronicle.pk
    Server.objects.filter(pk=world.server.pk).update(deleted_at=timezone.now() - timedelta(days=31))
    sync_server(guild_facts(), cause=SYSTEM)
    remove(Server.objects.get(pk=world.server.pk))
    assert Server.objects.get(pk=world.server.pk).removed_at is None


def test_the_task_finds_what_is_due_and_finishes_what_was_left(
    world: World, owl: Character, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = create_server(world.sam, "Salon", cause=SYSTEM)
    add_member(made, world.jonas, cause=SYSTEM)
    invite(made, principal=world.principal("sam"), cause=SYSTEM)
    end(world, made, "sam")
    end(world, world.server)
    found: list[str] = []
    monkeypatch.setattr("privacy.tasks.remove_server", SimpleNamespace(enqueue=found.append))
    remove_ended_servers.func()
    assert set(found) == {str(made.pk), str(world.server.pk)}
    remove(made)
    Server.objects.filter(pk=world.server.pk).update(removed_at=timezone.now())
    found.clear()
    remove_ended_servers.func()
    assert found == [str(world.server.pk)], "a worker died after its first step"
    remove(world.server)
    found.clear()
    remove_ended_servers.func()
    assert found == []
    assert not made.invites.exists()
    assert [member.user_id for member in made.members.all()] == [world.sam.pk]
    assert Principal(world.sam).permissions(made.pk)


def test_pages_lead_storytellers_to_the_history(
    world: World, owl: Character, browser: Callable[[str], Client]
) -> None:
    remove(end(world, world.server))
    vesna = browser("vesna")
    assert f'href="/servers/{world.server.pk}/"' in vesna.get("/").content.decode()
    shown = vesna.get(f"/servers/{world.server.pk}/").content.decode()
    assert "stays here for their storytellers" in shown
    assert f'href="/chronicles/{world.chronicle.pk}/"' in shown
    for address in ("", "rolls/", "sessions/", "conflicts/"):
        assert vesna.get(f"/chronicles/{world.chronicle.pk}/{address}").status_code == 200, address
    assert browser("mira").get(f"/servers/{world.server.pk}/").status_code == 404
