"""The words of scripts: a script of their own for each language but English."""

import re

from django.test import Client

from testing.personas import World


def _address(client: Client, language: str) -> str:
    page = client.get("/", headers={"Accept-Language": language}).content.decode()
    found = re.search(
        r'<script src="(/words/[^"]+)" defer></script>\s*.*?<script type="module"', page, re.DOTALL
    )
    return found[1] if found else ""


def test_a_german_page_names_its_words_before_the_scripts(world: World, client: Client) -> None:
    address = _address(client, "de")
    answer = client.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]
    assert "Accept-Language" not in answer.get("Vary", "")
    text = answer.content.decode()
    assert "django.gettext" in text
    assert "Speichern" in text
    assert "Verf\\u00fcgbare" not in text, "the admin has its own"
    assert client.get("/words/de/older/")["Cache-Control"] == "no-cache"


def test_english_needs_none(world: World, client: Client) -> None:
    assert _address(client, "en") == _address(client, "qps") == ""
    assert client.get("/words/en/0/").status_code == client.get("/words/tlh/0/").status_code == 404
