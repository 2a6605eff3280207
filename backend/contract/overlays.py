"""Overlays: what a program for streaming shows over a video, each at a secret address of its own."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contract.base import Answer, Flag, Input, Moment, Whole, one_of
from contract.stage import Tier, TierLayout
from contract.translation import LANGUAGES, N_

MAX_NAME = 60
MAX_CSS = 20_000
MAX_SUBJECTS = 20
MAX_DELAY = 600
MAX_MOMENT_DELAY = 60
MIN_HOLD, MAX_HOLD = 3, 30
MAX_TITLE, MAX_UNDER = 80, 120

KINDS = {
    "scene": N_("Everything"),
    "party": N_("Everybody on stage"),
    "character": N_("One character"),
    "rolls": N_("Rolls"),
    "conflict": N_("Who acts when"),
    "title": N_("Title of the episode"),
    "ticker": N_("Ticker of what happened"),
}
THEMES = {
    "blood": N_("Blood"),
    "moonlight": N_("Moonlight"),
    "parchment": N_("Parchment"),
    "plain": N_("Plain"),
    "contrast": N_("High contrast"),
}
TIER_LABELS = {"large": N_("Large"), "medium": N_("Medium"), "compact": N_("Compact")}
MOTIONS = {
    "auto": N_("As the system wants"),
    "full": N_("Always"),
    "still": N_("Never"),
}
OverlayKind = Annotated[
    Literal["scene", "party", "character", "rolls", "conflict", "title", "ticker"], one_of(KINDS)
]
Theme = Annotated[Literal["blood", "moonlight", "parchment", "plain", "contrast"], one_of(THEMES)]
TierChoice = Annotated[Tier, one_of(TIER_LABELS)]
Motion = Annotated[Literal["auto", "full", "still"], one_of(MOTIONS)]
Language = Annotated[Literal["en", "de"], one_of(LANGUAGES)]
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
Css = Annotated[str, Field(max_length=MAX_CSS)]
Subjects = Annotated[list[UUID], Field(max_length=MAX_SUBJECTS)]
Delay = Annotated[Whole, Field(ge=0, le=MAX_DELAY, description="Seconds")]
MomentDelay = Annotated[
    Whole, Field(ge=0, le=MAX_MOMENT_DELAY, description="Seconds more for rolls, in which one can be stopped")
]
Hold = Annotated[Whole, Field(ge=MIN_HOLD, le=MAX_HOLD, description="Seconds that a roll stays")]


class ListOverlays(Input):
    chronicle: UUID | None = None


class CreateOverlay(Input):
    chronicle: UUID | None = None
    name: Name
    kind: OverlayKind = "scene"
    subjects: Subjects = []
    tier: TierChoice = "medium"
    theme: Theme = "blood"
    motion: Motion = "auto"
    language: Language = "en"
    css: Css = ""
    delay: Delay = 0
    moment_delay: MomentDelay = 0
    hold: Hold = 8


class ChangeOverlay(Input):
    """What is left out stays. `places` are those of this overlay alone, before those of the campaign's tier."""

    overlay: UUID
    name: Name | None = None
    kind: OverlayKind | None = None
    subjects: Subjects | None = None
    tier: TierChoice | None = None
    theme: Theme | None = None
    motion: Motion | None = None
    language: Language | None = None
    css: Css | None = None
    delay: Delay | None = None
    moment_delay: MomentDelay | None = None
    hold: Hold | None = None
    places: TierLayout | None = None


class NamedOverlay(Input):
    overlay: UUID


class Overlay(Answer):
    """`url` is secret: who has it sees the overlay. `renew` gives another, and the old one shows nothing more."""

    id: UUID
    name: str
    kind: OverlayKind
    subjects: list[UUID]
    tier: TierChoice
    theme: Theme
    motion: Motion
    language: Language
    css: str
    delay: int
    moment_delay: int
    hold: int
    places: TierLayout
    url: str
    version: int
    created_at: Moment
    updated_at: Moment


class Overlays(Answer):
    results: list[Overlay]


class OverlayChanged(Answer):
    rebuilt: ClassVar[frozenset[str]] = frozenset({"overlay"})

    overlay: Overlay
    id: UUID


class OverlayRemoved(Answer):
    id: UUID


# What the producer does


class StageInput(Input):
    chronicle: UUID | None = None


class SetBlackout(StageInput):
    on: Flag = True


class SetHidden(StageInput):
    character: UUID
    hidden: Flag = True


class SetVeto(StageInput):
    roll: UUID
    vetoed: Flag = True


class ShowAgain(StageInput):
    roll: UUID


class SetTitle(StageInput):
    """Without a title the card goes."""

    title: Annotated[str, Field(max_length=MAX_TITLE)] = ""
    text: Annotated[str, Field(max_length=MAX_UNDER)] = ""


class SetProducer(StageInput):
    user: UUID
    on: Flag = True


class Stage(Answer):
    """What is decided of the stage; `version` counts it."""

    chronicle: UUID
    blackout: bool
    hidden: list[UUID]
    vetoed: list[UUID]
    title: str
    text: str
    version: int
