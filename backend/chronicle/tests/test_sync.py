"""The mirror of a guild: by difference, idempotent, in a constant number of statements, one event for each change."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chronicle.models import Chronicle, Server, ServerChannel, ServerMember, ServerRole
from chronicle.principal import Principal
from chronicle.services import (
    EVERYONE,
    Span,
    create_server,
    ensure_server,
    found_server,
    leave_server,
    refresh_memberships,
    remove_member,
    servers,
    sync_members,
    sync_server,
)
from chronicle.services.change import document
from discordauth.models import CustomUser
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from testing.community import set_server
from testing.personas import (
    DISCORD_IDS,
    GUILD,
    NARRATOR,
    OTHER_GUILD,
    PLAYER,
    SYSTEM,
    TRACKER_CHANNEL,
    World,
    channel_facts,
    guild_facts,
    member_facts,
    role_facts,
)
from timeline.models import Event
from timeline.services import Cause

pytestmark = pytest.mark.engine

ROOT = Principal.system()


def crowd(number: int, **changes: Any) -> list[Any]:
    return [
        member_facts(f"player{index}", **{"id": str(10**17 + index), "roles": [PLAYER]} | changes)
        for index in range(number)
    ]


def statements(work: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def roster(server: Server) -> dict[str, Any]:
    """Members as the events tell of them."""
    rows = ServerMember.objects.filter(server=server).prefetch_related("roles")
    return {
        f"members.{row.user_id}": {
            "nickname": row.nickname,
            "roles": sorted(str(role.pk) for role in row.roles.all()),
        }
        for row in rows
    }


def folded(before: dict[str, Any], events: Any) -> dict[str, Any]:
    """The old snapshot with the events applied; None is: gone."""
    state = dict(before)
    for event in events:
        for path, (_, after) in event.changes.items():
            state[path] = after
    return {path: value for path, value in state.items() if value is not None}


def snapshot(server: Server) -> dict[str, Any]:
    whole = document(Server.objects.get(pk=server.pk)) | roster(server)
    return {path: value for path, value in whole.items() if value is not None}


def test_a_new_guild_has_its_system_roles_and_a_default_chronicle(world: World) -> None:
    names = set(world.server.roles.values_list("system", flat=True)) - {""}
    assert names == {"ADMIN", "MODERATOR", "STORYTELLER", "MEMBER"}
    assert world.chronicle.name == "Night Court"
    assert world.chronicle.is_default is True
    assert world.server.owner == world.olga


@pytest.mark.req("S000-31")
def test_slugs_are_made_from_names_and_numbered(world: World) -> None:
    made = [create_server(world.mira, "Night Court", cause=SYSTEM).slug for _ in range(2)]
    assert [world.server.slug, *made] == ["night-court", "night-court-2", "night-court-3"]
    assert create_server(world.mira, "Ночь", cause=SYSTEM).slug


def test_names_are_cleaned_and_clipped(db: Any) -> None:
    server, _ = sync_server(guild_facts(name="A\x00B\u202e\n C" + "x" * 300), cause=SYSTEM)
    assert server.name == "AB C" + "x" * 96
    empty, _ = sync_server(guild_facts(id="5", name="\x07 ", roles=None, channels=None), cause=SYSTEM)
    assert empty.name == "Server"


def test_the_same_facts_again_change_nothing(world: World) -> None:
    before, events = snapshot(world.server), Event.objects.count()
    _, changed = sync_server(guild_facts(), cause=SYSTEM)
    people = [member_facts(name) for name in ("olga", "vesna", "mira", "jonas")]
    counts = sync_members(world.server, people, cause=SYSTEM, speaks_for=EVERYONE)
    assert (changed, counts.added, counts.changed, counts.removed) == (False, 0, 0, 0)
    assert snapshot(world.server) == before
    assert Event.objects.count() == events


def test_roles_follow_by_difference_and_keep_their_marks(world: World) -> None:
    kept = ServerRole.objects.get(discord_id=NARRATOR).pk
    facts = guild_facts(
        roles=(
            role_facts(GUILD, "@everyone"),
            role_facts(NARRATOR, "Keeper", position=9, permissions=8 | 32),
            role_facts("710000000000000009", "New"),
        )
    )
    sync_server(facts, cause=SYSTEM)
    narrator = ServerRole.objects.get(discord_id=NARRATOR)
    assert (narrator.pk, narrator.name, narrator.position) == (kept, "Keeper", 9)
    assert narrator.permissions == {
        "storyteller": "allow",
        "administrator": "allow",
        "manage_server": "allow",
    }
    assert not ServerRole.objects.filter(discord_id=PLAYER).exists()
    sync_server(guild_facts(), cause=SYSTEM)
    assert ServerRole.objects.get(discord_id=NARRATOR).permissions == {"storyteller": "allow"}


def test_an_empty_list_of_roles_does_not_wipe_the_marks(world: World) -> None:
    sync_server(guild_facts(roles=()), cause=SYSTEM)
    assert ServerRole.objects.filter(discord_id=NARRATOR).exists()


def test_a_channel_that_is_gone_is_no_tracker_any_more(world: World) -> None:
    set_server(world.server, tracker_channel=TRACKER_CHANNEL, principal=ROOT, cause=SYSTEM)
    sync_server(guild_facts(channels=(channel_facts("9", "new", type=2),)), cause=SYSTEM)
    assert Server.objects.get(pk=world.server.pk).tracker_channel == ""
    assert list(ServerChannel.objects.filter(server=world.server).values_list("name")) == [("new",)]


def test_every_change_is_told_by_its_events(world: World) -> None:
    """Old snapshot + events = new snapshot, for everything that happens to a server."""
    before, seen = snapshot(world.server), Event.objects.filter(stream_id=world.server.pk).count()
    server = world.server
    sync_server(
        guild_facts(
            name="Day Court",
            icon="abc",
            roles=(role_facts(GUILD, "@everyone", permissions=8), role_facts(NARRATOR, "Narrator")),
            channels=(channel_facts("9", "new"),),
        ),
        cause=SYSTEM,
    )
    set_server(server, tracker_channel="9", principal=ROOT, cause=SYSTEM)
    set_server(server, edition="20th", principal=ROOT, cause=SYSTEM)
    set_server(server, storyteller_roles=[GUILD], principal=ROOT, cause=SYSTEM)
    sync_members(server, [*crowd(3), member_facts("mira", nick="Mi")], cause=SYSTEM)
    sync_members(server, [member_facts("jonas", roles=frozenset({NARRATOR}))], cause=SYSTEM)
    remove_member(server, world.vesna.pk, cause=SYSTEM)
    leave_server(server, cause=SYSTEM)
    events = Event.objects.filter(stream_id=server.pk).order_by("seq")[seen:]
    assert folded(before, events) == snapshot(server)
    assert [event.version for event in events] == list(range(seen + 1, seen + 1 + len(events)))


def test_leaving_keeps_everything_and_a_sync_brings_it_back(world: World) -> None:
    leave_server(world.server, cause=SYSTEM)
    assert Server.objects.get(pk=world.server.pk).left_at is not None
    assert Chronicle.objects.filter(server=world.server).exists()
    server = ensure_server(guild_facts(), cause=SYSTEM)
    assert (server.pk, server.left_at) == (world.server.pk, None)


def test_the_number_of_statements_does_not_grow_with_the_guild(world: World) -> None:
    """Up to what SQLite takes in one statement: past about 40 users, Django splits the insert."""

    def sync(number: int) -> Any:
        roles = tuple(role_facts(str(10**16 + index), f"r{index}") for index in range(number))
        channels = tuple(channel_facts(str(10**15 + index), f"c{index}") for index in range(number))
        return lambda: sync_server(guild_facts(roles=roles, channels=channels), cause=SYSTEM)

    sync_members(world.server, crowd(1), cause=SYSTEM)
    small = statements(lambda: sync_members(world.server, crowd(3), cause=SYSTEM))
    large = statements(lambda: sync_members(world.server, crowd(30), cause=SYSTEM))
    assert large == small
    moved = statements(
        lambda: sync_members(world.server, crowd(3, nick="a", roles=frozenset()), cause=SYSTEM)
    )
    all_moved = statements(
        lambda: sync_members(world.server, crowd(30, nick="b", roles=frozenset()), cause=SYSTEM)
    )
    assert all_moved == moved
    statements(sync(2))
    assert statements(sync(4)) == statements(sync(30))


def test_a_batch_speaks_for_a_span_of_ids(world: World) -> None:
    sync_members(world.server, crowd(10), cause=SYSTEM)
    first = Span(after=0, until=10**17 + 4)
    counts = sync_members(world.server, crowd(2), cause=SYSTEM, speaks_for=first)
    assert counts.removed == 3
    rest = Span(after=10**17 + 8)
    counts = sync_members(world.server, crowd(10)[9:], cause=SYSTEM, speaks_for=rest)
    assert counts.removed == 4  # the personas
    assert ServerMember.objects.filter(server=world.server).count() == 7


def test_the_owner_is_found_when_their_account_appears(db: Any) -> None:
    server, _ = sync_server(guild_facts(), cause=SYSTEM)
    assert server.owner is None
    sync_members(server, [member_facts("olga")], cause=SYSTEM)
    assert Server.objects.get(pk=server.pk).owner == CustomUser.objects.get(discord_id=DISCORD_IDS["olga"])
    sync_server(guild_facts(owner_id=DISCORD_IDS["vesna"]), cause=SYSTEM)
    assert Server.objects.get(pk=server.pk).owner is None


def test_two_who_found_the_same_guild_get_one_server(world: World) -> None:
    late = found_server(Server(discord_id=GUILD, name="Night Court"), SYSTEM)
    assert late.pk == world.server.pk
    assert Chronicle.objects.filter(server=world.server).count() == 1


def test_a_slug_taken_in_the_same_moment_is_chosen_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = servers.free_slug, []

    def stale(model: Any, name: str) -> str:
        calls.append(name)
        return "night-court" if len(calls) == 1 else real(model, name)

    monkeypatch.setattr(servers, "free_slug", stale)
    assert create_server(world.mira, "Night Court", cause=SYSTEM).slug == "night-court-2"


def test_settings_refuse_what_is_not_there(world: World) -> None:
    set_server(world.server, tracker_channel=TRACKER_CHANNEL, principal=ROOT, cause=SYSTEM)
    for channel in ("99", TRACKER_CHANNEL + "0"):
        with pytest.raises(Invalid):
            set_server(world.server, tracker_channel=channel, principal=ROOT, cause=SYSTEM)
    for roles in (["99"], [NARRATOR, "99"]):
        with pytest.raises(Invalid):
            set_server(world.server, storyteller_roles=roles, principal=ROOT, cause=SYSTEM)
    with pytest.raises(Invalid):
        set_server(world.server, edition="6th", principal=ROOT, cause=SYSTEM)
    assert Server.objects.get(pk=world.server.pk).tracker_channel == TRACKER_CHANNEL
    assert set_server(world.server, tracker_channel=None, principal=ROOT, cause=SYSTEM).tracker_channel == ""


def test_settings_ask_for_the_right(world: World) -> None:
    with pytest.raises(NotAllowed):
        set_server(world.server, edition="20th", principal=world.principal("vesna"), cause=SYSTEM)
    with pytest.raises(NotFound):
        set_server(world.server, edition="20th", principal=world.principal("sam"), cause=SYSTEM)


def test_storytellers_are_exactly_the_roles_named(world: World) -> None:
    set_server(world.server, storyteller_roles=[PLAYER], principal=ROOT, cause=SYSTEM)
    assert "storyteller" in world.principal("mira").permissions(world.server.pk)
    assert "storyteller" not in world.principal("vesna").permissions(world.server.pk)


def test_changed_rights_are_announced_to_the_sockets_of_those_concerned(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr("timeline.services.publish", lambda group, message: sent.append(message))
    with django_capture_on_commit_callbacks(execute=True):
        remove_member(world.server, world.mira.pk, cause=SYSTEM)
        set_server(world.server, storyteller_roles=[PLAYER], principal=ROOT, cause=SYSTEM)
    rights = [message for message in sent if message.get("event_type") == "server.rights"]
    assert [message["users"] for message in rights] == [[str(world.mira.pk)], None]
    assert {message["stream"] for message in rights} == {f"chronicle:{world.chronicle.pk}"}
    # Nobody is shown more of it than that something has a number.
    assert {frame for message in rights for frame in message["frames"].values()} == {None}


def test_login_follows_the_guilds_that_discord_names(world: World, django_assert_num_queries: Any) -> None:
    cause = Cause(actor=world.mira, door="web")
    with django_assert_num_queries(1):
        refresh_memberships(world.mira, {GUILD}, cause=cause)
    refresh_memberships(world.mira, {world.other_server.discord_id or "", "unknown"}, cause=cause)
    joined = ServerMember.objects.filter(user=world.mira).values_list("server", flat=True)
    assert list(joined) == [world.other_server.pk]
    own = create_server(world.mira, "On the web", cause=cause)
    refresh_memberships(world.mira, set(), cause=cause)
    assert list(ServerMember.objects.filter(user=world.mira).values_list("server", flat=True)) == [own.pk]


@pytest.mark.parametrize(
    "reported",
    [{"roles": (role_facts(NARRATOR, "Mine now"),)}, {"channels": (channel_facts(TRACKER_CHANNEL, "mine"),)}],
    ids=["roles", "channels"],
)
@pytest.mark.parametrize("guild", [OTHER_GUILD, "700000000000000009"], ids=["known", "new"])
def test_what_is_another_servers_stays_there(world: World, guild: str, reported: Any) -> None:
    """Otherwise a wrong report would take storytellers their role."""
    before = (
        document(world.server),
        document(world.other_server),
        Server.objects.count(),
        Event.objects.count(),
    )
    with pytest.raises(Conflict):
        sync_server(guild_facts(id=guild, name="Thieves", **{"channels": ()} | reported), cause=SYSTEM)
    for server in (world.server, world.other_server):
        server.refresh_from_db()
    after = (
        document(world.server),
        document(world.other_server),
        Server.objects.count(),
        Event.objects.count(),
    )
    assert after == before
