"""Conflicts at the table, from the keyboard to the backend and back into the one message of the channel.

Each test has a channel and people of its own: one conflict runs in a channel, and people share nothing with others.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest_asyncio
from playwright.async_api import Page

from sandbox.defaults import NIGHT_COURT, PLAYER_ROLE, STORYTELLER_ROLE
from sandbox.person import Person
from sandbox.reply import Reply
from tests.end_to_end.waiting import until

_numbers = itertools.count(1)
FAR = 30.0
CSRF = "t" * 32
Come = Callable[[str], Awaitable[Person]]
Fits = Callable[[dict[str, Any]], bool]


@dataclass
class Table:
    """A channel of its own with its storyteller and two players; `stack` is the platform."""

    stack: Any
    channel: str
    teller: Person
    raven: Person
    rook: Person

    async def message(self, words: str = "", fits: Fits = lambda message: True) -> dict[str, Any]:
        """The conflict's message as all see it, once it says so."""

        def found(message: dict[str, Any]) -> bool:
            ours = message["channel_id"] == self.channel and message["embeds"] and not message["ephemeral"]
            return bool(ours) and words in text_of(message) and fits(message)

        await self.raven.connect()
        seen = len(self.raven.events)
        shown = [message for message in await self.raven.messages(self.channel) if found(message)]
        return shown[-1] if shown else await self.raven.wait_for_message(found, since=seen, within=FAR)

    async def begin(self, kind: str, title: str = "Ambush") -> dict[str, Any]:
        reply = await self.teller.slash("init new", kind=kind, title=title)
        assert reply.ephemeral
        assert f"**{title}** has started" in reply.text, reply.text
        return await self.message(title)

    async def shown(self) -> list[dict[str, Any]]:
        found = await self.raven.messages(self.channel)
        return [message for message in found if message["embeds"] and not message["ephemeral"]]

    async def discord(self, method: str, path: str) -> None:
        """What somebody does to the channel by hand."""
        headers = {"Authorization": f"Bot {self.stack.box.token}"}
        url = f"{self.stack.sandbox}/api/v10{path}"
        async with aiohttp.request(method, url, headers=headers) as answer:
            assert answer.status < 300, await answer.text()


def text_of(message: dict[str, Any]) -> str:
    (embed,) = message["embeds"]
    return f"{embed['title']}\n{embed['description']}\n{embed['footer']['text']}"


def lines(message: dict[str, Any]) -> list[str]:
    return str(message["embeds"][0]["description"]).splitlines()


def buttons(message: dict[str, Any]) -> list[str]:
    return [part["label"] for row in message["components"] for part in row["components"]]


def fine(reply: Reply, *words: str) -> Reply:
    assert reply.ephemeral
    for word in words:
        assert word in reply.text, reply.text
    return reply


@pytest_asyncio.fixture(loop_scope="session")
async def table(stack, vesna: Person, person: Come) -> Table:
    number = next(_numbers)
    made = await vesna.call("POST", f"guilds/{NIGHT_COURT}/channels", {"name": f"conflict-{number}"})

    async def come(name: str, role: str) -> Person:
        username = f"{name}{number}"
        await vesna.call("POST", "users", {"name": username, "global_name": username.title()})
        await vesna.call("PUT", f"guilds/{NIGHT_COURT}/members/{username}", {"roles": [role]})
        someone = await person(username)
        someone.guild, someone.channel = "Night Court", str(made["id"])
        return someone

    teller = await come("teller", STORYTELLER_ROLE)
    raven, rook = await come("raven", PLAYER_ROLE), await come("rook", PLAYER_ROLE)
    return Table(stack, str(made["id"]), teller, raven, rook)


async def both_roll(table: Table) -> None:
    """At once, and nothing is lost."""
    replies = await asyncio.gather(
        table.raven.slash("init roll", name="Raven", dexterity_wits=30),
        table.rook.slash("init roll", name="Rook", dexterity_wits=2, extra_actions=1),
    )
    for reply, name in zip(replies, ("Raven", "Rook"), strict=True):
        fine(reply, f"**{name}**", "/init reroll")


