"""What one person reads is in their language, what a channel reads in that of the server."""

import pytest

from contract.feed_frames import EditionsPlayed
from contract.people import Preferences
from rodbot.client import RodBot
from rodbot.core.languages import Languages
from sandbox.defaults import MIRA, NIGHT_COURT
from sandbox.person import Person
from sandbox.server import Sandbox
from tests.rodbot.fake_backend import FakeBackend, Request
from tests.rodbot.table import until


@pytest.fixture
def german_client(box: Sandbox) -> None:
    """Mira's Discord is German, that of her server French."""
    box.world.locales[MIRA] = "de"
    box.world.guilds[NIGHT_COURT]["preferred_locale"] = "fr"


def _asked(request: Request) -> tuple[str | None, str | None]:
    return request.headers.get("Accept-Language"), request.headers.get("Shared-Language")


@pytest.mark.usefixtures("german_client")
async def test_a_private_reply_asks_for_the_persons_language(mira: Person, fake: FakeBackend) -> None:
    fake.language = "qps"
    reply = await mira.slash("preferences", language="de")
    assert reply.ephemeral
    assert fake.requests[-1].body["language"] == "de"
    assert _asked(fake.requests[-1]) == ("de", None)
    assert reply.content.splitlines()[-1] == "⟦Language: ⟦Deutsch⟧⟧", "the language of the answer"
    fake.preferences = Preferences(direct_messages=True, text_mode=False)
    reply = await mira.slash("preferences", language="automatic")
    assert fake.requests[-1].body["language"] == ""
    assert reply.content.splitlines()[-1] == "⟦Language: ⟦as in Discord⟧⟧"


@pytest.mark.usefixtures("german_client")
async def test_what_a_channel_reads_asks_for_the_servers_language(mira: Person, fake: FakeBackend) -> None:
    reply = await mira.slash("v roll", pool="7", hunger=2)
    assert not reply.ephemeral
    assert _asked(fake.requests[-1]) == ("de", "fr")


async def test_a_server_chooses_its_language(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    guild = bot.get_guild(int(NIGHT_COURT))
    assert bot.languages.of_server(guild) == "en"
    played = EditionsPlayed(type="editions", guilds={NIGHT_COURT: ["5th"]}, languages={NIGHT_COURT: "de"})
    await fake.tell(played)
    await until(lambda: bot.languages.of_server(guild) == "de")


def test_a_direct_message_is_in_the_language_that_was_chosen_or_seen_last() -> None:
    languages = Languages()
    assert languages.of_reader(1) == "en"
    languages.remember(1, "de")
    assert languages.of_reader(1) == "de"
    assert languages.of_reader(1, "en") == "en"
