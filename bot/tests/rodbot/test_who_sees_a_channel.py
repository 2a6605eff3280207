"""Case SAFE-02: who sees a channel, as overwrites and the guild's own permissions say it."""

from types import SimpleNamespace
from typing import Any

import discord
import pytest

from rodbot.servers.sync import _bot_lacks, _seen_by

GUILD, PLAYER, NARRATOR, MIRA = 1, 2, 3, 9


def channel(overwrites: dict[int, bool | None], everyone: bool = True, **roles: bool) -> Any:
    """`roles`: what Player and Narrator may see in the guild as a whole."""

    def role(pk: int, sees: bool) -> Any:
        return SimpleNamespace(id=pk, permissions=discord.Permissions(view_channel=sees))

    known = [
        role(GUILD, everyone),
        role(PLAYER, roles.get("player", everyone)),
        role(NARRATOR, roles.get("narrator", everyone)),
    ]
    guild = SimpleNamespace(id=GUILD, default_role=known[0], roles=known)
    said = {
        discord.Object(pk): discord.PermissionOverwrite(view_channel=sees, send_messages=False)
        for pk, sees in overwrites.items()
    }
    return SimpleNamespace(guild=guild, overwrites=said)


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        (channel({}), {}),
        (channel({PLAYER: None}), {}),
        (channel({GUILD: False, NARRATOR: True, MIRA: True}), {"1": False, "3": True, "9": True}),
        (channel({PLAYER: False, MIRA: True}), {"2": False, "9": True}),
        (channel({}, everyone=False, narrator=True), {"1": False, "3": True}),
        (
            channel({NARRATOR: False, PLAYER: True}, everyone=False, narrator=True),
            {"1": False, "2": True, "3": False},
        ),
        (channel({GUILD: False}, everyone=False, narrator=True), {"1": False}),
        (channel({GUILD: True}, everyone=False), {}),
    ],
)
def test_safe_02_what_hides_a_channel_is_told(given: Any, seen: dict[str, bool]) -> None:
    assert _seen_by(given) == seen


@pytest.mark.parametrize(
    ("allowed", "forum", "lacks"),
    [
        (discord.Permissions.all(), False, []),
        (discord.Permissions(administrator=True), False, []),
        (
            discord.Permissions(discord.Permissions.all_channel().value & ~(1 << 11)),
            False,
            ["Send Messages"],
        ),
        (discord.Permissions(view_channel=True, send_messages=True), True, ["Send Messages in Threads"]),
        (
            discord.Permissions(view_channel=True, send_messages=True),
            False,
            ["Embed Links", "Read Message History"],
        ),
        (discord.Permissions.none(), False, ["View Channels"]),
    ],
)
def test_disc_06_what_the_bot_lacks_in_a_channel_is_told(
    allowed: discord.Permissions, forum: bool, lacks: list[str]
) -> None:
    kind = discord.ChannelType.forum if forum else discord.ChannelType.text
    given: Any = SimpleNamespace(
        guild=SimpleNamespace(me="the bot"), type=kind, permissions_for=lambda me: allowed
    )
    assert _bot_lacks(given) == lacks
