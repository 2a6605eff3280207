"""Guilds, members, roles, channels: what the bot reads, changes and hears of."""

import asyncio

import discord
import pytest

from sandbox import defaults
from sandbox.person import Person, Refused
from tests.sandbox.sample_bot import SampleBot


@pytest.fixture
def guild(bot: SampleBot) -> discord.Guild:
    guild = bot.get_guild(int(defaults.NIGHT_COURT))
    assert guild is not None
    return guild


async def test_the_default_world(bot: SampleBot, guild: discord.Guild) -> None:
    assert {g.name for g in bot.guilds} == {"Night Court", "Other Court"}
    assert [channel.name for channel in guild.text_channels] == ["table", "tracker", "out-of-character"]
    assert guild.owner is not None
    assert guild.owner.name == "vesna"
    assert {member.name for member in guild.members} >= {"mira", "jonas", "vesna"}
    mira = guild.get_member(int(defaults.MIRA))
    assert mira is not None
    assert [role.name for role in mira.roles] == ["@everyone", "Player"]
    assert not mira.guild_permissions.administrator
    assert len(await mira.display_avatar.read()) > 100
    assert guild.icon is not None
    assert (await guild.icon.read()).startswith(b"\x89PNG")


async def test_fetching(bot: SampleBot, guild: discord.Guild) -> None:
    fetched = await bot.fetch_guild(guild.id)
    assert fetched.approximate_member_count == 4
    assert {member.id async for member in guild.fetch_members()} == {member.id for member in guild.members}
    assert len(await guild.fetch_channels()) == 3
    assert len(await guild.fetch_roles()) == 4
    assert (await bot.fetch_user(int(defaults.SAM))).name == "sam"
    members = await guild.query_members("jo")
    assert [member.name for member in members] == ["jonas"]
    by_id = await guild.query_members(user_ids=[int(defaults.MIRA), int(defaults.SAM)])
    assert [member.name for member in by_id] == ["mira"]


async def test_roles_are_made_given_taken_and_deleted(guild: discord.Guild) -> None:
    role = await guild.create_role(name="Prince", colour=discord.Colour.red(), hoist=True)
    mira = guild.get_member(int(defaults.MIRA))
    assert mira is not None
    await mira.add_roles(role)
    assert role in (await guild.fetch_member(mira.id)).roles
    await mira.remove_roles(role)
    await role.edit(name="Baron")
    assert (await guild.fetch_role(role.id)).name == "Baron"
    await role.delete()
    with pytest.raises(discord.NotFound) as missing:
        await guild.fetch_role(role.id)
    assert missing.value.code == 10011


async def test_what_stands_above_the_bot_is_out_of_reach(guild: discord.Guild) -> None:
    vesna = guild.get_member(int(defaults.VESNA))
    managed = next(role for role in guild.roles if role.managed)
    assert vesna is not None
    with pytest.raises(discord.Forbidden) as owner:
        await vesna.edit(nick="Prince")
    assert owner.value.code == 50013
    mira = guild.get_member(int(defaults.MIRA))
    assert mira is not None
    with pytest.raises(discord.HTTPException) as refused:
        await mira.add_roles(managed)
    assert refused.value.code == 50028
    with pytest.raises(discord.Forbidden):
        await guild.kick(mira)
    await mira.edit(nick="Owl")
    assert (await guild.fetch_member(mira.id)).nick == "Owl"


async def test_the_bot_hears_of_people(bot: SampleBot, guild: discord.Guild, vesna: Person) -> None:
    user = await vesna.call("POST", "users", {"name": "lena", "global_name": "Lena"})
    path = f"guilds/{guild.id}/members/{user['id']}"
    await vesna.call("PUT", path, {})
    (joined,) = await bot.event("member_join")
    assert joined.name == "lena"
    await vesna.call("PUT", path, {"roles": [defaults.PLAYER_ROLE], "nick": "Len"})
    _, after = await bot.event("member_update")
    assert (after.nick, [role.name for role in after.roles]) == ("Len", ["@everyone", "Player"])
    await vesna.call("PATCH", "users/lena", {"global_name": "Lena the Old"})
    _, changed = await bot.event("user_update")
    assert changed.global_name == "Lena the Old"
    await vesna.call("DELETE", path)
    (gone,) = await bot.event("member_remove")
    assert gone.id == int(user["id"])


