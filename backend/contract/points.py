"""What players earn: points with their reasons, streak and level; boards and seasons; profiles of players."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema

from contract.badges import Badge
from contract.base import Answer, Changes, Flag, Input, KeptById, Moment, Named, Person, Whole, one_of
from contract.labels import Label
from contract.notices import StoredNotice
from contract.translation import N_, _

MAX_SEASON, MAX_PUBLIC_ID, MAX_PAGE = 60, 12, 100
BOARDS = {
    "all": N_("Everybody"),
    "server": N_("This server"),
    "chronicle": N_("This chronicle"),
    "season": N_("This season"),
}
BoardKind = Literal["all", "server", "chronicle", "season"]
Board = Annotated[BoardKind, one_of(BOARDS)]


def _in_our_days(value: date) -> date:
    if not 2020 <= value.year <= 2199:
        raise ValueError(_("The year must be from 2020 to 2199."))
    return value


# JSON has no dates: text such as 2026-11-30.
Day = Annotated[
    date,
    AfterValidator(_in_our_days),
    PlainSerializer(date.isoformat, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date"}),
]


class Level(Answer):
    """`begins` and `next`: how many points this level and the next begin with."""

    level: int
    begins: int
    next: int


class Streak(Answer):
    """`today`: there was practice today already. `forgives`: a missed day would still be forgiven this week."""

    current: int
    longest: int
    last: Day | None
    today: bool
    forgives: bool


class PointEntry(Answer):
    """One line of the ledger: so many points, where they come from, and what for."""

    id: UUID
    amount: int
    source: str
    label: Label
    reason: StoredNotice
    place: Annotated[str, Field(description="The chronicle or server, where there is one")]
    day: Day
    at: Moment


class WeekPoints(Answer):
    """`week`: its Monday."""

    week: Day
    points: int


class GetProgress(Input):
    card: Annotated[Flag, Field(description="With the rank card as a picture")] = False


class Progress(Answer):
    """One's own. `weeks`: the last ones, oldest first. `home`: the server chosen as home."""

    user: Person
    public_id: str
    home: Named | None
    points: int
    week_points: int
    rank: Annotated[int | None, Field(description="Among everybody; null without points")]
    level: Level
    streak: Streak
    timezone: str
    questions: int
    on_boards: bool
    weeks: list[WeekPoints]
    badges: list[Badge]
    recent: list[PointEntry]
    card: Annotated[str | None, Field(description="PNG in base64, where it was asked for")] = None
    url: str


class ListPoints(Input):
    """One's own entries, the newest first; `before` is the last one of the page before."""

    before: UUID | None = None
    limit: Annotated[Whole, Field(ge=1, le=50)] = 25


class Points(Answer):
    total: int
    results: list[PointEntry]
    next: Annotated[UUID | None, Field(description="`before` of the next page; null: there is none")]
    url: str


class ShowBoard(Input):
    """Without `board`: that of the server where it is asked, else everybody's.

    `place` is the id of its server, chronicle or season; without one, those of the channel. `week` is the Monday of a
    week that is over.
    """

    board: Board | None = None
    place: UUID | None = None
    weekly: Flag = False
    week: Day | None = None
    page: Annotated[Whole, Field(ge=1, le=MAX_PAGE)] = 1


class Ranked(Answer):
    """A person's place. `was`: the place an hour ago or so, null where there was none. `public_id`: of an open page.

    `user` is null on the board of everybody, who need not share a server.
    """

    user: UUID | None
    rank: int
    name: str
    avatar_url: str
    public_id: str | None
    level: int
    points: int
    was: int | None
    me: bool


class ShownBoard(Answer):
    """`around`: one's own place and its neighbours, where they are not on this page. `hidden`: one's own is shown to
    nobody else.
    """

    board: BoardKind
    place: UUID | None
    name: str
    weekly: bool
    week: Day | None
    page: int
    more: bool
    results: list[Ranked]
    mine: Ranked | None
    around: list[Ranked]
    hidden: bool
    url: str


class ListBoards(Input):
    """Every board that its reader can look at."""


class BoardBrief(Answer):
    board: BoardKind
    place: UUID | None
    name: str
    server: Named | None


class Boards(Answer):
    results: list[BoardBrief]


SeasonName = Annotated[str, StringConstraints(min_length=1, max_length=MAX_SEASON)]


class BeginSeason(Input):
    """`starts` is today and `ends` open, where nothing is said. `ends`: the last day that is part of it."""

    server: UUID
    name: SeasonName
    starts: Day | None = None
    ends: Day | None = None


class EndSeason(Input):
    season: UUID


class ListSeasons(Input):
    server: UUID


class Season(KeptById):
    """`ends`: the last day that is part of it; null: open. One that was called off ends before it begins."""

    server: UUID
    name: str
    starts: Day
    ends: Day | None
    running: bool


class Seasons(Answer):
    results: list[Season]


class GetPlayerProfile(Input):
    """One's own settings of what others see."""


class SetPlayerProfile(Changes):
    """`home_server`: one of one's own servers; null is none."""

    clearable = frozenset({"home_server"})
    is_public: Flag = False
    on_boards: Flag = True
    shows_level: Flag = False
    shows_streak: Flag = False
    shows_badges: Flag = False
    shows_certificates: Flag = False
    home_server: UUID | None = None


class PlayerProfile(Answer):
    """`url`: the page; anybody can open it while `is_public`. `servers`: those that can be one's home."""

    public_id: str
    is_public: bool
    on_boards: bool
    shows_level: bool
    shows_streak: bool
    shows_badges: bool
    shows_certificates: bool
    home_server: Named | None
    servers: list[Named]
    url: str


class GetPlayer(Input):
    public_id: Annotated[str, StringConstraints(max_length=MAX_PUBLIC_ID)]


class ShownCertificate(Answer):
    code: str
    title: str
    system: str
    issued_at: Moment
    url: str


class Player(Answer):
    """A player's page: null is what they did not switch on."""

    public_id: str
    name: str
    avatar_url: str
    home: str | None
    level: int | None
    points: int | None
    streak: int | None
    longest_streak: int | None
    badges: list[Badge] | None
    certificates: list[ShownCertificate] | None


class ListAccountChanges(Input):
    before: UUID | None = None


class AccountChange(Answer):
    """Who changed what of an account: field → [before, after]."""

    id: UUID
    at: Moment
    changed_by: str
    changes: dict[str, tuple[str | bool | None, str | bool | None]]


class AccountChanges(Answer):
    results: list[AccountChange]
    next: UUID | None
