"""Case SAFE-01: a right that ended ends what it gave: access and refresh tokens, and tickets."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from discordauth import tickets
from discordauth.models import TokenFamily
from gateway.credentials import Credentials, identify
from testing.personas import World

Pair = dict[str, str]
Browser = Callable[[str], Client]
PASSWORD = "correct-horse-battery"


def by_password(name: str = "root") -> Pair:
    answer = APIClient().post("/api/token/", {"username": name, "password": PASSWORD}, format="json")
    pair: Pair = answer.json()
    return pair


def renewed(pair: Pair) -> Any:
    return APIClient().post("/api/token/refresh/", {"refresh": pair["refresh"]}, format="json")


def asked(pair: Pair) -> int:
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {pair['access']}").get("/api/users/me/").status_code


def is_let_in(pair: Pair) -> bool:
    """By the gateway."""
    return identify(Credentials("bearer", pair["access"])) is not None


def assert_ended(pair: Pair) -> None:
    answer = renewed(pair)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_credentials")
    assert asked(pair) == 401
    assert not is_let_in(pair)


def test_safe_01_a_changed_password_ends_access_and_refresh(world: World) -> None:
    pair, others = by_password(), {"access": str(AccessToken.for_user(world.mira))}
    assert asked(pair) == 200
    assert is_let_in(pair)
    world.root.set_password("another-horse-battery")
    world.root.save()
    assert_ended(pair)
    assert asked(others) == 200


def test_safe_01_signing_out_ends_what_the_session_gave(world: World, browser: Browser) -> None:
    mira = browser("mira")
    pair, elsewhere = (
        mira.post("/api/token/session/").json(),
        browser("mira").post("/api/token/session/").json(),
    )
    second = renewed(pair).json()
    assert asked(second) == asked(elsewhere) == 200
    mira.post("/auth/logout/")
    assert_ended(second)
    assert asked(elsewhere) == 200


def test_safe_01_a_session_that_ends_in_another_way_ends_them_too(world: World, browser: Browser) -> None:
    pair = browser("mira").post("/api/token/session/").json()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert_ended(pair)


def test_safe_01_a_closed_account_ends_them(world: World) -> None:
    pair = by_password()
    world.root.is_active = False
    world.root.save()
    assert_ended(pair)


def test_safe_01_a_refresh_token_gives_the_next_one_and_is_good_once(world: World, caplog: Any) -> None:
    first = by_password()
    second = renewed(first).json()
    third = renewed(second).json()
    assert len({first["refresh"], second["refresh"], third["refresh"]}) == 3
    assert asked(third) == 200
    other = by_password()
    assert renewed(first).status_code == 401
    assert "came twice" in caplog.text
    for pair in (first, second, third):
        assert_ended(pair)
    assert asked(other) == 200, "another sign-in of the same person"


def test_safe_01_a_ticket_ends_with_the_session_and_the_family(world: World, browser: Browser) -> None:
    mira = browser("mira")
    pair = mira.post("/api/token/session/").json()
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {pair['access']}")
    given = [who.post("/api/gateway/ticket/").json()["ticket"] for who in (mira, client)]
    mira.post("/auth/logout/")
    assert [identify(Credentials("ticket", ticket)) for ticket in given] == [None, None]


def test_a_token_of_an_account_that_is_gone_is_refused(world: World) -> None:
    pair = by_password()
    world.root.delete()
    assert_ended(pair)


@pytest.mark.parametrize(
    "claims", [{"family": "nonsense"}, {"family": str(uuid4())}, {"user_id": "nobody"}, {"hash_password": ""}]
)
def test_a_token_with_odd_claims_is_refused(world: World, claims: dict[str, str]) -> None:
    refresh = RefreshToken.for_user(world.mira)
    for name, value in claims.items():
        refresh[name] = value
    assert_ended({"access": str(refresh.access_token), "refresh": str(refresh)})


def test_a_refresh_token_without_a_family_gives_nothing(world: World) -> None:
    assert renewed({"refresh": str(RefreshToken.for_user(world.mira))}).status_code == 401


def test_a_token_costs_one_query_whatever_else_there_is(world: World, django_assert_num_queries: Any) -> None:
    pair = by_password()
    for _ in range(5):
        by_password()
    with django_assert_num_queries(1):
        assert is_let_in(pair)


def test_families_that_ran_out_go_with_the_next_sign_in(world: World) -> None:
    by_password()
    TokenFamily.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    by_password()
    assert TokenFamily.objects.count() == 1


def test_a_token_of_ours_names_its_family_in_the_ticket(world: World) -> None:
    pair = by_password()
    ticket = (
        APIClient(HTTP_AUTHORIZATION=f"Bearer {pair['access']}").post("/api/gateway/ticket/").json()["ticket"]
    )
    grant = tickets.redeem(ticket)
    assert grant is not None
    assert grant.family == str(TokenFamily.objects.get().pk)
