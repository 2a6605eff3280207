"""In German: labels are shown, and names are understood in both languages."""

import pytest

from contract.lookup import did_you_mean, either, spellings
from contract.translation import speaking
from rules.dice.pool import PoolTrait, complete, parse
from rules.dice.v5 import RollOptions
from rules.errors import Invalid
from rules.naming import which
from rules.tests.kit import Sheet
from rules.traits import Choice, DamageTrack5th

TRAITS = {
    "strength": PoolTrait("Strength", 3, group="attributes"),
    "brawl": PoolTrait("Brawl", 2, ("Grappling",)),
}


@pytest.mark.parametrize(
    "typed", ["Körperkraft + Handgemenge", "strength + brawl", "körper + hand", "koerperkraft+2"]
)
def test_a_pool_is_understood_in_both_languages(typed: str) -> None:
    with speaking("de"):
        if typed.startswith("koerper"):
            with pytest.raises(Invalid, match="Meinst du Körperkraft"):
                parse(typed, TRAITS)
        else:
            assert parse(typed, TRAITS).dice == 5


def test_a_pool_keeps_its_english_labels() -> None:
    with speaking("de"):
        assert parse("Körperkraft", TRAITS).lines[0].label == "Strength"
        assert [found.label for found in complete("körp", TRAITS)] == ["Körperkraft (3)"]
        assert complete("stren", TRAITS)[0].text == "strength"


def test_a_refusal_speaks_german() -> None:
    with speaking("de"), pytest.raises(Invalid, match="Schwierigkeit geht von 0 bis 50"):
        RollOptions.read({"difficulty": 99})


def test_a_choice_and_a_part_can_be_typed_in_german() -> None:
    with speaking("de"):
        hurt = Sheet(health=DamageTrack5th(5))
        hurt.type("health", "+2 leicht")
        form = Sheet(state=Choice(("active", "dead"), free_text=False, first="active"))
        form.type("state", "Tot")
    assert hurt.document["health"]["superficial"] == 2
    assert form.document["state"] == "dead"


def test_names_are_joined_in_german() -> None:
    with speaking("de"):
        assert either(["A", "B"]) == "A oder B"
        assert did_you_mean("Strenght", ["Strength"]) == " Meinst du Strength?"


@pytest.mark.parametrize("typed", ["Gesetzeskunte", "Lawe"])
def test_a_mistyped_name_of_either_language_is_suggested_in_that_of_the_reader(typed: str) -> None:
    traits = {"law": PoolTrait("Law", 3), "brawl": PoolTrait("Brawl", 2)}
    with speaking("de"):
        named = {slug: spellings(slug, trait.label) for slug, trait in traits.items()}
        with pytest.raises(Invalid, match="Meinst du Gesetzeskenntnis"):
            parse(typed, traits)
        with pytest.raises(Invalid, match="Meinst du Gesetzeskenntnis"):
            which(typed, named, "trait", field="trait")
    assert did_you_mean("Lawe", [("law", "Law")]) == " Did you mean Law?"


def test_an_edition_has_its_own_words() -> None:
    """Awareness is “Magiegespür” in the 20th edition, where “Wahrnehmung” is Perception."""
    traits = {
        "perception": PoolTrait("Perception", 3, group="attributes"),
        "awareness": PoolTrait("Awareness", 1, context="20th"),
    }
    with speaking("de"):
        assert parse("Magiegespür", traits).lines[0].trait == "awareness"
        assert parse("Wahrnehmung", traits).lines[0].trait == "perception"
        with pytest.raises(Invalid, match="Magiegespür hat keine Spezialisierungen"):
            parse("awareness.ghosts", traits)
        assert PoolTrait("Awareness", 1).name == "Wahrnehmung"
        assert PoolTrait("Strength", 1, context="20th").name == "Körperkraft"
