"""Own roles, and that nobody reaches above themselves with them."""

from typing import Any

import pytest

from chronicle.models import ServerRole
from chronicle.principal import (
    ADMIN_POSITION,
    MODERATOR_POSITION,
    OWNER_RANK,
    Principal,
)
from chronicle.rights import can
from chronicle.services import add_member, delete_role, get_role, hold_role
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from testing.community import create_role, set_server, update_role
from testing.personas import NARRATOR, PLAYER, SYSTEM, World
from timeline.models import Event

System = ServerRole.System


def by(world: World, name: str) -> dict[str, Any]:
    return {"principal": world.principal(name), "cause": SYSTEM}


def role(world: World, **found: Any) -> ServerRole:
    return ServerRole.objects.select_related("server").get(server=world.server, chronicle=None, **found)


@pytest.fixture
def keeper(world: World) -> World:
    """Mira keeps the roles: by a role of her own at position 10."""
    made = create_role(
        world.server,
        {"name": "Keeper of roles", "position": 10, "permissions": {"manage_roles": "allow"}},
        **by(world, "olga"),
    )
    hold_role(made, world.mira.pk, True, **by(world, "olga"))
    return world


@pytest.mark.engine
@pytest.mark.req("S000-44", "S000-45", "S000-46", "S000-47", "S000-48")
def test_an_own_role_is_made_given_changed_and_deleted(world: World) -> None:
    made = create_role(
        world.server,
        {"name": "Chronicler", "color": "#7A4FA3", "position": 7, "permissions": {"storyteller": "allow"}},
        **by(world, "olga"),
    )
    assert (made.name, made.color, made.position) == ("Chronicler", "#7a4fa3", 7)
    assert not can(world.principal("jonas"), "roll.request", world.chronicle)
    hold_role(made, world.jonas.pk, True, **by(world, "olga"))
    assert can(world.principal("jonas"), "roll.request", world.chronicle)
    update_role(made, {"permissions": {}, "name": "Scribe"}, **by(world, "olga"))
    assert not can(world.principal("jonas"), "roll.request", world.chronicle)
    delete_role(made, **by(world, "olga"))
    assert not ServerRole.objects.filter(pk=made.pk).exists()
    types = list(
        Event.objects.filter(stream_id=world.server.pk).order_by("-seq").values_list("type", flat=True)
    )
    assert types[:4] == ["server.updated", "server.updated", "server.members", "server.updated"]


@pytest.mark.engine
@pytest.mark.req("S000-48")
def test_ranks_go_by_the_highest_role_and_by_what_one_may(keeper: World) -> None:
    ranks = {
        name: keeper.principal(name).rank(keeper.server.pk) for name in ("olga", "vesna", "mira", "jonas")
    }
    assert ranks == {"olga": OWNER_RANK, "vesna": 2, "mira": 10, "jonas": 1}
    assert Principal.system().rank(keeper.server.pk) == OWNER_RANK
    for system, rank in ((System.ADMIN, ADMIN_POSITION), (System.MODERATOR, MODERATOR_POSITION)):
        add_member(keeper.server, keeper.jonas, cause=SYSTEM, system_roles=[system])
        assert keeper.principal("jonas").rank(keeper.server.pk) >= rank


@pytest.mark.req("S000-48")
@pytest.mark.parametrize("position", [10, 11, 1000])
def test_nobody_makes_or_lifts_a_role_to_their_own_height(keeper: World, position: int) -> None:
    with pytest.raises(NotAllowed, match="below your own"):
        create_role(keeper.server, {"name": "High", "position": position}, **by(keeper, "mira"))
    low = create_role(keeper.server, {"name": "Low", "position": 9}, **by(keeper, "mira"))
    with pytest.raises(NotAllowed, match="below your own"):
        update_role(low, {"position": position}, **by(keeper, "mira"))
    assert role(keeper, name="Low").position == 9


@pytest.mark.engine
@pytest.mark.req("S000-48")
def test_nobody_changes_gives_or_takes_at_their_own_height_or_above(keeper: World) -> None:
    mine = role(keeper, name="Keeper of roles")
    for high in (mine, role(keeper, system=System.STORYTELLER), role(keeper, system=System.ADMIN)):
        with pytest.raises(NotAllowed, match="as high as your own"):
            update_role(high, {"permissions": {}}, **by(keeper, "mira"))
        for held in (True, False):
            with pytest.raises(NotAllowed, match="as high as your own"):
                hold_role(high, keeper.jonas.pk, held, **by(keeper, "mira"))
    with pytest.raises(NotAllowed, match="as high as your own"):
        delete_role(mine, **by(keeper, "mira"))


