"""The storyteller's desk in Discord, from the player's wish to the decision, against the real backend."""

import itertools

import pytest_asyncio

from sandbox.person import Person
from tests.end_to_end.waiting import until

_numbers = itertools.count(1)


@pytest_asyncio.fixture(loop_scope="session")
async def owl(stack, mira: Person) -> str:
    name = f"Desk Owl {next(_numbers)}"
    made = await stack.new_vampire(mira, name)
    assert made.embeds, made.text
    return name


async def test_proposed_commented_and_approved(owl: str, mira: Person, vesna: Person) -> None:
    locked = await vesna.slash("storyteller lock", character=owl)
    assert "locked" in locked.text
    refused = await mira.slash("character trait", name=owl, trait="strength", value="3")
    assert "locked" in refused.text
    sent = await mira.slash(
        "character propose", name=owl, trait="strength", value="3", reason="A month of training"
    )
    assert "Strength: 1 → 3" in sent.text
    assert "A month of training" in sent.text
    form = await mira.click(sent, "Comment")
    said = await mira.submit(form, {"text": "With the sheriff."})
    assert "With the sheriff." in said.text
    row = await _looked_at(vesna, owl)
    assert "With the sheriff." in row.text
    done = await vesna.click(row, "Approve")
    assert "was approved by Vesna" in done.text
    reply = await mira.slash("character trait", name=owl, trait="strength", value="3")
    assert "locked" in reply.text, "the sheet stays locked"
    opened = await vesna.slash("storyteller unlock", character=owl)
    assert "unlocked" in opened.text


async def test_a_player_is_written_to_once_for_each_decision(owl: str, mira: Person, vesna: Person) -> None:
    await vesna.slash("storyteller lock", character=owl)
    await mira.slash("character propose", name=owl, trait="strength", value="3")
    await vesna.click(await _looked_at(vesna, owl), "Approve")
    approved = f"Vesna approved your request for **{owl}**"
    await _written(mira, approved)
    await vesna.slash("storyteller award", amount=2, reason="A *fine* night", character1=owl)
    text = await _written(mira, f"Vesna awarded 2 Experience to **{owl}**")
    assert "> A \\*fine\\* night" in text
    assert "/characters/" in text
    off = await mira.slash("preferences", direct_messages=False)
    assert "storytellers’ decisions: off" in off.text
    try:
        await vesna.slash("storyteller award", amount=1, reason="Unheard", character1=owl)
    finally:
        await mira.slash("preferences", direct_messages=True)
    await vesna.slash("storyteller award", amount=3, reason="Heard again", character1=owl)
    await _written(mira, f"Vesna awarded 3 Experience to **{owl}**")
    mine = [
        message["content"] for message in await mira.messages("@dm") if f"**{owl}**" in message["content"]
    ]
    assert [text.split(" (")[0].removeprefix("Vesna ") for text in mine] == [
        f"approved your request for **{owl}**",
        f"awarded 2 Experience to **{owl}**",
        f"awarded 3 Experience to **{owl}**",
    ]


async def _written(mira: Person, says: str) -> str:
    """The direct message, once it is there."""

    async def found() -> str:
        contents = [str(message["content"]) for message in await mira.messages("@dm")]
        return next((content for content in contents if says in content), "")

    return await until(found)


async def _looked_at(vesna: Person, owl: str):
    """The submission itself, or the choice among several that other tests left."""
    found = await vesna.slash("storyteller review")
    if owl in found.text:
        return found
    select = found.message["components"][0]["components"][0]
    chosen = next(option["value"] for option in select["options"] if option["label"].startswith(owl))
    return await vesna.select(found, chosen)


async def test_a_new_character_is_sent_back_and_withdrawn(owl: str, mira: Person, vesna: Person) -> None:
    sent = await mira.slash("character propose", name=owl, reason="Please take her in")
    assert "new character" in sent.text
    again = await mira.slash("character propose", name=owl)
    assert "is already waiting for a storyteller" in again.text
    withdrawn = await mira.click(sent, "Withdraw")
    assert "was withdrawn" in withdrawn.text
    await mira.slash("character propose", name=owl)
    form = await vesna.click(await _looked_at(vesna, owl), "Send back")
    back = await vesna.submit(form, {"text": "Tell me of her sire."})
    assert "was sent back by Vesna" in back.text
    assert "Tell me of her sire." in back.text
    half = await mira.slash("character propose", name=owl, trait="strength")
    assert "Choose a trait and its value" in half.text


async def test_awards_notes_and_the_desk(owl: str, mira: Person, vesna: Person) -> None:
    names = await vesna.complete("storyteller award", "character1", owl)
    assert [choice["name"] for choice in names] == [f"{owl} — Mira"]
    got = await vesna.slash("storyteller award", amount=3, reason="Session 12", character1=names[0]["value"])
    assert owl in got.text
    sheet = await mira.slash("character history", name=owl)
    assert "Session 12" in str(sheet.message)
    noted = await vesna.slash("storyteller note", title=f"Sire of {owl}", text="The prince", character=owl)
    assert "Only storytellers can see it" in noted.text
    notes = await vesna.slash("storyteller notes", character=owl)
    assert "The prince" in notes.text
    note = await vesna.complete("storyteller forget", "note", owl)
    gone = await vesna.slash("storyteller forget", note=note[0]["value"])
    assert "Note deleted" in gone.text
    desk = await vesna.slash("storyteller desk", search=owl)
    assert f"{owl}, Vampire – Mira" in desk.text
    assert "/desk/" in desk.text


async def test_players_are_told_that_it_is_not_theirs(owl: str, mira: Person) -> None:
    for command, values in (
        ("storyteller desk", {}),
        ("storyteller review", {}),
        ("storyteller lock", {"character": owl}),
        ("storyteller award", {"amount": 1, "reason": "Me"}),
        ("storyteller note", {"title": "x"}),
        ("storyteller notes", {}),
    ):
        refused = await mira.slash(command, **values)
        assert "storyteller" in refused.text.casefold(), (command, refused.text)


async def test_a_feature_is_switched_off_and_on_again(mira: Person, vesna: Person) -> None:
    shown = await vesna.slash("server features")
    assert "Odds: on" in shown.text
    named = await vesna.complete("server features", "feature", "od")
    assert {"name": "Odds", "value": "odds"} in named
    refused = await mira.slash("server features", feature="odds", on=False)
    assert "permission to manage" in refused.text
    switched = await vesna.slash("server features", feature="odds", on=False)
    assert "Odds: off" in switched.text
    try:
        reply = await mira.slash("odds", pool="3")
        assert "switched off" in reply.text
    finally:
        again = await vesna.slash("server features", feature="odds", on=True)
    assert "Odds: on" in again.text
    half = await vesna.slash("server features", feature="odds")
    assert "neither to see them all" in half.text
