"""A chronicle put on air by commands in Discord, against the real backend."""

from uuid import uuid4

import pytest
import pytest_asyncio

from sandbox.person import Person


@pytest_asyncio.fixture(loop_scope="session")
async def stage(vesna: Person) -> str:
    """A chronicle of its own, which nobody else puts on air."""
    name = f"Stage {uuid4().hex[:8]}"
    await vesna.slash("chronicle create", name=name)
    return name


@pytest_asyncio.fixture(loop_scope="session")
async def owl(mira: Person) -> str:
    name = f"Owl {uuid4().hex[:6]}"
    await mira.slash("vampire new", name=name, health=7, willpower=5, humanity=7)
    return name


@pytest.mark.req("S002-61")
async def test_a_storyteller_puts_a_chronicle_on_air(
    stage: str, vesna: Person, mira: Person, owl: str
) -> None:
    def here(**more: object) -> dict[str, object]:
        return {"chronicle": stage, **more}

    await mira.slash("character move", name=owl, chronicle=stage)
    refused = await mira.slash("campaign publish", options=here())
    assert refused.text == "Only a storyteller of this chronicle decides what the public sees."
    assert "Not public." in (await vesna.slash("campaign show", options=here())).text
    published = await vesna.slash("campaign publish", options=here())
    assert "Everybody sees what you show from now on." in published.text
    shown = await vesna.slash("campaign air", options=here(character=owl))
    assert f"{owl} — public: " in shown.text
    assert "Hunger" in shown.text
    listed = await vesna.slash("campaign roster", options=here(character=owl))
    assert "on the roster" in listed.text
    changed = await vesna.slash("campaign settings", options=here(rolls=False, delay=5))
    assert "Rolls: hidden" in changed.text
    assert "5 seconds behind" in changed.text
    token = await vesna.slash("campaign token", options=here())
    assert "||admin_" in token.text
    assert token.ephemeral
    claimed = await mira.slash("campaign claim", options={"token": "admin_nothing"})
    assert "This token belongs to no campaign." in claimed.text
    off = await vesna.slash("campaign air", options=here(character=owl, on=False))
    assert "public:" not in off.text
    assert "It’s off air." in (await vesna.slash("campaign unpublish", options=here())).text
