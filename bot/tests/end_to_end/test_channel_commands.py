"""`/server channel …`, `/server delete` and `/server restore`, from the keyboard to the backend, its pages and back."""

import itertools
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sandbox.defaults import MIRA
from sandbox.person import Person
from tests.end_to_end.web_person import WebPerson

_numbers = itertools.count(1)


@pytest_asyncio.fixture(loop_scope="session")
async def web(stack) -> AsyncIterator[WebPerson]:
    """Mira on the web."""
    async with WebPerson(stack.backend, stack.sandbox, stack.box.world.users[MIRA]) as person:
        yield person


@pytest_asyncio.fixture(loop_scope="session")
async def salon(web: WebPerson) -> str:
    """The name of a server that Mira made on the web, and no other test has."""
    name = f"Salon {next(_numbers)}"
    await web.call("POST", "servers/", {"name": name})
    return name


@pytest.mark.req("S000-74", "S003-74")
async def test_channels_of_a_server_on_the_web_are_made_from_discord(
    mira: Person, vesna: Person, salon: str
) -> None:
    offered = await mira.complete("server channel create", "server", salon)
    assert salon in [choice["name"] for choice in offered]
    assert salon not in [choice["name"] for choice in await vesna.complete("server delete", "server", salon)]
    await mira.slash("server channel create", name="City", type="category", server=salon)
    made = await mira.slash(
        "server channel create", name="elysium", category="City", seconds=30, server=salon
    )
    assert made.text == "**#elysium** (a message every 30 seconds)"
    crypt = await mira.slash("server channel create", name="crypt", type="voice", people=5, server=salon)
    assert crypt.text == "**crypt** (voice, up to 5 people)"
    renamed = await mira.slash(
        "server channel edit",
        options={"channel": "elysium"},
        name="docks",
        description="Wet",
        before="crypt",
        server=salon,
    )
    assert renamed.text == "**#docks** (a message every 30 seconds): Wet"
    listed = (await mira.slash("server channel list", server=salon)).text
    assert listed.index("docks") < listed.index("crypt")
    assert "City" not in listed, "nothing stands in it now"
    refused = await vesna.slash("server channel list", server=salon)
    assert "Choose one of your servers" in refused.text


async def test_a_channel_is_hidden_slowed_archived_and_deleted(mira: Person, salon: str) -> None:
    await mira.slash("server channel create", name="hall", server=salon)
    on = {"options": {"channel": "hall"}, "server": salon}
    assert "(private)" in (await mira.slash("server channel private", **on)).text
    assert "(private)" not in (await mira.slash("server channel private", off=True, **on)).text
    assert "every 5 seconds" in (await mira.slash("server channel slow-mode", seconds=5, **on)).text
    assert "archived" in (await mira.slash("server channel archive", **on)).text
    assert "archived" not in (await mira.slash("server channel restore", **on)).text
    wrong = await mira.slash("server channel delete", name="hell", **on)
    assert wrong.ephemeral
    assert "Type “hall” to delete it" in wrong.text
    assert (await mira.slash("server channel delete", name="hall", **on)).text == "Deleted: hall."
    assert "no channel that you can see" in (await mira.slash("server channel list", server=salon)).text


async def test_discords_channels_keep_what_is_discords(vesna: Person, mira: Person) -> None:
    refused = await vesna.slash("server channel create", name="hall")
    assert "come from Discord" in refused.text
    listed = (await mira.slash("server channel list")).text
    assert "<#" in listed
    channel = (await vesna.complete("server channel slow-mode", "channel", "out"))[0]["value"]
    renamed = await vesna.slash("server channel edit", options={"channel": channel}, name="hall")
    assert "Change its name, place and user limit there" in renamed.text
    assert (
        "every 5 seconds"
        in (await vesna.slash("server channel slow-mode", options={"channel": channel}, seconds=5)).text
    )
    await vesna.slash("server channel slow-mode", options={"channel": channel}, seconds=0)
    player = await mira.slash("server channel slow-mode", options={"channel": channel}, seconds=5)
    assert "permission to manage" in player.text


async def test_a_server_is_deleted_by_its_name_and_restored(
    mira: Person, vesna: Person, web: WebPerson, salon: str
) -> None:
    wrong = await mira.slash("server delete", server=salon, name="Saloon")
    assert f"Type “{salon}” to delete it" in wrong.text
    assert "is closed" in (await mira.slash("server delete", server=salon, name=salon)).text
    mine = {row["name"]: row for row in (await web.call("GET", "servers/"))["results"]}
    assert mine[salon]["restorable_until"]
    refused = await mira.slash("server channel create", name="hall", server=salon)
    assert "This server was deleted" in refused.text
    assert "open again" in (await mira.slash("server restore", server=salon)).text
    assert "#hall" in (await mira.slash("server channel create", name="hall", server=salon)).text
