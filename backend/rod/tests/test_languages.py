"""The language of each answer: a person's setting, else what the browser asks for."""

import pytest
from django.test import Client

from contract.translation import language
from discordauth.models import CustomUser


@pytest.fixture
def mira(db: None) -> CustomUser:
    return CustomUser.objects.create_user("mira", password="x")


def _read(client: Client, path: str, asked: str = "") -> tuple[str, str]:
    answer = client.get(path, headers={"Accept-Language": asked} if asked else {})
    assert "Accept-Language" in answer["Vary"]
    assert language() == "en", "the next request of this thread starts afresh"
    return answer["Content-Language"], answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "found"), [("", "en"), ("de-AT,en;q=0.5", "de"), ("fr", "en"), ("qps", "qps")]
)
def test_a_page_is_in_the_language_that_the_browser_asks_for(db: None, asked: str, found: str) -> None:
    answered, text = _read(Client(), "/", asked)
    assert answered == found
    assert f'<html lang="{found}" dir="ltr">' in text


def test_a_setting_comes_before_the_browser(mira: CustomUser, client: Client) -> None:
    client.force_login(mira, backend="django.contrib.auth.backends.ModelBackend")
    assert _read(client, "/account/", "de")[0] == "de"
    mira.user_settings["language"] = "en"
    mira.save()
    assert _read(client, "/account/", "de")[0] == "en"
    mira.user_settings["language"] = ["no language"]
    mira.save()
    assert _read(client, "/account/", "de")[0] == "de"


def test_an_error_page_is_in_the_language_too(client: Client, db: None) -> None:
    assert _read(client, "/nowhere/", "de")[0] == "de"


def test_assets_are_the_same_for_all(client: Client) -> None:
    answer = client.get("/healthz", headers={"Accept-Language": "de"})
    assert "Content-Language" not in answer
    assert "Accept-Language" not in answer.get("Vary", "")
