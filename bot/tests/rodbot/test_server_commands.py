"""`/server …`, and what the process tells the backend about guilds and members."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord
import pytest

from contract.refusals import Refusal
from contract.servers import MarkedRole, TrackerShows
from rodbot.client import RodBot
from sandbox.defaults import (
    JONAS,
    MIRA,
    NIGHT_COURT,
    OTHER_COURT,
    OUT_OF_CHARACTER,
    SAM,
    STORYTELLER_ROLE,
    TRACKER,
    VESNA,
)
from sandbox.person import Person
from sandbox.reply import Reply
from sandbox.server import Sandbox
from sandbox.state import objects
from tests.rodbot.contract import SCHEMA, VAMPIRE
from tests.rodbot.fake_backend import KEY, FakeBackend, Request
from tests.rodbot.table import bot_at, until


async def test_info(mira: Person, fake: FakeBackend) -> None:
    reply = await mira.slash("server info")
    assert "**Night Court** plays 5th edition." in reply.content
    assert "Prague: 1 character, storytellers: Vesna" in reply.content
    assert "You are a player." in reply.content
    assert fake.calls() == [("POST", f"/bot/servers/{NIGHT_COURT}/info")]


async def slash_tracker(person: Person, channel: str) -> Reply:
    return await person.slash("server tracker", options={"channel": channel})


async def test_the_tracker_channel_is_set_shown_and_switched_off(vesna: Person, fake: FakeBackend) -> None:
    assert "The tracker is off" in (await vesna.slash("server tracker")).content
    assert f"<#{TRACKER}>" in (await slash_tracker(vesna, TRACKER)).content
    assert fake.server.tracker_channel == TRACKER
    assert f"<#{TRACKER}>" in (await vesna.slash("server tracker")).content
    assert "The tracker is off" in (await vesna.slash("server tracker", off=True)).content
    assert fake.server.tracker_channel is None
    assert len(fake.calls()) == 4


async def test_what_the_tracker_channel_shows_is_chosen(vesna: Person, fake: FakeBackend) -> None:
    await slash_tracker(vesna, TRACKER)
    text = (await vesna.slash("server tracker", rolls="all", digest=True, changes=False)).content
    assert text == f"<#{TRACKER}> shows all public rolls. They come as one summary a day."
    assert fake.server.tracker == TrackerShows(changes=False, rolls="all", digest=True)
    text = (await vesna.slash("server tracker", changes=True, digest=False, rolls="none")).content
    assert text == f"<#{TRACKER}> shows character changes."


async def test_hidden_rolls_get_a_channel(vesna: Person, fake: FakeBackend) -> None:
    assert "only on the web" in (await vesna.slash("server hidden-rolls")).content
    text = (await vesna.slash("server hidden-rolls", options={"channel": TRACKER})).content
    assert f"<#{TRACKER}>" in text
    assert "everybody can see" in text
    assert fake.server.storyteller_channel == TRACKER
    assert "only on the web" in (await vesna.slash("server hidden-rolls", off=True)).content
    assert fake.server.storyteller_channel is None


async def test_a_tracker_channel_where_the_bot_may_not_write_is_refused(
    vesna: Person, bot: RodBot, fake: FakeBackend
) -> None:
    deny = [{"id": str(bot.user.id), "type": 1, "allow": "0", "deny": str(1 << 11)}]
    await vesna.call("PATCH", f"channels/{OUT_OF_CHARACTER}", {"permission_overwrites": deny})
    channel = bot.get_channel(int(OUT_OF_CHARACTER))
    await until(lambda: not channel.permissions_for(channel.guild.me).send_messages)
    reply = await slash_tracker(vesna, OUT_OF_CHARACTER)
    assert "**Send Messages**" in reply.content
    assert fake.calls() == []


async def test_storyteller_roles_are_chosen_and_withdrawn(vesna: Person, fake: FakeBackend) -> None:
    shown = await vesna.slash("server storytellers")
    chosen = await vesna.select(shown, [STORYTELLER_ROLE])
    assert f"Role {STORYTELLER_ROLE}" in chosen.content
    assert fake.requests[-1].body["storyteller_roles"] == [STORYTELLER_ROLE]
    withdrawn = await vesna.select(await vesna.slash("server storytellers"), [])
    assert "No role" in withdrawn.content
    assert fake.server.storyteller_roles == []


async def test_the_menu_of_roles_begins_with_the_present_ones(vesna: Person, fake: FakeBackend) -> None:
    marked = MarkedRole(id=STORYTELLER_ROLE, name="Storyteller")
    fake.server = fake.server.model_copy(update={"storyteller_roles": [marked]})
    shown = await vesna.slash("server storytellers")
    menu = shown.message["components"][0]["components"][0]
    assert [v["id"] for v in menu["default_values"]] == [STORYTELLER_ROLE]


async def test_who_may_not_is_told_so(mira: Person, fake: FakeBackend) -> None:
    fake.answers = [(403, Refusal(code="not_allowed", detail="Only administrators may do that."))]
    reply = await slash_tracker(mira, TRACKER)
    assert reply.content == "Only administrators may do that."


async def test_the_edition_is_shown_completed_and_set(vesna: Person, fake: FakeBackend) -> None:
    """Case PLAY-09: what is typed may be the label that the completion shows."""
    assert "5th edition" in (await vesna.slash("server edition")).content
    assert await vesna.complete("server edition", "edition", "5") == [{"name": "5th edition", "value": "5th"}]
    for typed in ("5th", "5TH EDITION"):
        await vesna.slash("server edition", edition=typed)
        assert fake.requests[-1].body["edition"] == "5th"
    reply = await vesna.slash("server edition", edition="Cyberpunk")
    assert "“Cyberpunk” isn’t one of 5th edition" in reply.content


# What the backend is told


def sent(fake: FakeBackend, method: str, ending: str) -> list[Request]:
    return [r for r in fake.requests if r.method == method and r.path.endswith(ending)]


@pytest.fixture
async def synced(box: Sandbox, fake: FakeBackend) -> Any:
    """A bot that has just started; what it told is still there to read."""
    async with bot_at(box, fake.url, KEY) as bot:
        yield bot


async def test_a_start_tells_every_guild_and_all_its_people_once(synced: RodBot, fake: FakeBackend) -> None:
    servers = sent(fake, "PUT", f"/bot/servers/{NIGHT_COURT}")
    assert len(servers) == 1
    body = servers[0].body
    assert body["name"] == "Night Court"
    assert body["owner_id"] == VESNA
    assert {c["name"] for c in body["channels"]} >= {"table", "tracker", "out-of-character"}
    assert STORYTELLER_ROLE in {r["id"] for r in body["roles"]}
    members = sent(fake, "PUT", f"{NIGHT_COURT}/members")
    assert len(members) == 1
    assert {m["id"] for m in members[0].body["members"]} == {MIRA, JONAS, VESNA}
    assert (members[0].body["after"], members[0].body["until"]) == ("", None)
    storyteller = next(m for m in members[0].body["members"] if m["id"] == VESNA)
    assert STORYTELLER_ROLE in storyteller["roles"]
    assert not storyteller["bot"]


async def test_channels_are_told_in_the_order_in_which_discord_shows_them(
    box: Sandbox, synced: RodBot, fake: FakeBackend
) -> None:
    guild = box.world.guilds[NIGHT_COURT]
    elysium = box.actions.add_channel(guild, "Elysium", kind=objects.CATEGORY)
    hall = box.actions.add_channel(guild, "hall")
    box.actions.add_channel(guild, "lobby")
    box.actions.edit_channel(hall, {"parent_id": elysium["id"]})

    def listed() -> list[Any]:
        return sent(fake, "PUT", f"/bot/servers/{NIGHT_COURT}")[-1].body["channels"]

    await until(lambda: listed()[-1]["category"] == "Elysium")
    assert [channel["name"] for channel in listed()[-2:]] == ["lobby", "hall"]
    assert [channel["position"] for channel in listed()] == list(range(len(listed())))
    assert listed()[0]["category"] == ""


async def test_only_what_differs_is_sent_again(synced: RodBot, fake: FakeBackend) -> None:
    fake.requests.clear()
    for guild in synced.guilds:
        synced.sync.guild(guild, everyone=True)
    await asyncio.sleep(0.4)
    assert [r.path for r in fake.requests] == []


async def test_members_who_are_again_as_they_were_are_sent_all_the_same(
    synced: RodBot, fake: FakeBackend
) -> None:
    """What the backend heard in between may be otherwise, where the way back was not heard."""
    guild = synced.get_guild(int(NIGHT_COURT))
    assert guild is not None
    synced.sync.left(guild.id, cast(discord.User, SimpleNamespace(id=int(JONAS), bot=False)))
    await until(lambda: sent(fake, "DELETE", f"/members/{JONAS}"))
    fake.requests.clear()
    synced.sync.guild(guild, everyone=True)
    await until(lambda: sent(fake, "PUT", f"{NIGHT_COURT}/members"))


async def test_where_discord_takes_no_more_questions_the_guild_is_told_and_its_members_later(
    synced: RodBot, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rodbot.servers.sync.ASK_AGAIN", 0.05)
    full = [True]
    monkeypatch.setattr(synced.sync, "_room", lambda shard: not full)
    fake.requests.clear()
    synced.sync._sent.clear()
    for guild in synced.guilds:
        synced.sync.guild(guild, everyone=True)
    await until(lambda: len(sent(fake, "PUT", NIGHT_COURT)) == 1)
    await asyncio.sleep(0.2)
    assert not sent(fake, "PUT", "/members")
    full.clear()
    await until(lambda: len(sent(fake, "PUT", "/members")) == 2)


async def test_the_process_keeps_no_members_but_its_own(synced: RodBot) -> None:
    assert [[member.id for member in guild.members] for guild in synced.guilds] == [
        [synced.application_id] for _ in synced.guilds
    ]


async def test_a_members_new_role_is_told_alone(box: Sandbox, synced: RodBot, fake: FakeBackend) -> None:
    fake.requests.clear()
    async with Person(box.base_url, user="vesna") as vesna:
        await vesna.call("PUT", f"guilds/{NIGHT_COURT}/members/jonas", {"roles": [STORYTELLER_ROLE]})
    await until(lambda: sent(fake, "PUT", f"{NIGHT_COURT}/members"))
    batch = sent(fake, "PUT", f"{NIGHT_COURT}/members")[0].body
    assert [m["id"] for m in batch["members"]] == [JONAS]
    assert batch["members"][0]["roles"] == [STORYTELLER_ROLE]
    assert "after" not in batch


async def test_one_who_leaves_and_one_who_joins(box: Sandbox, synced: RodBot, fake: FakeBackend) -> None:
    fake.requests.clear()
    async with Person(box.base_url, user="vesna") as vesna:
        await vesna.call("DELETE", f"guilds/{NIGHT_COURT}/members/jonas")
        await until(lambda: sent(fake, "DELETE", f"{NIGHT_COURT}/members/{JONAS}"))
        await vesna.call("PUT", f"guilds/{NIGHT_COURT}/members/sam", {})
    await until(lambda: sent(fake, "PUT", f"{NIGHT_COURT}/members"))
    assert sent(fake, "PUT", f"{NIGHT_COURT}/members")[0].body["members"][0]["id"] == SAM


async def test_what_happened_while_the_session_was_lost_is_told(
    box: Sandbox, synced: RodBot, fake: FakeBackend
) -> None:
    """Discord sends a new session none of it: a role that was taken away must not live on."""
    fake.requests.clear()
    async with Person(box.base_url, user="vesna") as vesna:
        await vesna.call("POST", "faults/gateway", {"action": "invalid_session"})
        await vesna.call("PUT", f"guilds/{NIGHT_COURT}/members/jonas", {"roles": []})
        await vesna.call("DELETE", f"guilds/{NIGHT_COURT}/members/mira")
    await until(lambda: sent(fake, "PUT", f"{NIGHT_COURT}/members"), 20)
    batch = sent(fake, "PUT", f"{NIGHT_COURT}/members")[0].body
    assert [m["roles"] for m in batch["members"] if m["id"] == JONAS] == [[]]
    assert MIRA not in [m["id"] for m in batch["members"]]
    assert batch["after"] == ""
    assert batch["until"] is None


async def test_a_changed_name_of_a_person_is_told(box: Sandbox, synced: RodBot, fake: FakeBackend) -> None:
    fake.requests.clear()
    async with Person(box.base_url, user="vesna") as vesna:
        await vesna.call("PATCH", "users/mira", {"global_name": "Mira Nova"})
    await until(lambda: sent(fake, "PUT", f"{NIGHT_COURT}/members"))
    assert sent(fake, "PUT", f"{NIGHT_COURT}/members")[0].body["members"][0]["global_name"] == "Mira Nova"


async def test_a_guild_that_removes_the_bot_is_told(box: Sandbox, synced: RodBot, fake: FakeBackend) -> None:
    async with Person(box.base_url, user="vesna") as vesna:
        await vesna.call("DELETE", f"guilds/{NIGHT_COURT}/members/{box.application_id}")
    await until(lambda: sent(fake, "DELETE", f"/bot/servers/{NIGHT_COURT}"))


async def test_disc_01_a_guild_that_removed_the_bot_while_it_was_away_is_told(
    box: Sandbox, fake: FakeBackend
) -> None:
    async with bot_at(box, fake.url, KEY):
        assert fake.mirrored_guilds == {NIGHT_COURT, OTHER_COURT}
    guild = box.world.guilds[NIGHT_COURT]
    box.actions.remove_member(guild, box.application_id)
    async with bot_at(box, fake.url, KEY):
        await until(lambda: sent(fake, "DELETE", f"/bot/servers/{NIGHT_COURT}"))
        await until(lambda: fake.mirrored_guilds == {OTHER_COURT})
        assert not sent(fake, "DELETE", f"/bot/servers/{OTHER_COURT}")
        box.actions.add_member(guild, box.application_id)
        await until(lambda: fake.mirrored_guilds == {NIGHT_COURT, OTHER_COURT})


async def test_disc_01_what_changed_while_the_process_was_away_is_told(
    box: Sandbox, fake: FakeBackend
) -> None:
    async with bot_at(box, fake.url, KEY):
        pass
    guild = box.world.guilds[NIGHT_COURT]
    fake.requests.clear()
    box.actions.add_channel(guild, "crypt")
    box.actions.add_role(guild, {"name": "Hunter"})
    box.actions.remove_member(guild, MIRA)
    async with bot_at(box, fake.url, KEY):
        facts = sent(fake, "PUT", f"/bot/servers/{NIGHT_COURT}")[0].body
        assert "crypt" in {channel["name"] for channel in facts["channels"]}
        assert "Hunter" in {role["name"] for role in facts["roles"]}
        await until(lambda: sent(fake, "PUT", f"{NIGHT_COURT}/members"))
        batch = sent(fake, "PUT", f"{NIGHT_COURT}/members")[0].body
        assert MIRA not in {member["id"] for member in batch["members"]}
        assert (batch["after"], batch["until"]) == ("", None)


async def test_a_new_guild_is_told_and_gets_its_commands(
    box: Sandbox, synced: RodBot, fake: FakeBackend
) -> None:
    async with Person(box.base_url, user="sam") as sam:
        made = await sam.call("POST", "guilds", {"name": "Third Court", "owner": "sam"})
        await until(lambda: sent(fake, "PUT", f"/bot/servers/{made['id']}"))
        await until(lambda: int(made["id"]) in synced.editions and synced.registration.idle)
        await asyncio.sleep(0.2)
        assert "vampire" in {c["name"] for c in await sam.commands("Third Court")}


async def test_what_a_silent_backend_missed_is_told_later(
    box: Sandbox, synced: RodBot, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rodbot.servers.sync.BACKOFF", (0.1, 0.2))
    fake.answers = [(503, "x")] * 4
    async with Person(box.base_url, user="vesna") as vesna:
        await vesna.call("PATCH", f"guilds/{NIGHT_COURT}", {"name": "Day Court"})
    await until(
        lambda: [
            r for r in sent(fake, "PUT", NIGHT_COURT) if not fake.answers and r.body["name"] == "Day Court"
        ]
    )


async def test_large_guilds_go_in_batches_that_speak_for_their_spans(
    box: Sandbox, synced: RodBot, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rodbot.servers.sync.BATCH", 2)
    fake.requests.clear()
    synced.sync._sent.clear()
    synced.sync.guild(synced.get_guild(int(NIGHT_COURT)), everyone=True)
    await until(lambda: len(sent(fake, "PUT", f"{NIGHT_COURT}/members")) == 2)
    first, second = (r.body for r in sent(fake, "PUT", f"{NIGHT_COURT}/members"))
    assert [m["id"] for m in first["members"]] == [MIRA, JONAS]
    assert (first["after"], first["until"]) == ("", JONAS)
    assert [m["id"] for m in second["members"]] == [VESNA]
    assert (second["after"], second["until"]) == (JONAS, None)


async def test_commands_are_registered_only_when_discord_has_others(box: Sandbox, fake: FakeBackend) -> None:
    async with bot_at(box, fake.url, KEY):
        assert [r["method"] for r in box.recorded if r["path"].endswith("/commands")].count("PUT") == 3
    box.recorder.clear()
    async with bot_at(box, fake.url, KEY):
        methods = [r["method"] for r in box.recorded if r["path"].endswith("/commands")]
    assert methods == ["GET", "GET", "GET"]


async def test_new_traits_of_a_newer_backend_become_options(
    box: Sandbox, synced: RodBot, fake: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    traits = tuple(trait for trait in VAMPIRE.traits if trait.slug != "hunger")
    changed = VAMPIRE.model_copy(update={"traits": traits})
    fake.schema = SCHEMA.model_copy(update={"hash": "another", "splats": (changed,)})
    monkeypatch.setattr("rodbot.feed.connection.BACKOFF", (0.05, 0.1))
    await until(lambda: fake.sockets)
    await fake.sockets[0].close()
    await until(lambda: synced.schema.hash == "another" and synced.registration.idle)
    await asyncio.sleep(0.3)
    async with Person(box.base_url, user="mira", guild="Night Court") as mira:
        vampire = next(c for c in await mira.commands() if c["name"] == "vampire")
        assert "hunger" not in str(vampire)
    assert isinstance(synced.http.connector, aiohttp.BaseConnector)


async def test_setup_lists_what_is_done_and_what_does_the_rest(vesna: Person, fake: FakeBackend) -> None:
    reply = await vesna.slash("server setup")
    assert "**Night Court**: 1 of 2 steps done." in reply.content
    assert "✓ ~~Add the bot to your server~~" in reply.content
    assert "○ **Pick a tracker channel**: </server tracker:" in reply.content
    assert "http://localhost/servers/1/setup/" in str(reply.message)


async def test_the_backend_hears_whether_discord_took_the_commands(synced: RodBot, fake: FakeBackend) -> None:
    def reports() -> list[Any]:
        return [
            request.body["commands_registered"]
            for request in sent(fake, "PUT", f"/bot/servers/{NIGHT_COURT}")
        ]

    assert True not in reports(), "it knows already"
    synced.sync.commands(int(NIGHT_COURT), registered=False)
    await until(lambda: reports()[-1] is False)


async def test_a_channel_is_bridged_and_told_of(vesna: Person, fake: FakeBackend) -> None:
    where = {"channel": TRACKER}
    assert "isn’t bridged" in (await vesna.slash("server channel bridge", options=where)).content
    text = (await vesna.slash("server channel bridge", options=where, on=True)).content
    assert (
        text
        == f"**#channel {TRACKER}** is bridged: what is written here can be read on the web, and the other way round."
    )
    assert fake.bridge.switched == {TRACKER: True}
    fake.bridge.reason = "The bot needs the permission “Manage Webhooks” in this channel on Discord."
    assert fake.bridge.reason in (await vesna.slash("server channel bridge", options=where)).content
