"""What the public sees of a campaign: characters with gauges, moments, scenes, and the frames of public sockets.

All of it is public already: whoever builds these answers has left out what is not. A part that is not public is left
out of the JSON too (`Shown`), so that nobody can tell a hidden trait from one that a character does not have.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from contract.base import Answer, Flag, Json, JsonObject, Whole
from contract.base import Moment as Time
from contract.labels import Label

EventKind = Literal["hp_change", "condition", "custom"]
# What `data.kind` of a public event says.
DataKind = Literal[
    "campaign",
    "fields",
    "hidden",
    "character",
    "left",
    "roster",
    "layout",
    "roll",
    "episode",
    "stage",
    "conflict",
    "note",
]
Tier = Literal["large", "medium", "compact"]
TIERS: tuple[Tier, ...] = ("large", "medium", "compact")
MomentKind = Literal[
    "messy_critical",
    "critical",
    "bestial_failure",
    "total_failure",
    "botch",
    "exceptional_success",
    "success",
    "failure",
]
# A badge or chip by its name, and where it stands: percent of the picture's width and height.
MAX_PLACES = 64
MIN_SIZE, MAX_SIZE = 40, 250
Percent = Annotated[float, Field(ge=0, le=100)]
PlaceName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,59}$")]


class Shown(Answer):
    """An answer whose fields are left out where they are null: they do not exist, or are not public."""

    sparse = True

    @model_serializer(mode="wrap")
    def _leave_out(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in handler(self).items() if value is not None}


class Gauge(Answer):
    """A public trait that can be drawn. `kind` is its trait's kind, `value` that kind's JSON, `max` its roof if any."""

    path: str
    label: Label
    kind: str
    value: Json
    max: int | None = None


class HitPoints(Answer):
    current: int
    max: int
    temporary: int = 0


class Stats(Shown):
    """`abilities`: name → score."""

    hp: HitPoints | None = None
    ac: int | None = None
    abilities: dict[str, int] | None = None
    conditions: list[str] | None = None
    gauges: list[Gauge] = []


class StageCharacter(Answer):
    """A character as the public sees it. `theme` is its colour; `player_name` is empty unless the campaign shows it."""

    id: UUID
    campaign_id: UUID
    name: str
    player_name: str
    class_: Annotated[str, Field(alias="class")]
    race: str
    splat: str
    splat_label: Label
    edition: str
    theme: str
    status: str
    stats: Stats
    conditions: list[str]
    portrait_url: str | None
    background_url: str | None
    version: int
    created_at: Time
    updated_at: Time


class StageDie(Answer):
    """`shape` and `word` as in `contract.dice_faces`; empty for a die that is just a number."""

    value: int
    kind: str
    sides: int
    shape: str = ""
    word: Label = ""


class Moment(Answer):
    """A roll worth showing. `id` is the roll's; `kind` is its outcome, whatever its system calls it.

    `total` stands in the place of `successes` where dice are added up.
    """

    id: UUID
    character: UUID | None
    name: str
    kind: MomentKind
    title: Label
    dice: list[StageDie]
    successes: int | None
    total: int | None = None
    at: Time


class StageCampaign(Answer):
    id: UUID
    slug: str
    name: str
    description: str


class StageEpisode(Answer):
    """`number` is null for one that was called off."""

    id: UUID
    number: int | None
    title: str
    started_at: Time | None


class StageTurn(Answer):
    name: str
    character: UUID | None
    state: Annotated[str, Field(description="waiting, current, declared, done or skipped")]


class StageConflict(Answer):
    """Who acts when, without those who are hidden."""

    id: UUID
    kind: str
    title: str
    round: int
    turns: list[StageTurn]


class Place(Shown):
    """At `x` and `y` of 100 it touches the picture's right and lower edge, at 0 the left and upper one.

    `size`: percent of its own size. What is `hidden` is not drawn.
    """

    x: Percent
    y: Percent
    size: Annotated[Whole, Field(ge=MIN_SIZE, le=MAX_SIZE)] | None = None
    hidden: Flag | None = None


Places = Annotated[dict[PlaceName, Place], Field(max_length=MAX_PLACES)]


class TierLayout(Answer):
    badges: Places = {}
    chips: Places = {}


class TitleCard(Answer):
    title: str
    text: str = ""


class StageState(Answer):
    """What the producer decided. `hidden` are characters that are off air for now."""

    blackout: bool = False
    hidden: list[UUID] = []
    title_card: TitleCard | None = None


class ShownAgain(Answer):
    roll: UUID
    at: Time


class Decisions(StageState):
    """All that the producer decided, as it is stored: with rolls that were stopped, or shown again."""

    vetoed: list[UUID] = []
    again: list[ShownAgain] = []


class Scene(Answer):
    """All that an overlay or the campaign's page draws: now, or at a moment. `seq`: the last public event in it."""

    seq: int
    at: Time
    campaign: StageCampaign
    episode: StageEpisode | None
    roster: list[UUID]
    characters: list[StageCharacter]
    moments: list[Moment]
    conflict: StageConflict | None
    layout: dict[Tier, TierLayout]
    stage: StageState


class PublicEvent(Answer):
    """One public change. `data` depends on `data.kind`; `seq` counts this campaign's public events, without gaps."""

    id: UUID
    campaign_id: UUID
    character_id: UUID | None
    event_type: EventKind
    data: JsonObject
    created_at: Time
    seq: int


# Frames of `WS /campaigns/{id}/ws`


class SnapshotFrame(Scene):
    type: Literal["snapshot"] = "snapshot"


class EventFrame(PublicEvent):
    type: Literal["event"] = "event"


# Frames of `WS /overlay/<token>/ws/`


class Piece(Answer):
    """A part of the picture as HTML, and in which area it stands."""

    key: str
    area: str
    html: str


class OverlayScene(Answer):
    """The whole picture: at the open, and when the overlay was changed."""

    type: Literal["scene"] = "scene"
    attributes: dict[str, str]
    css: str
    pieces: list[Piece]


class OverlayPatch(Answer):
    """Pieces that came or changed, keys of those that went, and the order of each area that has another one."""

    type: Literal["patch"] = "patch"
    pieces: list[Piece]
    gone: list[str]
    order: dict[str, list[str]]
