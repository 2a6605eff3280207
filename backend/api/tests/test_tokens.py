"""JSON web tokens: what they carry, who signs them, when they end, and how to get one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from testing.personas import World

ME = "/api/users/me/"
Browser = Callable[[str], Client]


def who_is(token: str) -> Any:
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {token}").get(ME)


def made(world: World, key: str | None = None, algorithm: str = "HS256", **claims: Any) -> str:
    """A token as somebody makes it by hand; without arguments it is as good as ours."""
    ours = AccessToken.for_user(world.mira).payload
    return jwt.encode(ours | claims, settings.SECRET_KEY if key is None else key, algorithm)


@pytest.mark.req("S003-22", "S003-23")
def test_it_carries_the_id_and_is_signed_with_the_secret_key(world: World) -> None:
    token = str(AccessToken.for_user(world.mira))
    claims = jwt.decode(token, settings.SECRET_KEY, ["HS256"])
    assert claims["user_id"] == str(UUID(claims["user_id"])) == str(world.mira.pk)
    assert who_is(token).json()["username"] == "mira"
    assert who_is(made(world)).status_code == 200
    assert who_is(made(world, key="k" * 50)).status_code == 401


@pytest.mark.req("S003-24")
@pytest.mark.parametrize(("algorithm", "key"), [("HS512", None), ("HS384", None), ("none", "")])
def test_another_algorithm_is_refused(world: World, algorithm: str, key: str | None) -> None:
    assert settings.SIMPLE_JWT["ALGORITHM"] == "HS256"
    assert who_is(made(world, key, algorithm)).status_code == 401


@pytest.mark.req("S003-25")
def test_it_ends_after_its_time(world: World) -> None:
    assert settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"] == timedelta(minutes=30)
    token = AccessToken.for_user(world.mira)
    assert token["exp"] - token["iat"] == 30 * 60
    past = timezone.now() - timedelta(seconds=1)
    answer = who_is(made(world, exp=int(past.timestamp())))
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_credentials")


@pytest.mark.req("S003-27")
def test_one_is_had_by_password_and_from_a_session(world: World, browser: Browser) -> None:
    by_name = {"username": "root", "password": "correct-horse-battery"}
    pair = APIClient().post("/api/token/", by_name, format="json").json()
    assert who_is(pair["access"]).json()["username"] == "root"
    pair = browser("mira").post("/api/token/session/").json()
    assert who_is(pair["access"]).json()["username"] == "mira"
