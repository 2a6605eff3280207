"""Which character is meant: by id, by name, by default, by being the only one."""

from typing import Any

import pytest

from chronicle.models import Chronicle, Server, ServerMember
from chronicle.services import bind_channel, create_chronicle
from haven import services
from haven.models import DefaultCharacter
from haven.services import Reference
from haven.services.reference import find
from haven.tests.kit import cause, change, event_of, make, principal, refused, sets
from rules.errors import Conflict, Invalid, NotAllowed, NotFound, Unprocessable
from testing.personas import SYSTEM, TABLE_CHANNEL, World


def found(world: World, who: str, text: str | None = None, **more: Any) -> Any:
    return find(principal(world, who), Reference(text, **{"server": world.server} | more))


def member(world: World, who: str, server: Server | None = None) -> ServerMember:
    return ServerMember.objects.get(server=server or world.server, user=getattr(world, who))


@pytest.mark.parametrize("text", ["Night Owl", "night owl", "  NIGHT   OWL ", "Night Owl\x00\u202e"])
def test_by_name(world: World, text: str) -> None:
    character = make(world)
    assert found(world, "mira", text).id == character.id


def test_by_name_beyond_ascii(world: World) -> None:
    character = make(world, "Élise Ödön")
    assert found(world, "mira", "élise ÖDÖN").id == character.id


@pytest.mark.parametrize("form", ["{}", " {} ", "{{{}}}", "urn:uuid:{}"])
def test_by_id(world: World, form: str) -> None:
    character = make(world)
    assert found(world, "mira", form.format(character.id)).id == character.id


@pytest.mark.parametrize("text", ["Barn Owl", "%", "_", "' OR 1=1 --", "\ud800x", "x" * 5000])
def test_a_name_that_is_none(world: World, text: str) -> None:
    make(world)
    with refused(NotFound) as caught:
        found(world, "mira", text)
    assert len(caught.value.detail) < 120
    caught.value.detail.encode("utf-8")


def test_ones_own_comes_before_the_tables(world: World) -> None:
    make(world)
    own = make(world, who="vesna")
    assert found(world, "vesna", "night owl").id == own.id


def test_a_storyteller_names_any_character_of_the_server(world: World) -> None:
    character = make(world)
    make(world, "Barn Owl", chronicle=None)
    assert found(world, "vesna", "night owl").id == character.id
    for name, server in (("Barn Owl", world.server), ("Night Owl", None)):
        with refused(NotFound):
            found(world, "vesna", name, server=server)


@pytest.mark.engine
@pytest.mark.parametrize("who", ["jonas", "sam", "nobody"])
def test_others_find_only_their_own_by_name(world: World, who: str) -> None:
    make(world)
    with refused(NotFound):
        found(world, who, "Night Owl")


def test_two_of_one_name_at_the_table(world: World) -> None:
    ids = {str(make(world, who=who).id) for who in ("mira", "jonas")}
    with refused(Conflict, "ambiguous") as caught:
        found(world, "vesna", "Night Owl")
    assert {character["id"] for character in caught.value.data["characters"]} == ids
    assert {character["owner"] for character in caught.value.data["characters"]} == {"Mira", "Jonas"}
    assert found(world, "vesna", "Night Owl", owner_id=world.jonas.id)


def test_a_storyteller_names_a_player(world: World) -> None:
    character = make(world)
    make(world, who="jonas")
    assert found(world, "vesna", "Night Owl", owner_id=world.mira.id).id == character.id
    assert found(world, "vesna", None, owner_id=world.mira.id).id == character.id


@pytest.mark.parametrize("text", ["Night Owl", "Nobody", None])
@pytest.mark.parametrize("who", ["jonas", "sam"])
def test_who_is_no_storyteller_there_learns_nothing_of_another_player(
    world: World, who: str, text: str | None
) -> None:
    """Not even by the difference between “there is none” and “not yours”."""
    make(world)
    make(world, "Barn Owl", chronicle=None)
    with refused(NotAllowed) as caught:
        found(world, who, text, owner_id=world.mira.id)
    assert caught.value.data == {}


@pytest.mark.engine
def test_the_storyteller_of_another_server_learns_nothing_either(world: World) -> None:
    """Sam owns the other server. What Mira keeps outside of any is not his to list."""
    make(world)
    make(world, "Barn Owl", chronicle=None)
    make(world, "Third", chronicle=None)
    for text, error in (("Night Owl", NotFound), ("Barn Owl", NotFound), (None, Invalid)):
        with refused(error):
            found(world, "sam", text, owner_id=world.mira.id, server=world.other_server)


def test_in_direct_messages_nobody_names_another_player(world: World) -> None:
    make(world)
    for who in ("vesna", "root"):
        with refused(NotAllowed):
            found(world, who, "Night Owl", owner_id=world.mira.id, server=None)


def test_what_a_player_keeps_outside_the_chronicle_is_not_the_storytellers(world: World) -> None:
    make(world, chronicle=None)
    for text, error in (("Night Owl", NotFound), (None, Invalid)):
        with refused(error):
            found(world, "vesna", text, owner_id=world.mira.id)


def test_the_only_one_that_fits(world: World) -> None:
    character = make(world)
    chosen = found(world, "mira")
    assert (chosen.id, chosen.chosen) == (character.id, "Night Owl (the only one that fits)")
    make(world, "Barn Owl")
    with refused(Conflict, "ambiguous") as caught:
        found(world, "mira", "  ")
    assert len(caught.value.data["characters"]) == 2


