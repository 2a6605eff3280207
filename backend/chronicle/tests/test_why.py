"""A decision is explained by its chain."""

from typing import Any

import pytest

from chronicle.models import ServerRole
from chronicle.rights import ACTIONS, can
from chronicle.services import create_role, hold_role, name_narrator
from chronicle.tests.test_rights import Sheet
from chronicle.why import why
from rules.errors import Invalid, NotAllowed, NotFound
from testing.personas import SYSTEM, World


def links(told: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one["name"], one["permission"], one["says"]) for one in told["chain"]]


def test_the_role_that_decided_is_named(world: World) -> None:
    told = why(world.principal("olga"), world.chronicle, world.vesna.pk, "roll.request")
    assert told["allowed"]
    assert links(told) == [("Narrator", "storyteller", "allow")]
    assert told["chain"][0]["position"] == 2


def test_a_denial_above_is_named_and_what_lies_below_is_not(world: World) -> None:
    muted = create_role(
        world.server,
        {"name": "Muted", "position": 900, "permissions": {"storyteller": "deny"}},
        principal=world.principal("olga"),
        cause=SYSTEM,
    )
    hold_role(muted, world.vesna.pk, True, principal=world.principal("olga"), cause=SYSTEM)
    told = why(world.principal("olga"), world.chronicle, world.vesna.pk, "roll.request")
    assert not told["allowed"]
    assert told["reason"] == "Only a storyteller may ask players for rolls."
    assert links(told) == [("Muted", "storyteller", "deny")]


def test_that_nobody_said_anything_is_told(world: World) -> None:
    told = why(world.principal("mira"), world.server, world.mira.pk, "server.manage")
    assert not told["allowed"]
    assert links(told) == [("No role", "manage_server", "absent")]


def test_owners_and_admins_stand_first(world: World) -> None:
    told = why(world.principal("olga"), world.server, world.olga.pk, "server.manage")
    assert told["allowed"]
    assert told["chain"][0]["by"] == "owner"


def test_a_role_of_the_chronicle_speaks_before_those_of_the_server(world: World) -> None:
    name_narrator(
        world.chronicle,
        world.mira.pk,
        ServerRole.System.STORYTELLER,
        principal=world.principal("olga"),
        cause=SYSTEM,
    )
    told = why(world.principal("vesna"), world.chronicle, world.mira.pk, "roll.request")
    assert told["allowed"]
    assert told["chain"][0]["chronicle"] == str(world.chronicle.pk)


def test_of_a_character_its_player_and_its_lock_are_told(world: World) -> None:
    owl = Sheet(world.mira.id, world.chronicle.id, world.chronicle, locked=True)
    told = why(world.principal("vesna"), world.chronicle, world.mira.pk, "character.edit", owl)
    assert not told["allowed"]
    assert "locked" in told["reason"]
    assert ("Its player", "owner", "yes") in links(told)
    assert ("Locked by a storyteller", "locked", "yes") in links(told)
    with pytest.raises(Invalid):
        why(world.principal("vesna"), world.chronicle, world.mira.pk, "character.edit")


def test_only_who_may_asks_about_others(world: World) -> None:
    with pytest.raises(NotAllowed):
        why(world.principal("mira"), world.server, world.jonas.pk, "server.manage")
    with pytest.raises(NotFound):
        why(world.principal("sam"), world.server, world.jonas.pk, "server.manage")
    with pytest.raises(NotFound):
        why(world.principal("olga"), world.server, world.sam.pk, "server.manage")
    with pytest.raises(Invalid, match="no such action"):
        why(world.principal("olga"), world.server, world.mira.pk, "server.fly")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("who", ["olga", "vesna", "mira"])
def test_what_is_told_is_what_is_decided(world: World, who: str, action: str) -> None:
    owl = Sheet(world.mira.id, world.chronicle.id, world.chronicle)
    told = why(world.principal("olga"), world.chronicle, getattr(world, who).pk, action, owl)
    about = owl if action.startswith("character.") and action != "character.create" else world.chronicle
    assert told["allowed"] == bool(can(world.principal(who), action, about))
    allows = any(one["says"] in ("allow", "yes") for one in told["chain"])
    assert allows or not told["allowed"]
