"""Every slash command, typed by a person in the sandbox, through the Discord process to the real backend and back."""

import asyncio
import base64
import io
import itertools
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from PIL import Image

from sandbox.defaults import MIRA, STORYTELLER_ROLE, TABLE, TRACKER
from sandbox.person import Person
from sandbox.reply import Reply
from scripts.common import ROOT
from scripts.pytest_services import need
from tests.end_to_end.waiting import until
from tests.sandbox.openapi_description import Description

Come = Callable[[str], Awaitable[Person]]
_numbers = itertools.count(1)


@pytest.fixture
def name() -> str:
    """Of a character that no other test has."""
    return f"Owl {next(_numbers)}"


@pytest_asyncio.fixture(loop_scope="session")
async def owl(stack: Any, mira: Person, name: str) -> str:
    """A vampire of Mira's: 7 Health, 5 Willpower, Humanity 7, Hunger 1. The fixture is its name."""
    reply = await mira.slash("vampire new", name=name, health=7, willpower=5, humanity=7)
    assert reply.embeds, reply.text
    return name


def row(reply: Reply, label: str) -> str:
    fields = {field["name"]: field["value"] for field in reply.embeds[0]["fields"]}
    return str(fields[label])


# New, set, update


@pytest.mark.req("CARD-05", "CARD-09", "S004-31")
async def test_new_creates_a_vampire_with_its_card_and_a_link_to_its_sheet(mira: Person, name: str) -> None:
    reply = await mira.slash("vampire new", name=name, health=6, willpower=4, humanity=8, hunger=2, exp=12)
    assert reply.ephemeral
    assert reply.embeds[0]["title"] == name
    assert "▢▢▢▢▢ ▢" in row(reply, "Health")
    assert "●●○○○" in row(reply, "Hunger")
    assert reply.message["components"][0]["components"][0]["label"] == "Open the sheet"


async def test_a_name_can_be_given_once(mira: Person, owl: str) -> None:
    reply = await mira.slash("vampire new", name=owl, health=6, willpower=4, humanity=8)
    assert reply.ephemeral
    assert not reply.embeds
    assert "already" in reply.content


@pytest.mark.req("CARD-09", "S004-31", "S004-35")
async def test_update_changes_by_amounts_and_tells_what_became_of_it(mira: Person, owl: str) -> None:
    reply = await mira.slash("vampire update", name=owl, hunger=2, health_superficial=3)
    assert "**Hunger** 1 → 3" in reply.text
    assert "◪◪◪▢▢ ▢▢" in row(reply, "Health")
    full = await mira.slash("vampire update", name=owl, health_superficial=6)
    assert "aggravated" in full.text
    assert "▣" in row(full, "Health")


async def test_set_takes_absolute_values_a_new_name_and_a_colour(mira: Person, owl: str) -> None:
    reply = await mira.slash(
        "vampire set", name=owl, hunger=0, color="#00aa00", change_name=f"{owl} II", exp=9
    )
    assert reply.embeds[0]["title"] == f"{owl} II"
    assert reply.embeds[0]["color"] == 0x00AA00
    assert "○○○○○" in row(reply, "Hunger")
    assert "9" in reply.embeds[0]["footer"]["text"]


async def test_a_wrong_colour_is_refused_in_words(mira: Person, owl: str) -> None:
    reply = await mira.slash("vampire set", name=owl, color="crimson")
    assert not reply.embeds
    assert reply.content


async def test_a_name_alone_shows_the_card(mira: Person, owl: str) -> None:
    reply = await mira.slash("vampire set", name=owl)
    assert reply.embeds[0]["title"] == owl
    assert "→" not in reply.text


async def test_a_portrait_is_taken_and_shown(mira: Person, owl: str) -> None:
    data = io.BytesIO()
    Image.new("RGB", (64, 64), "#8a0303").save(data, "PNG")
    encoded = base64.b64encode(data.getvalue()).decode()
    picture = {"filename": "owl.png", "content_type": "image/png", "data": encoded}
    reply = await mira.slash("vampire set", name=owl, hunger=2, image=picture)
    assert "portrait wasn’t saved" not in reply.text
    address = reply.embeds[0]["thumbnail"]["url"]
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        assert answer.status == 200
        assert answer.content_type.startswith("image/")


async def test_a_portrait_that_is_no_picture_is_refused_in_words(mira: Person, owl: str) -> None:
    picture = {"filename": "owl.txt", "content_type": "text/plain", "data": "aGVsbG8="}
    reply = await mira.slash("vampire set", name=owl, hunger=2, image=picture)
    assert "**Hunger** 1 → 2" in reply.text
    assert "The portrait wasn’t saved" in reply.text