def test_none_that_fits(world: World) -> None:
    make(world)
    with refused(Invalid, "no_character"):
        found(world, "jonas")
    with refused(Invalid, "no_character"):
        found(world, "mira", splats=("mage20th",))
    with refused(NotFound):
        found(world, "mira", "Barn Owl of the docks", splats=("mage20th",))


def test_the_default(world: World) -> None:
    make(world)
    barn = make(world, "Barn Owl")
    services.set_default(principal(world, "mira"), member(world, "mira"), Reference("barn owl", world.server))
    chosen = found(world, "mira")
    assert (chosen.id, chosen.chosen) == (barn.id, "Barn Owl (your default)")
    reference = Reference(None, world.server)
    done = services.change(principal(world, "mira"), reference, sets(hunger=3), cause(world, "mira"))
    assert done.chosen == "Barn Owl (your default)"
    services.delete(principal(world, "mira"), Reference(str(barn.id)), cause(world, "mira"))
    assert found(world, "mira").chosen == "Night Owl (the only one that fits)"
    services.restore(principal(world, "mira"), Reference(str(barn.id)), cause(world, "mira"))
    assert found(world, "mira").id == barn.id
    services.clear_default(member(world, "mira"))
    with refused(Conflict, "ambiguous"):
        found(world, "mira")


@pytest.mark.engine
def test_a_default_belongs_to_one_server(world: World) -> None:
    character = make(world)
    make(world, "Barn Owl")
    services.set_default(
        principal(world, "mira"), member(world, "mira"), Reference(str(character.id), world.server)
    )
    with refused(Conflict, "ambiguous"):
        found(world, "mira", server=None)
    for set_or_clear in (
        lambda: services.set_default(principal(world, "mira"), None, Reference(str(character.id))),
        lambda: services.clear_default(None),
    ):
        with refused(Unprocessable, "server_only"):
            set_or_clear()


@pytest.mark.parametrize(("who", "error"), [("jonas", NotAllowed), ("vesna", NotAllowed)])
def test_another_players_character_is_nobodys_default(world: World, who: str, error: Any) -> None:
    character = make(world)
    with refused(error):
        services.set_default(
            principal(world, who), member(world, who), Reference(str(character.id), world.server)
        )
    assert not DefaultCharacter.objects.exists()


def test_a_stranger_cannot_tell_an_id_from_none(world: World) -> None:
    """Another's id and one that never was get the same answer, word for word."""
    character = make(world)
    answers = []
    for text in (str(character.id), "01a1fb41-a6f2-7435-afde-e316bddfb0d9"):
        with refused(NotFound) as caught:
            services.change(principal(world, "sam"), Reference(text), sets(hunger=2), cause(world, "sam"))
        answers.append(caught.value.as_json())
    assert answers[0] == answers[1]


@pytest.mark.engine
def test_a_deleted_one_is_found_only_by_who_asks_for_deleted_ones(world: World) -> None:
    character = make(world)
    services.delete(principal(world, "mira"), Reference(str(character.id)), cause(world, "mira"))
    with refused(NotFound):
        found(world, "mira", "Night Owl")
    assert found(world, "mira", "night owl", deleted=True).id == character.id
    make(world)
    assert event_of(change(world, make(world, "Third"), *sets(hunger=2)))
    assert found(world, "mira", "Night Owl").id != character.id


@pytest.mark.engine
def test_the_default_of_a_chronicle_goes_before_that_of_the_server(world: World) -> None:
    first, second = make(world, "First"), make(world, "Second")
    story = create_chronicle(world.server, "Second Story", principal=world.principal("olga"), cause=SYSTEM)
    bind_channel(world.server, TABLE_CHANNEL, story, principal=world.principal("olga"), cause=SYSTEM)
    member = world.mira.memberships.get(server=world.server)
    mira = world.principal("mira")
    services.set_default(mira, member, Reference("First", world.server))
    services.set_default(mira, member, Reference("Second", world.server, channel_id=TABLE_CHANNEL))
    here, there = Reference(None, world.server, channel_id=TABLE_CHANNEL), Reference(None, world.server)
    assert [find(mira, place).id for place in (here, there)] == [second.id, first.id]
    assert find(mira, here).chosen == "Second (your default)"
    services.set_default(mira, member, Reference("First", world.server, channel_id=TABLE_CHANNEL))
    assert find(mira, here).id == first.id
    services.set_default(mira, member, Reference("Second", world.server, channel_id=TABLE_CHANNEL))
    services.clear_default(member)
    assert find(mira, here).id == second.id
    services.clear_default(member, TABLE_CHANNEL)
    with refused(Conflict, "ambiguous"):
        find(mira, here)


def test_the_only_one_of_the_chronicle_is_meant_in_its_channel(world: World) -> None:
    make(world, "Elsewhere")
    story = create_chronicle(world.server, "Second Story", principal=world.principal("olga"), cause=SYSTEM)
    bind_channel(world.server, TABLE_CHANNEL, story, principal=world.principal("olga"), cause=SYSTEM)
    only = make(world, "Only", chronicle=Chronicle.objects.select_related("server").get(pk=story.pk))
    found = find(world.principal("mira"), Reference(None, world.server, channel_id=TABLE_CHANNEL))
    assert (found.id, found.chosen) == (only.id, "Only (the only one in this chronicle)")
