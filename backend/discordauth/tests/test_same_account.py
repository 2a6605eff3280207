"""Case WEB-06: what was done on a page is never recorded as the account's that is signed in there by now."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from haven.models import Character
from haven.tests.kit import make
from testing.personas import World
from timeline.models import Event

Browser = Callable[[str], Client]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]


@pytest.fixture
def owl(world: World) -> Character:
    return make(world, "Night Owl", who="mira")


def ask(client: Client, method: str, owl: Character, account: Any) -> Any:
    headers = {"X-Account": str(account)} if account is not None else {}
    change = {"changes": [{"path": "hunger", "op": "set", "value": 4}]}
    if method == "form":
        form = {"pool": "2", "key": "one"}
        return client.post(f"/characters/{owl.id}/dice/roll/", form, headers=headers | {"HX-Request": "true"})
    body = change if method == "patch" else None
    send = getattr(client, method)
    return send(f"/api/characters/{owl.id}/", body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("method", ["patch", "delete", "form"])
def test_web_06_a_page_of_mira_changes_nothing_as_vesna(
    method: str, owl: Character, world: World, browser: Browser
) -> None:
    before = Event.objects.count()
    refused = ask(browser("vesna"), method, owl, world.mira.id)
    assert Event.objects.count() == before
    if method == "form":
        assert "Another account is signed in" in refused.content.decode()
    else:
        assert (refused.status_code, refused.json()["code"]) == (403, "other_account")


def test_web_06_nor_is_it_shown_what_vesna_may_see(owl: Character, world: World, browser: Browser) -> None:
    headers = {"X-Account": str(world.mira.id)}
    answer = browser("vesna").get(f"/api/characters/{owl.id}/", headers=headers)
    assert answer.json()["code"] == "other_account"


@pytest.mark.parametrize("whose", ["own", "none", "empty"])
def test_a_page_of_ones_own_and_other_clients_go_on(
    whose: str, owl: Character, world: World, browser: Browser
) -> None:
    account = {"own": world.mira.id, "none": None, "empty": ""}[whose]
    assert ask(browser("mira"), "patch", owl, account).status_code == 200


def test_who_is_signed_out_is_asked_to_sign_in(owl: Character, world: World, browser: Browser) -> None:
    refused = ask(browser(""), "patch", owl, world.mira.id)
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")


def test_every_page_names_its_account(owl: Character, world: World, browser: Browser) -> None:
    for address in ("/", f"/characters/{owl.id}/"):
        assert f'data-account="{world.mira.id}"' in browser("mira").get(address).content.decode()
    assert "data-account" not in browser("").get("/odds/").content.decode()