def test_nobody_gives_what_they_do_not_have(keeper: World) -> None:
    with pytest.raises(NotAllowed, match="storyteller"):
        create_role(
            keeper.server, {"name": "Gift", "permissions": {"storyteller": "allow"}}, **by(keeper, "mira")
        )
    gift = create_role(
        keeper.server, {"name": "Gift", "permissions": {"storyteller": "allow"}}, **by(keeper, "olga")
    )
    with pytest.raises(NotAllowed, match="storyteller"):
        hold_role(gift, keeper.mira.pk, True, **by(keeper, "mira"))
    update_role(gift, {"permissions": {"storyteller": "allow", "view_server": "deny"}}, **by(keeper, "mira"))
    assert role(keeper, name="Gift").permissions == {"storyteller": "allow", "view_server": "deny"}


def test_players_and_strangers_make_no_roles(world: World) -> None:
    with pytest.raises(NotAllowed):
        create_role(world.server, {"name": "Mine"}, **by(world, "mira"))
    with pytest.raises(NotFound):
        create_role(world.server, {"name": "Mine"}, **by(world, "sam"))
    with pytest.raises(NotFound):
        update_role(role(world, discord_id=PLAYER), {"permissions": {}}, **by(world, "sam"))


@pytest.mark.engine
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"name": ""},
        {"name": "x" * 101},
        {"name": 7},
        {"name": "a", "color": "red"},
        {"name": "a", "position": 0},
        {"name": "a", "position": 1001},
        {"name": "a", "position": True},
        {"name": "a", "permissions": {"fly": "allow"}},
        {"name": "a", "permissions": []},
        {"name": "a", "system": "ADMIN"},
    ],
)
def test_nonsense_is_refused_and_leaves_nothing(world: World, values: dict[str, Any]) -> None:
    before = ServerRole.objects.count()
    with pytest.raises(Invalid):
        create_role(world.server, values, **by(world, "olga"))
    assert ServerRole.objects.count() == before


def test_what_is_discords_stays_discords(world: World) -> None:
    mirrored = role(world, discord_id=NARRATOR)
    with pytest.raises(Conflict, match="only change this role’s permissions"):
        update_role(mirrored, {"name": "Teller"}, **by(world, "olga"))
    with pytest.raises(Conflict, match="created here"):
        delete_role(mirrored, **by(world, "olga"))
    with pytest.raises(Conflict, match="in Discord: it comes"):
        hold_role(mirrored, world.jonas.pk, True, **by(world, "olga"))
    with pytest.raises(Conflict, match="Every member"):
        hold_role(role(world, system=System.MEMBER), world.jonas.pk, True, **by(world, "olga"))


def test_a_role_that_went_meanwhile_is_not_found(world: World) -> None:
    made = create_role(world.server, {"name": "Brief"}, **by(world, "olga"))
    delete_role(made, **by(world, "olga"))
    for late in (
        lambda: update_role(made, {"name": "Late"}, **by(world, "olga")),
        lambda: hold_role(made, world.jonas.pk, True, **by(world, "olga")),
        lambda: delete_role(made, **by(world, "olga")),
        lambda: get_role(world.server, made.pk),
        lambda: get_role(world.other_server, role(world, discord_id=PLAYER).pk),
        lambda: get_role(world.server, "nonsense"),
    ):
        with pytest.raises(NotFound):
            late()


def test_a_role_is_given_to_members_only(world: World) -> None:
    made = create_role(world.server, {"name": "Guest"}, **by(world, "olga"))
    with pytest.raises(NotFound):
        hold_role(made, world.sam.pk, True, **by(world, "olga"))


@pytest.mark.engine
def test_marking_storytellers_obeys_the_order_too(keeper: World) -> None:
    update_role(role(keeper, discord_id=PLAYER), {"permissions": {}}, **by(keeper, "mira"))
    high = role(keeper, name="Keeper of roles")
    ServerRole.objects.filter(pk=role(keeper, discord_id=NARRATOR).pk).update(position=high.position)
    with pytest.raises(NotAllowed, match="as high as your own"):
        set_server(keeper.server, storyteller_roles=[], **by(keeper, "mira"))
