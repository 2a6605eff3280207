"""The page of help: every topic with its commands, for everybody."""

import html

import pytest
from django.test import Client

from contract.help import TOPICS

pytestmark = pytest.mark.django_db


def test_help_shows_every_topic_to_everybody(client: Client) -> None:
    page = html.unescape(client.get("/help/").content.decode())
    for topic in TOPICS:
        assert f'id="{topic.slug}"' in page
        assert f'href="#{topic.slug}"' in page
        for step in topic.steps:
            assert step.text in page
            assert all(f'<code translate="no">{example.command}</code>' in page for example in step.examples)


def test_help_names_commands_as_discord_does(client: Client) -> None:
    page = html.unescape(client.get("/help/", headers={"Accept-Language": "de"}).content.decode())
    assert "/vampir neu name:Night Owl gesundheit:6 willenskraft:5 menschlichkeit:7</code>" in page
    assert "/v würfeln pool:strength + brawl schwierigkeit:3" in page


def test_help_is_linked_from_the_first_page_and_every_foot(client: Client) -> None:
    welcome = client.get("/").content.decode()
    assert welcome.count('href="/help/"') == 4
    assert client.get("/odds/").content.decode().count('href="/help/"') == 2