async def test_a_whole_conflict_of_the_20th_edition(table: Table) -> None:
    message = await table.begin("20th anniversary")
    await table.message(fits=lambda m: m["pinned"])
    await both_roll(table)
    gathered = await table.message("◆ **Rook**", lambda m: "◆ **Raven**" in text_of(m))
    assert not any(char.isdigit() for char in "".join(lines(gathered))), "nothing of the rolls is told"
    fine(await table.rook.slash("init reroll", name="Rook", dexterity_wits=1), "+ 1 =")
    fine(await table.raven.click(gathered, "Reveal"), "Only a storyteller")
    await table.teller.click(gathered, "Reveal")
    order = await table.message("Initiative order")
    assert lines(order)[0].startswith("`1` **Raven** · ")
    assert " + 30 = " in lines(order)[0]
    await table.teller.click(order, "Declare actions")
    first = await table.message(": Declare", lambda m: "📌" in text_of(m))
    assert lines(first)[1].startswith("📌 `2` **Rook**"), "the slowest says it first"
    assert first["content"] == f"<@{first['mentions'][0]['id']}>, declare your action."
    fine(await table.raven.slash("init declare", action="I shoot"), "not Raven’s turn")
    form = await table.rook.click(first, "Declare")
    fine(await table.rook.submit(form, {"action": "I *run*"}), "**Rook**: action declared")
    await after(table, first)
    await declared_by(table, {"Raven": table.raven, "Rook": table.rook})
    act = await table.message("Take your actions")
    assert lines(act)[0].startswith("📌 `1` **Raven**")
    assert "I \\*run\\*" in text_of(act)
    done = await table.raven.click(act, "Done")
    assert done.message is None or not done.message["ephemeral"], done.text
    await table.message("✓ `1` **Raven**")
    fine(await table.teller.slash("init skip"), "Turn skipped")
    fine(await table.rook.slash("init done"), "Done.")
    await table.message("Everybody has acted")
    assert [shown["id"] for shown in await table.shown()] == [message["id"]], "one message, edited"


async def declared_by(table: Table, players: dict[str, Person]) -> None:
    """Whose turn it is says what they do, until nobody is left."""
    message = await table.message(fits=lambda m: "📌" in text_of(m))
    while "Take your actions" not in text_of(message):
        name = next(line for line in lines(message) if line.startswith("📌")).split("**")[1]
        fine(await players[name].slash("init declare", action=f"{name} acts"), "declared")
        message = await after(table, message)


async def after(table: Table, message: dict[str, Any]) -> dict[str, Any]:
    """The message once it is another one."""
    before = text_of(message)
    return await table.message(fits=lambda m: text_of(m) != before)


async def test_rounds_effects_a_step_back_and_the_end(table: Table) -> None:
    await table.begin("20th anniversary")
    await both_roll(table)
    fine(await table.teller.slash("init effect add", text="Blinded", until="turns", turns=2), "Effect added")
    fine(
        await table.teller.slash("init effect add", text="Fog", until="scene", participant="Rook"),
        "Effect added",
    )
    message = await table.message("Blinded (2 more turns)", lambda m: "Rook: Fog" in text_of(m))
    await table.teller.click(message, "Reveal")
    order = await table.message("Initiative order")
    await table.teller.click(order, "Next round, same order")
    again = await table.message("round 2: Join the next round")
    assert "◇ **Rook**: waiting" in text_of(again)
    assert "Blinded (1 more turn)" in text_of(again)
    fine(await table.rook.slash("init join", name="Rook"), "**Rook** has joined")
    fine(await table.raven.slash("init roll", name="Raven", dexterity_wits=3), "join with it")
    fine(await table.teller.slash("init join", everybody=True), "has joined")
    fine(await table.teller.slash("init rewind"), "Step undone.")
    await table.message("◇ **Raven**: waiting", lambda m: "◆ **Rook**" in text_of(m))
    offered = await table.teller.complete("init effect lift", "effect", "fog")
    assert [choice["name"] for choice in offered] == ["Rook: Fog"]
    fine(await table.teller.slash("init effect lift", effect=offered[0]["value"]), "Effect ended")
    fine(await table.rook.slash("init effect passed", what="night"), "storyteller")
    hunted = f"Hunted {table.channel}"
    fine(await table.teller.slash("init effect add", text=hunted, until="night"), "Effect added")
    fine(await table.teller.slash("init effect passed", what="night"), "The night is over", hunted)
    fine(await table.rook.slash("init end"), "Only a storyteller")
    pressed = await table.message(fits=lambda m: "Fog" not in text_of(m))
    await table.teller.click(pressed, "End")
    over = await table.message("It is over", lambda m: not m["pinned"])
    assert buttons(over) == []
    assert "round 2" not in (await table.raven.slash("init show")).text, "it runs here no more"
    fine(await table.teller.slash("init rewind"), "Step undone.")
    await table.message("Join the next round", lambda m: m["pinned"] and "End" in buttons(m))


