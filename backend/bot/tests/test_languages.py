"""The language of the bot API's answers: a person's setting, their Discord's, or that of the server for a channel."""

from collections.abc import Mapping

import pytest
from django.http import HttpResponse
from rest_framework.test import APIClient

from discordauth.models import CustomUser
from testing.personas import GUILD, World, bot_body

GERMAN = {"Accept-Language": "de"}


def _post(
    bot: APIClient, path: str, headers: Mapping[str, str] = GERMAN, who: str = "mira", **body: object
) -> HttpResponse:
    answer: HttpResponse = bot.post(
        f"/bot/{path}", bot_body(who) | body, format="json", headers=dict(headers)
    )
    return answer


def test_the_answer_is_in_the_language_of_discord_unless_the_person_chose_one(
    world: World, bot: APIClient
) -> None:
    assert _post(bot, "preferences")["Content-Language"] == "de"
    assert _post(bot, "preferences", {})["Content-Language"] == "en"
    set_it = _post(bot, "preferences", language="en")
    assert set_it["Content-Language"] == "en"
    assert set_it.json()["language"] == "en"
    assert CustomUser.objects.get(pk=world.mira.pk).user_settings["language"] == "en"
    assert _post(bot, "preferences")["Content-Language"] == "en"
    _post(bot, "preferences", language="")
    assert _post(bot, "preferences")["Content-Language"] == "de"


@pytest.mark.parametrize("wrong", ["tlh", 5, None, "deutschland"])
def test_a_language_that_nobody_speaks_is_refused(world: World, bot: APIClient, wrong: object) -> None:
    answer = _post(bot, "preferences", language=wrong)
    assert answer.status_code == (200 if wrong is None else 400)
    assert "language" not in CustomUser.objects.get(pk=world.mira.pk).user_settings


def test_what_a_channel_reads_is_in_the_language_of_the_server(world: World, bot: APIClient) -> None:
    shared = GERMAN | {"Shared-Language": "en-GB"}
    path = f"servers/{GUILD}/info"
    assert _post(bot, path, shared)["Content-Language"] == "en"
    changed = bot.patch(f"/bot/servers/{GUILD}", bot_body("olga") | {"language": "de"}, format="json")
    assert changed.json()["server"]["language"] == "de"
    assert _post(bot, path, shared, who="olga")["Content-Language"] == "de"
    assert _post(bot, path, {}, who="olga")["Content-Language"] == "en", "one person reads it"
    refused = bot.patch(
        f"/bot/servers/{GUILD}",
        bot_body("mira") | {"language": "en"},
        format="json",
        headers={"Shared-Language": "de"},
    )
    assert refused.status_code == 403
    assert refused["Content-Language"] == "en", "an error is for one person"
