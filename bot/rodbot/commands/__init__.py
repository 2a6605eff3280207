"""The commands written by hand, by what one does with them. Those of the character types come from the
schema."""

from discord import app_commands

from rodbot.commands import character, help, server

WRITTEN: tuple[app_commands.Group | app_commands.Command, ...] = (
    character.group,
    server.group,
    help.help_command,
)
