"""What a level does not see, asked of all traits at once and of each by itself."""

import pytest

from haven.registry import SPLATS
from rules.visibility import Level


@pytest.mark.parametrize("splat", SPLATS)
@pytest.mark.parametrize("level", Level)
def test_all_at_once_is_each_by_itself(splat: str, level: Level) -> None:
    model = SPLATS[splat]
    first, *_, last = model.traits
    for decided in ({}, {first: int(Level.SECRET), last: int(Level.PUBLIC)}, {"gone": 1, last: int(level)}):
        character = model(visibility=decided)
        by_itself = {slug for slug in model.traits if character.level_of(slug) > level}
        assert character.hidden_from(level) & model.traits.keys() == by_itself
        assert not model(visibility={}).hidden_from(Level.SECRET)
