"""An adventurer on stage: what is written is what the public reads, and a total is no number of successes."""

import pytest

from companion.drawing.parts import _successes
from companion.selectors.scene import scene
from companion.tests.kit import on_stage, publish, published
from contract.stage_changes import ConditionChange, PointsChange
from haven import services
from haven.tests.kit import cause, change, sets
from rolls.tests.kit import roll
from testing.personas import World


@pytest.mark.req("S002-41", "S002-51")
def test_what_happens_to_an_adventurer_is_public_at_once(world: World) -> None:
    campaign = publish(world)
    hero = on_stage(world, "Brenna", splat="fantasy", traits=("hp", "conditions", "character_class"))
    change(world, hero, *sets(hp=28, character_class="Paladin", proficiency=4))
    by = world.principal("vesna")
    services.change_points(by, hero.pk, PointsChange(delta=-9), cause(world, "vesna"))
    services.set_condition(by, hero.pk, ConditionChange(condition="Prone"), cause(world, "vesna"))
    (shown,) = scene(campaign).characters
    assert shown.stats.hp is not None
    assert (shown.class_, shown.stats.hp.current, shown.conditions) == ("Paladin", 19, ["Prone"])
    fields = [event.data.get("fields") for event in published(campaign)]
    assert not [each for each in fields if isinstance(each, dict) and "proficiency" in each], "it is private"


@pytest.mark.parametrize(("number", "kind"), [(20, "critical"), (1, "total_failure"), (12, "success")])
def test_a_d20_is_shown_with_its_total(world: World, number: int, kind: str) -> None:
    campaign = publish(world, shows_rolls=True)
    hero = on_stage(world, "Brenna", splat="fantasy")
    roll(world, hero, pool="5", dice=[number], system=None)
    (moment,) = scene(campaign).moments
    assert (moment.kind, moment.successes, moment.total) == (kind, None, number + 5)
    assert _successes(moment) == str(number + 5)
