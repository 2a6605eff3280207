"""The public face of a chronicle. Only `companion.services` writes here."""

from companion.models.campaigns import Appearance, Campaign, LayoutOverrides, Roster
from companion.models.overlays import Overlay, Producer

__all__ = ["Appearance", "Campaign", "LayoutOverrides", "Overlay", "Producer", "Roster"]
