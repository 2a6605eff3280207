"""`/supporter`: what somebody's support gives them."""

import pytest

from contract.people import Supporter, SupporterLimits
from rodbot.client import RodBot
from sandbox.person import Person
from tests.rodbot.fake_backend import FakeBackend


def supporter(level: int, tier: str, *, linked: bool, can_link: bool) -> Supporter:
    limits = SupporterLimits(characters=100, macros=75)
    return Supporter(level=level, tier=tier, linked=linked, can_link=can_link, limits=limits)


@pytest.mark.req("S004-47")
async def test_a_supporter_sees_their_level(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    fake.supporter = supporter(2, "Neo*nate*", linked=True, can_link=True)
    text = (await mira.slash("supporter")).text
    assert "Neo\\*nate\\* (level 2)" in text
    assert "100 characters, and 75 macros" in text
    assert "Link your account" not in text


async def test_who_is_none_sees_how_to_become_one(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    fake.supporter = supporter(0, "", linked=False, can_link=True)
    text = (await mira.slash("supporter")).text
    assert "You aren’t a supporter" in text
    assert "/account/" in text
    fake.supporter = supporter(0, "", linked=False, can_link=False)
    assert "/account/" not in (await mira.slash("supporter")).text
