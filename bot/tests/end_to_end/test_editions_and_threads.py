"""A Mage table beside a V5 table, in threads too: from keyboard to backend and back (cases DISC-02, DISC-07)."""

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.person import Person
from tests.end_to_end.waiting import until


async def commands_of(person: Person, server: str, name: str) -> str:
    """The description of a command, once it is there."""

    async def described() -> str:
        found = await person.commands(server)
        return next((str(command["description"]) for command in found if command["name"] == name), "")

    return await until(described)


async def gone(person: Person, server: str, name: str) -> None:
    async def left() -> bool:
        return name not in {command["name"] for command in await person.commands(server)}

    await until(left)


async def test_a_mage_table_beside_a_vampire_table(
    person: Callable[[str], Awaitable[Person]],
) -> None:
    sam = await person("sam")
    server = "Crossroads"
    made: dict[str, Any] = await sam.call("POST", "guilds", {"name": server, "owner": "sam"})
    assert "5th" in await commands_of(sam, server, "vampire")
    at: dict[str, Any] = {"guild": server, "channel": "general"}
    created = await sam.slash("chronicle create", name="The Ascension", edition="20th", **at)
    assert "20th anniversary" in created.text, created.text
    assert "20th" in await commands_of(sam, server, "vampire20")
    assert "Mage" in await commands_of(sam, server, "mage")

    # In a thread that is bound, its chronicle decides; in the channel around it the default one does.
    thread = await sam.thread("Chantry", "general", server)
    bound = await sam.slash("chronicle bind", guild=server, channel=thread["id"], chronicle="The Ascension")
    assert "The Ascension" in bound.text, bound.text
    inside: dict[str, Any] = {"guild": server, "channel": thread["id"]}
    assert (await sam.slash("roll", pool="5", options={"name": "Somebody"}, **inside)).embeds
    assert "84 %" in (await sam.slash("odds", pool="5", options={"name": "Somebody"}, **inside)).text
    assert "84 %" not in (await sam.slash("odds", pool="5", options={"name": "Somebody"}, **at)).text
    begun = await sam.slash("init new", title="Duel", **inside)
    assert "has started" in begun.text, begun.text
    assert "no conflict" in (await sam.slash("init show", **at)).text.lower()
    ended = await sam.slash("init end", **inside)
    assert not ended.message or "cannot" not in ended.text
    loose = await sam.slash(
        "chronicle bind", guild=server, channel=thread["id"], chronicle="The Ascension", off=True
    )
    assert "its channel’s chronicle" in loose.text

    # Wrongly: an edition that there is not.
    assert "6th" in (await sam.slash("server edition", edition="6th", **at)).text
    tracked = await sam.slash(
        "server tracker", guild=server, channel="general", options={"channel": thread["id"]}
    )
    assert thread["id"] in tracked.text

    # Discord follows the main edition.
    changed = await sam.slash("server edition", edition="20th", **at)
    assert "20th anniversary edition" in changed.text
    await commands_of(sam, server, "mage")
    await gone(sam, server, "vampire20")
    await gone(sam, server, "v")
    await sam.call("DELETE", f"guilds/{made['id']}")
