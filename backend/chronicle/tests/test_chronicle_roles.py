"""Storytellers, co-storytellers and observers of one chronicle, and how far each of them sees and reaches."""

from typing import Any

import pytest

from chronicle.door import parse
from chronicle.models import Chronicle, ServerRole
from chronicle.prefetch import prefetch_permissions
from chronicle.principal import SEES_ALL, Principal
from chronicle.rights import (
    can,
    character_level,
    is_storyteller_in_server,
    is_storyteller_of,
    rows_with_permission,
)
from chronicle.serializers import chronicle_for
from chronicle.services import create_chronicle, remove_member, set_chronicle_role
from chronicle.tests.test_rights import Sheet
from contract.chronicles import SetChronicleRole
from rules.errors import Invalid, NotAllowed, NotFound
from rules.visibility import PRIVATE, SECRET, TABLE
from testing.personas import SYSTEM, World
from timeline.models import Event

System = ServerRole.System


def by(world: World, name: str) -> dict[str, Any]:
    return {"principal": world.principal(name), "cause": SYSTEM}


@pytest.fixture
def second(world: World) -> Chronicle:
    """Another story of Night Court, beside the default one."""
    made = create_chronicle(world.server, "Second Story", **by(world, "olga"))
    return Chronicle.objects.select_related("server").get(pk=made.pk)


def name(world: World, chronicle: Chronicle, who: str, kind: str | None) -> None:
    set_chronicle_role(chronicle, getattr(world, who).pk, kind, **by(world, "olga"))


def sheet(world: World, chronicle: Chronicle, owner: str = "jonas") -> Sheet:
    return Sheet(getattr(world, owner).id, chronicle.id, chronicle)


@pytest.mark.parametrize("kind", [System.STORYTELLER, System.CO_STORYTELLER])
def test_a_storyteller_of_one_chronicle_tells_that_one_alone(
    world: World, second: Chronicle, kind: str
) -> None:
    name(world, second, "mira", kind)
    mira = world.principal("mira")
    assert is_storyteller_of(mira, sheet(world, second))
    assert can(mira, "character.edit", sheet(world, second))
    assert can(mira, "character.lock", sheet(world, second))
    assert can(mira, "roll.request", second)
    assert not is_storyteller_of(mira, sheet(world, world.chronicle))
    assert not can(mira, "character.edit", sheet(world, world.chronicle))
    assert not can(mira, "chronicle.characters", world.chronicle)
    assert not can(mira, "server.manage", world.server)
    assert is_storyteller_in_server(mira, world.server.pk)
    assert not is_storyteller_in_server(world.principal("jonas"), world.server.pk)


def test_an_observer_sees_all_and_changes_nothing(world: World, second: Chronicle) -> None:
    name(world, second, "mira", System.OBSERVER)
    mira, theirs = world.principal("mira"), sheet(world, second)
    assert character_level(mira, theirs) == SECRET
    assert can(mira, "character.history", theirs)
    assert can(mira, "chronicle.characters", second)
    refused = ("edit", "lock", "undo", "delete", "propose", "review", "visibility")
    assert not [action for action in refused if can(mira, f"character.{action}", theirs)]
    assert not can(mira, "roll.make", theirs)
    assert not can(mira, "chronicle.tell", second)
    assert character_level(mira, sheet(world, world.chronicle)) == TABLE


def test_an_observer_plays_an_own_character_as_any_player(world: World, second: Chronicle) -> None:
    name(world, second, "mira", System.OBSERVER)
    mira, own = world.principal("mira"), sheet(world, second, "mira")
    assert can(mira, "character.edit", own)
    assert not can(mira, "character.edit_field", own, field_level=SECRET)
    own.locked = True
    assert not can(mira, "character.edit", own)
    assert can(mira, "character.edit", own, trackers_only=True)


def test_only_who_leads_names_the_others(world: World, second: Chronicle) -> None:
    with pytest.raises(NotAllowed):
        set_chronicle_role(second, world.jonas.pk, System.OBSERVER, **by(world, "mira"))
    name(world, second, "mira", System.CO_STORYTELLER)
    with pytest.raises(NotAllowed):
        set_chronicle_role(second, world.jonas.pk, System.OBSERVER, **by(world, "mira"))
    name(world, second, "mira", System.STORYTELLER)
    set_chronicle_role(second, world.jonas.pk, System.OBSERVER, **by(world, "mira"))
    assert character_level(world.principal("jonas"), sheet(world, second, "mira")) == SECRET
    with pytest.raises(NotAllowed):
        set_chronicle_role(world.chronicle, world.jonas.pk, System.OBSERVER, **by(world, "mira"))


