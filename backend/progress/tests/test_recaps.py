"""Recaps: drafted of what the table saw, written by storytellers, read by the table once they are published."""

from typing import Any

import pytest

from chronicle.episodes import public_episodes
from chronicle.models import Episode
from chronicle.operations import episodes
from contract.episodes import Episode as ShownEpisode
from contract.episodes import PublicEpisode
from contract.translation import speaking
from haven.models import Character
from haven.services import Reference, delete, show
from haven.tests.kit import cause, change, make, principal, sets
from progress.operations import sessions
from progress.tests.badge_kit import BESTIAL, MESSY, PLAIN, roll, throw
from rolls import services
from rules.errors import Conflict, GameError, Invalid, NotAllowed, NotFound
from testing.personas import World
from testing.sessions import do, live, planned, tick
from timeline.frames import event_json
from timeline.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def night_owl(world: World) -> Character:
    """A character whose trackers the table sees."""
    made = make(world, operations=sets(hunger=1))
    for slug in ("hunger", "health"):
        show(principal(world, "mira"), Reference(str(made.pk)), slug, "table", cause(world, "mira"))
    return made


def draft(world: World, row: ShownEpisode) -> str:
    text: str = do(world, "vesna", sessions.DRAFT_RECAP, episode=str(row.id)).draft
    return text


def ended(world: World, row: ShownEpisode) -> ShownEpisode:
    done: ShownEpisode = do(world, "vesna", sessions.END, episode=str(row.id)).episode
    return done


def recap(world: World, row: ShownEpisode, who: str = "vesna", **fields: Any) -> ShownEpisode:
    told: ShownEpisode = do(world, who, episodes.WRITE_RECAP, episode=str(row.id), **fields).episode
    return told


@pytest.mark.engine
def test_a_draft_tells_who_came_what_was_rolled_who_was_hurt_and_what_changed(
    world: World, night_owl: Character
) -> None:
    change(world, night_owl, *sets(hunger=2))
    row = live(world)
    tick(world, row, mira="came", jonas="absent")
    roll(world, night_owl, MESSY)
    roll(world, night_owl, PLAIN)
    change(world, night_owl, *sets(health__superficial=1))
    change(world, night_owl, *sets(health__superficial=3, hunger=3))
    change(world, night_owl, *sets(hunger=4))
    text = draft(world, row)
    parts = text.split("\n\n")
    assert parts[0] == "Who came: Mira."
    assert parts[1] == "Rolls to remember\n• Night Owl: Messy critical"
    assert parts[2].startswith("Who was hurt\n• Night Owl: ")
    assert "0 → 3" in parts[2]
    assert parts[3] == "What changed\n• Night Owl: Hunger 2 → 4"
    ended(world, row)
    change(world, night_owl, *sets(hunger=0))
    assert draft(world, row) == text  # what came later is not of that evening


def test_what_ended_as_it_began_is_no_change(world: World, night_owl: Character) -> None:
    row = live(world)
    change(world, night_owl, *sets(hunger=3))
    change(world, night_owl, *sets(hunger=1))
    assert draft(world, row) == ""


def test_nothing_hidden_gets_into_a_draft(world: World, night_owl: Character) -> None:
    row = live(world)
    hidden = throw(world, night_owl, MESSY, visibility="storyteller").roll
    change(world, night_owl, *sets(blood_potency=2))  # the table does not see it
    change(world, night_owl, *sets(hunger=3))
    assert "Hunger" in draft(world, row)
    show(principal(world, "mira"), Reference(str(night_owl.pk)), "hunger", "private", cause(world, "mira"))
    assert draft(world, row) == ""
    services.reveal(principal(world, "vesna"), hidden.pk, cause(world, "vesna"))
    assert "Messy critical" in draft(world, row)


def test_a_roll_that_no_longer_stands_is_not_told(world: World, night_owl: Character) -> None:
    row = live(world)
    made = roll(world, night_owl, BESTIAL)
    assert "Bestial failure" in draft(world, row)
    services.strike(principal(world, "vesna"), made.pk, cause(world, "vesna"), "a slip")
    assert draft(world, row) == ""


def test_who_was_deleted_is_not_told(world: World, night_owl: Character) -> None:
    row = live(world)
    roll(world, night_owl, MESSY)
    change(world, night_owl, *sets(hunger=3))
    delete(principal(world, "mira"), Reference(str(night_owl.pk)), cause(world, "mira"))
    assert draft(world, row) == ""


