"""Episodes: when a chronicle plays, what is planned and played, who comes and came, and what is told of it."""

import re
from datetime import date, time
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from contract.base import Answer, Changes, Flag, Input, Moment, Named, Reference, Snowflake, Whole, one_of
from contract.chronicles import ChronicleInput
from contract.desk import MAX_AMOUNT, MAX_REASON
from contract.errors import sentence
from contract.servers import Who
from contract.timecodes import Offset
from contract.translation import N_
from contract.zones import ZoneName

MAX_TITLE, MAX_SUMMARY, MAX_RECAP = 100, 4000, 4000
MAX_TICKS = 100
MAX_LISTED = 50
WEEKDAYS = {
    "monday": N_("Monday"),
    "tuesday": N_("Tuesday"),
    "wednesday": N_("Wednesday"),
    "thursday": N_("Thursday"),
    "friday": N_("Friday"),
    "saturday": N_("Saturday"),
    "sunday": N_("Sunday"),
}
RHYTHMS = {"weekly": N_("Every week"), "fortnightly": N_("Every two weeks")}
STATES = {"came": N_("Came"), "absent": N_("Absent"), "excused": N_("Excused")}
ANSWERS = {"yes": N_("Coming"), "maybe": N_("Maybe"), "no": N_("Can’t make it")}
# What becomes of the address of a calendar.
CALENDAR_VERBS = {"show": N_("Show"), "renew": N_("Renew"), "revoke": N_("Revoke")}
WHEN = N_("Write the date and time like 2026-12-24 19:30.")
CLOCK = N_("Write the time like 19:30.")
DAY = N_("Write the date like 2026-12-24.")
# Day first, as in 24.12.2026 19:30.
DAY_FIRST = re.compile(r"\s*([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}),?\s+([0-9]{1,2}:[0-9]{2})\s*", re.ASCII)


def _year_first(value: object) -> object:
    """Turn a date that is written day first into one that is written as in ISO 8601."""
    if not isinstance(value, str) or not (found := DAY_FIRST.fullmatch(value)):
        return value
    day, month, year, clock = found.groups()
    return f"{year}-{int(month):02}-{int(day):02} {clock:0>5}"


def _minutes_only(value: time) -> time:
    return value.replace(second=0, microsecond=0, tzinfo=None)


When = Annotated[
    Moment,
    BeforeValidator(_year_first),
    Field(
        description="Without an offset it's on the clock of the table: its schedule's time zone, else one's own",
        json_schema_extra=sentence(WHEN),
    ),
]
Clock = Annotated[time, AfterValidator(_minutes_only), Field(json_schema_extra=sentence(CLOCK))]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(9000, 1, 1), json_schema_extra=sentence(DAY))]
Weekday = Annotated[
    Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], one_of(WEEKDAYS)
]
RhythmName = Annotated[Literal["weekly", "fortnightly"], one_of(RHYTHMS)]
State = Annotated[Literal["came", "absent", "excused"], one_of(STATES)]


def _said(value: object) -> object:
    """True and false are the plain answers."""
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


Coming = Annotated[Literal["yes", "maybe", "no"], one_of(ANSWERS)]
CalendarVerb = Annotated[Literal["show", "renew", "revoke"], one_of(CALENDAR_VERBS)]
Recap = Annotated[str, Field(max_length=MAX_RECAP)]
Title = Annotated[str, Field(max_length=MAX_TITLE)]
Summary = Annotated[str, Field(max_length=MAX_SUMMARY)]
EpisodeRef = Annotated[
    Reference | None,
    Field(description="Id or number of a session; the one that is meant most likely if left out"),
]
Minutes = Annotated[Whole, Field(ge=30, le=24 * 60, description="How long it usually takes")]


class GetSchedule(ChronicleInput):
    pass


class SetSchedule(ChronicleInput):
    """What is left out stays as it is. A first schedule needs a weekday, a time and a time zone."""

    timezone: ZoneName | None = None
    weekday: Weekday | None = None
    time: Clock | None = None
    rhythm: RhythmName | None = None
    minutes: Minutes | None = None
    starts: Annotated[Day | None, Field(description="Every second week counts from here; default: today")] = (
        None
    )


class RemoveSchedule(ChronicleInput):
    pass


class ListEpisodes(ChronicleInput):
    """`before` is the last id of the page before."""

    before: UUID | None = None
    limit: Annotated[Whole, Field(ge=1, le=MAX_LISTED)] = 25


class ListStreaks(ChronicleInput):
    """One's own; storytellers see everybody's."""


class PlanEpisode(ChronicleInput):
    """Without `planned_for` it's the next date of the schedule."""

    title: Title = ""
    planned_for: When | None = None
    summary: Summary = ""


class EpisodeInput(ChronicleInput):
    episode: EpisodeRef = None


class ChangeEpisode(EpisodeInput, Changes):
    clearable: ClassVar[frozenset[str]] = frozenset({"chronicle", "episode"})

    title: Title | None = None
    planned_for: When | None = None
    summary: Summary | None = None
    stream_offset: Offset | None = None


class EndEpisode(EpisodeInput):
    summary: Annotated[
        Summary | None, Field(description="What happened; what is written stays if left out")
    ] = None


class AnswerEpisode(EpisodeInput):
    """Null takes the answer back; true and false are yes and no."""

    coming: Annotated[Coming | None, BeforeValidator(_said)]


