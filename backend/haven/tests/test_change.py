"""Changing a sheet: who may, and what happens when two do."""

from typing import Any

import pytest

from haven import services
from haven.models import Character
from haven.services import Reference
from haven.tests.kit import (
    PEOPLE,
    at,
    cause,
    change,
    event_of,
    make,
    of,
    principal,
    refused,
    sets,
    stored,
    undo,
)
from rules.errors import Conflict, Invalid, NotAllowed, NotFound
from testing.personas import World

MAY = {
    "mira": None,
    "vesna": None,
    "olga": None,
    "root": None,
    "jonas": NotAllowed,
    "sam": NotFound,
    "nobody": NotFound,
}


@pytest.mark.req("S004-29")
@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_change_a_tracker(world: World, who: str) -> None:
    character = make(world)
    error = MAY[who]
    if error:
        with refused(error):
            change(world, character, *sets(hunger=3), who=who)
    else:
        assert event_of(change(world, character, *sets(hunger=3), who=who)).actor == getattr(world, who)


@pytest.mark.parametrize("who", PEOPLE)
def test_outside_a_chronicle_there_is_no_storyteller(world: World, who: str) -> None:
    character = make(world, chronicle=None)
    if who in ("mira", "root"):
        change(world, character, *sets(hunger=3), who=who)
    else:
        with refused(NotFound):
            change(world, character, *sets(hunger=3), who=who)


@pytest.mark.req("S004-29")
@pytest.mark.parametrize(
    ("who", "slug", "value", "error"),
    [
        ("mira", "name", "Barn Owl", None),
        ("root", "name", "Barn Owl", None),
        ("vesna", "name", "Barn Owl", NotAllowed),
        ("olga", "status", "dead", NotAllowed),
        ("mira", "locked", True, NotAllowed),
        ("vesna", "locked", True, None),
        ("mira", "storyteller_notes", "x", NotAllowed),
        ("vesna", "storyteller_notes", "x", None),
        ("olga", "storyteller_notes", "x", None),
        ("jonas", "storyteller_notes", "x", NotAllowed),
        ("sam", "storyteller_notes", "x", NotFound),
    ],
)
def test_some_traits_are_for_some_people(world: World, who: str, slug: str, value: Any, error: Any) -> None:
    character = make(world)
    if error:
        with refused(error):
            change(world, character, of(slug, "set", value), *sets(hunger=3), who=who)
    else:
        change(world, character, of(slug, "set", value), who=who)
        assert at(character, slug) == value


@pytest.mark.parametrize(
    ("who", "operation", "allowed"),
    [
        ("mira", of("hunger", "adjust", 1), True),
        ("mira", of("health.superficial", "adjust", 1), True),
        ("mira", of("notes", "set", "x"), True),
        ("mira", of("strength", "set", 3), False),
        ("mira", of("merits", "add", {"name": "x"}), False),
        ("mira", of("experience", "adjust", 5), False),
        ("vesna", of("strength", "set", 3), True),
        ("root", of("strength", "set", 3), True),
    ],
)
def test_a_locked_sheet(world: World, who: str, operation: Any, allowed: bool) -> None:
    character = make(world)
    change(world, character, *sets(locked=True), who="vesna")
    if allowed:
        change(world, character, operation, who=who)
    else:
        with refused(NotAllowed):
            change(world, character, operation, *sets(hunger=3), who=who)


@pytest.mark.engine
def test_who_owns_and_tells_stories_may_do_both(world: World) -> None:
    character = make(world, who="vesna")
    change(world, character, *sets(locked=True, name="Barn Owl", storyteller_notes="x"), who="vesna")


@pytest.mark.req("S004-30")
def test_only_what_was_sent_is_touched(world: World) -> None:
    character = make(world, operations=sets(strength=3))
    before = stored(character)
    done = change(world, character, *sets(hunger=4))
    assert stored(character) == before | {"hunger": 4}
    assert event_of(done).changes == {"hunger": [1, 4]}


@pytest.mark.engine
@pytest.mark.req("S004-30")
def test_changes_of_different_traits_merge(world: World) -> None:
    character = make(world)
    change(world, character, *sets(hunger=4), who="vesna", base=1)
    change(world, character, *sets(strength=3), base=1)
    assert (at(character, "hunger"), at(character, "strength")) == (4, 3)


@pytest.mark.req("S004-30")
def test_two_who_set_the_same_trait_meet(world: World) -> None:
    character = make(world)
    change(world, character, *sets(hunger=4), who="vesna", base=1)
    with refused(Conflict, "conflict") as caught:
        change(world, character, *sets(hunger=2, strength=3), base=1)
    assert caught.value.data["conflicts"] == [
        {
            "path": "hunger",
            "label": "Hunger",
            "yours": 2,
            "theirs": 4,
            "by": "Vesna",
            "version": 2,
            "is_choice": False,
        }
    ]
    change(world, character, *sets(hunger=2), base=2)
    assert at(character, "hunger") == 2


@pytest.mark.parametrize(
    ("first", "second", "conflicts"),
    [
        (of("hunger", "set", 4), of("hunger", "adjust", 1), False),
        (of("hunger", "adjust", 1), of("hunger", "adjust", 1), False),
        (of("hunger", "adjust", 1), of("hunger", "set", 4), True),
        (of("hunger", "set", 4), of("hunger", "set", 4), False),
        (of("hunger", "set", 4), of("hunger", "text", "+1"), False),
        (of("hunger", "set", 4), of("hunger", "text", "2"), True),
        (of("health", "set", 6), of("health.superficial", "set", 1), False),
        (of("health", "set", 6), of("health.total", "set", 5), True),
        (of("health.total", "set", 6), of("health", "set", 5), True),
        (of("stamina", "set", 2), of("health", "set", 7), True),  # Stamina brought a box
        (of("brawl", "set", 2), of("brawl.specialties", "add", {"name": "x"}), False),
        (of("merits", "add", {"name": "x"}), of("merits", "add", {"name": "y"}), False),
    ],
)
def test_when_a_stale_change_conflicts(world: World, first: Any, second: Any, conflicts: bool) -> None:
    character = make(world, operations=sets(hunger=2))
    change(world, character, first, who="vesna", base=1)
    if conflicts:
        with refused(Conflict, "conflict"):
            change(world, character, second, base=1)
    else:
        change(world, character, second, base=1)


