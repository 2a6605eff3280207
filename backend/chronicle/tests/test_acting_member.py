"""Who acts by a command is brought up to date first, and pays one query when nothing changed."""

from typing import Any

import pytest

from chronicle.models import Server, ServerMember
from chronicle.services import ensure_member
from discordauth.models import CustomUser
from rules.errors import NotAllowed
from testing.personas import (
    DISCORD_IDS,
    GUILD,
    NARRATOR,
    OTHER_GUILD,
    PLAYER,
    SYSTEM,
    World,
    guild_facts,
    member_facts,
)
from timeline.models import Event

GUILD_FACTS = guild_facts(roles=None, channels=None)


@pytest.mark.parametrize("name", ["olga", "vesna", "mira"])
def test_a_known_member_costs_one_query(world: World, name: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        entry = ensure_member(GUILD_FACTS, member_facts(name), cause=SYSTEM)
        assert entry.principal.permissions(entry.server.id)
    assert (entry.user, entry.server) == (getattr(world, name), world.server)


@pytest.mark.engine
def test_a_server_may_give_its_members_no_role_at_all(world: World) -> None:
    world.server.roles.exclude(system="ADMIN").delete()
    for _ in range(2):
        entry = ensure_member(GUILD_FACTS, member_facts("mira"), cause=SYSTEM)
        assert (entry.user, entry.server) == (world.mira, world.server)
        assert entry.principal.permissions(world.server.id) == frozenset()


@pytest.mark.engine
def test_a_closed_account_of_a_server_without_an_owner_is_refused(world: World) -> None:
    Server.objects.filter(pk=world.server.pk).update(owner=None)
    CustomUser.objects.filter(pk=world.mira.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        ensure_member(
            guild_facts(roles=None, channels=None, owner_id=None), member_facts("mira"), cause=SYSTEM
        )


def test_a_role_that_is_not_mirrored_yet_writes_nothing(world: World, django_assert_num_queries: Any) -> None:
    events = Event.objects.count()
    with django_assert_num_queries(2):
        ensure_member(GUILD_FACTS, member_facts("mira", roles=frozenset({PLAYER, "999"})), cause=SYSTEM)
    assert Event.objects.count() == events


@pytest.mark.engine
def test_a_first_command_makes_server_member_and_user(db: Any) -> None:
    entry = ensure_member(GUILD_FACTS, member_facts("mira"), cause=SYSTEM)
    assert entry.server.discord_id == GUILD
    assert entry.user.username == "mira"
    assert entry.principal.permissions(entry.server.id) == {"view_server", "create_character"}
    assert ServerMember.objects.get().user == entry.user


def test_a_role_given_or_taken_in_discord_counts_with_the_next_command(world: World) -> None:
    given = ensure_member(GUILD_FACTS, member_facts("mira", roles=frozenset({NARRATOR})), cause=SYSTEM)
    assert "storyteller" in given.principal.permissions(world.server.id)
    assert "storyteller" in world.principal("mira").permissions(world.server.id)
    taken = ensure_member(GUILD_FACTS, member_facts("mira", roles=frozenset()), cause=SYSTEM)
    assert "storyteller" not in taken.principal.permissions(world.server.id)
    assert world.principal("mira").discord_roles(world.server.id) == {GUILD}


def test_discords_administrator_is_one_here_for_this_command_only(world: World) -> None:
    entry = ensure_member(GUILD_FACTS, member_facts("jonas", permissions=8), cause=SYSTEM)
    assert "administrator" in entry.principal.permissions(world.server.id)
    assert "administrator" not in world.principal("jonas").permissions(world.server.id)


def test_manage_guild_lets_one_set_the_server_up_but_not_read_secrets(world: World) -> None:
    entry = ensure_member(GUILD_FACTS, member_facts("jonas", permissions=32), cause=SYSTEM)
    held = entry.principal.permissions(world.server.id)
    assert "manage_server" in held
    assert "storyteller" not in held


@pytest.mark.engine
def test_names_nicknames_and_pictures_follow(world: World) -> None:
    said = {"username": "mira.new", "global_name": "Mira\x00 the Owl", "avatar": "f00d"}
    ensure_member(GUILD_FACTS, member_facts("mira", nick="Owl", **said), cause=SYSTEM)
    mira = CustomUser.objects.get(discord_id=DISCORD_IDS["mira"])
    assert (mira.discord_username, mira.global_name, mira.discord_avatar) == (
        "mira.new",
        "Mira the Owl",
        "f00d",
    )
    assert mira.username == "mira"
    assert ServerMember.objects.get(user=mira).nickname == "Owl"


@pytest.mark.engine
def test_the_guilds_name_follows_and_a_command_brings_it_back(world: World) -> None:
    Server.objects.filter(pk=world.server.pk).update(left_at=world.server.created_at)
    facts = guild_facts(roles=None, channels=None, name="Day Court")
    entry = ensure_member(facts, member_facts("mira"), cause=SYSTEM)
    assert (entry.server.name, entry.server.left_at) == ("Day Court", None)
    assert entry.server.roles.filter(discord_id=PLAYER).exists()


def test_rights_in_one_guild_are_none_in_another(world: World) -> None:
    facts = guild_facts(id=OTHER_GUILD, name="Other Court", owner_id=DISCORD_IDS["sam"], roles=None)
    entry = ensure_member(facts, member_facts("vesna", roles=frozenset({NARRATOR})), cause=SYSTEM)
    assert entry.principal.permissions(entry.server.id) == {"view_server", "create_character"}


def test_a_closed_account_is_refused(world: World) -> None:
    CustomUser.objects.filter(pk=world.mira.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        ensure_member(GUILD_FACTS, member_facts("mira"), cause=SYSTEM)
