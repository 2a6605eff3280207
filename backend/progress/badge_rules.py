"""What rules of badges are made of: who gets how much for an event. The badges themselves stand in `progress.badges`.

Rules read what the timeline keeps, and of rolls only what the whole table saw: nobody learns by a badge what a
storyteller hides.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chronicle.models import Attendance
from contract.events import EventType
from contract.rolls import SUMS
from contract.translation import N_
from progress.seen import Seen

Amount = tuple[str, int]
# Who gets how much for an event, by the ids of users.
Counts = Callable[[Seen], Iterable[Amount]]
Group = Literal["dice", "story", "table", "study", "people"]

GROUPS: dict[Group, str] = {
    "dice": N_("Dice"),
    "story": N_("Stories"),
    "table": N_("Episodes"),
    "study": N_("Drills"),
    "people": N_("Company"),
}
# What a badge is worth in points; prestige badges when a storyteller approves them.
POINTS, PRESTIGE_POINTS = 10, 25

ATTENDED = (EventType.EPISODE_TICKED, EventType.EPISODE_ANSWERED, EventType.EPISODE_ENDED)
ROLLS = (EventType.ROLL_MADE, EventType.ROLL_REROLLED, EventType.ROLL_REVEALED, EventType.ROLL_STRUCK)
CHOICES = (EventType.ROLL_CHOSEN, EventType.ROLL_REVEALED, EventType.ROLL_STRUCK)
MANY_DICE = 8
OVERKILL = 10
MANY_QUESTIONS = 5


@dataclass(frozen=True, slots=True)
class Badge:
    """`at`: how much has to be counted. `per_chronicle`: counted in each chronicle by itself, and given there.

    `prestige`: a storyteller of that chronicle approves it. `hidden`: nobody is shown it before they have it.
    """

    slug: str
    group: Group
    label: str
    why: str
    types: tuple[EventType, ...]
    counts: Counts
    at: int = 1
    per_chronicle: bool = False
    prestige: bool = False
    hidden: bool = False

    @property
    def points(self) -> int:
        return PRESTIGE_POINTS if self.prestige else POINTS


def roll(holds: Callable[[Mapping[str, Any]], bool]) -> Counts:
    """Who rolled; a roll that is excluded counts no more, until it is included again."""

    def counts(event: Seen) -> Iterable[Amount]:
        if event.roll and holds(event.roll):
            yield event.owner, -1 if event.takes_back else 1

    return counts


def outcome(system: str, *slugs: str) -> Counts:
    return roll(
        lambda found: (
            found["kind"] == "roll" and found["system"] == system and found["outcome"]["slug"] in slugs
        )
    )


def check(kind: str, *, passed: bool) -> Counts:
    return roll(lambda found: found["kind"] == kind and found["outcome"]["passed"] is passed)


def owner(holds: Callable[[Seen], object]) -> Counts:
    """The person whom the event is about."""
    return lambda event: [(event.owner, 1)] if holds(event) else []


def actor(holds: Callable[[Seen], object]) -> Counts:
    """The person who did it."""
    return lambda event: [(event.actor, 1)] if holds(event) else []


def came(event: Seen) -> Iterable[Amount]:
    """The people who were ticked as having come to a session; taking a tick back counts minus one."""
    for path, (before, after) in event.changes.items():
        kind, _, user = path.partition(".")
        if kind == "attendance" and (more := _is_there(after) - _is_there(before)):
            yield user, more


def _is_there(attendance: object) -> bool:
    return isinstance(attendance, dict) and attendance.get("state") == Attendance.State.CAME


def came_to_chronicle(event: Seen) -> Iterable[Amount]:
    """Everybody who came to a session of a chronicle that is archived."""
    if event.after("archived"):
        rows = Attendance.objects.filter(episode__chronicle_id=event.stream_id, state=Attendance.State.CAME)
        for user in rows.order_by().values_list("user_id", flat=True).distinct():
            yield str(user), 1


def streak_of(days: int) -> Counts:
    """Once the daily streak was that long: the daily bonus says how long it has been at most."""
    return owner(lambda event: int(event.notice_of("points_login").get("streak", 0)) >= days)


def always(event: Seen) -> bool:
    return True


def on_a_chance_die(found: Mapping[str, Any]) -> bool:
    codes = [notice.get("code") for notice in found["outcome"]["notices"] if isinstance(notice, dict)]
    return bool(found["outcome"]["passed"]) and "chance_die" in codes


def is_dry(found: Mapping[str, Any]) -> bool:
    """Many dice, and no success among them; a success that ones took away was one."""
    many = _is_pool(found) and len(found["dice"]) >= MANY_DICE
    return many and found["outcome"]["slug"] in ("total_failure", "botch")


def is_any_roll(found: Mapping[str, Any]) -> bool:
    return bool(found["kind"] == "roll")


def is_overkill(found: Mapping[str, Any]) -> bool:
    return _is_pool(found) and (found["outcome"]["successes"] or 0) >= OVERKILL


def is_flawless(event: Seen) -> bool:
    answered = event.after("answered") or 0
    return bool(answered >= MANY_QUESTIONS and event.after("right") == answered)


def right_answers(event: Seen) -> Iterable[Amount]:
    yield event.owner, event.after("right") or 0


def _is_pool(found: Mapping[str, Any]) -> bool:
    return is_any_roll(found) and found["system"] not in SUMS
