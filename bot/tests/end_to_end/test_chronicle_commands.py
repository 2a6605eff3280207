"""`/chronicle …`, `/server role …` and `/server why`, from the keyboard to the backend and back."""

import itertools

import pytest
import pytest_asyncio

from sandbox.defaults import MIRA, OUT_OF_CHARACTER, VESNA
from sandbox.person import Person

_numbers = itertools.count(1)


@pytest_asyncio.fixture(loop_scope="session")
async def story(vesna: Person) -> str:
    """The name of a chronicle that no other test has."""
    name = f"Blood Moon {next(_numbers)}"
    made = await vesna.slash("chronicle create", name=name, description="Under the *moon*")
    assert "Chronicle created." in made.text, made.text
    return name


@pytest.mark.req("CARD-06")
async def test_a_chronicle_is_told_edited_archived_and_brought_back(
    vesna: Person, mira: Person, story: str
) -> None:
    assert story in (await mira.slash("chronicle list")).text
    choices = await mira.complete("chronicle info", "chronicle", story[:10])
    assert story in [choice["name"] for choice in choices]
    refused = await mira.slash("chronicle edit", chronicle=story, description="Mine")
    assert refused.ephemeral
    assert "Only storytellers" in refused.text
    edited = await vesna.slash("chronicle edit", chronicle=story, description="Over the hill")
    assert "Over the hill" in edited.text
    assert "nothing can be changed" in (await vesna.slash("chronicle archive", chronicle=story)).text
    assert story not in (await mira.slash("chronicle list")).text
    assert f"{story} (archived)" in (await mira.slash("chronicle list", archived=True)).text
    assert "Chronicle restored." in (await vesna.slash("chronicle restore", chronicle=story)).text
    assert "Choose a rule" not in (await mira.slash("chronicle info", chronicle=story)).text
    assert "no chronicle called" in (await mira.slash("chronicle info", chronicle="Nowhere at all")).text


@pytest.mark.req("CARD-06")
async def test_who_tells_it_is_named_and_lays_it_down(vesna: Person, mira: Person, story: str) -> None:
    named = await vesna.slash("chronicle people", user=MIRA, role="storyteller", chronicle=story)
    assert "(storyteller)" in named.text
    handed = await mira.slash("chronicle handover", user=VESNA, chronicle=story)
    assert "Chronicle handed over." in handed.text
    assert "(co-storyteller)" in handed.text
    left = await mira.slash("chronicle leave", chronicle=story)
    assert "stepped down" in left.text
    again = await mira.slash("chronicle leave", chronicle=story)
    assert again.ephemeral
    assert "don’t run this chronicle" in again.text


@pytest.mark.req("CARD-06")
async def test_house_rules_and_tenets(vesna: Person, mira: Person, story: str) -> None:
    choices = await vesna.complete("chronicle rules", "rule", "reroll")
    assert [choice["value"] for choice in choices] == ["roll_again", "rerolls"]
    values = await vesna.complete("chronicle rules", "value", "", rule="rerolls")
    assert [choice["value"] for choice in values] == ["once", "none", "unlimited"]
    hungry = await vesna.slash("chronicle rules", rule="max_hunger", value="3", chronicle=story)
    assert "Highest Hunger: 3" in hungry.text
    changed = await vesna.slash("chronicle rules", rule="rerolls", value="none", chronicle=story)
    assert "Willpower rerolls: Never" in changed.text
    assert (
        "no choice called “x”"
        in (await vesna.slash("chronicle rules", rule="rerolls", value="x", chronicle=story)).text
    )
    assert (
        "Only storytellers"
        in (await mira.slash("chronicle rules", rule="rerolls", value="once", chronicle=story)).text
    )
    answer = await vesna.slash("chronicle tenets", tenets="Never lie; Never feed on kin", chronicle=story)
    assert "✦ Never lie" in answer.text
    assert "✦ Never feed on kin" in answer.text


@pytest.mark.req("CARD-06")
async def test_a_channel_means_the_chronicle_that_is_bound_to_it(
    vesna: Person, mira: Person, story: str
) -> None:
    bound = await vesna.slash("chronicle bind", options={"chronicle": story, "channel": OUT_OF_CHARACTER})
    assert story in bound.text
    try:
        here = await mira.slash("chronicle info", channel="out-of-character")
        assert story in here.text
        made = await mira.slash(
            "vampire new",
            channel="out-of-character",
            name=f"Bound Owl {story[-2:].strip()}",
            health=4,
            willpower=4,
            humanity=7,
        )
        assert made.embeds, made.text
        assert story not in (await mira.slash("chronicle info")).text
    finally:
        off = {"chronicle": story, "channel": OUT_OF_CHARACTER, "off": True}
        assert "server’s default chronicle again" in (await vesna.slash("chronicle bind", options=off)).text


