"""The public face of a chronicle. Only `companion.services` writes here."""

from companion.models.campaigns import Appearance, Campaign, LayoutOverrides, Roster

__all__ = ["Appearance", "Campaign", "LayoutOverrides", "Roster"]
