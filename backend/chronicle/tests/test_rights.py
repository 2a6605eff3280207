"""Who may do what: the whole table, by persona."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from chronicle.models import Server, ServerMember, ServerRole
from chronicle.principal import ALL_PERMISSIONS, Principal, resolve
from chronicle.rights import can, character_level, level, stream_ref
from chronicle.services import add_member, create_server, remove_member
from rules.errors import NotAllowed, NotFound
from rules.visibility import PRIVATE, PUBLIC, SECRET, TABLE
from testing.community import set_server
from testing.personas import NARRATOR, PLAYER, SYSTEM, World

EVERYBODY = ("olga", "vesna", "mira", "jonas", "sam", "root", "nobody")


@dataclass
class Sheet:
    """All that rights know of a character."""

    owner_id: Any
    chronicle_id: Any
    chronicle: Any
    locked: bool = False


@pytest.fixture
def owl(world: World) -> Sheet:
    """Mira's character in Night Court."""
    return Sheet(world.mira.id, world.chronicle.id, world.chronicle)


def person(world: World, name: str) -> Principal:
    return Principal.anonymous() if name == "nobody" else world.principal(name)


def allowed(world: World, action: str, obj: Any, **options: Any) -> set[str]:
    return {name for name in EVERYBODY if can(person(world, name), action, obj, **options)}


def test_documents_add_up_from_the_highest_role_down() -> None:
    assert resolve([]) == frozenset()
    assert resolve([{"storyteller": "deny"}, {"storyteller": "allow"}]) == frozenset()
    assert resolve([{}, {"storyteller": "allow"}, {"storyteller": "deny"}]) == {"storyteller"}
    assert resolve([{"view_server": "deny"}, {"administrator": "allow"}]) == ALL_PERMISSIONS
    assert resolve([{"administrator": "deny"}, {"administrator": "allow"}]) == frozenset()
    assert resolve([{"fly": "allow", "storyteller": "perhaps"}]) == frozenset()


@pytest.mark.req("S004-29")
@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("character.view", {"olga", "vesna", "mira", "jonas", "root"}),
        ("character.history", {"olga", "vesna", "mira", "root"}),
        ("character.edit", {"olga", "vesna", "mira", "root"}),
        ("character.undo", {"olga", "vesna", "mira", "root"}),
        ("character.visibility", {"olga", "vesna", "mira", "root"}),
        ("character.delete", {"mira", "root"}),
        ("character.restore", {"mira", "root"}),
        ("character.lock", {"olga", "vesna", "root"}),
    ],
)
def test_what_each_may_do_with_a_players_character(
    world: World, owl: Sheet, action: str, expected: set[str]
) -> None:
    assert allowed(world, action, owl) == expected


def test_a_locked_character_leaves_its_owner_the_trackers(world: World, owl: Sheet) -> None:
    owl.locked = True
    assert allowed(world, "character.edit", owl) == {"olga", "vesna", "root"}
    assert allowed(world, "character.undo", owl) == {"olga", "vesna", "root"}
    assert "mira" in allowed(world, "character.edit", owl, trackers_only=True)
    assert "jonas" not in allowed(world, "character.edit", owl, trackers_only=True)


def test_secret_traits_are_the_storytellers(world: World, owl: Sheet) -> None:
    assert allowed(world, "character.edit_field", owl, field_level=SECRET) == {"olga", "vesna", "root"}
    assert "mira" in allowed(world, "character.edit_field", owl, field_level=PRIVATE)


def test_a_character_without_a_chronicle_is_its_owners_alone(world: World) -> None:
    loner = Sheet(world.mira.id, None, None)
    for action in ("character.view", "character.edit", "character.delete"):
        assert allowed(world, action, loner) == {"mira", "root"}


def test_levels(world: World) -> None:
    found = {
        name: level(person(world, name), world.mira.id, world.server.id, world.chronicle.id)
        for name in EVERYBODY
    }
    assert found == {
        "olga": SECRET,
        "vesna": SECRET,
        "mira": PRIVATE,
        "jonas": TABLE,
        "sam": PUBLIC,
        "root": SECRET,
        "nobody": PUBLIC,
    }
    assert level(Principal.system(), None, None, None) == SECRET


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("server.view", {"olga", "vesna", "mira", "jonas", "root"}),
        ("server.manage", {"olga", "root"}),
        ("server.roles", {"olga", "root"}),
        ("server.members", {"olga", "root"}),
    ],
)
def test_what_each_may_do_with_a_server(world: World, action: str, expected: set[str]) -> None:
    assert allowed(world, action, world.server) == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("chronicle.view", {"olga", "vesna", "mira", "jonas", "root"}),
        ("chronicle.manage", {"olga", "vesna", "root"}),
        ("chronicle.characters", {"olga", "vesna", "root"}),
        ("character.create", {"olga", "vesna", "mira", "jonas", "root"}),
    ],
)
def test_what_each_may_do_with_a_chronicle(world: World, action: str, expected: set[str]) -> None:
    assert allowed(world, action, world.chronicle) == expected


def test_anybody_signed_in_may_create_a_character_of_no_chronicle(world: World) -> None:
    assert allowed(world, "character.create", None) == set(EVERYBODY) - {"nobody"}


