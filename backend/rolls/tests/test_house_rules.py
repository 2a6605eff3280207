"""The switches of a chronicle change what happens."""

from typing import Any

from chronicle.services import update_chronicle
from haven.tests.kit import change, make, of, principal, refused, sets
from rolls.services import odds
from rolls.tests.kit import again, ask, check, roll, told
from rules.errors import NotAllowed
from testing.personas import SYSTEM, World


def switch(world: World, **rules: str) -> None:
    update_chronicle(world.chronicle, {"rules": rules}, principal=world.principal("vesna"), cause=SYSTEM)
    world.chronicle.refresh_from_db()


def test_who_changes_experience(world: World) -> None:
    owl = make(world)
    change(world, owl, of("experience", "adjust", 5), who="mira")
    switch(world, experience_editors="storyteller")
    with refused(NotAllowed, "house_rule"):
        change(world, owl, of("experience", "adjust", 5), who="mira")
    with refused(NotAllowed, "house_rule"):
        make(world, "Rich Owl", operations=sets(experience__total=400))
    change(world, owl, of("experience", "adjust", 5), who="vesna")
    change(world, owl, of("hunger", "set", 3), who="mira")
    switch(world, experience_editors="player")
    change(world, owl, of("experience", "adjust", 5), who="mira")


def test_whether_a_roll_is_made_again(world: World) -> None:
    owl: Any = make(world)
    first = roll(world, owl, dice=[2, 3, 4, 5, 6])
    assert told(world, first)["strategies"]
    switch(world, rerolls="none")
    shown = told(world, roll(world, owl, dice=[2, 3, 4, 5, 6]))
    assert (shown["strategies"], shown["roll"]["rerollable"], shown["roll"]["rights"]["reroll"]) == (
        [],
        [],
        False,
    )
    assert odds(principal(world, "mira"), ask(world, owl))["with_reroll"] is None
    with refused(NotAllowed, "house_rule"):
        again(world, first, dice=[10, 10, 10])
    switch(world, rerolls="once")
    assert odds(principal(world, "mira"), ask(world, owl))["with_reroll"]
    assert again(world, first, dice=[10, 10, 10]).roll.replaces_id == first.roll.id


def test_how_often_each_resonance_comes(world: World) -> None:
    owl: Any = make(world)
    assert check(world, "resonance", owl, dice=[6, 4]).roll.value["resonance"] == "Melancholy"
    assert check(world, "resonance", dice=[6, 4]).roll.value["resonance"] == "Melancholy"
    switch(world, resonance_table="even")
    found = [check(world, "resonance", owl, dice=[6, face]).roll for face in (1, 2, 3, 4)]
    assert [one.value["resonance"] for one in found] == ["Phlegmatic", "Melancholy", "Choleric", "Sanguine"]
    chances = found[0].chances["outcomes"]
    fleeting = [share for slug, share in chances.items() if slug.startswith("fleeting")]
    assert len(fleeting) == 4
    assert max(fleeting) - min(fleeting) < 1e-9
