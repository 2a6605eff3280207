"""What each rule counts of an event, and for whom."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from progress.badges import BADGES
from progress.seen import Seen

MIRA, VESNA = "01930000-0000-7000-8000-000000000001", "01930000-0000-7000-8000-000000000002"
TABLE = UUID("01930000-0000-7000-8000-00000000000a")
CAME, AWAY = {"state": "came", "coming": True}, {"state": "absent", "coming": True}


def seen(type: str, stream: str = "chronicle", **more: Any) -> Seen:
    values: dict[str, Any] = {
        "id": TABLE,
        "seq": 1,
        "type": type,
        "stream_id": TABLE,
        "stream_kind": stream,
        "entity_id": TABLE,
        "actor_id": UUID(VESNA),
        "at": datetime(2026, 11, 30, tzinfo=UTC),
        "subject": {"owner": MIRA},
        "changes": {},
        "notices": [],
        "undoes": None,
    }
    return Seen(**values | more)


def rolled(type: str = "roll.made", **more: Any) -> Seen:
    values: dict[str, Any] = {"kind": "roll", "system": "v5", "visibility": "public", "struck": None}
    values |= {"dice": [{"value": 5}] * 3, "slug": "success", "passed": True, "successes": 1, "notices": []}
    values |= more
    names = ("slug", "passed", "successes", "notices")
    values["outcome"] = {name: values.pop(name) for name in names}
    return seen(type, changes={"roll": [None, values]})


def changed(type: str, stream: str = "user", **changes: Any) -> Seen:
    return seen(type, stream, changes={path: [None, after] for path, after in changes.items()})


def counted(badge: str, event: Seen) -> dict[str, int]:
    assert event.type in BADGES[badge].types, "it looks at such events"
    return {user: amount for user, amount in BADGES[badge].counts(event) if amount}


STRUCK = {"at": "2026-11-30T00:00:00Z", "by": "Vesna", "reason": "A test"}
CHANCE = [{"code": "chance_die", "data": {}}]
HERS = {MIRA: 1}


@pytest.mark.parametrize(
    ("badge", "event", "counts"),
    [
        ("messy_critical", rolled(slug="messy"), HERS),
        ("messy_critical", rolled(slug="critical"), {}),
        ("messy_critical", rolled(slug="messy", visibility="storyteller"), {}),
        ("messy_critical", rolled("roll.revealed", slug="messy"), HERS),
        ("messy_critical", rolled("roll.struck", slug="messy", struck=STRUCK), {MIRA: -1}),
        ("messy_critical", rolled("roll.struck", slug="messy"), HERS),
        ("bestial_failure", rolled(slug="bestial", passed=False), HERS),
        ("frenzy_resisted", rolled(kind="frenzy", slug="passed"), HERS),
        ("frenzy_survived", rolled(kind="frenzy", slug="failed", passed=False), HERS),
        ("frenzy_survived", rolled(kind="frenzy", slug="passed"), {}),
        ("remorse", rolled(kind="remorse", slug="passed"), HERS),
        ("redemption", rolled(kind="redemption", system="h5", slug="passed"), HERS),
        ("brutal", rolled("roll.chosen", system="w5", slug="brutal_gain"), HERS),
        ("overreach", rolled("roll.chosen", system="h5", slug="overreach"), HERS),
        ("botch", rolled(system="wod20", slug="botch", passed=False), HERS),
        ("chance_die", rolled(system="cod", notices=CHANCE), HERS),
        ("chance_die", rolled(system="cod", notices=CHANCE, passed=False), {}),
        ("chance_die", rolled(system="cod", notices=["Old words"]), {}),
        ("dramatic_failure", rolled("roll.chosen", system="cod", slug="dramatic_failure"), HERS),
        ("overkill", rolled(successes=10), HERS),
        ("overkill", rolled(successes=None), {}),
        ("overkill", rolled(successes=60, system="general"), {}),
        ("dry_spell", rolled(slug="total_failure", dice=[{"value": 2}] * 8), HERS),
        ("dry_spell", rolled(slug="total_failure", dice=[{"value": 2}] * 7), {}),
        ("dry_spell", rolled(slug="total", system="general", dice=[{"value": 2}] * 8), {}),
        ("accepted", seen("submission.approved", subject={"owner": MIRA, "kind": "new"}), HERS),
        ("accepted", seen("submission.approved", subject={"owner": MIRA, "kind": "change"}), {}),
        ("fair_hand", seen("submission.returned"), {VESNA: 1}),
        ("blood_bond", changed("character.updated", bond="Blood bond"), HERS),
        ("blood_bond", changed("character.updated", bond="First drink"), {}),
        ("last_breath", changed("character.updated", status="dead"), HERS),
        ("first_night", seen("episode.ticked", changes={f"attendance.{MIRA}": [None, CAME]}), HERS),
        ("first_night", seen("episode.ticked", changes={f"attendance.{MIRA}": [CAME, AWAY]}), {MIRA: -1}),
        ("first_night", seen("episode.ticked", changes={f"attendance.{MIRA}": [CAME, CAME]}), {}),
        ("pillar", seen("episode.ended", changes={f"attendance.{MIRA}": [AWAY, CAME]}), HERS),
        ("ten_told", seen("episode.ended"), {VESNA: 1}),
        ("battles", seen("conflict.ended"), {VESNA: 1}),
        ("first_drill", changed("practice.finished", answered=1, right=0), HERS),
        ("first_drill", changed("practice.finished", answered=0, right=0), {}),
        ("flawless", changed("practice.finished", answered=5, right=5), HERS),
        ("flawless", changed("practice.finished", answered=4, right=4), {}),
        ("flawless", changed("practice.finished", answered=6, right=5), {}),
        ("well_read", changed("practice.finished", answered=5, right=3), {MIRA: 3}),
        ("first_exam", changed("exam.finished", passed=True, score=80), HERS),
        ("first_exam", changed("exam.finished", passed=False, score=20), {}),
        ("full_marks", changed("exam.finished", passed=True, score=100), HERS),
        ("full_marks", changed("exam.finished", passed=True, score=99), {}),
        ("good_company", seen("helpful.confirmed"), HERS),
    ],
)
def test_what_a_rule_counts(badge: str, event: Seen, counts: dict[str, int]) -> None:
    assert counted(badge, event) == counts


@pytest.mark.parametrize("days", [7, 30, 100])
def test_a_streak_counts_from_its_last_day_on(days: int) -> None:
    for streak, counts in ((days - 1, {}), (days, HERS), (days + 1, HERS)):
        notices = ["Old words", {"code": "points_login", "data": {"streak": streak}}]
        assert counted(f"streak_{days}", seen("points.awarded", notices=notices)) == counts
    assert counted(f"streak_{days}", seen("points.awarded", notices=[{"code": "points_roll"}])) == {}


def test_every_rule_bears_every_event_that_it_looks_at() -> None:
    """Also one of whose person nothing is left."""
    for badge in BADGES.values():
        for type in badge.types:
            if badge.slug != "to_the_end":  # asks the database
                assert not any(user for user, _ in badge.counts(seen(type, subject={}, actor_id=None)))
