"""Who adds and removes members and chooses moderators and administrators; and that an administrator always stays."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from chronicle.models import Server, ServerMember, ServerRole
from chronicle.principal import ADMINISTRATOR, Principal
from chronicle.services import add_member, admins, create_server
from testing.personas import SYSTEM, World


@pytest.fixture
def court(world: World) -> Server:
    """Sam's own server, in which Mira is a member and Jonas a moderator."""
    made = create_server(world.sam, "Salon", cause=SYSTEM)
    add_member(made, world.mira, cause=SYSTEM)
    add_member(made, world.jonas, cause=SYSTEM, system_roles=["MODERATOR"])
    return made


def ask(user: Any, method: str, server: Server, rest: str = "", body: Any = None) -> Any:
    client = APIClient()
    client.force_authenticate(user)
    return getattr(client, method)(f"/api/servers/{server.pk}/{rest}", body, format="json")


def add(user: Any, court: Server, whom: Any, role: str = "MEMBER") -> Any:
    return ask(user, "post", court, "members/", {"user": str(whom.pk), "role": role})


def remove(user: Any, court: Server, whom: Any) -> Any:
    return ask(user, "delete", court, f"members/{whom.pk}/")


def rank(user: Any, court: Server, whom: Any, role: str) -> Any:
    return ask(user, "put", court, f"members/{whom.pk}/", {"role": role})


def names(court: Server) -> set[str]:
    return {row.user.username for row in ServerMember.objects.filter(server=court).select_related("user")}


@pytest.mark.req("S003-18", "S003-32")
def test_moderators_add_members_and_only_members(world: World, court: Server) -> None:
    answer = add(world.jonas, court, world.vesna)
    assert (answer.status_code, answer.json()["role"]) == (201, "MEMBER")
    assert add(world.jonas, court, world.olga, "MODERATOR").status_code == 403
    assert add(world.mira, court, world.olga).status_code == 403
    assert add(world.root, court, world.olga, "ADMIN").json()["role"] == "ADMIN"
    again = add(world.sam, court, world.vesna)
    assert (again.status_code, again.json()["code"]) == (409, "already_member")


@pytest.mark.req("S003-19", "S003-32")
def test_moderators_remove_members_and_nobody_higher(world: World, court: Server) -> None:
    add(world.sam, court, world.vesna, "MODERATOR")
    assert remove(world.jonas, court, world.vesna).status_code == 403
    assert remove(world.jonas, court, world.sam).status_code == 403
    assert remove(world.mira, court, world.jonas).status_code == 403
    assert remove(world.jonas, court, world.mira).status_code == 200
    assert remove(world.jonas, court, world.mira).status_code == 404
    assert remove(world.sam, court, world.vesna).status_code == 200
    assert len(names(court)) == 2


@pytest.mark.req("S003-32")
def test_a_server_may_keep_moderators_from_managing_members(world: World, court: Server) -> None:
    setting = {"moderators_manage_members": False}
    assert ask(world.jonas, "patch", court, body=setting).status_code == 403
    assert ask(world.sam, "patch", court, body=setting).json()["moderators_manage_members"] is False
    assert add(world.jonas, court, world.vesna).status_code == 403
    assert remove(world.jonas, court, world.mira).status_code == 403
    assert add(world.sam, court, world.vesna).status_code == 201


@pytest.mark.req("S003-31")
def test_only_administrators_choose_roles(world: World, court: Server) -> None:
    assert rank(world.jonas, court, world.mira, "MODERATOR").status_code == 403
    assert rank(world.sam, court, world.mira, "MODERATOR").json()["role"] == "MODERATOR"
    assert rank(world.sam, court, world.mira, "ADMIN").json()["role"] == "ADMIN"
    assert rank(world.mira, court, world.jonas, "MEMBER").json()["role"] == "MEMBER"
    assert rank(world.mira, court, world.sam, "MEMBER").status_code == 403, "the owner steps down alone"
    assert rank(world.sam, court, world.mira, "MEMBER").json()["role"] == "MEMBER"
    assert rank(world.sam, court, world.mira, "KING").status_code == 400


@pytest.mark.req("S003-21")
def test_the_last_administrator_stays(world: World, court: Server) -> None:
    for answer in (
        remove(world.sam, court, world.sam),
        remove(world.root, court, world.sam),
        rank(world.sam, court, world.sam, "MEMBER"),
        rank(world.sam, court, world.sam, "MODERATOR"),
        rank(world.root, court, world.sam, "MODERATOR"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    assert admins(court) == [world.sam.pk]
    assert Principal(world.sam).permissions(court.pk) >= {ADMINISTRATOR}


@pytest.mark.req("S003-21")
def test_the_last_administrator_stays_where_nobody_owns_the_server(world: World, court: Server) -> None:
    """Whatever takes the role away: the members' door, the roles' door, or a change of the role itself."""
    add(world.sam, court, world.vesna, "ADMIN")
    Server.objects.filter(pk=court.pk).update(owner=None)
    rank(world.vesna, court, world.sam, "MEMBER")
    role = ServerRole.objects.get(server=court, system="ADMIN")
    hold = {"user": str(world.vesna.pk), "held": False}
    refusals = [
        remove(world.vesna, court, world.vesna),
        rank(world.root, court, world.vesna, "MEMBER"),
        ask(world.root, "put", court, f"roles/{role.pk}/members/", hold),
        ask(world.root, "patch", court, f"roles/{role.pk}/", {"permissions": {}}),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in refusals] == [(409, "last_admin")] * 4
    court.refresh_from_db()
    assert admins(court) == [world.vesna.pk]


@pytest.mark.req("S003-21")
def test_an_owner_who_leaves_hands_over_to_another_administrator(world: World, court: Server) -> None:
    rank(world.sam, court, world.mira, "ADMIN")
    role = ServerRole.objects.get(server=court, system="ADMIN")
    hold = {"user": str(world.sam.pk), "held": False}
    assert ask(world.sam, "put", court, f"roles/{role.pk}/members/", hold).json()["code"] == "last_admin"
    assert remove(world.mira, court, world.sam).status_code == 403
    assert remove(world.sam, court, world.sam).status_code == 200
    court.refresh_from_db()
    assert court.owner_id == world.mira.pk
    assert not Principal(world.sam).permissions(court.pk)
    assert remove(world.mira, court, world.mira).json()["code"] == "last_admin"


def test_who_leaves_keeps_no_rights(world: World, court: Server) -> None:
    assert remove(world.mira, court, world.mira).status_code == 200
    assert ask(world.mira, "get", court).status_code == 404


def test_members_of_a_guild_come_and_go_in_discord(world: World) -> None:
    for answer in (
        add(world.olga, world.server, world.sam),
        remove(world.olga, world.server, world.mira),
        remove(world.mira, world.server, world.mira),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_ours")
    assert rank(world.olga, world.server, world.mira, "MODERATOR").json()["role"] == "MODERATOR"


@pytest.mark.req("S003-20")
def test_strangers_learn_nothing(world: World, court: Server) -> None:
    assert add(world.vesna, court, world.vesna).status_code == 404
    assert remove(world.vesna, court, world.mira).status_code == 404
    assert rank(world.vesna, court, world.mira, "ADMIN").status_code == 404
    assert ask(world.sam, "delete", court, "members/nobody/").status_code == 400