async def test_buttons_work_after_the_process_was_restarted(table: Table) -> None:
    message = await table.begin("Chronicles of Darkness")
    fine(await table.raven.slash("init roll", name="Raven", dexterity_wits=9), "+ 9 =")
    await table.message("◆ **Raven**")
    table.stack.restart_discord_process()
    await table.teller.click(message, "Reveal")
    act = await table.message("📌 `1` **Raven**")
    assert act["id"] == message["id"]
    await table.raven.click(act, "Done")
    await table.message("✓ `1` **Raven**")
    fine(await table.rook.slash("init roll", name="Rook", dexterity_wits=1), "**Rook**")
    await table.message("**Rook**")


async def test_who_is_late_is_told_and_sees_what_is_true(table: Table) -> None:
    """Discord takes no edit for a while, so the message still shows what has passed."""
    message = await table.begin("Chronicles of Darkness")
    await both_roll(table)
    message = await table.message("◆ **Rook**", lambda m: "◆ **Raven**" in text_of(m))
    route = f"/api/v10/channels/{table.channel}/messages/{message['id']}"
    await table.teller.call(
        "POST", "faults", {"route": route, "status": 502, "times": 1000, "method": "PATCH"}
    )
    try:
        await table.teller.click(message, "Reveal")
        late = await table.teller.click(message, "Reveal")
        fine(late, "moved on")
    finally:
        await table.teller.call("DELETE", "faults")
    await table.message("📌 `1` **Raven**")


async def test_where_one_runs_a_second_one_asks_first(table: Table) -> None:
    first = await table.begin("Chronicles of Darkness", "The old one")
    fine(await table.rook.slash("init new"), "Only a storyteller")
    asked = fine(
        await table.teller.slash("init new", kind="20th anniversary", title="The *new* one"), "The old one"
    )
    done = await table.teller.click(asked, "End it and start")
    assert "has started" in done.text
    second = await table.message("The \\*new\\* one")
    over = await table.message("The old one: It is over", lambda m: not m["pinned"])
    assert (over["id"], buttons(over)) == (first["id"], [])
    assert second["id"] != first["id"]


async def test_a_deleted_message_is_posted_again_and_followed(table: Table) -> None:
    message = await table.begin("Chronicles of Darkness")
    await table.discord("DELETE", f"/channels/{table.channel}/messages/{message['id']}")
    await both_roll(table)
    fine(await table.raven.slash("init repost"), "is below")
    again = await table.message("◆ **Rook**")
    assert again["id"] != message["id"]
    fine(await table.teller.slash("init repost"), "is below")
    await table.raven.wait_for(
        lambda e: e["type"] == "message_delete" and again["id"] in str(e), since=0, within=FAR
    )
    (third,) = await table.shown()
    await table.teller.click(third, "Reveal")
    await table.message("📌 `1` **Raven**", lambda m: m["id"] == third["id"])


async def test_who_left_the_server_stays_by_name_and_is_passed_over(table: Table) -> None:
    await table.begin("Chronicles of Darkness")
    await both_roll(table)
    message = await table.message("◆ **Rook**", lambda m: "◆ **Raven**" in text_of(m))
    await table.teller.call("DELETE", f"guilds/{NIGHT_COURT}/members/{table.rook.user}")
    await table.teller.click(message, "Reveal")
    fine(await table.teller.slash("init done"), "Rook")
    await left_the_server(table)
    fine(await table.teller.slash("init skip"), "Turn skipped")
    fine(await table.teller.slash("init leave", participant="Rook"), "Removed from the conflict")
    await table.message(fits=lambda m: "Rook" not in text_of(m))


async def left_the_server(table: Table) -> None:
    """Discord tells of it in its own time, and the message shows it with the next step."""

    async def shown() -> bool:
        return "**Rook** (left the server)" in (await table.teller.slash("init show")).text

    await until(shown)


async def test_hidden_ones_are_the_storytellers_business(table: Table) -> None:
    await table.begin("Chronicles of Darkness")
    fine(await table.rook.slash("init roll", name="Sniper", dexterity_wits=9, hidden=True), "Only")
    fine(await table.teller.slash("init roll", name="Sniper", dexterity_wits=9, hidden=True), "**Sniper**")
    fine(await table.raven.slash("init roll", name="Raven", dexterity_wits=1), "**Raven**")
    await table.message("◆ **Raven**")
    fine(await table.teller.slash("init repost"), "is below")
    assert "Sniper" not in str(table.raven.events)
    assert "Sniper" in (await table.teller.slash("init show")).text
    assert "Sniper" not in (await table.raven.slash("init show")).text
    fine(
        await table.teller.slash("init change", participant="Sniper", hidden=False), "Everybody can see them"
    )
    await table.message("◆ **Sniper**")