class WriteRecap(EpisodeInput, Changes):
    """What is left out stays. What is published the table reads; before, storytellers alone do."""

    clearable: ClassVar[frozenset[str]] = frozenset({"chronicle", "episode"})

    recap: Recap | None = None
    published: Flag | None = None
    public: Annotated[
        Flag | None,
        Field(description="Everybody reads what is published, where the chronicle’s campaign is public"),
    ] = None


class GetEpisodeSettings(ChronicleInput):
    pass


class SetEpisodeSettings(ChronicleInput):
    """One’s own for a chronicle. What is left out stays as it is."""

    remind_day: Annotated[Flag | None, Field(description="Remind me a day before")] = None
    remind_hour: Annotated[Flag | None, Field(description="Remind me an hour before")] = None
    calendar: Annotated[
        CalendarVerb | None, Field(description="Make an address of the calendar, a new one, or end it")
    ] = None


class SetEpisodeChannel(ChronicleInput):
    """Where episodes that are planned on the web are announced. Null: nowhere."""

    channel: Snowflake | None


class Tick(Input):
    """Null takes the tick back. `character`: whom they played; it stays if left out."""

    user: Who
    state: State | None
    character: UUID | None = None


class TickAttendance(EpisodeInput):
    ticks: Annotated[list[Tick], Field(min_length=1, max_length=MAX_TICKS)]


class AwardSession(EpisodeInput):
    """Points are the same for everybody; `experience` goes to the character that each of them played."""

    experience: Annotated[
        Whole,
        Field(
            ge=0,
            le=MAX_AMOUNT,
            json_schema_extra=sentence(N_("A whole number from 0 to {most}."), most=MAX_AMOUNT),
        ),
    ] = 0
    reason: Annotated[
        str, Field(max_length=MAX_REASON, description="Default: the session's number and title")
    ] = ""


class Schedule(Answer):
    timezone: str
    weekday: Weekday
    time: str
    rhythm: RhythmName
    minutes: int
    first_day: date


class Attendee(Named):
    """Somebody who answered or was ticked. `state` is null until a storyteller has ticked them."""

    discord_id: str | None
    character: UUID | None
    coming: Literal["yes", "maybe", "no"] | None
    state: Literal["came", "absent", "excused"] | None
    experience: Annotated[
        int | None, Field(description="Awarded, as far as its reader may know; null: nothing yet")
    ]


class EpisodeRights(Answer):
    run: bool
    answer: bool


class Episode(Answer):
    """`number` is null for one that was called off."""

    id: UUID
    chronicle: Named
    number: int | None
    title: str
    summary: str
    status: Annotated[str, Field(description="planned, live, done or cancelled")]
    planned_for: Moment
    started_at: Moment | None
    ended_at: Moment | None
    stream_offset: Annotated[
        int, Field(description="Seconds from `started_at` to where its recording begins")
    ]
    recap: Annotated[
        str, Field(description="As far as its reader may know: published, or a draft of their own")
    ]
    recap_published_at: Moment | None
    recap_is_public: bool
    version: int
    attendance: list[Attendee]
    rights: EpisodeRights


class OneEpisode(Answer):
    episode: Episode


class RecapDraft(OneEpisode):
    """`draft`: what the timeline tells of the episode, in the language of its reader."""

    draft: str


class EpisodeSettings(Answer):
    """One’s own for a chronicle. `calendar` is the address of one’s feed; null: there’s none."""

    rebuilt: ClassVar[frozenset[str]] = frozenset({"calendar"})
    chronicle: UUID
    remind_day: bool
    remind_hour: bool
    calendar: str | None


class EpisodeChannel(Answer):
    """Discord’s id of the channel; null: none."""

    channel: str | None


class PublicEpisode(Answer):
    """What everybody may read of an episode of a public campaign. Nothing of who came."""

    id: UUID
    number: int
    title: str
    summary: str
    recap: Annotated[str, Field(description="Empty unless it is published to everybody")]
    status: Annotated[str, Field(description="planned, live or done")]
    date: Moment
    started_at: Moment | None
    ended_at: Moment | None
    stream_offset: int


class EpisodeChanged(OneEpisode):
    rebuilt: ClassVar[frozenset[str]] = frozenset({"episode"})
    id: UUID


class Awarded(Answer):
    """What one person got. `character` got the experience; null: none did."""

    user: Named
    points: int
    character: Named | None
    experience: int


class SessionAwarded(EpisodeChanged):
    """`unclear` play several characters and `without` none here: they got no experience."""

    awarded: list[Awarded]
    unclear: list[Named]
    without: list[Named]


class TableStreak(Answer):
    """So many sessions in a row, in the rhythm of the table. `grace`: how many misses are still forgiven."""

    user: Named
    current: int
    longest: int
    grace: int


class TableStreaks(Answer):
    results: list[TableStreak]


class OneSchedule(Answer):
    """`upcoming` are the next dates of the schedule; empty without one."""

    schedule: Schedule | None
    upcoming: list[Moment]


class Episodes(OneSchedule):
    """Those that are live or planned, the soonest first; then those that are over, the latest first.

    `next` is what the next page asks for as `before`; null on the last one.
    """

    results: list[Episode]
    next: UUID | None
    rights: EpisodeRights