def with_merit(world: World) -> tuple[Character, str]:
    character = make(world, operations=[of("merits", "add", {"name": "Beautiful", "rating": 2})])
    return character, f"merits.{min(stored(character)['merits'])}"


@pytest.mark.parametrize(
    ("first", "second", "conflicts"),
    [
        (of("{}.rating", "set", 3), of("{}.rating", "set", 4), True),
        (of("{}.rating", "set", 3), of("{}.notes", "set", "x"), False),
        (of("{}.rating", "set", 3), of("{}", "set", {"notes": "x"}), False),
        (of("{}.rating", "set", 3), of("{}", "set", {"rating": 3, "notes": "x"}), False),
        (of("{}.rating", "set", 3), of("{}", "set", {"rating": 4}), True),
        (of("{}.rating", "set", 3), of("{}", "remove"), True),
        (of("{}", "remove"), of("{}.rating", "set", 4), True),
    ],
)
def test_when_a_stale_change_of_an_entry_conflicts(
    world: World, first: Any, second: Any, conflicts: bool
) -> None:
    character, path = with_merit(world)

    def placed(operation: Any) -> Any:
        return of(operation.path.format(path), operation.op, operation.value)

    change(world, character, placed(first), who="vesna", base=1)
    if conflicts:
        with refused(Conflict, "conflict"):
            change(world, character, placed(second), base=1)
    else:
        change(world, character, placed(second), base=1)


def test_the_conflict_tells_the_newest_value(world: World) -> None:
    character = make(world)
    change(world, character, *sets(hunger=4), who="vesna")
    change(world, character, *sets(hunger=3), who="olga")
    with refused(Conflict) as caught:
        change(world, character, *sets(hunger=2), base=1)
    assert [(each["theirs"], each["by"]) for each in caught.value.data["conflicts"]] == [(3, "Olga")]


def test_what_became_what_was_wanted_is_no_conflict(world: World) -> None:
    character = make(world)
    change(world, character, *sets(hunger=4), who="vesna")
    change(world, character, *sets(hunger=2), who="vesna")
    assert change(world, character, *sets(hunger=2), base=1).event is None


def test_a_conflict_tells_nothing_of_what_is_hidden(world: World) -> None:
    character = make(world)
    services.show(
        principal(world, "vesna"), Reference(str(character.id)), "notes", "secret", cause(world, "vesna")
    )
    change(world, character, *sets(notes="He knows."), who="vesna")
    with refused(NotAllowed):
        change(world, character, *sets(notes="x"), base=1)


@pytest.mark.parametrize("base", [0, -1, 3, 10**30])
def test_a_version_that_never_was(world: World, base: int) -> None:
    character = make(world)
    change(world, character, *sets(hunger=3))
    with refused(Invalid) as caught:
        change(world, character, *sets(hunger=2), base=base)
    assert list(caught.value.data["fields"]) == ["base_version"]


@pytest.mark.engine
def test_a_rename_to_a_name_that_is_taken(world: World) -> None:
    character = make(world)
    make(world, "Barn Owl")
    with refused(Conflict, "name_taken"):
        change(world, character, *sets(name="BARN OWL", hunger=3))
    change(world, character, *sets(name="NIGHT OWL"))
    assert at(character, "name") == "NIGHT OWL"


def test_another_splat_is_told_only_to_those_who_may_know(world: World) -> None:
    character = make(world)
    reference = Reference(str(character.id), splats=("mage20th",))
    for who, error in (("mira", Invalid), ("jonas", NotAllowed), ("sam", NotFound)):
        with refused(error):
            services.change(principal(world, who), reference, sets(hunger=2), cause(world, who))


def test_a_deleted_character_does_not_change(world: World) -> None:
    character = make(world)
    services.delete(principal(world, "mira"), Reference(str(character.id)), cause(world, "mira"))
    with refused(NotFound):
        change(world, character, *sets(hunger=2))
    with refused(NotFound):
        undo(world, character)


def test_nothing_asked_is_nothing_done(world: World) -> None:
    character = make(world)
    assert change(world, character).event is None
    with refused(NotAllowed):
        change(world, character, who="jonas")


def test_hostile_words_of_the_command_are_kept_fit_to_show(world: World) -> None:
    character = make(world)
    asked = cause(world, "mira", "/vampire\x00 update \ud800" + "x" * 900)
    done = services.change(principal(world, "mira"), Reference(str(character.id)), sets(hunger=2), asked)
    assert event_of(done).command.startswith("/vampire update xxx")
    assert len(event_of(done).command) == 500


def test_play_07_nobody_spends_more_rage_than_a_werewolf_has(world: World) -> None:
    """Rage is paid in the 5th edition too. Willpower there is a track of damage, which goes on as aggravated."""
    wolf = make(world, splat="werewolf5th", operations=sets(rage=2))
    with refused(Invalid) as refusal:
        change(world, wolf, of("rage", "adjust", -3))
    assert refusal.value.data["fields"]["rage"] == ["You can’t spend 3: 2 Rage left."]
    change(world, wolf, of("rage", "adjust", -2))
    assert at(wolf, "rage") == 0
