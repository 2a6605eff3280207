"""The layout of a campaign's picture: read, changed and looked at before it is kept."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Flag, Input, Whole
from contract.overlays import Css, Language, Motion, Theme
from contract.stage import MAX_PLACES, OverlayScene, Place, PlaceName, Tier, TierLayout

PlacesInput = Annotated[dict[PlaceName, Place | None], Field(max_length=MAX_PLACES)]


class Moved(Input):
    """Places are merged into what is there; null takes one out."""

    tier: Tier
    badges: PlacesInput = {}
    chips: PlacesInput = {}


class GetLayout(Input):
    chronicle: UUID | None = None


class SetLayout(Moved):
    """`version`: the one that this is a change of. If somebody else saved meanwhile, nothing is changed."""

    chronicle: UUID | None = None
    version: Annotated[Whole, Field(ge=0, le=2**31 - 1)] | None = None


class PreviewLayout(Input):
    """A picture with something of everything, in a layout and with CSS that nobody has kept yet.

    `filled`: with examples in place of what is not there now.
    """

    chronicle: UUID | None = None
    tier: Tier = "medium"
    theme: Theme = "blood"
    motion: Motion = "still"
    language: Language = "en"
    layout: TierLayout = TierLayout()
    css: Css = ""
    filled: Flag = True


class PlacedTier(TierLayout):
    """`version` counts the changes; 0 before the first."""

    version: int = 0


class Layout(Answer):
    chronicle: UUID
    large: PlacedTier
    medium: PlacedTier
    compact: PlacedTier


class LayoutChanged(PlacedTier):
    tier: Tier


class LayoutPreview(Answer):
    """`dropped`: sentences about lines of the CSS that an overlay may not have; they are not in the picture."""

    scene: OverlayScene
    dropped: list[str]
