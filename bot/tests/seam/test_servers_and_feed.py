"""Guilds, members, the schema and the tracker feed, between rodbot's real client and the real backend."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

import rodbot
from contract import channels as channels_shapes
from contract import chronicles, desk, endpoints, members, people, permissions, servers
from contract.acting import GuildMember
from contract.feed_frames import NotificationOffer
from contract.guilds import GuildEditions, ListGuilds, OneThread
from contract.heartbeats import Beat
from contract.identify import IdentifyTurn
from contract.messages import LinkMessage, UnlinkMessage
from contract.roll_requests import AnswerRequest, AskForRoll, RollRequest
from rodbot.command_sets import CommandSets
from rodbot.core.backend import Backend, BackendError
from rodbot.core.reply import LiveUpdate
from rodbot.feed.connection import Feed
from rodbot.feed.frames import Post
from tests.rodbot.table import until
from tests.seam.conftest import CHANNEL, GUILD, OTHER, OWNER, PLAYER, TELLER_ROLE, Calls, Mirror, Running, Who
from tests.seam.test_characters import HUNGRIER, REQUIRED


def member(person: str, name: str, *roles: str) -> GuildMember:
    return GuildMember(id=person, username=name, roles=list(roles), permissions="0", bot=False)


async def server_of(calls: Calls) -> servers.Server:
    return (await calls.call(endpoints.GET_SERVER, servers.GetServer())).server


async def change(calls: Calls, **values: Any) -> servers.Server:
    return (await calls.call(endpoints.CHANGE_SERVER, servers.ChangeServer(**values))).server


@pytest.mark.req("S004-32")
async def test_a_guild_is_told_changed_left_and_back(
    backend: Backend, sync: Mirror, olga: Who, server_body: dict[str, Any]
) -> None:
    assert (await sync.put_server(GUILD, server_body)).editions == ["5th"]
    assert (await sync.put_server(GUILD, server_body | {"name": "Seam II"})).name == "Seam II"
    found = await backend.report(endpoints.LIST_GUILDS, ListGuilds(guild_id=str(GUILD)))
    assert found.results == [GuildEditions(guild_id=str(GUILD), editions=["5th"])]
    unknown = OneThread(guild_id=str(GUILD), thread_id="1")
    assert not (await backend.report(endpoints.REMOVE_THREAD, unknown)).removed
    await sync.delete_server(GUILD)
    back = await sync.put_server(GUILD, server_body)
    assert (back.name, back.left) == ("Seam", False)
    assert (await server_of(olga())).name == "Seam"
    setup = await olga().call(endpoints.GET_SETUP, servers.GetServer())
    assert next(step for step in setup.steps if step.slug == "bot").done


@pytest.mark.req("S004-32")
async def test_members_come_change_and_go(sync: Mirror, olga: Who, server_body: dict[str, Any]) -> None:
    await sync.put_server(GUILD, server_body)
    people = [member(PLAYER, "nadia"), member(OTHER, "otto"), member(OWNER, "olga")]
    await sync.put_members(GUILD, people, after="", until=None)
    assert (await server_of(olga())).members == 3
    counts = await sync.put_members(GUILD, [member(OTHER, "otto", TELLER_ROLE)])
    assert (counts.added, counts.changed, counts.removed) == (0, 1, 0)
    await sync.delete_member(GUILD, OTHER)
    assert (await server_of(olga())).members == 2
    counts = await sync.put_members(GUILD, people[:1], after="", until=PLAYER)
    assert counts.removed == 0
    counts = await sync.put_members(GUILD, [], after=PLAYER, until=str(int(OWNER) - 1))
    assert counts.removed == 0
    await sync.put_members(GUILD, people, after="", until=None)


async def test_the_server_is_set_up_by_those_who_may(
    sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    known = await change(olga(), storyteller_roles=[TELLER_ROLE])
    assert known.storyteller_roles == [servers.MarkedRole(id=TELLER_ROLE, name="Teller")]
    assert known.you.admin
    assert (await server_of(nadia(roles=(TELLER_ROLE,)))).you.storyteller
    assert (await change(olga(), storyteller_roles=[])).storyteller_roles == []
    assert not (await server_of(nadia())).you.storyteller
    with pytest.raises(BackendError) as error:
        await change(nadia(), tracker_channel="700000000000000002")
    assert error.value.status == 403


async def test_roles_are_made_changed_held_and_deleted(
    sync: Mirror, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    values = members.RoleValues(name="Scribe", position=5)
    created = await olga().call(endpoints.CREATE_ROLE, members.CreateRoleOfValues(values=values))
    scribe = str(next(role.id for role in created.results if role.name == "Scribe"))
    renamed = members.ChangeRoleToValues(role=scribe, values=members.RoleValues(name="Archivist"))
    await olga().call(endpoints.CHANGE_ROLE, renamed)
    held = await olga().call(endpoints.HOLD_ROLE, members.HoldRole(role=scribe, user=OWNER, held=True))
    assert [(role.name, role.members) for role in held.results if str(role.id) == scribe] == [
        ("Archivist", 1)
    ]
    asked = permissions.ExplainPermission(user=OWNER, action="server.manage")
    assert (await olga().call(endpoints.EXPLAIN_PERMISSION, asked)).allowed
    await olga().call(endpoints.DELETE_ROLE, members.OneRole(role=scribe))
    left = await olga().call(endpoints.LIST_ROLES, servers.GetServer())
    assert scribe not in [str(role.id) for role in left.results]


async def test_channels_are_made_changed_and_deleted_and_the_server_too(
    django: Running, sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    await server_of(olga())
    await asyncio.to_thread(django.make_web_server, OWNER, "Court of Ashes")
    mine = (await olga().call(endpoints.LIST_SERVERS, servers.ListServers())).results
    court = next(row for row in mine if row.name == "Court of Ashes")
    assert (court.mirrored, court.manages_channels, court.deleted_at) == (False, True, None)
    assert next(row for row in mine if row.discord_id == str(GUILD)).mirrored
    hall = channels_shapes.CreateChannel(server=court.id, name="Hall", description="Where all meet")
    made = await olga().call(endpoints.CREATE_CHANNEL, hall)
    assert (made.name, made.type, made.discord_id) == ("Hall", "text", None)
    slowly = channels_shapes.ChangeChannel(
        server=court.id, channel=str(made.id), name="Great hall", slow_mode=5
    )
    changed = await olga().call(endpoints.CHANGE_CHANNEL, slowly)
    assert (changed.id, changed.name, changed.slow_mode) == (made.id, "Great hall", 5)
    here = servers.GetServer(server=court.id)
    assert made.id in [row.id for row in (await olga().call(endpoints.LIST_CHANNELS, here)).results]
    gone = channels_shapes.DeleteChannel(server=court.id, channel=str(made.id), name="Great hall")
    assert (await olga().call(endpoints.DELETE_CHANNEL, gone)).deleted == made.id
    assert made.id not in [row.id for row in (await olga().call(endpoints.LIST_CHANNELS, here)).results]
    with pytest.raises(BackendError) as error:
        await nadia().call(endpoints.LIST_CHANNELS, here)
    assert error.value.status == 404
    whole = servers.DeleteServer(server=court.id, name="Court of Ashes")
    assert (await olga().call(endpoints.DELETE_SERVER, whole)).restorable_until
    assert (await olga().call(endpoints.RESTORE_SERVER, here)).deleted_at is None
    with pytest.raises(BackendError) as error:
        await olga().call(
            endpoints.DELETE_CHANNEL, channels_shapes.DeleteChannel(channel=CHANNEL, name="table")
        )
    assert error.value.code == "not_ours"


async def test_a_chronicle_is_made_changed_told_and_bound(
    sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    await server_of(nadia())
    made = await olga().call(endpoints.CREATE_CHRONICLE, chronicles.CreateChronicle(name="Harbour"))
    which = str(made.id)
    changes = chronicles.ChronicleChanges(description="By the sea", tenets=["No harm"])
    given = chronicles.ChangeChronicleBy(chronicle=which, changes=changes)
    changed = await olga().call(endpoints.CHANGE_CHRONICLE, given)
    assert (changed.chronicle.description, changed.chronicle.tenets) == ("By the sea", ["No harm"])
    helper = chronicles.SetChronicleRole(chronicle=which, user=PLAYER, role="CO_STORYTELLER")
    helped = await olga().call(endpoints.SET_CHRONICLE_ROLE, helper)
    assert "CO_STORYTELLER" in [person.role for person in helped.chronicle.people]
    led = await olga().call(endpoints.HAND_OVER, chronicles.HandOver(chronicle=which, user=PLAYER))
    assert "nadia" in [person.name for person in led.chronicle.people]
    bound = await olga().call(endpoints.BIND_HERE, chronicles.BindHere(chronicle=which, channel=CHANNEL))
    listed = await olga().call(endpoints.LIST_CHRONICLES, chronicles.ListChronicles())
    assert listed.here == bound.chronicle.id
    seen = await nadia().call(endpoints.GET_CHRONICLE, chronicles.ChronicleInput())
    assert seen.chronicle.name == "Harbour"
    second = chronicles.SetChronicleRole(chronicle=which, user=OWNER, role="STORYTELLER")
    await olga().call(endpoints.SET_CHRONICLE_ROLE, second)
    left = await nadia().call(endpoints.STEP_DOWN, chronicles.ChronicleInput())
    assert "nadia" not in [person.name for person in left.chronicle.people]
    loose = chronicles.BindHere(chronicle=which, channel=CHANNEL, bound=False)
    await olga().call(endpoints.BIND_HERE, loose)


async def test_the_backend_hears_how_the_process_is(backend: Backend) -> None:
    assert (await backend.report(endpoints.HEARTBEAT, Beat(process="seam-1", connected=True))).heard


async def test_a_shard_takes_its_turn_to_identify(backend: Backend) -> None:
    bucket = IdentifyTurn(bucket=15)
    assert [(await backend.report(endpoints.IDENTIFY_TURN, bucket)).granted for _ in range(2)] == [
        True,
        False,
    ]


async def test_the_schema_makes_commands(backend: Backend) -> None:
    schema = await backend.fetch(endpoints.GET_SCHEMA)
    names = {made.name for made in CommandSets(schema).of("5th")}
    assert {"vampire", "character", "server", "help"} <= names


async def test_a_change_comes_through_the_feed_and_again_after_a_break(
    django: Running, sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    await change(olga(), tracker_channel="700000000000000002")
    seen: list[Post] = []
    connected = asyncio.Event()
    feed = Feed(
        f"{django.url.replace('http', 'ws')}/ws/gateway/",
        django.key,
        seen.append,
        *[print] * 4,
        connected.set,
    )
    listening = asyncio.create_task(feed.run())
    try:
        await asyncio.wait_for(connected.wait(), 10)
        await until(lambda: feed._since)
        made = await nadia().characters.create("vampire5th", "Feed Finch", REQUIRED)
        await nadia().characters.change(made.character.name, HUNGRIER)
        await until(lambda: len(seen) == 2)
        assert [post.event.type for post in seen] == ["character.created", "character.updated"]
        assert (seen[1].guild_id, seen[1].channel_id) == (str(GUILD), "700000000000000002")
        assert seen[1].event.changes == {"hunger": (1, 2)}
        assert seen[1].character == made.character
    finally:
        listening.cancel()
    await nadia().characters.change(made.character.name, HUNGRIER)
    connected.clear()
    listening = asyncio.create_task(feed.run())
    try:
        await until(lambda: len(seen) == 3)
        assert seen[2].event.changes == {"hunger": (2, 3)}
    finally:
        listening.cancel()


async def test_the_first_change_after_a_tracker_channel_was_chosen_is_told(
    django: Running, sync: Mirror, olga: Who, server_body: dict[str, Any]
) -> None:
    another, channel = GUILD + 1000, str(GUILD + 1001)
    channels = [{"id": channel, "name": "tracker", "type": 0, "position": 0}]
    await sync.put_server(another, server_body | {"channels": channels, "roles": []})
    seen: list[Post] = []
    connected = asyncio.Event()
    feed = Feed(
        f"{django.url.replace('http', 'ws')}/ws/gateway/",
        django.key,
        seen.append,
        *[print] * 4,
        connected.set,
    )
    listening = asyncio.create_task(feed.run())
    try:
        await asyncio.wait_for(connected.wait(), 10)
        await change(olga(guild=another), tracker_channel=channel)
        await olga(guild=another).characters.create("vampire5th", "First Finch", REQUIRED)
        # What other tests did while nobody listened comes too.
        await until(lambda: [post for post in seen if post.guild_id == str(another)])
        assert next(post for post in seen if post.guild_id == str(another)).card.title == "First Finch"
    finally:
        listening.cancel()


def _request(update: LiveUpdate) -> RollRequest:
    assert isinstance(update.state, RollRequest)
    return update.state


async def test_a_message_follows_the_request_that_it_shows(
    django: Running, backend: Backend, sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    player = nadia().caller.acting.actor.id
    await server_of(nadia())  # whoever has acted once can be asked
    given = AskForRoll(players=[player], system="v5", pool=3)
    asked = (await olga().call(endpoints.ASK_FOR_ROLL, given)).request
    linked = LinkMessage(
        kind="roll_request", id=asked.id, channel="700000000000000002", message="740000000000000001"
    )
    assert (await olga().call(endpoints.LINK_MESSAGE, linked)).replaced is None
    updates: list[LiveUpdate] = []
    url, ready = f"{django.url.replace('http', 'ws')}/ws/gateway/", asyncio.Event()
    feed = Feed(url, django.key, lambda post: True, updates.append, *[print] * 3, ready.set)
    listening = asyncio.create_task(feed.run())
    try:
        await asyncio.wait_for(ready.wait(), 10)
        await until(lambda: feed._since)
        await nadia().call(endpoints.ANSWER_REQUEST, AnswerRequest(request=asked.id, character=False))
        # What happened before anybody listened may be told first.
        await until(lambda: updates and all(player.answered_at for player in _request(updates[-1]).players))
        assert {(update.kind, update.message_id) for update in updates} == {
            ("roll_request", 740000000000000001)
        }
        gone = UnlinkMessage(kind="roll_request", message="740000000000000001")
        assert not (await backend.report(endpoints.UNLINK_MESSAGE, gone)).kept
    finally:
        listening.cancel()


async def test_a_decision_is_offered_and_taken_once(
    django: Running, backend: Backend, sync: Mirror, nadia: Who, olga: Who, server_body: dict[str, Any]
) -> None:
    await sync.put_server(GUILD, server_body)
    made = await nadia().characters.create("vampire5th", "Letter Lark", REQUIRED)
    found: list[NotificationOffer] = []
    url, ready = f"{django.url.replace('http', 'ws')}/ws/gateway/", asyncio.Event()
    feed = Feed(url, django.key, lambda post: True, print, print, found.append, print, ready.set)
    listening = asyncio.create_task(feed.run())
    try:
        await asyncio.wait_for(ready.wait(), 10)
        off = people.SetPreferences(direct_messages=False)
        kept = await nadia().call(endpoints.SET_PREFERENCES, off)
        assert (kept.direct_messages, kept.text_mode) == (False, False)
        await olga().call(
            endpoints.AWARD, desk.Award(characters=[made.character.name], amount=1, reason="Unheard")
        )
        await nadia().call(endpoints.SET_PREFERENCES, people.SetPreferences(direct_messages=True))
        assert (await nadia().call(endpoints.GET_SUPPORTER, people.GetSupporter())).level == 0
        await olga().call(
            endpoints.AWARD, desk.Award(characters=[made.character.name], amount=2, reason="Heard")
        )
        await until(lambda: [notification for notification in found if notification.decision.text == "Heard"])
        assert "Unheard" not in [notification.decision.text for notification in found]
        notification = next(row for row in found if row.decision.text == "Heard")
        assert (notification.guild_id, notification.user_id) == (str(GUILD), nadia().caller.acting.actor.id)
        assert (notification.decision.kind, notification.decision.characters) == ("awarded", ["Letter Lark"])
        claim = people.ClaimNotification(notification=notification.id)
        claims = [await backend.report(endpoints.CLAIM_NOTIFICATION, claim) for _ in range(2)]
        assert [claimed.taken for claimed in claims] == [True, False]
    finally:
        listening.cancel()


async def test_somebody_asks_for_their_data_and_leaves_and_stays(nadia: Who) -> None:
    asked = await nadia().call(endpoints.ASK_DOWNLOAD, people.AskDownload())
    assert (asked.state, asked.url.endswith("/account/")) == ("making", True)
    name = nadia().caller.acting.actor.global_name or nadia().caller.acting.actor.username
    assert (await nadia().call(endpoints.DELETE_ACCOUNT, people.DeleteAccount(name=name))).delete_at
    assert (await nadia().call(endpoints.KEEP_ACCOUNT, people.KeepAccount())).delete_at is None


def test_every_endpoint_that_the_client_uses_is_tried_here() -> None:
    """A walk: a new call of the client needs a test against the real backend."""
    sources = Path(str(rodbot.__file__)).parent.rglob("*.py")
    used = {name for path in sources for name in re.findall(r"endpoints\.([A-Z_]+)", path.read_text())}
    files = (*Path(__file__).parent.glob("*.py"), Path(__file__).parents[1] / "character_calls.py")
    written = "".join(path.read_text() for path in files)
    assert used
    assert [name for name in sorted(used) if not re.search(rf"endpoints\.{name}\b", written)] == []