async def test_the_bot_hears_of_roles_channels_and_guilds(
    bot: SampleBot, guild: discord.Guild, vesna: Person
) -> None:
    await vesna.call("POST", f"guilds/{guild.id}/roles", {"name": "Sheriff", "color": 5})
    assert (await bot.event("guild_role_create"))[0].name == "Sheriff"
    channel = await vesna.call("POST", f"guilds/{guild.id}/channels", {"name": "crypt", "topic": "dark"})
    assert (await bot.event("guild_channel_create"))[0].topic == "dark"
    await vesna.call("PATCH", f"channels/{channel['id']}", {"name": "tomb"})
    assert (await bot.event("guild_channel_update"))[1].name == "tomb"
    await vesna.call("PATCH", f"guilds/{guild.id}", {"name": "Day Court"})
    assert (await bot.event("guild_update"))[1].name == "Day Court"
    made = await vesna.call("POST", "guilds", {"name": "New Court", "owner": "vesna"})
    assert (await bot.event("guild_join"))[0].name == "New Court"
    await vesna.call("DELETE", f"guilds/{made['id']}")
    assert (await bot.event("guild_remove"))[0].id == int(made["id"])


async def test_the_bot_is_removed_and_invited_again(
    bot: SampleBot, guild: discord.Guild, mira: Person
) -> None:
    path = f"guilds/{guild.id}/members/{bot.application_id}"
    await mira.call("DELETE", path)
    assert (await bot.event("guild_remove"))[0].id == guild.id
    assert await mira.commands() == []
    with pytest.raises(discord.NotFound) as missing:
        await bot.fetch_guild(guild.id)
    assert missing.value.code == 10004
    await mira.call("PUT", path, {})
    assert (await bot.event("guild_join"))[0].id == guild.id
    assert await mira.commands()


async def test_the_bot_makes_and_changes_channels(guild: discord.Guild) -> None:
    channel = await guild.create_text_channel("elysium")
    await channel.edit(topic="Peace", name="salon")
    await channel.set_permissions(guild.default_role, send_messages=False)
    fetched = await guild.fetch_channel(channel.id)
    assert isinstance(fetched, discord.TextChannel)
    assert (fetched.name, fetched.topic) == ("salon", "Peace")
    assert fetched.overwrites_for(guild.default_role).send_messages is False
    await channel.delete()
    with pytest.raises(discord.NotFound):
        await guild.fetch_channel(channel.id)


async def test_administration_refuses_nonsense(vesna: Person) -> None:
    for method, path, body, status in (
        ("POST", "users", {"name": "Not Valid"}, 422),
        ("POST", "users", {"name": "mira"}, 409),
        ("POST", "guilds", {"name": "x", "owner": "vesna"}, 422),
        ("POST", "guilds", {"name": "Court", "owner": "nobody"}, 404),
        ("PUT", f"guilds/{defaults.NIGHT_COURT}/members/mira", {"roles": ["5"]}, 422),
        ("DELETE", f"guilds/{defaults.NIGHT_COURT}/members/vesna", None, 409),
        ("POST", "guilds/1/roles", {"name": "x"}, 404),
        ("POST", "faults", {"route": "/x", "status": 200}, 400),
        ("POST", "faults/gateway", {"action": "explode"}, 422),
        ("GET", "commands", None, 404),
    ):
        query = {"guild": defaults.OTHER_COURT} if path == "commands" else {}
        with pytest.raises(Refused) as refused:
            await vesna.call(method, path, body, **query)
        assert refused.value.status == status, path


async def test_the_members_of_a_new_guild_are_asked_for(bot: SampleBot, vesna: Person) -> None:
    made = await vesna.call("POST", "guilds", {"name": "Crowd", "owner": "vesna", "bot": False})
    users = [await vesna.call("POST", "users", {"name": f"extra{number}"}) for number in range(30)]
    await asyncio.gather(*(vesna.call("PUT", f"guilds/{made['id']}/members/{u['id']}", {}) for u in users))
    await vesna.call("PUT", f"guilds/{made['id']}/members/{bot.application_id}", {})
    (crowd,) = await bot.event("guild_join")
    assert (crowd.chunked, len(crowd.members)) == (True, 32)