async def test_the_simultaneous_conflict_of_the_5th_edition(table: Table) -> None:
    names = [f"Crow {table.channel[-6:]}", f"Wren {table.channel[-6:]}"]
    for player, name in zip((table.raven, table.rook), names, strict=True):
        made = await table.stack.new_vampire(player, name)
        assert made.embeds, made.text
    message = await table.begin("5th, simultaneous")
    for player, name in zip((table.raven, table.rook), names, strict=True):
        fine(await player.click(message, "Join"), f"**{name}** has joined")
    message = await table.message(names[1], lambda m: names[0] in text_of(m))
    await table.teller.click(message, next(label for label in buttons(message) if label == "Next phase"))
    message = await table.message("Declare actions")
    form = await table.raven.click(message, "Declare")
    fine(await table.raven.submit(form, {"action": "I shoot", "category": ["ranged"]}), "declared")
    offered = await table.rook.complete("init declare", "category", "engaged", action="x")
    assert [choice["value"] for choice in offered] == ["engaged"]
    fine(await table.rook.slash("init declare", action="I bite", category="engaged"), "declared")
    message = await table.message("I bite", lambda m: "I shoot" in text_of(m))
    assert [line.split("**")[1] for line in lines(message)] == [names[1], names[0]]
    await table.teller.click(message, "Act")
    message = await table.message(f"📌 `1` **{names[1]}**")
    fine(await table.raven.click(message, "Done"), "turn")
    await table.rook.click(message, "Done")
    await table.message(f"📌 `2` **{names[0]}**")


async def test_one_roll_of_the_5th_edition(table: Table) -> None:
    message = await table.begin("5th, one roll")
    assert "Join" not in buttons(message)
    fine(await table.raven.slash("init roll", name="Raven"), "Give a pool")
    fine(await table.raven.slash("init roll", name="Raven", pool="9"), "success")
    fine(await table.rook.slash("init roll", name="Rook", pool="1"), "success")
    message = await table.message("◆ **Rook**", lambda m: "◆ **Raven**" in text_of(m))
    await table.teller.click(message, "Reveal")
    message = await table.message("The results")
    assert "success" in lines(message)[0]
    fine(await table.teller.slash("init end"), "has ended", "/init rewind")
    assert buttons(await table.message("It is over")) == []


async def test_what_is_done_on_the_web_is_seen_in_the_channel(
    table: Table, new_page: Callable[..., Awaitable[Page]]
) -> None:
    message = await table.begin("Chronicles of Darkness")
    await both_roll(table)
    await table.message("◆ **Rook**", lambda m: "◆ **Raven**" in text_of(m))
    page = await new_page()
    await table.stack.sign_in(page, table.teller.user)
    await page.context.add_cookies([{"name": "csrftoken", "value": CSRF, "url": table.stack.backend}])
    conflict = message["embeds"][0]["url"].rstrip("/").rpartition("/")[2]
    answer = await page.request.post(
        f"{table.stack.backend}/api/conflicts/{conflict}/move/",
        data={"move": "reveal"},
        headers={"X-CSRFToken": CSRF, "Referer": table.stack.backend},
    )
    assert answer.ok, await answer.text()
    shown = await table.message("📌 `1` **Raven**")
    assert shown["id"] == message["id"]


async def test_names_complete_for_players_and_storytellers(table: Table) -> None:
    name = f"Kite {table.channel[-6:]}"
    made = await table.stack.new_vampire(table.raven, name)
    assert made.embeds, made.text
    await table.begin("20th anniversary")
    own = await table.raven.complete("init roll", "name", name)
    assert [choice["name"].startswith(name) for choice in own] == [True]
    assert await table.rook.complete("init roll", "name", name) == []
    pools = await table.raven.complete("init roll", "pool", "stren", name=own[0]["value"])
    assert "strength" in [choice["value"] for choice in pools]
    fine(await table.raven.slash("init roll", name="A guard", dexterity_wits=3), "**A guard**")
    people = await table.teller.complete("init declare", "participant", "guard", action="x")
    assert [choice["name"] for choice in people] == ["A guard"]
    all_of_them = await table.teller.complete("init roll", "name", name)
    assert [choice["value"] for choice in all_of_them] == [own[0]["value"]]
