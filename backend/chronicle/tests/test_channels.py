"""Rights of a channel: per action, with the permission and without it."""

from typing import Any

import pytest

from chronicle.models import ServerChannel, ServerRole
from chronicle.rights import can
from chronicle.services import (
    bind_channel,
    bindable,
    create_chronicle,
    delete_role,
    set_chronicle_role,
    sync_server,
    visible_channels,
)
from rules.errors import Invalid, NotAllowed, NotFound
from testing.community import create_role, set_channel, set_role_permissions
from testing.personas import NARRATOR, PLAYER, SYSTEM, TABLE_CHANNEL, TRACKER_CHANNEL, World, guild_facts
from timeline.models import Event

ACTIONS = {
    "channel.view": "view_channel",
    "channel.send": "send_messages",
    "channel.moderate": "manage_messages",
    "channel.manage": "manage_channel",
}


def by(world: World, name: str) -> dict[str, Any]:
    return {"principal": world.principal(name), "cause": SYSTEM}


def role(discord_id: str) -> str:
    return str(ServerRole.objects.get(discord_id=discord_id).pk)


def table(world: World, who: str = "olga", **values: Any) -> ServerChannel:
    return set_channel(world.server, TABLE_CHANNEL, values, **by(world, who))


@pytest.mark.req("S000-75")
@pytest.mark.parametrize("action", ACTIONS)
def test_with_the_permission_it_may_be_done_and_without_it_not(world: World, action: str) -> None:
    """Players may, storytellers may not; then the other way round."""
    for allowed, denied, may, may_not in (
        (PLAYER, NARRATOR, "mira", "vesna"),
        (NARRATOR, PLAYER, "vesna", "mira"),
    ):
        documents = {role(allowed): {ACTIONS[action]: "allow"}, role(denied): {ACTIONS[action]: "deny"}}
        row = table(world, permissions=documents)
        assert can(world.principal(may), action, row)
        with pytest.raises((NotAllowed, NotFound)):
            can(world.principal(may_not), action, row).require()


@pytest.mark.engine
def test_what_is_private_is_hidden_from_whom_no_role_lets_in(world: World) -> None:
    row = table(world, is_private=True, permissions={role(NARRATOR): {"view_channel": "allow"}})
    assert can(world.principal("vesna"), "channel.view", row)
    for action in ACTIONS:
        assert can(world.principal("mira"), action, row).hidden
    names = {
        who: [channel.name for channel in visible_channels(world.server, world.principal(who))]
        for who in ("mira", "vesna")
    }
    assert names == {"mira": ["tracker"], "vesna": ["table", "tracker"]}


def test_as_long_as_nothing_is_said_members_see_and_write_and_do_not_manage(world: World) -> None:
    row = ServerChannel.objects.get(discord_id=TRACKER_CHANNEL)
    found = {action: bool(can(world.principal("mira"), action, row)) for action in ACTIONS}
    assert found == {
        "channel.view": True,
        "channel.send": True,
        "channel.moderate": False,
        "channel.manage": False,
    }
    assert can(world.principal("olga"), "channel.manage", row)
    assert can(world.principal("sam"), "channel.view", row).hidden


def test_the_highest_role_decides(world: World) -> None:
    row = table(
        world,
        permissions={role(NARRATOR): {"send_messages": "deny"}, role(PLAYER): {"send_messages": "allow"}},
    )
    world.vesna.memberships.get(server=world.server).roles.add(ServerRole.objects.get(discord_id=PLAYER))
    assert not can(world.principal("vesna"), "channel.send", row)
    assert can(world.principal("mira"), "channel.send", row)


def test_who_manages_the_channel_changes_it_and_others_do_not(world: World) -> None:
    with pytest.raises(NotAllowed):
        table(world, "mira", is_private=True)
    table(world, permissions={role(PLAYER): {"manage_channel": "allow"}})
    assert table(world, "mira", is_private=False).is_private is False
    with pytest.raises(NotFound):
        table(world, "sam", is_private=True)
    with pytest.raises(NotFound):
        set_channel(world.server, "1", {"is_private": True}, **by(world, "olga"))