@pytest.mark.engine
def test_somebody_is_one_of_the_three_or_none(world: World, second: Chronicle) -> None:
    for kind in (*(System.STORYTELLER, System.CO_STORYTELLER, System.OBSERVER), System.STORYTELLER, None):
        name(world, second, "mira", kind)
        held = ServerRole.objects.filter(chronicle=second, members__user=world.mira)
        assert [role.system for role in held] == ([kind] if kind else [])
    assert character_level(world.principal("mira"), sheet(world, second)) == TABLE


def test_strangers_cannot_be_named_and_leavers_lose_it(world: World, second: Chronicle) -> None:
    with pytest.raises(NotFound):
        name(world, second, "sam", System.OBSERVER)
    with pytest.raises(Invalid):
        parse(SetChronicleRole, {"user": str(world.mira.pk), "role": System.ADMIN})
    name(world, second, "mira", System.STORYTELLER)
    remove_member(world.server, world.mira.pk, cause=SYSTEM)
    assert not is_storyteller_of(world.principal("mira"), sheet(world, second))


@pytest.mark.engine
def test_open_sockets_are_told_in_every_chronicle(world: World, second: Chronicle) -> None:
    name(world, second, "mira", System.OBSERVER)
    events = Event.objects.filter(type="server.rights").order_by("-seq")
    assert {event.stream_id for event in events} >= {world.chronicle.pk, second.pk}


@pytest.mark.engine
def test_many_are_judged_as_one_is(world: World, second: Chronicle) -> None:
    name(world, second, "mira", System.STORYTELLER)
    name(world, second, "jonas", System.OBSERVER)
    together = [world.principal(persona) for persona in ("olga", "vesna", "mira", "jonas", "sam")]
    prefetch_permissions(together, {world.server.pk})
    for principal in together:
        alone = Principal.for_user(principal.user)
        for chronicle in (None, world.chronicle.pk, second.pk):
            assert principal.permissions(world.server.pk, chronicle) == alone.permissions(
                world.server.pk, chronicle
            )


@pytest.mark.engine
def test_rows_are_filtered_as_rights_say(world: World, second: Chronicle) -> None:
    name(world, second, "mira", System.OBSERVER)
    wanted = {"mira": {second.pk}, "vesna": {world.chronicle.pk, second.pk}, "jonas": set()}
    for who, expected in wanted.items():
        for where in (None, world.server.pk):
            found = Chronicle.objects.filter(
                rows_with_permission(world.principal(who), SEES_ALL, where, path="")
            )
            assert set(found.values_list("pk", flat=True)) == expected
    ServerRole.objects.filter(chronicle=second, system=System.OBSERVER).update(
        permissions={"storyteller": "deny", "observe": "deny"}
    )
    name(world, second, "vesna", System.OBSERVER)
    found = Chronicle.objects.filter(rows_with_permission(world.principal("vesna"), SEES_ALL, path=""))
    assert set(found.values_list("pk", flat=True)) == {world.chronicle.pk}


def test_one_query_tells_the_server_and_all_its_chronicles(
    world: World, second: Chronicle, django_assert_num_queries: Any
) -> None:
    name(world, second, "mira", System.STORYTELLER)
    mira = world.principal("mira")
    with django_assert_num_queries(1):
        assert "storyteller" not in mira.permissions(world.server.pk)
        assert "storyteller" in mira.permissions(world.server.pk, second.pk)
        assert mira.rank(world.server.pk) == 1
        assert character_level(mira, sheet(world, world.chronicle, "mira")) == PRIVATE


@pytest.mark.engine
def test_who_tells_stands_in_the_chronicles_document(world: World, second: Chronicle) -> None:
    name(world, second, "mira", System.CO_STORYTELLER)
    names = [storyteller.name for storyteller in chronicle_for(second, world.principal("jonas")).storytellers]
    assert names == ["Mira", "Vesna"]
    own = chronicle_for(world.chronicle, world.principal("jonas")).storytellers
    assert [storyteller.name for storyteller in own] == ["Vesna"]
