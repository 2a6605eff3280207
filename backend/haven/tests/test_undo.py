"""Taking changes back."""

from typing import Any

import pytest

from haven.tests.kit import at, change, event_of, make, of, refused, sets, stored, undo
from rules.errors import Conflict, NotAllowed, NotFound
from testing.notices import sentences
from testing.personas import World
from timeline.models import Event

OPERATIONS: dict[str, list[Any]] = {
    "set": sets(hunger=4, strength=3, clan="Brujah", locked=True),
    "unset number": sets(generation=10),
    "adjust": [of("health.superficial", "adjust", 9), of("humanity", "adjust", -1)],
    "cascade": [of("humanity.stains", "adjust", 7), of("stamina", "set", 4)],
    "add": [of("merits", "add", {"name": "Stunning"}), of("brawl.specialties", "add", {"name": "Biting"})],
    "earn and spend": [
        of("experience", "adjust", 9),
        of("experience.spends", "add", {"description": "Brawl", "cost": 3}),
    ],
    "typed": [of("merits", "text", "Famous Face 2"), of("hunger", "text", "+1")],
    "rename": sets(name="Barn Owl"),
}


@pytest.mark.engine
@pytest.mark.parametrize("operations", OPERATIONS.values(), ids=OPERATIONS)
def test_every_kind_of_change_can_be_taken_back(world: World, operations: list[Any]) -> None:
    character = make(world, operations=sets(humanity__stains=2))
    before = stored(character)
    done = change(world, character, *operations, who="root")
    assert stored(character) != before
    back = event_of(undo(world, character, who="root"))
    assert stored(character) == before
    assert back.undoes == done.event
    assert back.changes == {path: [new, old] for path, (old, new) in event_of(done).changes.items()}


def test_a_removed_entry_and_a_changed_part_come_back(world: World) -> None:
    character = make(world, operations=[of("merits", "add", {"name": "Beautiful", "rating": 2})])
    before = stored(character)
    path = f"merits.{min(before['merits'])}"
    change(world, character, of(f"{path}.rating", "set", 4))
    change(world, character, of(path, "remove"))
    undo(world, character)
    assert at(character, f"{path}.rating") == 4
    undo(world, character)
    assert stored(character) == before


def test_undo_after_undo_goes_further_back_until_nothing_is_left(world: World) -> None:
    character = make(world)
    for value in (2, 3, 4):
        change(world, character, *sets(hunger=value))
    for value in (3, 2, 1):
        undo(world, character)
        assert at(character, "hunger") == value
    with refused(Conflict, "nothing_to_undo"):
        undo(world, character)


def test_the_same_change_cannot_be_taken_back_twice(world: World) -> None:
    character = make(world)
    event = event_of(change(world, character, *sets(hunger=3)))
    undo(world, character, event=event)
    with refused(Conflict, "already_undone"):
        undo(world, character, event=event)


def test_an_earlier_change_of_another_trait(world: World) -> None:
    character = make(world)
    event = event_of(change(world, character, *sets(hunger=3)))
    change(world, character, *sets(strength=3))
    undo(world, character, event=event)
    assert (at(character, "hunger"), at(character, "strength")) == (1, 3)


def test_a_later_change_of_the_same_trait_stands_in_the_way_and_is_named(world: World) -> None:
    character = make(world)
    first = event_of(change(world, character, *sets(hunger=3)))
    second = event_of(change(world, character, *sets(hunger=4, strength=2), who="vesna"))
    with refused(Conflict, "undo_blocked") as caught:
        undo(world, character, event=first)
    assert [event["id"] for event in caught.value.data["events"]] == [str(second.id)]
    assert "Hunger" in caught.value.detail
    undo(world, character, event=second)
    undo(world, character, event=first)
    assert at(character, "hunger") == 1


def test_a_part_of_a_removed_entry_stands_behind_the_removal(world: World) -> None:
    character = make(world, operations=[of("merits", "add", {"name": "Beautiful", "rating": 2})])
    path = f"merits.{min(stored(character)['merits'])}"
    event = event_of(change(world, character, of(f"{path}.rating", "set", 4)))
    change(world, character, of(path, "remove"))
    with refused(Conflict, "undo_blocked"):
        undo(world, character, event=event)


@pytest.mark.engine
def test_an_undo_can_be_taken_back(world: World) -> None:
    character = make(world)
    done = event_of(change(world, character, *sets(hunger=3)))
    back = event_of(undo(world, character))
    again = event_of(undo(world, character, event=back))
    assert at(character, "hunger") == 3
    assert again.undoes == back
    # The change is in force once more, so it can be taken back once more: as itself, and as the last one.
    undo(world, character, event=done)
    assert at(character, "hunger") == 1
    with refused(Conflict, "nothing_to_undo"):
        undo(world, character)
    with refused(Conflict, "already_undone"):
        undo(world, character, event=done)


def test_what_was_done_again_stands_in_the_way_again(world: World) -> None:
    """A change, its undo and the undo of that are a change: what is older must not run over it."""
    character = make(world)
    oldest = event_of(change(world, character, *sets(hunger=3)))
    change(world, character, *sets(hunger=4))
    back = event_of(undo(world, character))
    undo(world, character, event=back)
    assert at(character, "hunger") == 4
    with refused(Conflict, "undo_blocked"):
        undo(world, character, event=oldest)
    undo(world, character)
    undo(world, character)
    assert at(character, "hunger") == 1


