"""`/progress me|why|board|profile`: points in cards and words."""

import base64
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from contract.base import Person as Account
from contract.notices import Notice
from contract.points import Level, PointEntry, Points, Progress, Ranked, ShownBoard, Streak
from rodbot.client import RodBot
from sandbox.person import Person
from tests.rodbot.fake_backend import FakeBackend

DAY = date(2026, 11, 30)
PNG = base64.b64encode(b"a picture").decode()


def progress(**more: object) -> Progress:
    fields: dict[str, object] = {
        "user": Account(id=uuid4(), name="Mi*ra"),
        "public_id": "mirasprofile",
        "home": None,
        "points": 60,
        "week_points": 25,
        "rank": 2,
        "level": Level(level=2, begins=50, next=150),
        "streak": Streak(current=3, longest=8, last=DAY, today=True, forgives=True),
        "timezone": "",
        "questions": 9,
        "on_boards": True,
        "weeks": [],
        "badges": [],
        "recent": [],
        "card": PNG,
        "url": "",
    }
    return Progress.model_validate(fields | more)


def entry(number: int) -> PointEntry:
    return PointEntry(
        id=uuid4(),
        amount=number,
        source="login",
        label="Daily bonus",
        reason=Notice(code="points_login", data={"streak": 3}),
        place="Night_Court",
        day=DAY,
        at=datetime(2026, 11, 30, tzinfo=UTC),
    )


@pytest.mark.req("S001-71")
async def test_the_rank_card_says_in_words_what_it_shows(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    fake.answers.append((200, progress()))
    reply = await mira.slash("progress me")
    assert reply.message
    assert [file["filename"] for file in reply.message["attachments"]] == ["rank.png"]
    text = str(reply.message["embeds"])
    for words in (
        "Mi\\\\*ra",
        "Level 2, 60 points: 90 more",
        "Number 2 overall",
        "3 days in a row, at most 8",
        "No badges yet.",
    ):
        assert words in text
    assert fake.requests[-1].body["card"] is True


async def test_every_point_is_explained_page_by_page(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    last = uuid4()
    fake.answers.append((200, Points(total=7, results=[entry(5), entry(-2)], next=last, url="")))
    reply = await mira.slash("progress why")
    assert "**7 points**" in reply.text
    assert (
        "`+5` Daily bonus. Longest streak: 3 days. (Daily bonus · 2026-11-30 · Night\\_Court)" in reply.text
    )
    assert "`-2`" in reply.text
    fake.answers.append((200, Points(total=7, results=[entry(4)], next=None, url="")))
    await mira.click(reply, "Older")
    assert UUID(fake.requests[-1].body["before"]) == last


def ranked(rank: int, name: str, *, me: bool = False) -> Ranked:
    return Ranked(
        user=None,
        rank=rank,
        name=name,
        avatar_url="",
        public_id=None,
        level=1,
        points=50 - rank,
        was=None,
        me=me,
    )


def board(**more: object) -> ShownBoard:
    fields: dict[str, object] = {
        "board": "server",
        "place": uuid4(),
        "name": "Night Court",
        "weekly": False,
        "week": None,
        "page": 1,
        "more": True,
        "results": [ranked(1, "Jonas"), ranked(2, "Vesna"), ranked(2, "Olga")],
        "mine": ranked(41, "Mira", me=True),
        "around": [ranked(40, "Sam"), ranked(41, "Mira", me=True)],
        "hidden": False,
        "url": "http://localhost/",
    }
    return ShownBoard.model_validate(fields | more)


async def test_a_board_shows_ones_own_place_too(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    fake.answers.append((200, board()))
    text = (await mira.slash("progress board", board="server", weekly=True)).text
    assert "1. Jonas: 49 points (level 1)\n2. Vesna: 48 points (level 1)\n2. Olga" in text
    assert "…\n40. Sam: 10 points (level 1)\n**41. Mira: 9 points (level 1)**" in text
    assert (fake.requests[-1].body["board"], fake.requests[-1].body["weekly"]) == ("server", True)


async def test_who_left_the_boards_is_reminded(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    fake.answers.append((200, board(hidden=True, around=[])))
    assert "Only you can see your own place" in (await mira.slash("progress board")).text


async def test_a_profile_is_shown_and_changed(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    text = (await mira.slash("progress profile", is_public=True, on_boards=False)).text
    assert "Public page: " in text
    sent = fake.requests[-1].body
    assert (sent["is_public"], sent["on_boards"]) == (True, False)
    assert "shows_level" not in sent
