"""Overlays and the producer's decisions: who may, what they leave behind, and that the secret stays one."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import override_settings

from chronicle.models import ServerMember
from companion import overlay_tokens
from companion.models import Campaign, Overlay, Producer
from companion.selectors.scene import scene
from companion.services import overlays, stage
from companion.tests.kit import on_stage, publish, reread
from contract.overlays import ChangeOverlay, CreateOverlay
from contract.stage import Place, TierLayout
from haven.tests.kit import cause
from rules.errors import Conflict, GameError, Invalid, NotAllowed, NotFound, Unprocessable
from testing.personas import World
from timeline.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def campaign(world: World) -> Campaign:
    return publish(world)


def make(world: World, who: str = "vesna", **given: Any) -> Overlay:
    wanted = CreateOverlay(**({"name": "Table"} | given))
    return overlays.create(world.principal(who), world.chronicle, wanted, cause(world, who))


def change(world: World, overlay: Overlay, who: str = "vesna", **given: Any) -> Overlay:
    wanted = ChangeOverlay(overlay=overlay.pk, **given)
    return overlays.change(world.principal(who), wanted, cause(world, who))


def step(world: World, name: str, *values: object, who: str = "vesna") -> Campaign:
    do: Callable[..., Campaign] = getattr(stage, name)
    return do(world.principal(who), world.chronicle, *values, cause(world, who))


def last() -> Event:
    return Event.objects.latest("created_at", "seq")


def test_a_storyteller_makes_one_with_a_secret_address(world: World, campaign: Campaign) -> None:
    row = make(world, kind="party", theme="moonlight", delay=30)
    assert overlay_tokens.find(overlay_tokens.token(row)) == row
    assert last().type == "overlay.created"
    assert last().public_seq is None


def test_nobody_else_makes_changes_or_lists_them(world: World, campaign: Campaign) -> None:
    row = make(world)
    for who in ("mira", "jonas"):
        with pytest.raises(NotAllowed), transaction.atomic():
            make(world, who)
        with pytest.raises(NotAllowed), transaction.atomic():
            overlays.overlays_of(world.principal(who), world.chronicle)
        with pytest.raises(NotFound), transaction.atomic():
            change(world, row, who, name="Mine")
        with pytest.raises(NotFound), transaction.atomic():
            overlays.renew(world.principal(who), row.pk, cause(world, who))


def test_what_is_not_public_has_none(world: World) -> None:
    with pytest.raises(Unprocessable) as refused, transaction.atomic(), transaction.atomic():
        make(world)
    assert refused.value.code == "not_public"


def test_renewing_makes_the_old_address_worthless(world: World, campaign: Campaign) -> None:
    row = make(world)
    old = overlay_tokens.token(row)
    renewed = overlays.renew(world.principal("vesna"), row.pk, cause(world, "vesna"))
    assert overlay_tokens.find(old) is None
    assert overlay_tokens.find(overlay_tokens.token(renewed)) == row
    with override_settings(SECRET_KEY="another" * 9):
        assert overlay_tokens.find(overlay_tokens.token(renewed)) == row
        other = overlay_tokens.token(renewed)
    assert overlay_tokens.find(other) is None


@pytest.mark.parametrize("text", ["", "x", "a" * 43, "é" * 43, "=" * 43, "a" * 5000, "../../etc/passwd"])
def test_malformed_secrets_find_nothing(world: World, text: str) -> None:
    assert overlay_tokens.find(text) is None


def test_a_secret_with_another_overlays_signature_finds_nothing(world: World, campaign: Campaign) -> None:
    first, second = make(world), make(world)
    mixed = overlay_tokens.token(first)[:21] + overlay_tokens.token(second)[21:]
    assert overlay_tokens.find(mixed) is None


def test_each_change_is_one_event_that_tells_no_css(world: World, campaign: Campaign) -> None:
    row = make(world)
    before = Event.objects.count()
    change(
        world, row, css=".name { color: red }", delay=5, places=TierLayout(badges={"rolls": Place(x=1, y=2)})
    )
    assert Event.objects.count() == before + 1
    assert set(last().changes) == {"css", "delay", "places"}
    assert last().visibility["css"] > 3
    change(world, row, delay=5)
    assert Event.objects.count() == before + 1


def test_foreign_and_repeated_characters_are_refused(world: World, campaign: Campaign) -> None:
    owl = on_stage(world)
    for subjects in ([uuid4()], [owl.pk, owl.pk]):
        with pytest.raises(Invalid) as refused, transaction.atomic(), transaction.atomic():
            make(world, subjects=subjects)
        assert "subjects" in refused.value.data["fields"]
    assert make(world, kind="character", subjects=[owl.pk]).subjects == [str(owl.pk)]
    with pytest.raises(Invalid), transaction.atomic():
        make(world, kind="character")


def test_css_that_reaches_out_is_refused_and_nothing_is_kept(world: World, campaign: Campaign) -> None:
    with pytest.raises(Invalid, match="Line 1"), transaction.atomic():
        make(world, css="@import 'https://example.com';")
    assert not Overlay.objects.exists()


def test_there_are_only_so_many(world: World, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlays, "MOST", 1)
    make(world)
    with pytest.raises(Conflict) as refused, transaction.atomic(), transaction.atomic():
        make(world)
    assert refused.value.code == "too_many"


# The stage


def test_each_step_is_one_public_event_and_can_be_undone(world: World, campaign: Campaign) -> None:
    owl = on_stage(world)
    step(world, "set_blackout", True)
    assert last().type == "stage.changed"
    assert last().public_seq
    step(world, "set_hidden", owl.pk, True)
    step(world, "set_title", "The Red Ledger", "Chapter two")
    shown = scene(reread(campaign)).stage
    assert shown.blackout
    assert shown.hidden == [owl.pk]
    assert shown.title_card
    for _each in range(3):
        step(world, "undo")
    cleared = scene(reread(campaign)).stage
    assert not cleared.blackout
    assert not cleared.hidden
    assert cleared.title_card is None
    with pytest.raises(Conflict) as refused, transaction.atomic(), transaction.atomic():
        step(world, "undo")
    assert refused.value.code == "nothing_to_undo"


def test_what_changes_nothing_is_no_event(world: World, campaign: Campaign) -> None:
    before = Event.objects.count()
    step(world, "set_blackout", False)
    step(world, "set_title", "", "")
    assert Event.objects.count() == before


def test_a_co_producer_produces_and_runs_nothing_else(world: World, campaign: Campaign) -> None:
    with pytest.raises(NotAllowed), transaction.atomic():
        step(world, "set_blackout", True, who="mira")
    mira = world.mira
    step(world, "set_producer", mira.pk, True)
    assert step(world, "set_blackout", True, who="mira").stage["blackout"]
    with pytest.raises(NotAllowed), transaction.atomic():
        step(world, "set_producer", mira.pk, False, who="mira")
    with pytest.raises(NotAllowed), transaction.atomic():
        make(world, "mira")
    step(world, "set_producer", mira.pk, False)
    with pytest.raises(NotAllowed), transaction.atomic():
        step(world, "set_blackout", False, who="mira")


def test_who_left_the_server_produces_no_more(world: World, campaign: Campaign) -> None:
    mira = world.mira
    step(world, "set_producer", mira.pk, True)
    ServerMember.objects.filter(user=mira).delete()
    with pytest.raises(GameError), transaction.atomic():
        step(world, "set_blackout", True, who="mira")
    step(world, "set_producer", mira.pk, False)
    assert not Producer.objects.exists()
    with pytest.raises(NotFound), transaction.atomic():
        step(world, "set_producer", mira.pk, True)


def test_foreign_characters_and_rolls_are_not_found(world: World, campaign: Campaign) -> None:
    for name, values in (
        ("set_hidden", (uuid4(), True)),
        ("set_veto", (uuid4(), True)),
        ("show_again", (uuid4(),)),
    ):
        with pytest.raises(NotFound), transaction.atomic():
            step(world, name, *values)
