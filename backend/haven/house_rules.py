"""Traits of a character under the house rules of its chronicle."""

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any

from chronicle import house_rules
from chronicle.models import Chronicle
from haven.models import Character
from rules.traits import Counter, Trait

HUNGER = "hunger"


def traits_of(character: Character) -> Mapping[str, Trait]:
    """Return the declared traits, with the maximum of Hunger that the chronicle sets."""
    return traits_in(type(character), character.chronicle)


def traits_in(model: type[Character], chronicle: Chronicle | None) -> Mapping[str, Trait]:
    declared = model.traits.get(HUNGER)
    most = house_rules.max_hunger(chronicle) if isinstance(declared, Counter) else 0
    if not isinstance(declared, Counter) or most == declared.high:
        return model.traits
    return _with_hunger(model, most)


def schema_in(
    splat: Mapping[str, Any], model: type[Character], chronicle: Chronicle | None
) -> dict[str, Any]:
    """Return a splat's schema (`haven.schema`) with its traits under the chronicle's house rules."""
    traits = traits_in(model, chronicle)
    changed = {slug for slug, trait in traits.items() if trait is not model.traits[slug]}
    described = [
        traits[trait["slug"]].schema() if trait["slug"] in changed else trait for trait in splat["traits"]
    ]
    return {**splat, "traits": described}


@cache
def _with_hunger(model: type[Character], most: int) -> Mapping[str, Trait]:
    hunger = copy.copy(model.traits[HUNGER])
    assert isinstance(hunger, Counter)
    hunger.high = most
    return model.traits | {HUNGER: hunger}