@pytest.mark.engine
def test_a_role_speaks_for_itself_alone(world: World) -> None:
    for who, said in ((NARRATOR, {"view_channel": "allow"}), (PLAYER, {"send_messages": "deny"})):
        set_role_permissions(world.server, TABLE_CHANNEL, role(who), said, **by(world, "olga"))
    row = set_role_permissions(world.server, TABLE_CHANNEL, role(NARRATOR), {}, **by(world, "olga"))
    assert row.permissions == {role(PLAYER): {"send_messages": "deny"}}
    with pytest.raises(NotAllowed):
        set_role_permissions(world.server, TABLE_CHANNEL, role(PLAYER), {}, **by(world, "mira"))
    with pytest.raises(Invalid):
        set_role_permissions(world.server, TABLE_CHANNEL, world.server.pk, {}, **by(world, "olga"))
    with pytest.raises(Invalid):
        set_role_permissions(world.server, TABLE_CHANNEL, role(PLAYER), "all", **by(world, "olga"))


@pytest.mark.engine
def test_what_is_bindable_is_what_may_be_bound(world: World) -> None:
    second = create_chronicle(world.server, "Second", **by(world, "olga"))
    row = ServerChannel.objects.select_related("server", "chronicle").get(discord_id=TABLE_CHANNEL)
    assert bindable(row, world.principal("olga")) == [None, world.chronicle, second]
    assert bindable(row, world.principal("mira")) == []
    set_chronicle_role(second, world.mira.pk, "STORYTELLER", **by(world, "olga"))
    assert bindable(row, world.principal("mira")) == [None, second]
    bind_channel(world.server, TABLE_CHANNEL, world.chronicle, **by(world, "olga"))
    row.refresh_from_db()
    assert bindable(row, world.principal("mira")) == [], "it is another's to say"
    with pytest.raises(NotAllowed):
        bind_channel(world.server, TABLE_CHANNEL, second, **by(world, "mira"))


@pytest.mark.parametrize(
    "values",
    [
        {"is_private": "yes"},
        {"permissions": []},
        {"permissions": {"x": {}}},
        {"permissions": {"x": []}},
        {"nickname": "mine"},
    ],
)
def test_nonsense_is_refused(world: World, values: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        table(world, **values)
    with pytest.raises(Invalid):
        table(world, permissions={role(PLAYER): {"fly": "allow"}})


@pytest.mark.engine
def test_a_role_that_was_deleted_says_nothing_about_channels_any_more(world: World) -> None:
    elder = create_role(world.server, {"name": "Elder"}, **by(world, "olga"))
    kept = {role(NARRATOR): {"view_channel": "allow"}}
    table(world, permissions=kept | {str(elder.pk): {"send_messages": "deny"}})
    pk = elder.pk
    delete_role(elder, **by(world, "olga"))
    assert ServerChannel.objects.get(discord_id=TABLE_CHANNEL).permissions == kept
    event = Event.objects.filter(entity_id=world.server.pk).latest("seq")
    assert set(event.changes) == {f"roles.{pk}", f"channels.{TABLE_CHANNEL}"}
    # As the page sends it back: nobody meets a role that is no more.
    assert table(world, permissions=kept).permissions == kept


def test_a_role_that_discord_no_longer_has_says_nothing_either(world: World) -> None:
    player, narrator = role(PLAYER), role(NARRATOR)
    documents = {player: {"view_channel": "deny"}, narrator: {"view_channel": "allow"}}
    table(world, permissions=documents)
    facts = guild_facts()
    left = tuple(role for role in facts.roles if role.id != PLAYER)
    sync_server(guild_facts(roles=left), cause=SYSTEM)
    assert ServerChannel.objects.get(discord_id=TABLE_CHANNEL).permissions == {
        narrator: {"view_channel": "allow"}
    }
    event = Event.objects.filter(entity_id=world.server.pk).latest("seq")
    assert {f"roles.{player}", f"channels.{TABLE_CHANNEL}"} <= set(event.changes)
