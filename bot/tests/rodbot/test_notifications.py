"""Direct messages about decisions: taken before they are sent, at most once, and no failure where they are closed."""

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import pytest

from contract.feed_frames import Decision, Leaving, NotificationOffer
from contract.refusals import Refusal
from rodbot.client import RodBot
from rodbot.feed.notifications import content
from sandbox.defaults import MIRA, NIGHT_COURT
from sandbox.person import Person
from tests.rodbot.fake_backend import FakeBackend
from tests.rodbot.table import until

DECISION = Decision(
    kind="returned",
    by="Vesna",
    chronicle="Night Court",
    characters=["Night Owl"],
    url="http://localhost/submissions/1/",
    text="Next *month*, @everyone",
)
ONE, TWO = uuid5(NAMESPACE_OID, "one"), uuid5(NAMESPACE_OID, "two")


def frame(pk: UUID = ONE, **values: Any) -> NotificationOffer:
    place = {"guild_id": NIGHT_COURT, "user_id": MIRA, "decision": DECISION}
    return NotificationOffer(type="notification", id=pk, **place | values)


def decision(**values: Any) -> Decision:
    return DECISION.model_copy(update=values)


async def tell(fake: FakeBackend, bot: RodBot, *frames: NotificationOffer) -> None:
    """And until all that this means is done."""
    await until(lambda: fake.frames)
    seen = bot.feed._notify
    heard: list[object] = []

    def deliver(notification: Any) -> None:
        heard.append(notification)
        seen(notification)

    bot.feed._notify = deliver
    try:
        for feed_frame in frames:
            await fake.tell(feed_frame)
        await until(lambda: len(heard) == len(frames))
        await bot.notifications.settled()
    finally:
        bot.feed._notify = seen


async def read(mira: Person) -> list[str]:
    return [message["content"] for message in await mira.messages("@dm")]


async def test_a_letter_is_taken_and_sent(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    await tell(fake, bot, frame())
    (text,) = await read(mira)
    assert text.startswith("Vesna sent back your request for **Night Owl** (Night Court).")
    assert "> Next \\*month\\*, @\u200beveryone" in text
    assert "<http://localhost/submissions/1/>" in text
    assert "/preferences" in text
    assert [request.body for request in fake.requests if request.path == "/bot/notifications/claim"] == [
        {"notification": str(ONE)}
    ]


async def test_who_asked_to_be_deleted_is_told_how_to_stay(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    leaving = Leaving(
        kind="leaving", until=datetime(2026, 12, 24, 20, tzinfo=UTC), url="http://localhost/account/"
    )
    await tell(fake, bot, frame(decision=leaving))
    (text,) = await read(mira)
    assert text.startswith("Your account will be deleted on <t:1798142400:f>, as you asked.")
    assert "/account keep" in text


async def test_what_another_took_is_not_sent(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    await tell(fake, bot, frame(), frame(TWO), frame())
    assert len(await read(mira)) == 2


async def test_a_lost_answer_does_not_make_two(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    fake.lose_answers = 1
    await tell(fake, bot, frame())
    await tell(fake, bot, frame())
    assert len(await read(mira)) == 1


async def test_another_guild_is_another_process(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    await tell(fake, bot, frame(guild_id="9"))
    assert not [request for request in fake.requests if request.path == "/bot/notifications/claim"]


async def test_closed_direct_messages_are_no_failure(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    # To a bot nobody may write: Discord's answer is that of closed direct messages.
    await tell(fake, bot, frame(TWO, user_id=str(bot.application_id)), frame())
    assert len(await read(mira)) == 1


async def test_a_backend_that_is_away_costs_no_letter(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    fake.refuse["/bot/notifications/claim"] = (503, Refusal(code="unavailable", detail="Away."))
    await tell(fake, bot, frame())
    assert await read(mira) == []
    fake.refuse.clear()
    await tell(fake, bot, frame())
    assert len(await read(mira)) == 1


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (
            {"kind": "approved", "text": ""},
            "Vesna approved your request for **Night Owl** (Night Court).\n<",
        ),
        ({"kind": "commented"}, "commented on your request for"),
        (
            {"kind": "awarded", "amount": 3, "characters": ["A", "B"]},
            "awarded 3 Experience to **A**, **B** (",
        ),
        ({"text": "x" * 1000, "by": "y" * 500}, "…"),
    ],
)
def test_what_it_says(values: dict[str, Any], says: str) -> None:
    text = content(decision(**values))
    assert says in text
    assert len(text) <= 2000


async def test_letters_go_out_in_their_order(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    await tell(fake, bot, *(frame(uuid4(), decision=decision(text=f"No {n}.")) for n in range(5)))
    found = [text.partition("> ")[2].partition("\n")[0] for text in await read(mira)]
    assert found == [f"No {n}." for n in range(5)]


async def test_preferences_are_told_and_switched(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    reply = await mira.slash("preferences")
    assert "storytellers’ decisions: on" in reply.text
    reply = await mira.slash("preferences", direct_messages=False)
    assert "storytellers’ decisions: off" in reply.text
    assert "screen readers: off" in reply.text
