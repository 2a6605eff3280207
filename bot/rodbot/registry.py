"""The commands written by hand, by what one does with them. Those of the character types come from the
schema."""

from typing import Any

from discord import app_commands

from rodbot.account import help, preferences
from rodbot.chronicles import commands as chronicle
from rodbot.conflicts import commands as conflict
from rodbot.desk import commands as storyteller
from rodbot.desk import proposals
from rodbot.dice import blood, checks, general, luck, macros
from rodbot.dice import cod as dice_cod
from rodbot.dice import h5 as dice_h5
from rodbot.dice import request_command as requests
from rodbot.dice import v5 as dice_v5
from rodbot.dice import w5 as dice_w5
from rodbot.dice import wod20 as dice_20th
from rodbot.servers import commands as server

Made = app_commands.Group | app_commands.Command[Any, ..., Any] | app_commands.ContextMenu

# For every edition.
WRITTEN: tuple[Made, ...] = (
    chronicle.group,
    conflict.group,
    proposals.group,
    server.group,
    storyteller.group,
    help.help_command,
    preferences.preferences,
    general.roll,
    general.odds,
    luck.luck,
    macros.group,
    requests.request,
    *luck.MENUS,
)
# For one edition alone.
PLAYED: dict[str, tuple[Made, ...]] = {
    "5th": (
        dice_v5.group,
        dice_w5.group,
        dice_h5.group,
        general.sheet,
        checks.wake,
        checks.frenzy,
        checks.remorse,
    ),
    "20th": (dice_20th.group, blood.group),
    "cod": (dice_cod.group,),
}
