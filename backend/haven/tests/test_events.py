"""Old snapshot + event = new snapshot, for every service and each level of viewer; and the whole history replayed."""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from contract.notices import sentence
from haven import portraits, services
from haven.answers import character_changed
from haven.models import Character
from haven.serializers.character import brief, visible
from haven.services import Reference
from haven.tests.kit import LEVELS, cause, change, make, of, principal, sets, stored, undo
from haven.utility import derived
from rules.traits import fold
from rules.visibility import PRIVATE, SECRET, TABLE, Level
from testing.personas import World
from timeline import frames
from timeline import services as timeline
from timeline.models import Event, Stream
from uploads.tests.kit import png

Sheets = dict[str, dict[str, Any]]


def seen(level: Level) -> Sheets:
    """What a viewer of this level has on screen: every living character with what may be seen of it."""
    alive = Character.objects.filter(deleted_at=None).select_related("owner", "chronicle__server")
    return {str(character.id): copy.deepcopy(visible(derived(character), level)) for character in alive}


def follow(sheets: Sheets, event: Event, level: Level) -> Sheets:
    """As a page does with a frame. Whoever may see a trait has changed: the page gets the character anew."""
    sheets = copy.deepcopy(sheets)
    if frames.message(event)["event_type"] == "character.shown":
        return sheets | {key: sheet for key, sheet in seen(level).items() if key == str(event.entity_id)}
    text = frames.encode(event, level)
    if text is None:
        return sheets
    frame = json.loads(text)
    if frame["type"] in ("created", "restored"):
        sheets[frame["id"]] = frame["character"]["fields"]
    elif frame["type"] == "deleted":
        sheets.pop(frame["id"])
    else:
        fold(sheets[frame["id"]], frame["fields"])
    return sheets


@contextmanager
def watched(levels: tuple[Level, ...] = (TABLE, PRIVATE, SECRET)) -> Iterator[None]:
    """Exactly one event comes of the block, and whoever follows it has what a new snapshot would show."""
    before = {level: seen(level) for level in levels}
    seqs = dict(Stream.objects.values_list("id", "seq"))
    yield
    events = [
        event
        for stream in Stream.objects.all()
        for event in timeline.events_since(stream.id, seqs.get(stream.id, 0))
    ]
    assert len(events) == 1
    for level in levels:
        assert follow(before[level], events[0], level) == seen(level), level.label
    character = Character.objects.get(id=events[0].entity_id)
    assert events[0].version == character.version


Step = Callable[[World, Character], Any]
STEPS: dict[str, Step] = {
    "numbers": lambda world, character: change(
        world, character, *sets(hunger=4, strength=3, health__superficial=1)
    ),
    "cascade": lambda world, character: change(world, character, of("humanity.stains", "adjust", 6)),
    "rename": lambda world, character: change(
        world, character, *sets(name="Barn Owl", status="dead", theme="#112233")
    ),
    "experience": lambda world, character: change(world, character, of("experience", "adjust", 9)),
    "entry": lambda world, character: change(world, character, of("flaws", "add", {"name": "Stake Bait"})),
    "unset": lambda world, character: change(world, character, *sets(generation=12)),
    "secret": lambda world, character: change(
        world, character, *sets(storyteller_notes="She knows.", hunger=2), who="vesna"
    ),
    "remove entry": lambda world, character: change(
        world, character, of(f"merits.{min(stored(character)['merits'])}", "remove")
    ),
    "lock": lambda world, character: change(world, character, *sets(locked=True), who="vesna"),
    "undo": lambda world, character: undo(world, character, who="vesna"),
    **{
        f"show {slug} {level.label}": lambda world, character, slug=slug, level=level: services.show(
            principal(world, "vesna"), Reference(str(character.id)), slug, level.label, cause(world, "vesna")
        )
        for slug, level in [
            ("hunger", TABLE),
            ("clan", PRIVATE),
            ("notes", SECRET),
            ("storyteller_notes", PRIVATE),
        ]
    },
    "delete": lambda world, character: services.delete(
        principal(world, "mira"), Reference(str(character.id)), cause(world, "mira")
    ),
}


def mixed(world: World, **where: Any) -> Character:
    """A character with values of all levels, so that each viewer has something to miss."""
    character = make(world, **where)
    people = ("mira", "vesna") if character.chronicle_id else ("mira", "root")
    change(world, character, *sets(hunger=3, health__superficial=2, clan="Brujah"), who=people[0])
    change(world, character, of("merits", "add", {"name": "Beautiful", "rating": 2}), who=people[0])
    change(world, character, of("brawl.specialties", "add", {"name": "Biting"}), who=people[0])
    change(world, character, *sets(storyteller_notes="He knows."), who=people[1])
    return character


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_who_follows_the_event_has_what_a_snapshot_shows(world: World, step: Step) -> None:
    character = mixed(world)
    with watched():
        step(world, character)


