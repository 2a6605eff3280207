"""A chronicle becomes public by its storyteller alone; then what is public of it is told, and nothing else."""

from typing import Any

import pytest

from companion.models import Campaign
from companion.selectors.scene import public_scene, scene
from companion.services.publishing import publish_campaign, unpublish_campaign
from companion.tests.kit import kinds, on_stage, publish, published, reread, roster, seqs, show
from haven.tests.kit import cause, change, make, of, sets
from rules.errors import NotAllowed, NotFound
from testing.personas import World
from timeline.models import Event, Stream

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


@pytest.mark.parametrize("who", ["mira", "sam", "jonas"])
def test_only_a_storyteller_publishes(world: World, who: str) -> None:
    with pytest.raises((NotAllowed, NotFound)):
        publish_campaign(world.chronicle, principal=world.principal(who), cause=cause(world, who))
    assert not Campaign.objects.exists()
    assert not Stream.objects.filter(is_public=True).exists()


def test_what_nobody_published_costs_no_statement_and_tells_nobody(
    world: World, django_assert_num_queries: Any
) -> None:
    character = make(world)
    show(world, character, "name", "hunger")
    change(world, character, *sets(hunger=3))
    assert not Event.objects.exclude(public_seq=None).exists()


def test_public_events_count_without_a_gap_and_without_the_hidden_ones(world: World) -> None:
    campaign = publish(world)
    character = on_stage(world, traits=["hunger"])
    for hunger in (2, 3):
        change(world, character, *sets(hunger=hunger))
        change(world, character, *sets(strength=hunger))
    assert seqs() == list(range(1, len(seqs()) + 1))
    assert kinds(campaign) == ["campaign", "character", "fields", "roster", "fields", "fields"]
    assert Stream.objects.get(pk=campaign.pk).seq == len(seqs())
    last = published(campaign)[-1]
    assert last.data["fields"] == {"hunger": 3}
    assert last.data["gauges"][0]["value"] == 3  # type: ignore[index,call-overload]


def test_a_character_without_a_public_name_is_nobody(world: World) -> None:
    campaign = publish(world)
    character = make(world)
    show(world, character, "hunger")
    change(world, character, *sets(hunger=4))
    roster(world, character)
    assert kinds(campaign) == ["campaign", "roster"]
    assert published(campaign)[-1].data["character_ids"] == []
    assert scene(campaign).characters == []


def test_what_went_off_air_is_not_read_in_the_past_either(world: World) -> None:
    campaign = publish(world)
    character = on_stage(world, traits=["hunger"])
    change(world, character, *sets(hunger=4))
    show(world, character, "hunger", level="table")
    assert kinds(campaign) == ["campaign", "character", "roster", "hidden"]
    assert "hunger" not in published(campaign)[1].model_dump_json().lower().replace(str(character.pk), "")


def test_a_public_version_counts_what_the_public_saw(world: World) -> None:
    campaign = publish(world)
    character = on_stage(world, traits=["hunger"])
    change(world, character, *sets(strength=2))
    change(world, character, *sets(hunger=2))
    character.refresh_from_db()
    shown = scene(reread(campaign)).characters[0]
    assert (shown.version, character.version) == (3, 5)
    assert shown.stats.gauges[0].path == "hunger"


def test_nothing_is_told_after_it_was_taken_back(world: World) -> None:
    campaign = publish(world)
    character = on_stage(world, traits=["hunger"])
    unpublish_campaign(world.chronicle, principal=world.principal("vesna"), cause=cause(world, "vesna"))
    before = seqs()
    change(world, character, of("hunger", "adjust", 1))
    assert seqs() == before
    assert not reread(campaign).is_public


def test_a_delay_shows_what_was(world: World) -> None:
    campaign = publish(world, delay=60)
    on_stage(world)
    assert public_scene(campaign).characters == []
    assert len(scene(campaign).characters) == 1
