"""The pages offer a link that adds the bot to a server with exactly the permissions it needs (case DISC-08)."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from contract.discord_permissions import INVITED

pytestmark = pytest.mark.django_db


def test_disc_08_the_first_page_has_the_link(client: Client, settings) -> None:
    settings.DISCORD_APP_ID, settings.DISCORD_APP_SECRET = "1100000000000000001", "s" * 32
    assert 'href="/auth/add/"' in client.get("/").content.decode()
    query = parse_qs(urlsplit(client.get("/auth/add/")["Location"]).query)
    assert query["client_id"] == ["1100000000000000001"]
    assert query["permissions"] == [str(sum(permission.bit for permission in INVITED))]
    assert query["scope"] == ["identify guilds bot applications.commands"], "by one consent"


def test_disc_08_without_a_bot_there_is_none(client: Client, settings) -> None:
    settings.DISCORD_APP_ID = ""
    assert "Add to Discord" not in client.get("/").content.decode()
