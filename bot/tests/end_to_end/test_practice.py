"""A drill in the sandbox: somebody answers by buttons, and gets points."""

import pytest

from sandbox.person import Person


@pytest.mark.req("S001-71", "CARD-07")
async def test_a_drill_in_discord(mira: Person) -> None:
    """Whatever is pressed is answered with the reason; after the fifth question the drill is over."""
    reply = await mira.slash("progress practice", options={"system": "cod", "level": 1})
    for number in range(1, 6):
        assert f"question {number} of 5" in reply.text
        reply = await mira.click(reply, "A")
        assert "Right!" in reply.text or "Not quite" in reply.text
    assert " of 5 right: " in reply.text
    assert "You practised 1 day in a row." in reply.text
    assert "question 1 of 5" in (await mira.click(reply, "Another drill")).text
