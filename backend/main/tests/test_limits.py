"""Cases SAFE-03, SAFE-04, SAFE-08: limits in words, far above what a table does, whichever door somebody takes."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

import api.urls
from chronicle.models import Server
from haven.models import Character
from main.tests.test_dice import HTMX, dice
from rolls.models import Roll, RollRequest
from testing.personas import World, bot_body
from timeline import limits

pytestmark = pytest.mark.django_db(transaction=True)
Browser = Callable[[str], Client]


def guess(name: str, password: str = "wrong", **more: Any) -> Any:
    return Client().post("/admin/login/", {"username": name, "password": password}, **more)


def refusals(answers: list[Any]) -> list[Any]:
    return [answer for answer in answers if answer.status_code == 429]


def test_safe_03_passwords_of_one_account_are_not_guessed_at_the_admin(world: World, caplog: Any) -> None:
    with caplog.at_level(logging.WARNING):
        answers = [guess("root", f"guess {number}") for number in range(60)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 50
    refused = answers[-1]
    assert 0 < int(refused["Retry-After"]) <= 300
    assert "Too many sign-ins to this account. Try again in" in refused.content.decode()
    assert caplog.text.count("limit reached: login by account of 'root'") == 1
    assert "guess 1" not in caplog.text
    assert guess("root", "correct-horse-battery").status_code == 429, "the right one would tell"
    token = APIClient().post("/api/token/", {"username": "ROOT", "password": "x"}, format="json")
    assert (token.status_code, token.json()["code"]) == (429, "too_often"), "every door counts together"
    assert token["Retry-After"] == str(token.json()["retry_after"])


def test_safe_03_many_accounts_are_not_tried_from_one_address(world: World, caplog: Any) -> None:
    answers = [guess(f"somebody {number}") for number in range(60)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429] * 30
    assert "login by address of '127.0.0.1'" in caplog.text
    assert guess("root", "correct-horse-battery", REMOTE_ADDR="10.0.0.7").status_code == 302, "from elsewhere"


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("2001:db8:1:2::%x", True),  # one customer has all addresses of a /64
        ("2001:db8:1:%x::1", False),
        ("::ffff:10.0.0.%d", False),
        ("10.0.0.%d", False),
    ],
)
def test_safe_03_another_address_of_the_same_network_gives_no_more_tries(
    world: World, address: str, same: bool
) -> None:
    answers = [guess(f"somebody {number}", REMOTE_ADDR=address % (number + 1)) for number in range(33)]
    assert len(refusals(answers)) == (3 if same else 0)


def test_safe_03_a_mapped_address_is_the_address_itself(world: World) -> None:
    answers = [guess(f"somebody {number}", REMOTE_ADDR="10.0.0.7") for number in range(30)]
    assert not refusals(answers)
    assert guess("another", REMOTE_ADDR="::ffff:10.0.0.7").status_code == 429


def test_safe_03_a_forwarding_header_gives_no_more_tries(world: World, settings: Any) -> None:
    claims = [f"10.0.0.{number}" for number in range(32)]
    assert len(refusals([guess(f"one {claim}", headers={"X-Forwarded-For": claim}) for claim in claims])) == 2
    settings.TRUST_PROXY = True
    behind = [{"X-Forwarded-For": f"{claim}, 10.1.1.1"} for claim in claims]
    assert len(refusals([guess(f"two {number}", headers=said) for number, said in enumerate(behind)])) == 2


def test_safe_03_another_spelling_of_an_account_gives_no_more_tries(world: World) -> None:
    spellings = ["root", "ROOT", " root", "root ", "röot", "ｒｏｏｔ"] * 2
    answers = [
        APIClient().post("/api/token/", {"username": name, "password": "x"}, format="json")
        for name in spellings
    ]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 2


def test_safe_03_an_account_that_does_not_exist_is_refused_in_the_same_words(world: World) -> None:
    def said(name: str) -> set[tuple[int, str]]:
        answers = [
            APIClient().post("/api/token/", {"username": name, "password": "x"}, format="json")
            for _ in range(11)
        ]
        return {(answer.status_code, answer.json()["detail"]) for answer in answers}

    assert said("root") == said("nobody of that name")


def test_logins_by_discord_are_not_begun_without_end(world: World, settings: Any) -> None:
    settings.DISCORD_APP_ID = settings.DISCORD_APP_SECRET = "app"
    answers = [Client().get("/auth/login/") for _ in range(62)]
    assert [answer.status_code for answer in answers] == [302] * 60 + [429] * 2
    assert "Too many sign-ins from your network." in answers[-1].content.decode()
    assert int(answers[-1]["Retry-After"]) > 0


def test_safe_04_rolls_by_a_form_are_limited_in_words(owl: Character, browser: Browser) -> None:
    mira = browser("mira")
    form = {"pool": "2", "stood": dice(owl)}
    answers = [mira.post(dice(owl, "roll/"), form | {"key": f"{n}"}, headers=HTMX) for n in range(55)]
    shown = answers[-1]
    assert "The dice need a rest. Try again in" in shown.content.decode()
    assert int(shown["Retry-After"]) > 0
    assert Roll.objects.count() == limits.RATES["rolls by hand"].times
    plain = mira.post(dice(owl, "roll/"), form | {"key": "without script"})
    assert plain.status_code == 429
    assert "The dice need a rest." in plain.content.decode()


def test_safe_04_new_servers_are_limited(world: World, browser: Browser) -> None:
    mira, before = browser("mira"), Server.objects.count()
    made = [
        mira.post("/create-server/", {"name": f"Court {number}", "edition": "5th", "key": f"{number}"})
        for number in range(25)
    ]
    assert Server.objects.count() - before == 20
    assert {answer.status_code for answer in made[:20]} == {302}
    assert {answer.status_code for answer in made[20:]} == {429}
    assert "That&#x27;s a lot of new servers." in made[-1].content.decode()
    by_api = mira.post("/api/servers/", {"name": "One more"}, content_type="application/json")
    assert (by_api.status_code, by_api.json()["code"]) == (429, "too_often")


def test_safe_04_requests_for_rolls_are_limited(world: World, browser: Browser) -> None:
    vesna, url = browser("vesna"), f"/chronicles/{world.chronicle.id}/ask/"
    for number in range(45):
        vesna.post(url, {"player": [str(world.mira.id)], "pool": "4", "key": f"{number}"}, headers=HTMX)
    assert RollRequest.objects.count() == 40


@pytest.mark.parametrize("door", ["rest", "bot"])
def test_both_apis_limit_the_changes_of_one_person(
    door: str, owl: Character, world: World, bot: APIClient, browser: Browser, monkeypatch: Any
) -> None:
    few = limits.Rate(3, 60, "Slowly.")
    monkeypatch.setitem(limits.RATES, "changes", few)
    change = {"changes": [{"path": "hunger", "op": "adjust", "value": 0}]}

    def ask(name: str) -> Any:
        if door == "rest":
            return browser(name).patch(f"/api/characters/{owl.id}/", change, content_type="application/json")
        body = bot_body(name) | {"character": str(owl.id)} | change
        return bot.patch("/bot/characters", body, format="json")

    answers = [ask("mira") for _ in range(4)]
    assert 429 not in [answer.status_code for answer in answers[:3]]
    assert (answers[3].status_code, answers[3].json()["code"]) == (429, "too_often")
    assert answers[3]["Retry-After"] == str(answers[3].json()["retry_after"])
    assert ask("vesna").status_code != 429, "another person"


def test_safe_08_four_clients_behind_one_address_refresh_for_an_hour(world: World) -> None:
    """Each every minute: as much as four phones and bots of a household do, and login is counted apart."""
    names = ["root", "mira", "jonas", "vesna"]
    for name in names[1:]:
        user = getattr(world, name)
        user.set_password("correct-horse-battery")
        user.save()
    asked = [{"username": name, "password": "correct-horse-battery"} for name in names]
    pairs = [APIClient().post("/api/token/", body, format="json").json() for body in asked]
    for _ in range(60):
        answers = [APIClient().post("/api/token/refresh/", pair, format="json") for pair in pairs]
        assert {answer.status_code for answer in answers} == {200}
        pairs = [answer.json() for answer in answers]
    assert APIClient().post("/api/token/", asked[0], format="json").status_code == 200


def test_one_account_does_not_refresh_without_end(world: World, monkeypatch: Any) -> None:
    monkeypatch.setitem(limits.RATES, "refresh by account", limits.Rate(2, 60, "Slowly.", fixed=True))
    body = {"username": "root", "password": "correct-horse-battery"}
    pair = APIClient().post("/api/token/", body, format="json").json()
    statuses = []
    for _ in range(3):
        answer = APIClient().post("/api/token/refresh/", pair, format="json")
        statuses.append(answer.status_code)
        pair = answer.json() if answer.status_code == 200 else pair
    assert statuses == [200, 200, 429]
    monkeypatch.setitem(limits.RATES, "refresh by account", limits.Rate(9, 60, "Slowly.", fixed=True))
    assert (
        APIClient().post("/api/token/refresh/", pair, format="json").status_code == 200
    ), "nothing was used up"


def test_what_counts_as_something_is_an_operation_that_there_is() -> None:
    views = [pattern.callback.initkwargs for pattern in api.urls.urlpatterns if pattern.callback]
    names = {operation.name for view in views for operation in view.get("operations", {}).values()}
    assert names >= limits.COUNTS_AS.keys()
    assert set(limits.COUNTS_AS.values()) <= limits.RATES.keys()


def test_the_apis_own_limit_raises_the_others_but_those_of_passwords() -> None:
    given = ("1000000/min", "600/min", "10/s", "1/day")
    assert [limits.factor(rate) for rate in given] == [1666, 1, 1, 1]
    assert all(rate.fixed == name.startswith(("login", "refresh")) for name, rate in limits.RATES.items())
