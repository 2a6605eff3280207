"""Deleting and bringing back; who sees what, and who decides."""

from typing import Any

import pytest

from haven import selectors, services
from haven.answers import character_changed, sheet_changed
from haven.models import Character
from haven.registry import SPLATS
from haven.serializers.card import card
from haven.serializers.character import full
from haven.services import Reference
from haven.tests.kit import PEOPLE, cause, change, event_of, make, of, principal, refused, sets, stored
from haven.utility import derived
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from rules.visibility import PRIVATE, PUBLIC, SECRET, TABLE
from testing.personas import World
from timeline import services as timeline


def delete(world: World, character: Character, who: str = "mira") -> Any:
    return services.delete(principal(world, who), Reference(str(character.id)), cause(world, who))


def restore(world: World, character: Character, who: str = "mira") -> Any:
    return services.restore(principal(world, who), Reference(str(character.id)), cause(world, who))


def show(world: World, character: Character, slug: Any, level: Any, who: str = "mira") -> Any:
    return services.show(principal(world, who), Reference(str(character.id)), slug, level, cause(world, who))


OTHERS = {"vesna": NotAllowed, "olga": NotAllowed, "jonas": NotAllowed, "sam": NotFound, "nobody": NotFound}


@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_delete_and_bring_back(world: World, who: str) -> None:
    character = make(world)
    if who in OTHERS:
        with refused(OTHERS[who]):
            delete(world, character, who)
        delete(world, character)
        with refused(OTHERS[who]):
            restore(world, character, who)
    else:
        before = stored(character)
        assert event_of(delete(world, character, who)).changes == {}
        event_of(restore(world, character, who))
        assert stored(character) == before


def test_a_deleted_character_is_gone_for_everyone_and_frees_its_name(world: World) -> None:
    character = make(world)
    delete(world, character)
    with refused(NotFound):
        delete(world, character)
    with refused(NotFound):
        selectors.get(principal(world, "mira"), character.id)
    assert selectors.dashboard(principal(world, "mira")) == []
    assert [event.type for event in selectors.history(principal(world, "mira"), character.id)] == [
        "character.deleted",
        "character.created",
    ]
    again = make(world)
    with refused(Conflict, "name_taken"):
        restore(world, character)
    change(world, again, *sets(name="Barn Owl"))
    restore(world, character)


def test_what_lives_need_not_be_brought_back(world: World) -> None:
    character = make(world)
    with refused(Conflict, "not_deleted"):
        restore(world, character)


SECRETS = {"hunger": PRIVATE, "clan": TABLE, "storyteller_notes": SECRET, "name": TABLE}


@pytest.mark.req("S004-29")
@pytest.mark.parametrize(
    ("who", "level"),
    [("mira", PRIVATE), ("vesna", SECRET), ("olga", SECRET), ("root", SECRET), ("jonas", TABLE)],
)
def test_each_sees_what_is_for_them(world: World, who: str, level: Any) -> None:
    character = make(world)
    seen = full(selectors.get(principal(world, who), character.id), principal(world, who))
    assert {slug: slug in seen.fields for slug in SECRETS} == {
        slug: at <= level for slug, at in SECRETS.items()
    }
    assert seen.rights.level == level.label
    assert seen.rights.edit == (level >= PRIVATE)
    assert seen.rights.delete == (who in ("mira", "root"))
    assert seen.rights.lock == (level >= SECRET)
    rows = [row.path for row in card(derived(character), level).rows]
    assert ("hunger" in rows) == (level >= PRIVATE)


@pytest.mark.parametrize("who", ["sam", "nobody"])
def test_a_stranger_sees_nothing_at_all(world: World, who: str) -> None:
    character = make(world)
    for read in (selectors.get, selectors.history, selectors.character_for):
        with refused(NotFound):
            read(principal(world, who), character.id)
    with refused(NotAllowed):
        selectors.history(principal(world, "jonas"), character.id)


@pytest.mark.parametrize("text", ["", "x", "\ud800", "00000000", None, 3])
def test_what_is_no_id_is_no_character(world: World, text: Any) -> None:
    with refused(NotFound):
        selectors.get(principal(world, "mira"), text)


def test_showing_and_hiding(world: World) -> None:
    character = make(world)
    jonas = principal(world, "jonas")
    assert event_of(show(world, character, "hunger", "table")).changes == {
        "visibility.hunger": ["private", "table"]
    }
    assert "hunger" in selectors.character_for(jonas, character.id).fields
    assert selectors.character_for(jonas, character.id).visibility == {"hunger": "table"}
    assert show(world, character, "hunger", "table").event is None
    show(world, character, "hunger", "private")
    seen = selectors.character_for(jonas, character.id)
    assert "hunger" not in seen.fields
    assert seen.visibility == {}


