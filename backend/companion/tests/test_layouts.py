"""The layout: who may change it, that two people lose nothing of each other's, and what it looks like beforehand."""

from typing import Any

import pytest
from django.db import transaction
from pydantic import ValidationError

from chronicle.call import Call
from companion.drawing import sample
from companion.models import Campaign, LayoutOverrides
from companion.operations import layout
from companion.preview import filled
from companion.selectors.scene import scene
from companion.services.layouts import set_layout
from companion.tests.kit import kinds, on_stage, publish
from contract.layout import GetLayout, LayoutPreview, PreviewLayout, SetLayout
from contract.stage import Place, TierLayout
from haven.tests.kit import cause
from rules.errors import Conflict, Limit, NotAllowed
from testing.personas import World
from timeline.models import Event

pytestmark = pytest.mark.django_db
ROLLS = {"rolls": {"x": 50, "y": 4}}


@pytest.fixture
def campaign(world: World) -> Campaign:
    return publish(world)


def call(world: World, who: str = "vesna") -> Call:
    return Call(world.principal(who), cause(world, who))


def save(world: World, who: str = "vesna", version: int | None = None, **given: Any) -> LayoutOverrides:
    wanted = SetLayout.model_validate({"tier": "medium", **given})
    with transaction.atomic():
        return set_layout(
            world.chronicle, wanted, version, principal=world.principal(who), cause=cause(world, who)
        )


def look(world: World, who: str = "vesna", **given: Any) -> LayoutPreview:
    wanted = PreviewLayout.model_validate({"chronicle": world.chronicle.pk, **given})
    return layout.PREVIEW.run(call(world, who), wanted)


def test_a_save_is_one_public_event_and_the_next_scene_has_it(world: World, campaign: Campaign) -> None:
    save(world, badges=ROLLS, version=0)
    assert kinds(campaign)[-1] == "layout"
    assert scene(campaign).layout["medium"].badges["rolls"] == Place(x=50, y=4)
    before = Event.objects.count()
    save(world, badges=ROLLS)
    assert Event.objects.count() == before


def test_what_somebody_else_saved_is_not_overwritten_unseen(world: World, campaign: Campaign) -> None:
    save(world, badges=ROLLS, version=0)
    with pytest.raises(Conflict) as refused:
        save(world, badges={"title": {"x": 1, "y": 1}}, version=0)
    assert refused.value.code == "layout_changed"
    assert refused.value.data["version"] == 1
    row = save(world, badges={"title": {"x": 1, "y": 1}}, version=1)
    assert set(row.badges) == {"rolls", "title"}
    assert row.version == 2


def test_tiers_are_versions_of_their_own(world: World, campaign: Campaign) -> None:
    save(world, badges=ROLLS, version=0)
    save(world, tier="large", badges=ROLLS, version=0)
    found = layout.GET.run(call(world), GetLayout(chronicle=world.chronicle.pk))
    assert (found.large.version, found.medium.version, found.compact.version) == (1, 1, 0)
    assert found.compact.badges == {}


def test_null_puts_a_part_back_where_it_stands_by_itself(world: World, campaign: Campaign) -> None:
    save(world, badges={**ROLLS, "title": {"x": 1, "y": 1, "size": 120, "hidden": True}})
    assert save(world, badges={"title": None}).badges == ROLLS


def test_nobody_but_storytellers_reads_saves_or_looks(world: World, campaign: Campaign) -> None:
    for who in ("mira", "jonas"):
        with pytest.raises(NotAllowed):
            save(world, who, badges=ROLLS)
        with pytest.raises(NotAllowed):
            look(world, who)
        with pytest.raises(NotAllowed):
            layout.GET.run(call(world, who), GetLayout(chronicle=world.chronicle.pk))
    assert not LayoutOverrides.objects.exists()


@pytest.mark.parametrize(
    "place",
    [
        {"x": 100.1, "y": 0},
        {"x": -0.1, "y": 0},
        {"x": "1", "y": "NaN"},
        {"x": 1, "y": 1, "size": 39},
        {"x": 1, "y": 1, "size": 251},
        {"x": 1, "y": 1, "hidden": 1},
        {"x": 1},
    ],
)
def test_what_is_outside_of_the_picture_is_refused(place: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SetLayout.model_validate({"tier": "medium", "badges": {"rolls": place}})


def test_there_are_only_so_many_places(world: World, campaign: Campaign) -> None:
    save(world, badges={f"b{number}": {"x": 1, "y": 1} for number in range(64)})
    with pytest.raises(Limit) as refused:
        save(world, badges=ROLLS)
    assert refused.value.code == "too_many_places"
    assert save(world, badges={"b1": None, **ROLLS}).version == 2


# Looking at it before


def test_a_preview_has_something_of_every_part_and_keeps_nothing(world: World, campaign: Campaign) -> None:
    owl = on_stage(world)
    before = Event.objects.count()
    found = look(world, layout={"badges": {str(owl.pk): {"x": 10, "y": 20}}})
    pieces = {piece.key: piece for piece in found.scene.pieces}
    assert {piece.area for piece in found.scene.pieces} == {"party", "rolls", "conflict", "title", "ticker"}
    assert 'data-x="10" data-y="20"' in pieces[f"c-{owl.pk}"].html
    assert "Night Owl" in "".join(piece.html for piece in found.scene.pieces if piece.area == "rolls")
    assert Event.objects.count() == before
    assert not LayoutOverrides.objects.exists()


def test_conditions_that_stand_by_themselves_are_there_to_be_placed(world: World, campaign: Campaign) -> None:
    owl = on_stage(world)
    found = look(world, layout={"chips": {str(owl.pk): {"x": 10, "y": 20}}})
    assert f"chips-{owl.pk}" in [piece.key for piece in found.scene.pieces]
    assert f"chips-{owl.pk}" not in [piece.key for piece in look(world).scene.pieces]


def test_a_preview_of_an_empty_stage_has_examples(world: World) -> None:
    found = look(world)
    assert sum(piece.area == "party" for piece in found.scene.pieces) == len(sample.scene().characters)
    assert not Campaign.objects.exists()
    assert not look(world, filled=False).scene.pieces


def test_what_the_css_may_not_is_named_and_the_rest_is_shown(world: World, campaign: Campaign) -> None:
    found = look(world, css=".name { color: lime }\n@import 'x';\n.card { position: fixed }")
    assert found.scene.css == "#stage .name{color:lime}"
    assert [sentence.partition(":")[0] for sentence in found.dropped] == ["Line 2", "Line 3"]


def test_a_real_title_and_conflict_come_before_examples() -> None:
    real = sample.scene(cast=1, conflict=True, title=True)
    shown = filled(real, TierLayout())
    assert shown.conflict == real.conflict
    assert shown.stage.title_card == real.stage.title_card
    assert [moment.name for moment in shown.moments] == ["Night Owl", "Night Owl"]
