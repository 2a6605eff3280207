"""Guilds at the edge of what Discord allows, and mirrors that were interrupted."""

from collections.abc import Callable
from typing import Any

import pytest

from chronicle import tracker
from chronicle.models import Server, ServerChannel, ServerMember, ServerRole
from chronicle.rights import can
from chronicle.services import Span, sync_members, sync_server
from chronicle.services.episode_channel import set_episode_channel
from contract.guilds import GuildRole
from rules.errors import NotAllowed
from testing.community import set_server
from testing.personas import (
    DISCORD_IDS,
    GUILD,
    NARRATOR,
    PLAYER,
    SYSTEM,
    TABLE_CHANNEL,
    TRACKER_CHANNEL,
    World,
    channel_facts,
    guild_facts,
    member_facts,
    role_facts,
)
from timeline.models import Event

pytestmark = pytest.mark.engine

PEOPLE, BATCH = 2500, 1000
FIRST = 10**17
FAMILY = "👨‍👩‍👧‍👦"


def roles(number: int) -> tuple[GuildRole, ...]:
    everyone = role_facts(GUILD, "@everyone", permissions=1024)
    return (everyone, *(role_facts(str(8 * 10**17 + n), f"Role {n}", position=n) for n in range(1, number)))


def person(number: int, held: tuple[GuildRole, ...]) -> Any:
    mine = frozenset(held[1 + (number + step) % (len(held) - 1)].id for step in range(3))
    name = f"player{number}"
    return member_facts(name, id=str(FIRST + number), global_name=f"Player {number}", roles=mine)


def batches(held: tuple[GuildRole, ...]) -> list[Callable[[Server], object]]:
    """As the Discord process tells a large guild: each batch says which ids it speaks for."""

    def batch(start: int) -> Callable[[Server], object]:
        last = min(start + BATCH, PEOPLE)
        after = FIRST + start - 1 if start else 0
        span = Span(after, FIRST + last - 1 if last < PEOPLE else None)
        people = [person(number, held) for number in range(start, last)]
        return lambda server: sync_members(server, people, cause=SYSTEM, speaks_for=span)

    return [batch(start) for start in range(0, PEOPLE, BATCH)]


def held_by(server: Server) -> dict[str, set[str]]:
    rows = ServerMember.roles.through.objects.filter(servermember__server=server)
    found: dict[str, set[str]] = {}
    for user, role in rows.values_list("servermember__user__discord_id", "serverrole__discord_id"):
        found.setdefault(user, set()).add(role)
    return found


def test_a_guild_of_250_roles_and_thousands_is_mirrored_exactly_however_often_it_breaks_off(db: Any) -> None:
    held = roles(250)
    server, _ = sync_server(guild_facts(owner_id=str(FIRST), roles=held, channels=()), cause=SYSTEM)
    work = batches(held)
    # It broke off after the second batch, began again, and the last batch came twice.
    for batch in (work[0], work[1], work[0], work[1], work[2], work[2]):
        batch(server)
    wanted = {str(FIRST + n): set(person(n, held).roles) for n in range(PEOPLE)}
    assert held_by(server) == wanted
    assert ServerRole.objects.filter(server=server, discord_id__isnull=False).count() == 250
    before = Event.objects.count()
    for batch in work:
        batch(server)
    assert Event.objects.count() == before


def test_who_left_while_nobody_listened_is_gone_and_nobody_else(db: Any) -> None:
    held = roles(5)
    server, _ = sync_server(guild_facts(owner_id=str(FIRST), roles=held, channels=()), cause=SYSTEM)
    for batch in batches(held):
        batch(server)
    stay = [person(number, held) for number in range(BATCH) if number % 7]
    sync_members(server, stay, cause=SYSTEM, speaks_for=Span(0, FIRST + BATCH - 1))
    left = {str(FIRST + number) for number in range(0, BATCH, 7)}
    known = set(ServerMember.objects.filter(server=server).values_list("user__discord_id", flat=True))
    assert known == {str(FIRST + number) for number in range(PEOPLE)} - left


def test_names_of_a_hundred_emoji_fit_everywhere(world: World) -> None:
    name = "🦉" * 100
    facts = guild_facts(
        name=name,
        roles=(
            role_facts(GUILD, "@everyone"),
            role_facts(NARRATOR, name, position=2),
            role_facts(PLAYER, FAMILY * 9),
        ),
        channels=(channel_facts(TABLE_CHANNEL, name),),
    )
    server, _ = sync_server(facts, cause=SYSTEM)
    sync_members(server, [member_facts("mira", nick=name)], cause=SYSTEM)
    server.refresh_from_db()
    assert server.name == name
    assert ServerRole.objects.get(discord_id=NARRATOR).name == name
    assert ServerRole.objects.get(discord_id=PLAYER).name == FAMILY * 9
    assert ServerChannel.objects.get(discord_id=TABLE_CHANNEL).name == name
    assert ServerMember.objects.get(server=server, user=world.mira).nickname == name
    assert not sync_server(facts, cause=SYSTEM)[1]


def test_channels_that_are_gone_are_told_nothing_any_more(world: World) -> None:
    who = {"principal": world.principal("olga"), "cause": SYSTEM}
    set_server(world.server, storyteller_channel=TRACKER_CHANNEL, **who)
    set_episode_channel(world.chronicle, TRACKER_CHANNEL, **who)
    sync_server(guild_facts(channels=(channel_facts(TABLE_CHANNEL, "table"),)), cause=SYSTEM)
    world.server.refresh_from_db()
    assert tracker.storyteller_channel(world.server.settings) == ""
    world.chronicle.refresh_from_db()
    assert tracker.episode_channel(world.chronicle.settings) == ""


@pytest.mark.parametrize("gone", ["the role", "the mark of it", "the member's own"])
def test_a_storyteller_who_is_none_any_more_is_refused_with_the_next_thing(world: World, gone: str) -> None:
    """Each command asks anew: nothing is decided by what somebody once was."""
    assert can(world.principal("vesna"), "chronicle.tell", world.chronicle)
    everyone, narrator, player = guild_facts().roles or ()
    if gone == "the role":
        sync_server(guild_facts(roles=(everyone, player)), cause=SYSTEM)
    elif gone == "the mark of it":
        ServerRole.objects.filter(discord_id=narrator.id).update(permissions={})
    else:
        sync_members(world.server, [member_facts("vesna", roles=frozenset())], cause=SYSTEM)
    with pytest.raises(NotAllowed):
        can(world.principal("vesna"), "chronicle.tell", world.chronicle).require()
    assert ServerMember.objects.filter(user__discord_id=DISCORD_IDS["vesna"]).exists()