@pytest.mark.parametrize(
    ("who", "slug", "level", "error"),
    [
        ("mira", "hunger", "secret", NotAllowed),
        ("mira", "storyteller_notes", "private", NotAllowed),
        ("jonas", "hunger", "table", NotAllowed),
        ("sam", "hunger", "table", NotFound),
        ("mira", "unknown", "table", Invalid),
        ("vesna", "name", "secret", Invalid),
        ("sam", "unknown", "table", NotFound),
    ],
)
def test_who_may_not_show_what(world: World, who: str, slug: str, level: Any, error: Any) -> None:
    character = make(world)
    with refused(error):
        show(world, character, slug, level, who)


def test_what_a_storyteller_hid_is_hidden_everywhere_from_its_player(world: World) -> None:
    character = make(world)
    change(world, character, *sets(notes="Mine."))
    show(world, character, "hunger", "secret", who="vesna")
    done = change(world, character, *sets(hunger=5, clan="Brujah"), who="vesna")
    mira = principal(world, "mira")
    answer = sheet_changed(done, mira)
    assert answer.event
    assert answer.event.changes == {"clan": ("", "Brujah")}
    assert answer.event.labels == {"clan": "Clan"}
    assert answer.event.notices == []
    assert answer.event.command == ""
    assert "hunger" not in answer.character.fields
    assert "hunger" not in [row.path for row in character_changed(done, mira).card.rows]
    assert "hunger" not in answer.character.visibility
    change(world, character, of("hunger", "set", 2), who="vesna")
    newest = selectors.history(mira, character.id)[0]
    assert newest.changes == {"clan": ("", "Brujah")}
    with refused(NotAllowed):
        change(world, character, *sets(hunger=1))
    row = selectors.get(mira, character.id)
    assert "hunger" not in [choice.path for choice in selectors.trait_choices(row, PRIVATE, "hung")]
    assert next(choice.path for choice in selectors.trait_choices(row, SECRET, "hung")) == "hunger"


def test_history_reads_on_past_what_is_hidden(world: World) -> None:
    character = make(world)
    change(world, character, *sets(hunger=3))
    for number in range(timeline.READ_AT_ONCE + 5):
        change(world, character, *sets(storyteller_notes=str(number)), who="vesna")
    types = [event.version for event in selectors.history(principal(world, "mira"), character.id, limit=25)]
    assert types == [2, 1]
    assert len(selectors.history(principal(world, "vesna"), character.id, limit=25)) == 25


def test_pages_of_history_meet(world: World) -> None:
    character = make(world)
    for value in (2, 3, 4, 5):
        change(world, character, *sets(hunger=value))
    mira = principal(world, "mira")
    first = selectors.history(mira, character.id, limit=2)
    second = selectors.history(mira, character.id, before=first[-1].version, limit=10)
    assert [event.version for event in first + second] == [5, 4, 3, 2, 1]


def test_the_command_and_the_notices_are_for_those_who_see_all_of_it(world: World) -> None:
    character = make(world)
    show(world, character, "health", "table")
    asked = cause(world, "mira", "/vampire update hunger:5 health:8")
    done = services.change(
        principal(world, "mira"), Reference(str(character.id)), sets(hunger=5, health=8), asked
    )
    for who, words in (("mira", True), ("vesna", True), ("jonas", False)):
        event = character_changed(done, principal(world, who)).event
        assert event
        assert bool(event.command) is words
        assert bool(event.notices) is words
    shown = character_changed(done, principal(world, "jonas")).event
    assert shown
    assert shown.changes == {"health.total": (4, 8)}
    assert character_changed(done, principal(world, "sam")).event is None


def test_nothing_is_public_by_itself() -> None:
    assert all(trait.visibility > PUBLIC for model in SPLATS.values() for trait in model.traits.values())


def test_what_becomes_a_secret_is_told_to_those_who_keep_it(world: World) -> None:
    character = make(world)
    for level in ("secret", "private", "table"):
        show(world, character, "hunger", level, "vesna")

    def levels_seen_by(who: str) -> list[Any]:
        changes = [event.changes for event in selectors.history(principal(world, who), character.id)]
        return [pairs["visibility.hunger"] for pairs in changes if "visibility.hunger" in pairs]

    assert levels_seen_by("mira") == [("private", "table")]
    assert levels_seen_by("vesna") == [("private", "table"), ("secret", "private"), ("private", "secret")]
