"""`/progress badges`, `helped` and `honours`: what was won, who helped, and what a storyteller decides."""

from typing import Any
from uuid import UUID

import pytest

from contract.badges import Badge, Badges, HelpfulAct, Honour, Honours
from contract.base import Named, Person
from contract.feed_frames import HonourDecided
from rodbot.client import RodBot
from rodbot.feed.notifications import content
from sandbox.defaults import JONAS as JONAS_ID
from sandbox.person import Person as Hand
from tests.rodbot.contract import NOW
from tests.rodbot.fake_backend import FakeBackend

COURT = Named(id=UUID("01930000-0000-7000-8000-000000000001"), name="Night *Court*")
MIRA = Person(id=UUID("01930000-0000-7000-8000-000000000002"), name="Mira")
JONAS = Person(id=UUID("01930000-0000-7000-8000-000000000003"), name="Jonas")
ONE = UUID("01930000-0000-7000-8000-000000000007")
TWO = UUID("01930000-0000-7000-8000-000000000008")


def badge(slug: str, state: str = "open", **more: Any) -> Badge:
    values: dict[str, Any] = {
        "slug": slug,
        "group": "dice",
        "label": slug.replace("_", " ").capitalize(),
        "why": "For this.",
        "state": state,
        "prestige": False,
        "chronicle": None,
        "at": 1,
        "count": 0,
        "given_at": NOW if state == "given" else None,
    }
    return Badge(**values | more)


def honour(id: UUID = ONE, state: str = "waiting", **more: Any) -> Honour:
    values: dict[str, Any] = {"id": id, "kind": "helpful", "chronicle": COURT, "user": MIRA, "state": state}
    values |= {"text": "Lent me her *dice*", "reported_by": JONAS, "at": NOW}
    return Honour(**values | more)


def prestige(id: UUID = TWO, state: str = "waiting") -> Honour:
    words = {"badge": "pillar", "label": "Pillar of the table", "why": "Come to sessions."}
    return honour(id, state, kind="badge", text="", reported_by=None, **words)


async def test_badges_are_told_by_shapes_with_the_nearest_to_win(
    bot: RodBot, mira: Hand, fake: FakeBackend
) -> None:
    found = [
        badge("messy_critical", "given", chronicle=COURT),
        badge("pillar", "waiting"),
        badge("botch"),
        badge("ten_nights", at=10, count=7),
    ]
    url = "https://example.org/progress/badges/"
    fake.answers.append((200, Badges(badges=found, won=1, open=2, waiting=2, url=url)))
    reply = await mira.slash("progress badges")
    lines = reply.content.splitlines()
    assert reply.ephemeral
    assert lines[0] == "You have 1 badge."
    assert lines[1] == "◆ **Messy critical** (Night \\*Court\\*): For this."
    assert lines[2] == "◈ **Pillar**: For this. A storyteller has to approve it."
    assert lines.index("◇ **Ten nights**: For this. (7 of 10)") < lines.index("◇ **Botch**: For this.")
    assert "2 decisions are waiting for you: `/progress honours`." in lines
    assert lines[-1].endswith(url)


async def test_somebody_says_who_helped(bot: RodBot, mira: Hand, fake: FakeBackend) -> None:
    act = HelpfulAct(
        id=ONE, chronicle=COURT, helper=JONAS, reported_by=MIRA, text="Lent me his dice", state="waiting"
    )
    fake.answers.append((201, act))
    reply = await mira.slash("progress helped", user=JONAS_ID, text="Lent me his dice")
    assert fake.requests[-1].body["user"] == JONAS_ID
    assert "Jonas gets points once a storyteller of Night \\*Court\\* confirms it." in reply.content
    assert "> Lent me his dice" in reply.content


async def test_a_storyteller_chooses_and_confirms(bot: RodBot, vesna: Hand, fake: FakeBackend) -> None:
    fake.answers.append((200, Honours(results=[honour(), prestige()], url="")))
    reply = await vesna.slash("progress honours")
    assert "2 decisions are waiting. Which one?" in reply.content
    fake.answers.append((200, prestige()))
    reply = await vesna.select(reply, str(TWO))
    assert "**Mira** has earned the badge **Pillar of the table**" in reply.content
    fake.answers.append((200, prestige(state="confirmed")))
    reply = await vesna.click(reply, "Approve")
    assert fake.requests[-1].path == "/bot/progress/honours/confirm"
    assert reply.content.startswith("**Mira** now has the badge")
    assert (reply.message or {}).get("components") == []


async def test_a_storyteller_refuses_with_a_reason(bot: RodBot, vesna: Hand, fake: FakeBackend) -> None:
    fake.answers.append((200, Honours(results=[honour()], url="")))
    reply = await vesna.slash("progress honours")
    assert "**Mira** helped, says Jonas (Night \\*Court\\*):\n> Lent me her \\*dice\\*" in reply.content
    form = await vesna.click(reply, "Refuse")
    fake.answers.append((200, honour(state="refused")))
    reply = await vesna.submit(form, {"reason": "It was a joke"})
    assert fake.requests[-1].body["reason"] == "It was a joke"
    assert "You refused it" in reply.content


async def test_where_nothing_waits_that_is_said(bot: RodBot, vesna: Hand, fake: FakeBackend) -> None:
    fake.answers.append((200, Honours(results=[], url="")))
    assert "Nothing is waiting" in (await vesna.slash("progress honours")).content


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("badge_approved", "Vesna approved your badge **Botch** (Court)."),
        ("badge_refused", "Vesna refused your badge **Botch** (Court)."),
        ("helped", "Vesna confirmed that you helped (Court). Thank you!"),
        ("help_refused", "Vesna couldn’t confirm that Botch helped (Court)."),
    ],
)
def test_decisions_reach_people_as_direct_messages(kind: Any, says: str) -> None:
    decided = HonourDecided(
        kind=kind, by="Vesna", chronicle="Court", title="Botch", url="https://example.org", text="Because"
    )
    text = content(decided)
    assert text.startswith(f"{says}\n> Because\n<https://example.org>")
