"""One's own profile, and the tokens of those who use no browser."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from discordauth.models import CustomUser
from testing.personas import World

ME = "/api/users/me/"
Browser = Callable[[str], Client]


def patch(client: Any, body: Any, path: str = ME) -> Any:
    return client.patch(path, body, content_type="application/json")


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


@pytest.mark.req("S004-27")
def test_one_sees_ones_own_profile(world: World, browser: Browser) -> None:
    body = browser("mira").get(ME).json()
    assert (body["id"], body["name"], body["username"]) == (str(world.mira.pk), "Mira", "mira")
    assert body["discord_id"] == world.mira.discord_id
    assert "password" not in body


@pytest.mark.req("S004-27", "S004-30")
def test_only_the_given_fields_change(world: World, browser: Browser) -> None:
    client = browser("mira")
    patch(client, {"bio": "Line one\nline two\x00", "status_message": " hunting\n now "})
    answer = patch(client, {"avatar_url": "https://example.org/a.png"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["bio"], body["status_message"]) == ("Line one\nline two", "hunting now")
    assert body["avatar_url"] == "https://example.org/a.png"


@pytest.mark.req("S000-24")
def test_settings_are_merged_and_null_takes_a_key_away(world: World, browser: Browser) -> None:
    client = browser("mira")
    patch(client, {"user_settings": {"theme": "dark", "sounds": {"volume": 3}}})
    patch(client, {"user_settings": {"theme": None, "dense": True}})
    assert CustomUser.objects.get(pk=world.mira.pk).user_settings == {"sounds": {"volume": 3}, "dense": True}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("is_superuser", True),
        ("username", "root"),
        ("discord_id", "1"),
        ("password", "x"),
        ("metadata", {}),
        ("bio", "x" * 2001),
        ("bio", 5),
        ("status_message", "x" * 141),
        ("status_message", None),
        ("avatar_url", "http://example.org/a.png"),
        ("avatar_url", "javascript:alert(1)"),
        ("avatar_url", "https://" + "x" * 300),
        ("user_settings", []),
        ("user_settings", {"x": "y" * 20_000}),
    ],
)
def test_a_wrong_field_is_named_and_nothing_changes(
    world: World, browser: Browser, field: str, value: Any
) -> None:
    before = CustomUser.objects.filter(pk=world.mira.pk).values().get()
    answer = patch(browser("mira"), {"bio": "new", field: value})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["fields"]) == [field]
    assert CustomUser.objects.filter(pk=world.mira.pk).values("bio", "is_superuser", "username").get() == {
        name: before[name] for name in ("bio", "is_superuser", "username")
    }


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "{"])
def test_a_body_that_is_no_object_is_refused(world: World, browser: Browser, body: str) -> None:
    assert patch(browser("mira"), body).status_code == 400


def test_nobody_has_no_profile(world: World, browser: Browser) -> None:
    answer = browser("").get(ME)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.req("S004-28")
def test_a_session_needs_the_csrf_token_to_change_things(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(ME).status_code == 200
    assert patch(client, {"bio": "forged"}).status_code == 403
    token = client.get("/admin/login/").cookies["csrftoken"].value
    answer = client.patch(
        ME, {"bio": "real"}, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 200


def tokens_for(name: str, password: str, **headers: Any) -> Any:
    body = {"username": name, "password": password}
    return APIClient().post("/api/token/", body, format="json", **headers)


@pytest.mark.req("S000-29")
def test_a_password_gives_tokens_that_work_and_can_be_renewed(world: World) -> None:
    answer = tokens_for("root", "correct-horse-battery", REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 200
    pair = answer.json()
    assert claims(pair["access"])["user_id"] == str(world.root.pk)
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {pair['access']}")
    assert client.get(ME).json()["username"] == "root"
    fresh = APIClient().post("/api/token/refresh/", {"refresh": pair["refresh"]}, format="json").json()
    assert claims(fresh["access"])["user_id"] == str(world.root.pk)
    assert CustomUser.objects.get(pk=world.root.pk).last_login_ip == "192.0.2.7"


def test_a_session_gives_tokens(world: World, browser: Browser) -> None:
    pair = browser("mira").post("/api/token/session/").json()
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {pair['access']}")
    assert client.get(ME).json()["username"] == "mira"
    assert APIClient().post("/api/token/session/").status_code in (401, 403)
    assert client.post("/api/token/session/").status_code in (401, 403)


@pytest.mark.parametrize("token", ["x", "a.b.c", ""])
def test_a_false_token_is_refused(world: World, token: str) -> None:
    answer = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}").get(ME)
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "detail"}
    refused = APIClient().post("/api/token/refresh/", {"refresh": token or "y"}, format="json")
    assert refused.status_code == 401
    assert refused.json()["code"] == "bad_credentials"


def test_a_refresh_token_opens_nothing(world: World, browser: Browser) -> None:
    pair = browser("mira").post("/api/token/session/").json()
    assert APIClient(HTTP_AUTHORIZATION=f"Bearer {pair['refresh']}").get(ME).status_code == 401


def test_the_token_of_a_closed_account_opens_nothing(world: World, browser: Browser) -> None:
    pair = browser("mira").post("/api/token/session/").json()
    CustomUser.objects.filter(pk=world.mira.pk).update(is_active=False)
    assert APIClient(HTTP_AUTHORIZATION=f"Bearer {pair['access']}").get(ME).status_code == 401
    refused = APIClient().post("/api/token/refresh/", {"refresh": pair["refresh"]}, format="json")
    assert refused.status_code == 401


def test_passwords_cannot_be_guessed_fast(world: World) -> None:
    codes = [tokens_for("root", f"guess{number}").status_code for number in range(11)]
    assert codes == [401] * 10 + [429]


def test_a_discord_account_has_no_password_to_guess(world: World) -> None:
    assert tokens_for("mira", "").status_code == 400
    assert tokens_for("mira", "mira").status_code == 401