@pytest.mark.parametrize("where", ["a chronicle", "no chronicle"])
def test_a_new_character_arrives_whole(world: World, where: str) -> None:
    with watched():
        make(world, chronicle=world.chronicle if where == "a chronicle" else None, operations=sets(hunger=4))


def test_a_deleted_character_comes_back_whole(world: World) -> None:
    character = mixed(world)
    reference = Reference(str(character.id))
    services.delete(principal(world, "mira"), reference, cause(world, "mira"))
    with watched():
        services.restore(principal(world, "mira"), reference, cause(world, "mira"))


@pytest.mark.engine
def test_a_portrait_is_an_event_too(world: World, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    character, path = make(world), portraits.keep(png())
    with watched():
        services.set_portrait(
            principal(world, "mira"), Reference(str(character.id)), path, cause(world, "mira")
        )
    with watched():
        undo(world, character)
    assert stored(character)["avatar"] == ""


def test_the_public_sees_what_is_public_and_learns_of_nothing_else(world: World) -> None:
    character = mixed(world)
    show = ("hunger", "public")
    services.show(principal(world, "mira"), Reference(str(character.id)), *show, cause(world, "mira"))
    before = seen(LEVELS[0])
    assert before == {str(character.id): {"hunger": 3}}
    done = change(world, character, *sets(hunger=4, strength=2))
    assert done.event
    assert follow(before, done.event, LEVELS[0]) == {str(character.id): {"hunger": 4}}
    hidden = change(world, character, *sets(strength=3))
    assert hidden.event
    assert frames.encode(hidden.event, LEVELS[0]) is None
    services.delete(principal(world, "mira"), Reference(str(character.id)), cause(world, "mira"))
    assert frames.encode(Event.objects.get(type="character.deleted"), LEVELS[0]) is None


@pytest.mark.parametrize("level", [TABLE, PRIVATE, SECRET], ids=lambda level: level.label)
def test_the_whole_history_replayed_is_the_database(world: World, level: Level) -> None:
    character, other = mixed(world), mixed(world, name="Tawny Owl")
    for step in STEPS.values():
        if Character.objects.filter(id=character.id, deleted_at=None).exists():
            step(world, character)
    services.restore(principal(world, "mira"), Reference(str(character.id)), cause(world, "mira"))
    undo(world, other)
    sheets: Sheets = {}
    for event in timeline.events_since(world.chronicle.id, 0):
        if event.entity == "character":
            sheets = follow(sheets, event, level)
    assert sheets == seen(level)


@pytest.mark.engine
def test_versions_and_seqs_have_no_gap(world: World) -> None:
    character = mixed(world)
    for step in STEPS.values():
        if Character.objects.filter(id=character.id, deleted_at=None).exists():
            step(world, character)
    versions = list(
        Event.objects.filter(entity_id=character.id).order_by("seq").values_list("version", flat=True)
    )
    assert versions == list(range(1, len(versions) + 1))
    assert Character.objects.get(id=character.id).version == versions[-1]
    seqs = list(Event.objects.filter(stream=world.chronicle.id).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    assert timeline.heads([world.chronicle.id]) == {str(world.chronicle.id): seqs[-1]}


def test_what_changes_nothing_is_no_event_but_is_told(world: World) -> None:
    character = make(world, operations=sets(hunger=5))
    before = (Event.objects.count(), Character.objects.get(id=character.id).version)
    done = change(world, character, of("hunger", "adjust", 1))
    assert done.event is None
    answer = character_changed(done, principal(world, "mira"))
    assert answer.event is None
    assert "hunger frenzy" in sentence(answer.notices[1])
    assert (Event.objects.count(), Character.objects.get(id=character.id).version) == before


def test_a_brief_character_is_part_of_the_full_one(world: World) -> None:
    character = derived(mixed(world))
    for level in LEVELS:
        short, long = brief(character, level).fields, copy.deepcopy(visible(character, level))
        long.get("experience", {}).pop("spends", None)
        assert short.items() <= long.items()
        assert {"hunger", "health"} <= short.keys() or level < PRIVATE
        assert "strength" not in short


def test_an_answer_says_which_values_are_words_of_a_list(world: World) -> None:
    owl = make(world)
    done = change(world, owl, *sets(status="dead", hunger=2, sire="dead"))
    for answered in (done, undo(world, owl)):
        event = character_changed(answered, principal(world, "mira")).event
        assert event is not None
        assert event.choices == ["status"]
