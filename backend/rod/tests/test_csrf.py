"""Requests that a browser sends from a page of ours, behind a proxy, and those that are refused."""

from typing import Any

import pytest
from django.test import Client

from haven import services
from testing.personas import World
from timeline.services import Cause

SITE = "https://ck.test:8146"


@pytest.fixture
def owl(world: World) -> str:
    cause = Cause(actor=world.mira, door="web")
    made = services.create(world.principal("mira"), "vampire5th", "Night Owl", [], world.chronicle, cause)
    return f"/api/characters/{made.character.id}/"


@pytest.fixture
def production(settings: Any) -> None:
    """As `rod.settings` makes it of SITE_URL and ALLOWED_HOSTS behind a proxy that ends TLS."""
    settings.DEBUG, settings.SITE_URL, settings.ALLOWED_HOSTS = False, SITE, ["ck.test"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://ck.test", SITE]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def page(world: World, origin: str = SITE) -> tuple[Client, dict[str, str]]:
    """A browser with a page open, and the headers that the page sends."""
    client = Client(enforce_csrf_checks=True, headers={"Host": "ck.test", "X-Forwarded-Proto": "https"})
    client.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    token = client.get("/account/").cookies["csrftoken"].value
    return client, {"Origin": origin, "X-CSRFToken": token}


CHANGE = {"changes": [{"path": "hunger", "op": "set", "value": 3}]}


@pytest.mark.usefixtures("production")
def test_run_10_a_proxy_on_a_port_of_its_own_lets_edits_and_forms_through(owl: str, world: World) -> None:
    client, headers = page(world)
    edit = client.patch(owl, CHANGE, content_type="application/json", headers=headers)
    assert edit.status_code == 200, edit.content
    token = {"csrfmiddlewaretoken": headers["X-CSRFToken"]}
    form = client.post("/auth/logout/", token, headers={"Origin": SITE})
    assert form.status_code == 302


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(
    ("origin", "token"),
    [("https://evil.test", True), ("https://ck.test:9999", True), ("null", True), (SITE, False)],
)
def test_run_10_a_real_refusal_has_its_own_code_and_says_reload(
    owl: str, world: World, origin: str, token: bool
) -> None:
    client, headers = page(world, origin)
    headers |= {} if token else {"X-CSRFToken": "x" * 32}
    for send, address in ((client.patch, owl), (client.post, "/api/token/session/")):
        refused = send(address, CHANGE, content_type="application/json", headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
        assert "Reload" in refused.json()["detail"]
    assert client.get(owl).json()["version"] == 1
    form = client.post("/auth/logout/", headers=headers)
    assert form.status_code == 403
    assert b"Reload it and try again" in form.content
    assert b"out of date" in form.content