@pytest.mark.req("CARD-06")
async def test_the_default_is_one(vesna: Person, story: str) -> None:
    first = (await vesna.slash("chronicle info")).text.split("**")[1]
    assert (
        "New members and characters now start here."
        in (await vesna.slash("chronicle default", chronicle=story)).text
    )
    assert (
        "New members and characters now start here."
        in (await vesna.slash("chronicle default", chronicle=first)).text
    )
    refused = await vesna.slash("chronicle archive", chronicle=first)
    assert "default chronicle" in refused.text


@pytest.mark.req("CARD-08", "S000-48")
async def test_roles_are_made_given_taken_and_deleted(vesna: Person, mira: Person) -> None:
    name = f"Scribe {next(_numbers)}"
    made = await vesna.slash("server role create", name=name, position=40, allow="observe", color="#112233")
    assert f"{name} (40; 0 members): Observe" in made.text
    assert name in (await mira.slash("server role list")).text
    role = next(
        choice["value"]
        for choice in await vesna.complete("server role grant", "role", name)
        if choice["name"] == name
    )
    assert "; 1 member)" in _line(await vesna.slash("server role grant", role=role, user=MIRA), name)
    why = await mira.slash("server why", user=MIRA, action="chronicle.characters")
    assert "can see all characters of this chronicle." in why.text
    assert f"{name} – Observe: allowed" in why.text
    refused = await mira.slash("server role edit", role=role, name="Mine")
    assert "permission to manage" in refused.text
    assert "; 0 members)" in _line(await vesna.slash("server role take", role=role, user=MIRA), name)
    changed = await vesna.slash("server role edit", role=role, nothing=True)
    assert "no permissions" in _line(changed, name)
    assert name not in (await vesna.slash("server role delete", role=role)).text


def _line(reply, name: str) -> str:
    return next(line for line in reply.text.splitlines() if name in line)


@pytest.mark.req("CARD-08")
async def test_a_decision_is_explained(vesna: Person, mira: Person) -> None:
    choices = await mira.complete("server why", "action", "roll")
    assert "roll.request" in [choice["value"] for choice in choices]
    answer = await mira.slash("server why", user=MIRA, action="server.manage")
    assert "can’t manage this server" in answer.text
    assert "No role – Manage the server: not set" in answer.text
    refused = await mira.slash("server why", user=VESNA, action="server.manage")
    assert "Only storytellers" in refused.text
    assert "“fly” isn’t one of the choices" in (await vesna.slash("server why", user=MIRA, action="fly")).text


@pytest.mark.req("CARD-08")
async def test_a_decision_about_a_channel_a_role_and_a_roll_is_explained(vesna: Person, mira: Person) -> None:
    about = {"channel": OUT_OF_CHARACTER}
    answer = await mira.slash("server why", user=MIRA, action="channel.manage", options=about)
    assert "can’t manage this channel" in answer.text
    assert "No role in this channel – Manage the channel: not set" in answer.text
    roles = await vesna.complete("server why", "role", "")
    answer = await vesna.slash("server why", user=MIRA, action="role.grant", role=roles[0]["value"])
    assert "can’t give or take this role" in answer.text
    assert "– Position" in answer.text
    assert (
        "Choose what this action is about"
        in (await mira.slash("server why", user=MIRA, action="roll.strike")).text
    )
    nothing = await mira.slash("server why", user=MIRA, action="roll.strike", roll="that one")
    assert "address of the roll’s page" in nothing.text
    gone = "https://example.org/rolls/0190a0a0-0000-7000-8000-000000000000/"
    assert "no such roll" in (await mira.slash("server why", user=MIRA, action="roll.strike", roll=gone)).text


async def test_a_character_moves_into_another_chronicle(
    stack, vesna: Person, mira: Person, story: str
) -> None:
    name = f"Moving Owl {story.split()[-1]}"
    made = await stack.new_vampire(mira, name)
    assert made.embeds, made.text
    choices = await mira.complete("character move", "chronicle", story)
    assert story in [choice["name"] for choice in choices]
    moved = await mira.slash("character move", name=name, chronicle=story)
    assert "Moved" in moved.text
    assert f"“{story}”" in moved.text
    answer = await mira.slash("character move", name=name, chronicle=story)
    assert "already" in answer.text
    assert "no chronicle called" in (await mira.slash("character move", name=name, chronicle="Nowhere")).text
