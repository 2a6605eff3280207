"""The page of the layout editor, and the empty stage that it fills."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from companion.models import Campaign
from companion.services import overlays
from companion.tests.kit import on_stage, publish
from contract.overlays import CreateOverlay
from haven.tests.kit import cause
from testing.personas import World

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def campaign(world: World) -> Campaign:
    return publish(world)


def page(world: World, browser: Browser, who: str = "vesna") -> Any:
    return browser(who).get(f"/chronicles/{world.chronicle.pk}/stage/layout/")


def data_of(answer: Any) -> dict[str, Any]:
    found = re.search(r'<script id="layout-data"[^>]*>(.*?)</script>', answer.content.decode())
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_a_storyteller_gets_the_cast_the_layout_and_the_overlays(
    world: World, browser: Browser, campaign: Campaign
) -> None:
    owl = on_stage(world)
    row = overlays.create(
        world.principal("vesna"),
        world.chronicle,
        CreateOverlay(name="Table", css=".name { color: gold }"),
        cause(world, "vesna"),
    )
    data = data_of(page(world, browser))
    assert data["cast"] == [{"id": str(owl.pk), "name": "Night Owl"}]
    assert data["layout"]["medium"] == {"badges": {}, "chips": {}, "version": 0}
    assert data["overlays"][str(row.pk)]["css"] == ".name { color: gold }"


def test_players_and_strangers_do_not(world: World, browser: Browser, campaign: Campaign) -> None:
    assert page(world, browser, "mira").status_code == 403
    assert Client().get(f"/chronicles/{world.chronicle.pk}/stage/layout/").status_code == 302


def test_a_chronicle_can_be_laid_out_before_it_is_public(world: World, browser: Browser) -> None:
    answer = page(world, browser)
    assert answer.status_code == 200
    assert data_of(answer)["cast"] == []
    assert not Campaign.objects.exists()


def test_the_empty_stage_runs_nothing_and_may_stand_in_our_pages_alone(client: Client) -> None:
    answer = client.get("/overlay/frame/")
    html = answer.content.decode()
    assert 'id="stage"' in html
    assert "<script" not in html
    assert 'id="own"' in html
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer


def test_the_editor_looks_saves_and_is_told_who_was_faster(
    world: World, browser: Browser, campaign: Campaign
) -> None:
    on_stage(world)
    at, client = f"/api/chronicles/{world.chronicle.pk}/layout/", browser("vesna")

    def send(method: str, path: str, **body: object) -> Any:
        headers = {"Idempotency-Key": str(len(body)) + path}
        return getattr(client, method)(at + path, json.dumps(body), "application/json", headers=headers)

    shown = send("post", "preview/", tier="large", theme="plain", layout={"badges": {}, "chips": {}})
    assert shown.status_code == 200
    assert {"attributes", "css", "pieces", "type"} == set(shown.json()["scene"])
    saved = send("patch", "", tier="large", version=0, badges={"rolls": {"x": 10, "y": 20}})
    assert saved.json()["version"] == 1
    late = send("patch", "", tier="large", version=0, chips={}, badges={"rolls": {"x": 1, "y": 2}})
    assert (late.status_code, late.json()["code"]) == (409, "layout_changed")
    wrong = send("patch", "", tier="large", badges={"rolls": {"x": 101, "y": 2}})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid")