def test_a_draft_is_in_the_language_of_who_asks(world: World, night_owl: Character) -> None:
    row = live(world)
    tick(world, row, mira="came")
    with speaking("de"):
        assert draft(world, row).startswith("Dabei waren: ")


def test_a_recap_is_the_storytellers_until_it_is_published(world: World) -> None:
    row = ended(world, live(world))
    assert recap(world, row, recap="  It burned.  ").recap == "It burned."
    assert do(world, "mira", episodes.GET).episode.recap == ""
    told = recap(world, row, published=True)
    assert told.recap_published_at is not None
    assert do(world, "mira", episodes.GET).episode.recap == "It burned."
    recap(world, row, published=False)
    assert do(world, "mira", episodes.GET).episode.recap == ""
    assert do(world, "vesna", episodes.GET).episode.recap == "It burned."


def test_an_event_shows_members_nothing_of_a_draft(world: World) -> None:
    row = ended(world, live(world))
    recap(world, row, recap="Secret plans")
    recap(world, row, recap="It burned.", published=True)
    recap(world, row, published=False)
    events = Event.objects.filter(type="episode.recapped").select_related("stream").order_by("seq")
    shown = [event_json(event, 1) for event in events]
    assert [body and body["changes"] for body in shown] == [
        None,
        {"recap": [None, "It burned."]},
        {"recap": ["It burned.", None]},
    ]


def test_only_storytellers_draft_and_write(world: World) -> None:
    row = ended(world, live(world))
    named = {"episode": str(row.id)}
    for who, kind in (("mira", NotAllowed), ("sam", NotFound)):
        for operation, fields in ((sessions.DRAFT_RECAP, {}), (episodes.WRITE_RECAP, {"recap": "Mine"})):
            with pytest.raises(kind):
                do(world, who, operation, **named, **fields)
    assert not Episode.objects.exclude(recap="").exists()


@pytest.mark.parametrize(
    ("state", "fields", "kind", "code"),
    [
        ("planned", {"recap": "x"}, Conflict, "session_planned"),
        ("live", {"recap": "x", "published": True}, Conflict, "session_live"),
        ("done", {"published": True}, Invalid, "invalid"),
        ("done", {"recap": "x", "public": True}, Invalid, "invalid"),
        ("done", {"recap": "   ", "published": True}, Invalid, "invalid"),
        ("done", {"recap": "x" * 4001}, Invalid, "invalid"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    world: World, state: str, fields: dict[str, Any], kind: type[GameError], code: str
) -> None:
    row = planned(world) if state == "planned" else live(world)
    row = ended(world, row) if state == "done" else row
    before = Event.objects.count()
    with pytest.raises(kind) as refused:
        recap(world, row, **fields)
    assert refused.value.code == code
    stored = Episode.objects.get()
    assert (stored.recap, stored.recap_published_at, Event.objects.count()) == ("", None, before)


@pytest.mark.req("S002-46")
def test_the_public_reads_number_title_date_and_summary_and_never_who_came(world: World) -> None:
    first = live(world)
    tick(world, first, mira="came")
    ended(world, first)
    recap(world, first, recap="Not yet")
    called_off = planned(world, "2026-11-01T19:30+01:00", title="Never")
    do(world, "vesna", episodes.CANCEL, episode=str(called_off.id))
    planned(world, "2026-11-08T19:30+01:00", title="Ashes", summary="They meet.")
    shown = public_episodes(world.chronicle)
    assert [(row.number, row.title, row.summary, row.status, row.recap) for row in shown] == [
        (1, "", "", "done", ""),
        (2, "Ashes", "They meet.", "planned", ""),
    ]
    assert not {"attendance", "rights"} & PublicEpisode.model_fields.keys()
    assert "Mira" not in "".join(row.model_dump_json() for row in shown)
    recap(world, first, published=True)
    assert public_episodes(world.chronicle)[0].recap == ""  # the table alone reads it
    assert recap(world, first, public=True).recap_is_public
    assert public_episodes(world.chronicle)[0].recap == "Not yet"
    recap(world, first, published=False)
    recap(world, first, published=True)
    assert public_episodes(world.chronicle)[0].recap == ""  # everybody has to be said anew
    assert shown[1].date == Episode.objects.get(number=2).planned_for
    numbers = list(Episode.objects.exclude(number=None).values_list("chronicle_id", "number"))
    assert len(numbers) == len(set(numbers))
