"""The traits of a character as the house rules of its chronicle have them."""

import copy
from collections.abc import Mapping
from functools import cache

from chronicle import house_rules
from haven.models import Character
from rules.traits import Counter, Trait

HUNGER = "hunger"


def traits_of(character: Character) -> Mapping[str, Trait]:
    """As they are declared, but that Hunger rises no higher than the chronicle lets it."""
    declared = character.traits.get(HUNGER)
    most = house_rules.max_hunger(character.chronicle) if isinstance(declared, Counter) else 0
    if not isinstance(declared, Counter) or most == declared.high:
        return character.traits
    return _with_hunger(type(character), most)


@cache
def _with_hunger(model: type[Character], most: int) -> Mapping[str, Trait]:
    hunger = copy.copy(model.traits[HUNGER])
    assert isinstance(hunger, Counter)
    hunger.high = most
    return model.traits | {HUNGER: hunger}
