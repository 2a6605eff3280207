"""Names for discord.py's generic classes, whose parameters (the client, the view, the cog) do not matter here."""

from collections.abc import Coroutine
from typing import Any, TypeVar, cast

import discord
from discord import app_commands

T = TypeVar("T")
Async = Coroutine[Any, Any, T]
Interaction = discord.Interaction[Any]
Item = discord.ui.Item[Any]
Command = app_commands.Command[Any, ..., Any]
CommandTree = app_commands.CommandTree[Any]
ChatCommand = app_commands.Group | Command
AppCommand = ChatCommand | app_commands.ContextMenu


def custom_id_of(interaction: Interaction) -> str:
    """The custom id of the button, menu or form that was used; empty for a command."""
    data = cast(dict[str, object], interaction.data or {})
    return str(data.get("custom_id", ""))