async def test_a_storyteller_changes_a_players_character_and_others_cannot(
    mira: Person, jonas: Person, vesna: Person, owl: str
) -> None:
    result = await vesna.slash("vampire update", name=owl, hunger=1, player=MIRA)
    assert "**Hunger** 1 → 2" in result.text
    refused = await jonas.slash("vampire update", name=owl, hunger=1, player=MIRA)
    assert not refused.embeds
    shown = await mira.slash("character sheet", name=owl)
    assert "2 of 5" in row(shown, "Hunger")


async def test_an_id_typed_by_another_player_grants_nothing(mira: Person, jonas: Person, owl: str) -> None:
    """The table may look at what is meant for the table; trackers, history and every change are not."""
    token = (await mira.complete("vampire update", "name", owl))[0]["value"]
    for command in ("vampire update", "character history", "character undo"):
        options = {"hunger": 1} if command == "vampire update" else {}
        reply = await jonas.slash(command, name=token, **options)
        assert not reply.embeds, command
        assert "our side" not in reply.content, command
    seen = await jonas.slash("character sheet", name=token)
    assert "Hunger" not in seen.text
    assert "Health" not in seen.text
    asked = await jonas.slash("character delete", name=token)
    refused = await jonas.click(asked, "Delete")
    assert refused.message["id"] != asked.message["id"]
    assert "1 of 5" in row(await mira.slash("character sheet", name=owl), "Hunger")


async def test_an_id_typed_by_a_stranger_shows_nothing_at_all(mira: Person, person: Come, owl: str) -> None:
    token = (await mira.complete("vampire update", "name", owl))[0]["value"]
    sam = await person("sam")
    for command in ("vampire set", "character sheet", "character history", "character delete"):
        reply = await sam.slash(command, guild="Other Court", name=token)
        assert not reply.embeds, command
        assert owl not in reply.content, command


async def test_a_storyteller_reads_and_undoes_for_a_player(mira: Person, vesna: Person, owl: str) -> None:
    await mira.slash("vampire update", name=owl, hunger=2)
    result = await vesna.slash("character history", name=owl, player=MIRA)
    assert "Hunger: 1 → 3" in result.text
    undone = await vesna.slash("character undo", name=owl, player=MIRA)
    assert "**Hunger** 3 → 1" in undone.text


async def test_names_complete_for_their_owner_alone(
    mira: Person, jonas: Person, vesna: Person, owl: str
) -> None:
    middle = f"wl {owl.split()[1]}"
    label = f"{owl} — Vampire"
    assert label in [choice["name"] for choice in await mira.complete("vampire update", "name", middle)]
    assert label not in [choice["name"] for choice in await jonas.complete("vampire update", "name", owl)]
    found = await vesna.complete("vampire update", "name", owl, player=MIRA)
    assert label in [choice["name"] for choice in found]


# /character


async def test_sheet_and_default(jonas: Person, name: str) -> None:
    await jonas.slash("vampire new", name=name, health=7, willpower=5, humanity=7)
    assert name in (await jonas.slash("character default", name=name)).content
    assert name in (await jonas.slash("character default")).content
    shown = await jonas.slash("character sheet")
    assert shown.embeds[0]["title"] == name
    changed = await jonas.slash("vampire update", hunger=1)
    assert name in changed.text
    assert "**Hunger** 1 → 2" in changed.text
    assert "have a default" in (await jonas.slash("character default", clear=True)).content


async def test_find_shows_the_chosen_character(mira: Person, owl: str) -> None:
    page = await mira.slash("character find")
    labels = [o["label"] for o in page.message["components"][0]["components"][0]["options"]]
    wanted = next((label for label in labels if label.startswith(f"{owl} ")), labels[0])
    shown = await mira.select(page, wanted)
    assert shown.embeds[0]["title"] in wanted


async def test_delete_asks_deletes_and_restores(mira: Person, owl: str) -> None:
    asked = await mira.slash("character delete", name=owl)
    assert f"Delete **{owl}**?" in asked.content
    gone = await mira.click(asked, "Delete")
    assert "can still restore it" in gone.content
    assert not (await mira.slash("character sheet", name=owl)).embeds
    back = await mira.click(gone, "Restore")
    assert back.embeds[0]["title"] == owl
    assert (await mira.slash("character sheet", name=owl)).embeds


async def test_a_deleted_character_is_restored_by_name(mira: Person, owl: str) -> None:
    await mira.click(await mira.slash("character delete", name=owl), "Delete")
    offered = await mira.complete("character restore", "name", owl)
    back = await mira.slash("character restore", name=offered[0]["value"])
    assert back.embeds[0]["title"] == owl


async def test_undo_takes_the_last_change_back_and_says_when_there_is_none(mira: Person, owl: str) -> None:
    await mira.slash("vampire update", name=owl, hunger=2)
    undone = await mira.slash("character undo", name=owl)
    assert "**Hunger** 3 → 1" in undone.text
    again = await mira.slash("character undo", name=owl)
    assert not again.embeds
    assert again.content


