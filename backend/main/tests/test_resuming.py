"""WEB-07: a form that was sent without its session comes back with what was typed, and only to who typed it."""

import gzip
import re
from collections.abc import Callable

import pytest
from django.test import Client

from testing.personas import World

Browser = Callable[[str], Client]
OURS = {"Sec-Fetch-Site": "same-origin"}
FORM = {"name": "Salon <Rouge>", "description": "By night", "edition": "5th", "key": "one"}


def test_web_07_who_is_signed_out_finds_what_they_typed(world: World, browser: Browser) -> None:
    answer = browser("").post("/create-server/", FORM, headers=OURS)
    text = answer.content.decode()
    assert answer.status_code == 401
    assert 'name="name" value="Salon &lt;Rouge&gt;"' in text
    assert "Sign in and go on" in text


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_web_07_a_form_of_another_site_is_not_offered_again(
    headers: dict[str, str], world: World, browser: Browser
) -> None:
    answer = browser("").post("/create-server/", FORM, headers=headers)
    assert (answer.status_code, answer["Location"]) == (302, "/auth/login/?next=/create-server/")


def test_web_07_a_form_drawn_for_another_account_is_not_sent(world: World, browser: Browser) -> None:
    answer = browser("mira").post("/create-server/", FORM | {"account": str(world.jonas.pk)})
    assert answer.status_code == 403
    assert "won’t be sent in its name" in answer.content.decode()
    assert '<button class="button primary" type="submit">' not in answer.content.decode()


def test_web_05_a_script_gets_a_sentence_where_a_page_would_lead_away(world: World, browser: Browser) -> None:
    answer = browser("").get("/luck/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert 'data-code="not_signed_in"' in answer.content.decode()
    missing = browser("mira").get(f"/rolls/{world.mira.pk}/", headers={"HX-Request": "true"})
    assert 'id="refusal"' in missing.content.decode()


def test_web_23_a_page_is_compressed_and_asks_for_few_files(world: World, browser: Browser) -> None:
    mira = browser("mira")
    answer = mira.get("/account/", headers={"Accept-Encoding": "gzip"})
    text = gzip.decompress(answer.content).decode()
    assert answer["Content-Encoding"] == "gzip"
    files = re.findall(r'(?:href|src)="(/assets/[^"]+)"', text)
    assert len(files) == 2
    for file in files:
        plain, packed = mira.get(file), mira.get(file, headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.content) == plain.content
        assert "immutable" in plain["Cache-Control"]
    scripts = next(mira.get(file).content.decode() for file in files if "/js/" in file)
    assert not re.search(r"^(import|export) ", scripts, re.MULTILINE), "one file needs no other"


@pytest.mark.parametrize("names", ["base,nothing", "../settings", "a" * 600])
def test_web_23_nothing_else_is_served(names: str, browser: Browser) -> None:
    assert browser("").get(f"/assets/css/0/{names}").status_code == 404
