"""The commands written by hand, by what one does with them. Those of the character types come from the
schema."""

from typing import Any

from discord import app_commands

from rodbot.commands import (
    blood,
    checks,
    chronicle,
    conflict,
    dice_20th,
    dice_cod,
    dice_h5,
    dice_v5,
    dice_w5,
    general,
    help,
    luck,
    macros,
    preferences,
    proposals,
    requests,
    server,
    storyteller,
)

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
