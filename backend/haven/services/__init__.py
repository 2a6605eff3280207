"""The only place where characters change: one call, one transaction, one event."""

from haven.services.change import change
from haven.services.common import Change
from haven.services.default import clear_default, set_default
from haven.services.lifecycle import create, delete, restore
from haven.services.move import move, release
from haven.services.portrait import may_portray, set_portrait
from haven.services.reference import Reference
from haven.services.stage import change_for_stage, change_points, create_for_stage, set_condition
from haven.services.undo import undo
from haven.services.visibility import show

__all__ = [
    "Change",
    "Reference",
    "change",
    "change_for_stage",
    "change_points",
    "clear_default",
    "create",
    "create_for_stage",
    "delete",
    "may_portray",
    "move",
    "release",
    "restore",
    "set_condition",
    "set_default",
    "set_portrait",
    "show",
    "undo",
]
