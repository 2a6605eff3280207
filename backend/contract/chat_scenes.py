"""Scenes that are played in a channel: who takes part, whose turn it is, and the log that is left of them."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contract.base import Answer, Changes, Flag, Input, KeptById, Moment, Named, Person, Whole
from contract.chat import RoomInput
from contract.notices import Notice

MAX_TITLE = 120
MAX_PARTS = 50
# Minutes: three weeks.
MAX_PACE = 30_240
SHOWN = 50
LINES = 200

Title = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TITLE)]
Place = Annotated[str, StringConstraints(max_length=MAX_TITLE)]
Pace = Annotated[
    Whole | None,
    Field(ge=1, le=MAX_PACE, description="Minutes after which the others may go on without who is at turn"),
]


# What is asked


class GetRoomScene(RoomInput):
    """The scene that is open in a room."""


class OpenScene(RoomInput):
    title: Title
    place: Place = ""
    pace: Pace = None


class SceneInput(Input):
    scene: UUID


class ChangeScene(SceneInput, Changes):
    clearable = frozenset({"pace"})

    title: Title | None = None
    place: Place | None = None
    pace: Pace = None


class JoinScene(SceneInput):
    """As one of one's own characters; storytellers as anybody of the chronicle or its cast."""

    speaker: UUID


class PartInput(SceneInput):
    part: UUID


class SetAway(PartInput):
    """Somebody is not there: their turn is passed over."""

    away: Flag


class OrderParts(SceneInput):
    """The order of turns; who is not named comes after the others."""

    parts: Annotated[list[UUID], Field(max_length=MAX_PARTS)]


class PassTurn(SceneInput):
    """On to the next one, or to the part that is named."""

    to: UUID | None = None


class ListScenes(Input):
    """The closed scenes of a chronicle, the newest first; `before` is the last of the page before."""

    chronicle: UUID
    before: UUID | None = None


class GetLog(SceneInput):
    """`after`: the place of the last line that was read. `asides`: with the whispers that one may read."""

    after: Annotated[Whole, Field(ge=0)] = 0
    asides: Flag = False


# What is answered


class Part(Answer):
    """Somebody who takes part. `character` and `cast` are null for the other kind."""

    id: UUID
    user: Person
    character: UUID | None
    cast: UUID | None
    name: str
    portrait_url: str = ""
    away: bool


class Scene(Answer):
    """A scene as everybody in its room sees it; the card of its message holds it, too.

    `parts` are in the order of turns. `turn` is the part whose turn it is, `late_from` when the others may go on.
    """

    id: UUID
    room: UUID | None
    room_name: str
    chronicle: Named
    title: str
    place: str
    open: bool
    pace: int | None
    parts: list[Part]
    turn: UUID | None
    turn_since: Moment | None
    late_from: Moment | None
    opened_by: UUID | None
    opened_at: Moment
    closed_at: Moment | None
    url: str
    version: int


class SceneCard(Answer):
    scene: Scene


class NoticeCard(Answer):
    notice: Notice


class RoomScene(Answer):
    """`may_open`: one may open one here. `may_run`: one may change and close it, and say whose turn it is."""

    room: UUID
    scene: Scene | None
    may_open: bool
    may_run: bool


class OneScene(KeptById):
    id: UUID
    scene: Scene


class Scenes(Answer):
    results: list[Scene]
    more: bool


class Line(Answer):
    """One line of a log: what was said, and each roll in a sentence. `aside`: a whisper that its reader may read."""

    seq: int
    at: Moment
    name: str
    text: str
    html: str
    rolls: list[str]
    aside: bool


class SceneLog(Answer):
    scene: Scene
    lines: list[Line]
    more: bool


Format = Literal["md", "html"]
CONTENT_TYPES: dict[Format, str] = {"md": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8"}
