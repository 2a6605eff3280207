"""The page of an overlay: complete, small, and never anything but an overlay or nothing."""

import gzip
import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from companion import on_air, overlay_tokens
from companion.drawing import sample
from companion.drawing.look import Look
from companion.models import Campaign, Overlay
from companion.services import overlays, stage
from companion.services.publishing import unpublish_campaign
from companion.tests.kit import on_stage, publish
from contract.overlays import ChangeOverlay, CreateOverlay
from contract.stage import MomentKind, Place, Scene, TierLayout
from haven.models import Character
from haven.services import Reference, change
from haven.tests.kit import cause
from rules.traits import Operation
from testing.personas import World
from timeline.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
MOST_BYTES = 60_000


@pytest.fixture
def campaign(world: World) -> Campaign:
    return publish(world)


@pytest.fixture
def owl(world: World, campaign: Campaign) -> Character:
    return on_stage(world, traits=("hunger", "health"))


@pytest.fixture
def overlay(world: World, campaign: Campaign) -> Overlay:
    given = CreateOverlay(name="Table", kind="party")
    return overlays.create(world.principal("vesna"), world.chronicle, given, cause(world, "vesna"))


def changed(world: World, overlay: Overlay, **given: object) -> Overlay:
    wanted = ChangeOverlay.model_validate({"overlay": overlay.pk, **given})
    return overlays.change(world.principal("vesna"), wanted, cause(world, "vesna"))


def path(overlay: Overlay) -> str:
    return f"/overlay/{overlay_tokens.token(overlay)}/"


def page(overlay: Overlay, client: Client | None = None) -> str:
    answer = (client or Client()).get(path(overlay))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    return answer.content.decode()


def is_empty(html: str) -> bool:
    return "<body></body>" in html and 'http-equiv="refresh"' in html


def hurt(world: World, owl: Character) -> None:
    change(
        world.principal("mira"), Reference(str(owl.pk)), [Operation("hunger", "set", 4)], cause(world, "mira")
    )


def later(event: Event, seconds: float) -> None:
    Event.objects.filter(pk=event.pk).update(created_at=timezone.now() - timedelta(seconds=seconds))


def test_it_is_complete_before_a_script_runs(overlay: Overlay, owl: Character) -> None:
    html = page(overlay)
    assert 'data-kind="party"' in html
    assert "Night Owl" in html
    assert 'aria-label="Hunger: 1 of 5"' in html
    assert "Humanity" not in html


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 2000, "%00", "é"])
def test_what_is_unknown_is_an_empty_page_that_tries_again(client: Client, token: str) -> None:
    answer = client.get(f"/overlay/{token}/")
    if token != "%00":  # which no address of ours has
        assert answer.status_code == 200
        assert is_empty(answer.content.decode())


def test_a_renewed_or_removed_or_unpublished_one_is_empty(
    world: World, overlay: Overlay, owl: Character
) -> None:
    old = path(overlay)
    overlays.renew(world.principal("vesna"), overlay.pk, cause(world, "vesna"))
    assert is_empty(Client().get(old).content.decode())
    overlay.refresh_from_db()
    assert "Night Owl" in page(overlay)
    unpublish_campaign(world.chronicle, principal=world.principal("vesna"), cause=cause(world, "vesna"))
    assert is_empty(page(overlay))
    overlays.remove(world.principal("vesna"), overlay.pk, cause(world, "vesna"))
    assert is_empty(page(overlay))


@pytest.mark.parametrize("error", [OperationalError("gone"), ValueError("a mistake of ours")])
def test_no_failure_is_ever_on_stream(overlay: Overlay, error: Exception) -> None:
    with patch("companion.on_air.scene", side_effect=error):
        assert is_empty(page(overlay))


def test_black_or_hidden_is_off_at_once_whatever_the_delay(
    world: World, overlay: Overlay, owl: Character
) -> None:
    vesna, why = world.principal("vesna"), cause(world, "vesna")
    for event in Event.objects.all():
        later(event, 3600)
    overlay = changed(world, overlay, delay=600)
    assert "Night Owl" in page(overlay)
    stage.set_hidden(vesna, world.chronicle, owl.pk, True, why)
    assert "Night Owl" not in page(overlay)
    stage.undo(vesna, world.chronicle, why)
    assert "Night Owl" in page(overlay)
    stage.set_blackout(vesna, world.chronicle, True, why)
    assert "Night Owl" not in page(overlay)