async def test_history_tells_who_how_and_from_what_to_what_and_undoes_one(mira: Person, owl: str) -> None:
    await mira.slash("vampire update", name=owl, hunger=2, notes="a long night")
    shown = await mira.slash("character history", name=owl)
    assert "Mira" in shown.text
    assert re.search(r"<t:\d+:R>", shown.text)
    assert "/vampire update" in shown.text
    assert "a long night" in shown.text
    assert "Hunger: 1 → 3" in shown.text
    menu = shown.message["components"][0]["components"][0]
    undone = await mira.select(shown, menu["options"][0]["value"])
    assert "**Hunger** 3 → 1" in undone.text


async def test_undoing_an_older_change_names_what_blocks_it(mira: Person, owl: str) -> None:
    await mira.slash("vampire update", name=owl, hunger=1)
    await mira.slash("vampire update", name=owl, hunger=1)
    shown = await mira.slash("character history", name=owl)
    menu = shown.message["components"][0]["components"][0]
    blocked = await mira.select(shown, menu["options"][1]["value"])
    assert not blocked.embeds
    assert "Hunger" in blocked.content


async def test_history_pages(mira: Person, owl: str) -> None:
    for _ in range(5):
        await mira.slash("vampire update", name=owl, hunger=1)
        await mira.slash("vampire update", name=owl, hunger=-1)
    first = await mira.slash("character history", name=owl)
    older = await mira.click(first, "Older")
    assert "New character" in older.text
    newest = await mira.click(older, "Newest")
    assert newest.text == first.text


@pytest.mark.parametrize(
    ("trait", "value", "shown"),
    [
        ("strength", "3", "3"),
        ("clan", "Toreador", "Toreador"),
        ("generation", "12", "12"),
        ("ambition", "Prince", "Prince"),
    ],
)
async def test_trait_reaches_every_trait(mira: Person, owl: str, trait: str, value: str, shown: str) -> None:
    offered = await mira.complete("character trait", "trait", trait[:4], name=owl)
    assert trait in [c["value"] for c in offered]
    reply = await mira.slash("character trait", name=owl, trait=trait, value=value)
    assert f"→ {shown}" in reply.text


async def test_trait_refuses_what_makes_no_sense(mira: Person, owl: str) -> None:
    for trait, value in (("strength", "99"), ("strength", "many"), ("no-such-trait", "1")):
        reply = await mira.slash("character trait", name=owl, trait=trait, value=value)
        assert not reply.embeds
        assert reply.content
        assert "our side" not in reply.content


async def test_direct_messages_know_the_same_commands(mira: Person, name: str) -> None:
    made = await mira.slash("vampire new", channel="@dm", name=name, health=7, willpower=5, humanity=7)
    assert made.embeds[0]["title"] == name
    changed = await mira.slash("vampire update", channel="@dm", name=name, hunger=1)
    assert "**Hunger** 1 → 2" in changed.text


async def test_a_default_belongs_to_a_server(mira: Person, owl: str) -> None:
    reply = await mira.slash("character default", channel="@dm", name=owl)
    assert reply.content
    assert "our side" not in reply.content


async def test_hostile_text_is_shown_as_typed_everywhere(mira: Person, vesna: Person, tracker: None) -> None:
    hostile = f"**@everyone** <@{MIRA}> `x` ||y|| {next(_numbers)}"
    made = await mira.slash(
        "vampire new", name=hostile, health=7, willpower=5, humanity=7, notes="@here " * 50
    )
    assert made.embeds[0]["title"].startswith(r"\*\*")
    changed = await mira.slash("character trait", name=hostile, trait="ambition", value="`[a](http://b)`" * 3)
    assert changed.embeds
    shown = await mira.slash("character history", name=hostile)
    asked = await mira.slash("character delete", name=hostile)
    gone = await mira.click(asked, "Delete")
    everything = [made, changed, shown, asked, gone]

    async def deleted() -> list[dict[str, Any]]:
        found = [m for m in await mira.messages("tracker") if hostile.split()[-1] in str(m["embeds"])]
        return found if "Deleted" in str(found) else []

    in_tracker = await until(deleted)
    for message in [r.message for r in everything] + in_tracker:
        assert message["mentions"] == []
        assert message["mention_everyone"] is False
        assert "@everyone" not in message["content"].replace("`", "")


async def test_help(mira: Person) -> None:
    shown = (await mira.slash("help", topic="first-session")).text
    assert re.search(r"</vampire new:\d+> `name:Night Owl ", shown), shown


# Oneself


async def test_ones_support_and_data(mira: Person) -> None:
    assert "You aren’t a supporter at the moment." in (await mira.slash("supporter")).content
    assert "/account/" in (await mira.slash("account download")).content
    refused = await mira.slash("account delete", name="Somebody Else")
    assert "signed out" not in refused.text
    assert "stays" in (await mira.slash("account keep")).text


