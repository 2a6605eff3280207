"""The admin pages of characters and of the timeline open, find things, and change nothing."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from haven import services
from haven.models import DefaultCharacter
from haven.registry import SPLATS
from haven.services import Reference
from haven.tests.kit import change, make, principal, sets
from testing.personas import World
from timeline.models import Event, IdempotencyKey, Stream
from timeline.tests.kit import once

PAGES = [
    "haven_character",
    *(f"haven_{model._meta.model_name}" for model in SPLATS.values()),
    "haven_defaultcharacter",
    "timeline_stream",
    "timeline_event",
    "timeline_idempotencykey",
]


@pytest.fixture
def filled(world: World) -> World:
    character = make(world)
    change(world, character, *sets(hunger=3))
    member = world.server.members.get(user=world.mira)
    services.set_default(principal(world, "mira"), member, Reference(str(character.id)))
    once("bot:mira", "key", {}, lambda: (200, {}))
    return world


def test_every_model_has_its_page() -> None:
    for app in ("haven", "timeline"):
        models = [
            model
            for model in apps.get_app_config(app).get_models()
            if model.__name__ not in ("Character5th", "Character20th")
        ]
        assert all(admin.site.is_registered(model) for model in models)


@pytest.mark.engine
@pytest.mark.parametrize("page", PAGES)
def test_lists_and_rows_open_and_cannot_be_changed(
    filled: World, browser: Callable[[str], Client], page: str
) -> None:
    for splat in SPLATS:
        make(filled, f"Owl, a {splat}", splat=splat)
    root = browser("root")
    listed = root.get(reverse(f"admin:{page}_changelist"), {"q": "owl"})
    assert listed.status_code == 200
    model = apps.get_model(*page.split("_", 1))
    row = model._default_manager.first()
    assert row is not None
    shown = root.get(reverse(f"admin:{page}_change", args=[row.pk]))
    assert shown.status_code == 200
    before = model._default_manager.filter(pk=row.pk).values().get()
    assert root.post(reverse(f"admin:{page}_change", args=[row.pk]), {"name": "x"}).status_code == 403
    assert root.get(reverse(f"admin:{page}_add")).status_code == 403
    assert model._default_manager.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("page", PAGES)
def test_only_admins_get_in(filled: World, browser: Callable[[str], Client], page: str) -> None:
    for who in ("mira", "vesna", ""):
        assert browser(who).get(reverse(f"admin:{page}_changelist")).status_code == 302


@pytest.mark.engine
def test_a_character_is_found_by_name_owner_and_id(filled: World, browser: Callable[[str], Client]) -> None:
    root, address = browser("root"), reverse("admin:haven_character_changelist")
    for query in (
        "night",
        "mira",
        str(filled.mira.discord_id),
        str(Event.objects.get(type="character.created").entity_id),
    ):
        assert "Night Owl" in root.get(address, {"q": query}).content.decode()
    assert "Night Owl" not in root.get(address, {"q": "nobody"}).content.decode()
    assert "Night Owl" not in root.get(address, {"deleted": "yes"}).content.decode()


def test_the_traits_of_a_character_are_shown_as_text(world: World, browser: Callable[[str], Client]) -> None:
    character = make(world, operations=sets(sire="<script>alert(1)</script>"))
    page = browser("root").get(reverse("admin:haven_character_change", args=[character.pk])).content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.engine
def test_a_default_can_be_taken_away(filled: World, browser: Callable[[str], Client]) -> None:
    row = DefaultCharacter.objects.get()
    browser("root").post(reverse("admin:haven_defaultcharacter_delete", args=[row.pk]), {"post": "yes"})
    assert not DefaultCharacter.objects.exists()
    assert Stream.objects.exists()
    assert IdempotencyKey.objects.exists()