def test_a_change_shows_after_the_delay_and_not_before(
    world: World, overlay: Overlay, owl: Character
) -> None:
    for event in Event.objects.all():
        later(event, 3600)
    overlay = changed(world, overlay, delay=60)
    hurt(world, owl)
    assert "Hunger: 1 of 5" in page(overlay)
    later(Event.objects.filter(type="character.updated").latest("created_at"), 61)
    assert "Hunger: 4 of 5" in page(overlay)


def test_own_css_is_in_the_page_held_to_the_stage(world: World, overlay: Overlay) -> None:
    html = page(changed(world, overlay, css=".name { color: lime }"))
    assert "#stage .name{color:lime}" in html
    nonce = re.search(r'<style nonce="([^"]+)" id="own">', html)
    assert nonce


def test_the_policy_lets_nothing_else_in(overlay: Overlay) -> None:
    policy = Client().get(path(overlay))["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "'unsafe-inline'" not in policy
    assert "frame-ancestors 'self'" in policy


def test_places_are_there_before_a_script_runs(world: World, overlay: Overlay, owl: Character) -> None:
    places = TierLayout(badges={str(owl.pk): Place(x=10, y=20), "rolls": Place(x=50, y=60, size=150)})
    html = page(changed(world, overlay, kind="scene", places=places))
    assert f'[data-key="c-{owl.pk}"]{{--x:10;--y:20;--size:100}}' in html
    assert ".area-rolls{--x:50;--y:60;--size:150}" in html


def test_it_weighs_little(overlay: Overlay, client: Client) -> None:
    """Eight characters, three rolls and everything else, as a browser that packs gets it, fonts included."""
    kinds: tuple[MomentKind, ...] = ("messy_critical", "botch", "critical")
    scene = sample.scene(*kinds, cast=7, conflict=True, title=True)
    look = Look(kind="scene", tier="large")
    with (
        patch("companion.on_air.look_of", return_value=look),
        patch("companion.on_air.scene_for", return_value=scene),
    ):
        answer = client.get(path(overlay), headers={"Accept-Encoding": "gzip"})
    html = gzip.decompress(answer.content).decode()
    weight, wanted = len(answer.content), set(re.findall(r'(?:href|src)="(/[^"#]+)"', html))
    assert len(wanted) == 2
    while wanted:
        part = client.get(wanted.pop(), headers={"Accept-Encoding": "gzip"})
        body = b"".join(part) if part.streaming else part.content
        weight += len(body)
        if "css" in part["Content-Type"]:
            styles = gzip.decompress(body).decode()
            wanted |= set(re.findall(r'url\("([^"]+)"\)', styles))
    assert weight <= MOST_BYTES


def test_the_worker_answers_for_overlays_alone(client: Client) -> None:
    answer = client.get("/overlay/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]


# What a page that is open is sent


def test_a_patch_holds_what_changed_and_nothing_else() -> None:
    first, second = sample.scene(cast=2), sample.scene(cast=2)
    hurt_one = second.characters[0].model_copy(update={"conditions": ["Stunned"]})
    second = second.model_copy(update={"characters": [hurt_one, second.characters[1]]})
    before, after = (picture(scene) for scene in (first, second))
    patch_ = after.since(before)
    assert patch_
    assert [piece.key for piece in patch_.pieces] == [f"c-{hurt_one.id}"]
    assert after.since(after) is None


def test_who_leaves_goes_and_the_order_follows() -> None:
    scene = sample.scene(cast=3)
    first, second, third = scene.roster
    after = scene.model_copy(update={"roster": [third, first]})
    found = picture(after).since(picture(scene))
    assert found
    assert found.type == "patch"
    assert found.gone == [f"c-{second}"]
    assert found.order == {"party": [f"c-{third}", f"c-{first}"]}
    assert not found.pieces


def test_a_roll_on_screen_is_not_sent_again() -> None:
    scene = sample.scene("critical")
    a_moment_later = scene.model_copy(update={"at": sample.NOW + timedelta(seconds=2)})
    assert picture(a_moment_later, "rolls").since(picture(scene, "rolls")) is None


def test_another_look_is_the_whole_picture() -> None:
    scene = sample.scene(cast=1)
    found = picture(scene, theme="plain").since(picture(scene))
    assert found
    assert found.type == "scene"


def picture(scene: Scene, kind: str = "party", theme: str = "blood") -> on_air.Picture:
    row = Overlay(kind=kind, tier="medium", theme=theme, motion="auto", language="en", places={})
    return on_air.drawn(row, scene)