# /server


async def test_server_info_says_where_one_stands(mira: Person, vesna: Person) -> None:
    assert "You are a player." in (await mira.slash("server info")).content
    content = (await vesna.slash("server info")).content
    assert "**Night Court** plays 5th edition." in content
    assert "You are an administrator." in content


async def test_a_player_may_not_set_up_the_server(mira: Person) -> None:
    refused = await mira.slash("server tracker", options={"channel": TABLE})
    assert f"<#{TABLE}>" not in refused.content
    assert "our side" not in refused.content


async def test_storyteller_roles_are_given_and_withdrawn(vesna: Person) -> None:
    shown = await vesna.slash("server storytellers")
    assert "Storyteller" in (await vesna.select(shown, [STORYTELLER_ROLE])).content
    assert "No role" in (await vesna.select(await vesna.slash("server storytellers"), [])).content
    await vesna.select(await vesna.slash("server storytellers"), [STORYTELLER_ROLE])


async def test_the_edition_is_known(vesna: Person) -> None:
    assert "plays 5th edition" in (await vesna.slash("server edition")).content


# The tracker channel


@pytest_asyncio.fixture(loop_scope="session")
async def tracker(vesna: Person) -> AsyncIterator[None]:
    set_up = await vesna.slash("server tracker", options={"channel": TRACKER})
    assert f"<#{TRACKER}>" in set_up.content, set_up.content
    yield
    await vesna.slash("server tracker", off=True)


async def tracked(person: Person, about: str, fits: Callable[[str], bool]) -> dict[str, Any]:
    """The one message about a character in the tracker channel, as soon as it fits."""

    async def shown() -> list[dict[str, Any]]:
        messages = await person.messages("tracker")
        found = [m for m in messages if m["embeds"] and m["embeds"][0]["title"] == about]
        return found if fits(str(found)) else []

    (message,) = await until(shown)
    return message


async def test_changes_reach_the_tracker_channel_and_edit_one_message(
    tracker: None, mira: Person, owl: str
) -> None:
    await mira.slash("vampire update", name=owl, hunger=1)
    first = await tracked(mira, owl, lambda text: "**Hunger** 1 → 2" in text)
    assert "**Mira** `/vampire update" in first["content"]
    await mira.slash("vampire update", name=owl, hunger=2)
    second = await tracked(mira, owl, lambda text: "**Hunger** 2 → 4" in text)
    assert second["id"] == first["id"]
    assert "4 of 5" in str(second["embeds"])


# Trouble


async def test_a_repeated_interaction_of_discord_acts_once(stack: Any, mira: Person, owl: str) -> None:
    """The bot API gets one request a command; its key is the interaction's id."""
    reply = await mira.slash("vampire update", name=owl, hunger=1)
    entries = [e for e in stack.box.recorded if reply.interaction in e["path"]]
    assert [e["path"].rpartition("/")[2] for e in entries] == ["callback"]


async def test_two_people_and_many_changes_at_once_lose_nothing(
    mira: Person, vesna: Person, owl: str
) -> None:
    await asyncio.gather(
        *(mira.slash("vampire update", name=owl, health_superficial=1) for _ in range(3)),
        *(vesna.slash("vampire update", name=owl, willpower_superficial=1, player=MIRA) for _ in range(3)),
    )
    shown = await mira.slash("character sheet", name=owl)
    assert "◪◪◪▢▢ ▢▢" in row(shown, "Health")
    assert "◪◪◪▢▢" in row(shown, "Willpower")


async def test_every_answer_came_within_discords_three_seconds(stack: Any, mira: Person, owl: str) -> None:
    await mira.slash("character sheet", name=owl)
    failed = [e for e in stack.box.recorded if e["path"].endswith("/callback") and e["status"] >= 400]
    assert failed == []


async def test_the_bot_api_takes_no_call_without_the_key(stack: Any) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{stack.backend}/bot/schema") as answer:
        assert answer.status == 401


@pytest.fixture(scope="module")
def description() -> Description:
    path = Path(os.environ.get("DISCORD_OPENAPI") or ROOT.parent / "shared" / "discord" / "openapi.json")
    need(path.is_file(), f"Discord's OpenAPI description is not at {path} (set DISCORD_OPENAPI)")
    return Description(path)


async def test_all_that_was_sent_here_fits_discords_description(
    stack: Any, mira: Person, owl: str, description: Description
) -> None:
    """Stands last: it looks at every request of the Discord process in this run, and at what it was answered."""
    await mira.slash("character sheet", name=owl)
    found = description.check(stack.box.recorded)
    assert found == [], "\n".join(str(finding) for finding in found[:10])
