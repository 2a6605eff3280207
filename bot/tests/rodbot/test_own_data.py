"""`/account`: one's own data, and the account's end."""

from datetime import UTC, datetime

from contract.people import Account
from rodbot.client import RodBot
from sandbox.person import Person
from tests.rodbot.fake_backend import FakeBackend

WHEN = datetime(2026, 12, 24, 20, tzinfo=UTC)


async def test_a_download_is_asked_for(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    reply = await mira.slash("account download")
    assert reply.ephemeral
    assert "you’ll find it on your account page" in reply.content
    assert fake.requests[-1].path == "/bot/account/download"


async def test_deletion_is_asked_for_with_the_name_and_taken_back(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    fake.account = Account(delete_at=WHEN, url="http://localhost/account/")
    reply = await mira.slash("account delete", name="Mira")
    assert "your account will be deleted <t:1798142400:R>" in reply.content
    assert fake.requests[-1].body["name"] == "Mira"
    fake.account = Account(delete_at=None, url="http://localhost/account/")
    assert (await mira.slash("account keep")).content == "Your account stays."