@pytest.mark.engine
def test_streams(world: World) -> None:
    table = stream_ref(f"chronicle:{world.chronicle.id}")
    assert allowed(world, "stream.subscribe", table) == {"olga", "vesna", "mira", "jonas", "root"}
    own = stream_ref(f"user:{world.mira.id}")
    assert allowed(world, "stream.subscribe", own) == {"mira"}, "whose own rolls nobody else sees"
    server = stream_ref(f"server:{world.other_server.id}")
    assert allowed(world, "stream.subscribe", server) == {"sam", "root"}


@pytest.mark.parametrize("name", ["", "chronicle", "chronicle:", "chronicle:x", "*", "user:1", "x" * 5000])
def test_a_name_that_is_no_stream_is_not_found(db: Any, name: str) -> None:
    with pytest.raises(NotFound):
        stream_ref(name)


@pytest.mark.parametrize("kind", ["chronicle", "dream"])
def test_a_stream_that_does_not_exist_is_not_found(world: World, kind: str) -> None:
    with pytest.raises(NotFound):
        stream_ref(f"{kind}:{world.mira.id}")


@pytest.mark.req("S004-29")
def test_a_stranger_is_told_that_there_is_nothing(world: World, owl: Sheet) -> None:
    for name in ("sam", "nobody"):
        for action, obj in (
            ("character.edit", owl),
            ("server.manage", world.server),
            ("chronicle.manage", world.chronicle),
        ):
            with pytest.raises(NotFound):
                can(person(world, name), action, obj).require()
    with pytest.raises(NotAllowed, match="another player’s"):
        can(world.principal("jonas"), "character.edit", owl).require()


@pytest.mark.engine
@pytest.mark.req("S000-47")
def test_a_denied_permission_of_a_higher_role_wins(world: World) -> None:
    ServerRole.objects.filter(server=world.server, discord_id=PLAYER).update(
        permissions={"create_character": "deny"}
    )
    assert not can(world.principal("mira"), "character.create", world.chronicle)
    assert can(world.principal("vesna"), "character.create", world.chronicle)


def test_a_member_without_any_role_is_a_member(world: World) -> None:
    add_member(world.server, world.sam, cause=SYSTEM)
    assert world.principal("sam").permissions(world.server.id) == {"view_server", "create_character"}


def test_everyones_role_counts_for_everyone(world: World) -> None:
    everyone = [world.server.discord_id]
    set_server(world.server, storyteller_roles=everyone, principal=Principal.system(), cause=SYSTEM)
    assert "storyteller" in world.principal("jonas").permissions(world.server.id)
    assert world.principal("sam").permissions(world.server.id) == frozenset()


def test_leaving_and_losing_a_role_count_at_once(world: World, owl: Sheet) -> None:
    set_server(world.server, storyteller_roles=[], principal=Principal.system(), cause=SYSTEM)
    assert level(world.principal("vesna"), world.mira.id, world.server.id, world.chronicle.id) == TABLE
    remove_member(world.server, world.mira.id, cause=SYSTEM)
    mira = world.principal("mira")
    assert character_level(mira, owl) == PRIVATE
    assert not can(mira, "stream.subscribe", stream_ref(f"chronicle:{world.chronicle.id}"))
    assert not can(mira, "character.create", world.chronicle)


def test_a_principal_that_lives_on_asks_again_after_forget(world: World) -> None:
    vesna = world.principal("vesna")
    assert "storyteller" in vesna.permissions(world.server.id)
    set_server(world.server, storyteller_roles=[PLAYER], principal=Principal.system(), cause=SYSTEM)
    assert "storyteller" in vesna.permissions(world.server.id)
    vesna.forget(world.server.id)
    assert "storyteller" not in vesna.permissions(world.server.id)


def test_one_query_a_server_and_one_for_many(world: World, django_assert_num_queries: Any) -> None:
    mira = world.principal("mira")
    with django_assert_num_queries(1):
        for _ in range(3):
            mira.permissions(world.server.id)
            mira.discord_roles(world.server.id)
    for number in range(5):
        create_server(world.jonas, f"House {number}", cause=SYSTEM)
    jonas = world.principal("jonas")
    with django_assert_num_queries(1):
        held = jonas.load()
        assert all(jonas.permissions(pk) == held[pk] for pk in Server.objects.none())
    assert len(held) == 6
    with django_assert_num_queries(0):
        assert all(jonas.permissions(pk) for pk in held)


def test_nobody_and_platform_admins_cost_no_query(world: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert Principal.for_user(AnonymousUser()).permissions(world.server.id) == frozenset()
        assert world.principal("root").permissions(world.server.id) == ALL_PERMISSIONS
        assert Principal.for_user(None).is_anonymous


def test_a_closed_account_is_nobody(world: World) -> None:
    world.vesna.is_active = False
    assert Principal.for_user(world.vesna).is_anonymous
    closed = SimpleNamespace(is_authenticated=False, is_active=True)
    assert Principal.for_user(closed).is_anonymous


def test_the_owner_needs_no_membership(world: World) -> None:
    ServerMember.objects.filter(server=world.server, user=world.olga).delete()
    assert world.principal("olga").permissions(world.server.id) == ALL_PERMISSIONS
    assert NARRATOR not in world.principal("olga").discord_roles(world.server.id)
