"""The dice are uploaded as emoji once, and known again by their names."""

from itertools import islice

import pytest

from rodbot.client import RodBot
from rodbot.dice import emoji as dice_emoji
from rodbot.dice.emoji import DiceEmoji
from rodbot.dice.pictures import every_picture
from sandbox import limits
from sandbox.server import Sandbox

FEW = list(islice(every_picture(), 3))


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dice_emoji, "every_picture", lambda: FEW)


async def test_what_is_missing_is_uploaded_and_nothing_twice(box: Sandbox, bot: RodBot) -> None:
    first, second = DiceEmoji(bot), DiceEmoji(bot)
    await first.run()
    await second.run()
    assert list(first.known) == [picture.name for picture in FEW]
    assert first.known == second.known
    assert all(text.startswith(f"<:{name}:") for name, text in first.known.items())
    assert len(box.recorder.find("POST", "/emojis")) == len(FEW)


async def test_beside_the_process_that_uploads_the_others_wait_for_it(
    box: Sandbox, bot: RodBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def upload(_seconds: float) -> None:
        assert not box.recorder.find("POST", "/emojis")
        await DiceEmoji(bot).run()

    monkeypatch.setattr(dice_emoji, "sleep", upload)
    other = DiceEmoji(bot, uploads=False)
    await other.run()
    assert list(other.known) == [picture.name for picture in FEW]


async def test_it_tries_again_where_discord_takes_no_more(
    bot: RodBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = DiceEmoji(bot)
    known_at_first: list[str] = []

    async def make_room(_seconds: float) -> None:
        known_at_first.extend(found.known)
        monkeypatch.setattr(limits, "EMOJIS", 2000)

    monkeypatch.setattr(limits, "EMOJIS", 1)
    monkeypatch.setattr(dice_emoji, "sleep", make_room)
    await found.run()
    assert known_at_first == [FEW[0].name]
    assert len(found.known) == len(FEW)
