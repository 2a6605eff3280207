"""Traits of a character as it stands: under the house rules of its chronicle, by its generation."""

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any

from chronicle import house_rules
from chronicle.models import Chronicle
from haven.models import Character
from rules.traits import Counter, DamageTrack20th, Json, Skill, Trait

HUNGER = "hunger"


def traits_of(character: Character) -> Mapping[str, Trait]:
    """Return the declared traits as they are for this character."""
    return traits_in(type(character), character.chronicle, character.sheet)


def traits_in(
    model: type[Character], chronicle: Chronicle | None, document: Mapping[str, Json] | None = None
) -> Mapping[str, Trait]:
    """Return the declared traits as a chronicle has them, and a sheet: `document` may hold what decides of roofs."""
    rules = (house_rules.max_hunger(chronicle), house_rules.value(chronicle, "full_track") == "lethal")
    changed = _changed(model, *rules) | _risen(model, _deciding(model, document or {}))
    return model.traits | changed if changed else model.traits


def schema_in(
    splat: Mapping[str, Any],
    model: type[Character],
    chronicle: Chronicle | None,
    document: Mapping[str, Json] | None = None,
) -> dict[str, Any]:
    """Return a splat's schema (`haven.schema`) with its traits as `traits_in` has them."""
    traits = traits_in(model, chronicle, document)
    changed = {slug for slug, trait in traits.items() if trait is not model.traits[slug]}
    described = [
        traits[trait["slug"]].schema() if trait["slug"] in changed else trait for trait in splat["traits"]
    ]
    return {**splat, "traits": described}


@cache
def _changed(model: type[Character], most_hunger: int, lethal_stays: bool) -> dict[str, Trait]:
    """Copies of the traits that house rules change."""
    found: dict[str, Trait] = {}
    for slug, trait in model.traits.items():
        if isinstance(trait, Counter) and slug == HUNGER and trait.high != most_hunger:
            found[slug] = copied = copy.copy(trait)
            copied.high = most_hunger
        elif isinstance(trait, DamageTrack20th) and trait.lethal_stays != lethal_stays:
            found[slug] = track = copy.copy(trait)
            track.lethal_stays = lethal_stays
    return found


def _deciding(model: type[Character], document: Mapping[str, Json]) -> tuple[tuple[str, Json], ...]:
    """What decides how high traits go, with its value: mostly nothing."""
    return tuple((slug, document.get(slug)) for slug in _roofs(model))


@cache
def _roofs(model: type[Character]) -> frozenset[str]:
    return frozenset(
        trait.roof.by for trait in model.traits.values() if isinstance(trait, Skill) and trait.roof
    )


@cache
def _risen(model: type[Character], deciding: tuple[tuple[str, Json], ...]) -> dict[str, Trait]:
    """Copies of the traits that show more dots than by themselves."""
    values, found = dict(deciding), dict[str, Trait]()
    for slug, trait in model.traits.items():
        if isinstance(trait, Skill) and trait.roof and trait.roof.of(values[trait.roof.by]) != trait.high:
            found[slug] = copied = copy.copy(trait)
            copied.high = trait.roof.of(values[trait.roof.by])
    return found
