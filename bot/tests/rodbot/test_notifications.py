"""Direct messages about decisions: taken before they are sent, at most once, and no failure where they are closed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import pytest

from contract.feed_frames import Decision, EpisodeSoon, Leaving, NotificationOffer
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


def soon(**values: Any) -> EpisodeSoon:
    known: dict[str, Any] = {
        "kind": "episode_soon",
        "episode": ONE,
        "chronicle": "Night Court",
        "number": 3,
        "title": "Ashes",
        "starts": datetime(2036, 10, 26, 1, 30, tzinfo=UTC),
        "zone": "Europe/Berlin",
        "url": "http://localhost/chronicles/1/sessions/3/",
    }
    return EpisodeSoon(**known | values)


async def test_a_reminder_says_when_on_every_clock_and_asks_who_comes(
    bot: RodBot, mira: Person, fake: FakeBackend
) -> None:
    await tell(fake, bot, frame(decision=soon()))
    (text,) = await read(mira)
    assert text.startswith("**Episode 3: Ashes** (Night Court) begins <t:2108597400:f> (<t:2108597400:R>).")
    assert "In Europe/Berlin that is 2036-10-26 02:30." in text
    assert "/episode remind" in text
    dm = (await mira.world())["dms"][0]
    (message,) = await mira.messages(dm["id"])
    labels = [part["label"] for row in message["components"] for part in row["components"]]
    assert labels == ["I’m coming", "Maybe", "I can’t make it"]


@pytest.mark.parametrize(
    ("starts", "shown"),
    [
        # Berlin’s clocks go back in the night to 25 October 2026, and forward in that to 28 March 2027.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25 02:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25 02:30"),
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "2027-03-28 01:59"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "2027-03-28 03:00"),
    ],
)
def test_the_time_of_a_reminder_is_right_when_the_clocks_change(starts: datetime, shown: str) -> None:
    assert f"that is {shown}." in content(soon(starts=starts))


def test_without_a_time_zone_discord_says_when() -> None:
    text = content(soon(zone=""))
    assert "that is" not in text
    assert "<t:" in text


async def test_what_has_begun_is_no_news(bot: RodBot, mira: Person, fake: FakeBackend) -> None:
    late = datetime.now(UTC) - timedelta(seconds=1)
    await tell(fake, bot, frame(decision=soon(starts=late)), frame(TWO))
    (text,) = await read(mira)
    assert "Ashes" not in text


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
