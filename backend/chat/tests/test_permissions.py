"""The helpers of the chat specification, over every persona."""

import pytest
from django.contrib.auth.models import AnonymousUser

from chat import permissions
from chat.tests.chat_kit import table
from chronicle import services
from testing.community import set_channel
from testing.personas import SYSTEM, TABLE_CHANNEL, World

pytestmark = pytest.mark.django_db


@pytest.mark.req("S003-34", "S003-30")
def test_access_is_for_members(world: World) -> None:
    people = {name: getattr(world, name) for name in ("olga", "vesna", "mira", "sam")}
    reached = {
        name for name, user in people.items() if permissions.user_has_server_access(user, world.server)
    }
    assert reached == {"olga", "vesna", "mira"}
    assert not permissions.user_has_server_access(AnonymousUser(), world.server)


@pytest.mark.req("S003-35", "S003-04")
def test_the_role_is_admin_moderator_member_or_none(world: World) -> None:
    role = permissions.get_user_role_in_server
    assert role(world.olga, world.server) == "ADMIN"
    assert role(world.mira, world.server) == "MEMBER"
    assert role(world.sam, world.server) is None
    services.add_member(world.server, world.sam, cause=SYSTEM, system_roles=["MODERATOR"])
    assert role(world.sam, world.server) == "MODERATOR"
    services.remove_member(world.server, world.sam.pk, cause=SYSTEM)
    assert role(world.sam, world.server) is None
    assert role(AnonymousUser(), world.server) is None


@pytest.mark.req("S003-36")
def test_members_are_listed_with_their_accounts(world: World) -> None:
    names = [member.user.username for member in permissions.get_server_members(world.server)]
    assert sorted(names) == ["jonas", "mira", "olga", "vesna"]
    assert not permissions.get_server_members(world.other_server).filter(user=world.mira).exists()


@pytest.mark.req("S003-37", "S003-33")
def test_who_can_send(world: World) -> None:
    channel = table()
    can_send = permissions.user_can_send_message
    assert can_send(world.mira, world.server, channel)
    assert not can_send(world.mira, world.other_server, channel)
    assert not can_send(world.sam, world.other_server, channel)
    set_channel(
        world.server, TABLE_CHANNEL, {"is_private": True}, principal=world.principal("olga"), cause=SYSTEM
    )
    assert not can_send(world.mira, world.server, table())
    assert can_send(world.olga, world.server, table())
