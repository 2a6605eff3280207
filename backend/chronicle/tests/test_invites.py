"""Invitations into servers of the web."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chronicle.door import parse
from chronicle.models import Invite, Server, ServerMember, ServerRole
from chronicle.services import create_server, find_invite, invite, join, open_invites, revoke
from contract import invitations
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from testing.community import create_role
from testing.personas import SYSTEM, World
from timeline.models import Event

pytestmark = pytest.mark.engine


@pytest.fixture
def house(world: World) -> Server:
    """Mira's own server, without Discord."""
    return create_server(world.mira, "House of Mira", cause=SYSTEM)


def by(world: World, name: str) -> dict[str, Any]:
    return {"principal": world.principal(name), "cause": SYSTEM}


def is_in(server: Server, user: Any) -> bool:
    return ServerMember.objects.filter(server=server, user=user).exists()


@pytest.mark.req("S003-75")
def test_who_has_the_link_comes_in_with_its_role(world: World, house: Server) -> None:
    role = create_role(house, {"name": "Guest", "permissions": {"observe": "allow"}}, **by(world, "mira"))
    made = invite(house, role=role.pk, max_uses=1, **by(world, "mira"))
    assert join(made.code, world.sam, cause=SYSTEM) == house
    assert list(ServerRole.objects.filter(members__user=world.sam, server=house)) == [role]
    assert "observe" in world.principal("sam").permissions(house.pk)
    with pytest.raises(NotFound):
        join(made.code, world.jonas, cause=SYSTEM)
    assert not is_in(house, world.jonas)


def test_who_is_in_already_uses_nothing_up(world: World, house: Server) -> None:
    made = invite(house, max_uses=1, **by(world, "mira"))
    join(made.code, world.mira, cause=SYSTEM)
    join(made.code, world.sam, cause=SYSTEM)
    made.refresh_from_db()
    assert (made.uses, list(open_invites(house))) == (1, [])


@pytest.mark.req("S003-75")
def test_it_ends_by_itself_or_is_taken_back(world: World, house: Server) -> None:
    made = invite(house, hours=1, **by(world, "mira"))
    assert find_invite(made.code) == made
    Invite.objects.filter(pk=made.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotFound):
        find_invite(made.code)
    other = invite(house, **by(world, "mira"))
    revoke(house, other.pk, **by(world, "mira"))
    with pytest.raises(NotFound):
        join(other.code, world.sam, cause=SYSTEM)
    with pytest.raises(NotFound):
        revoke(house, other.pk, **by(world, "mira"))
    changes = str(list(Event.objects.filter(stream_id=house.pk).values_list("changes", flat=True)))
    assert other.code not in changes


def test_a_full_server_lets_nobody_in(world: World, house: Server) -> None:
    made = invite(house, **by(world, "mira"))
    Server.objects.filter(pk=house.pk).update(max_members=1)
    with pytest.raises(Conflict) as caught:
        join(made.code, world.sam, cause=SYSTEM)
    assert caught.value.code == "server_full"
    made.refresh_from_db()
    assert made.uses == 0


def test_only_who_may_invites_and_gives_below_their_own(world: World, house: Server) -> None:
    with pytest.raises(NotFound):
        invite(house, **by(world, "sam"))
    join(invite(house, **by(world, "mira")).code, world.sam, cause=SYSTEM)
    with pytest.raises(NotAllowed):
        invite(house, **by(world, "sam"))
    admin = ServerRole.objects.get(server=house, system=ServerRole.System.ADMIN)
    helper = create_role(
        house, {"name": "Door", "permissions": {"invite_members": "allow"}}, **by(world, "mira")
    )
    ServerMember.objects.get(server=house, user=world.sam).roles.add(helper)
    invite(house, **by(world, "sam"))
    with pytest.raises(NotAllowed):
        invite(house, role=admin.pk, **by(world, "sam"))


def test_into_a_discord_server_people_come_in_discord(world: World) -> None:
    with pytest.raises(Conflict) as caught:
        invite(world.server, **by(world, "olga"))
    assert caught.value.code == "by_discord"


@pytest.mark.parametrize(
    "wanted", [{"max_uses": -1}, {"max_uses": 10_001}, {"max_uses": True}, {"hours": 0}, {"hours": "1"}]
)
def test_nonsense_is_refused(wanted: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        parse(invitations.Invite, wanted)