def test_an_undo_of_something_older_stands_in_the_way_of_a_redo(world: World) -> None:
    character = make(world)
    oldest = event_of(change(world, character, *sets(hunger=3)))
    change(world, character, *sets(hunger=4))
    back = event_of(undo(world, character))
    undo(world, character, event=oldest)
    with refused(Conflict, "undo_blocked"):
        undo(world, character, event=back)
    assert at(character, "hunger") == 1


def test_a_storytellers_secret_is_not_the_players_to_take_back(world: World) -> None:
    character = make(world)
    change(world, character, *sets(hunger=3))
    secret = event_of(change(world, character, *sets(storyteller_notes="x"), who="vesna"))
    mixed = event_of(change(world, character, *sets(storyteller_notes="y", strength=2), who="vesna"))
    with refused(NotFound):
        undo(world, character, event=secret)
    with refused(NotAllowed):
        undo(world, character, event=mixed)
    # Without naming one, the player's own last change is meant, as if the others were not there.
    undo(world, character)
    assert (at(character, "hunger"), at(character, "storyteller_notes")) == (1, "y")
    undo(world, character, who="vesna")
    assert (at(character, "storyteller_notes"), at(character, "strength")) == ("x", 1)


def test_what_may_not_be_taken_back_gives_the_reason_when_nothing_else_is_left(world: World) -> None:
    character = make(world)
    change(world, character, *sets(locked=True), who="vesna")
    with refused(NotAllowed):
        undo(world, character)
    change(world, character, *sets(hunger=3))
    undo(world, character)
    assert at(character, "hunger") == 1


def test_on_a_locked_sheet_only_trackers_go_back(world: World) -> None:
    character = make(world)
    event = event_of(change(world, character, *sets(strength=3)))
    change(world, character, *sets(locked=True), who="vesna")
    with refused(NotAllowed):
        undo(world, character, event=event)
    undo(world, character, who="vesna", event=event)


@pytest.mark.parametrize(("who", "error"), [("jonas", NotAllowed), ("sam", NotFound), ("nobody", NotFound)])
def test_others_take_nothing_back(world: World, who: str, error: Any) -> None:
    character = make(world)
    change(world, character, *sets(hunger=3))
    with refused(error):
        undo(world, character, who=who)


@pytest.mark.engine
def test_the_event_of_another_character_is_none_of_this_one(world: World) -> None:
    character, other = make(world), make(world, "Barn Owl")
    event = event_of(change(world, other, *sets(hunger=3)))
    with refused(NotFound):
        undo(world, character, event=event)
    created = Event.objects.get(entity_id=character.id, type="character.created")
    with refused(NotFound):
        undo(world, character, event=created)


def test_a_twin_that_came_meanwhile_stands_in_the_way(world: World) -> None:
    character = make(world, operations=[of("disciplines", "add", {"name": "Auspex"})])
    removal = event_of(
        change(world, character, of(f"disciplines.{min(stored(character)['disciplines'])}", "remove"))
    )
    change(world, character, of("disciplines", "add", {"name": "auspex"}))
    with refused(Conflict, "undo_blocked"):
        undo(world, character, event=removal)


def test_a_name_that_is_taken_by_now_cannot_come_back(world: World) -> None:
    character = make(world)
    change(world, character, *sets(name="Barn Owl"))
    make(world, "Night Owl")
    with refused(Conflict, "name_taken"):
        undo(world, character)


def test_a_change_of_more_than_two_hundred_values_goes_back_as_well(world: World) -> None:
    entries = [of("merits", "add", {"name": f"Merit {number}"}) for number in range(40)]
    entries += [of("flaws", "add", {"name": f"Flaw {number}"}) for number in range(40)]
    character = make(world, operations=entries)
    before = stored(character)
    parts = {"rating": 3, "modifier": 2, "notes": "x"}
    change(
        world,
        character,
        *(of(f"{slug}.{key}", "set", parts) for slug in ("merits", "flaws") for key in before[slug]),
    )
    undo(world, character)
    assert stored(character) == before


@pytest.mark.engine
def test_a_trait_that_is_no_more_stays_gone(world: World) -> None:
    character = make(world)
    event = event_of(change(world, character, *sets(hunger=3)))
    Event.objects.filter(pk=event.pk).update(changes={"sanity": [1, 2]})
    for who in ("mira", "vesna"):
        with refused(NotAllowed):
            undo(world, character, event=event, who=who)


def test_damage_that_no_longer_fits_is_cut_and_told(world: World) -> None:
    character = make(world, operations=sets(health=4))
    event = event_of(change(world, character, *sets(health=8)))
    change(world, character, *sets(health__aggravated=7))
    done = event_of(undo(world, character, event=event))
    assert stored(character)["health"] == {"total": 4, "superficial": 0, "aggravated": 4}
    assert "3 damage did not fit into 4 boxes" in sentences(done.notices)[0]


def test_the_last_change_of_ones_own_may_lie_far_back(world: World) -> None:
    character = make(world)
    mine = change(world, character, *sets(hunger=3))
    for number in range(25):
        change(world, character, *sets(storyteller_notes=f"note {number}"), who="vesna")
    assert event_of(undo(world, character)).undoes_id == event_of(mine).id
