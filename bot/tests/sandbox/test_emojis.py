"""The emoji of the application: made once, listed, shown, renamed, deleted, within Discord's limits."""

import io

import aiohttp
import discord
import pytest
from PIL import Image

from sandbox import limits
from sandbox.server import Sandbox
from tests.sandbox.sample_bot import PNG, SampleBot


async def test_an_emoji_is_made_listed_shown_and_deleted(box: Sandbox, bot: SampleBot) -> None:
    made = await bot.create_application_emoji(name="die_success_8", image=PNG)
    assert str(made) == f"<:die_success_8:{made.id}>"
    assert [emoji.name for emoji in await bot.fetch_application_emojis()] == ["die_success_8"]
    assert (await bot.fetch_application_emoji(made.id)).name == "die_success_8"
    async with aiohttp.ClientSession() as browser:
        async with browser.get(f"{box.cdn_base}/emojis/{made.id}.png") as answer:
            assert await answer.read() == PNG
        async with browser.get(f"{box.cdn_base}/emojis/1.png") as answer:
            assert answer.status == 404
    assert (await made.edit(name="die_8")).name == "die_8"
    await made.delete()
    assert await bot.fetch_application_emojis() == []
    with pytest.raises(discord.NotFound) as gone:
        await bot.fetch_application_emoji(made.id)
    assert gone.value.code == 10014


@pytest.mark.parametrize("name", ["x", "x" * 33, "die-8", "dié"])
async def test_a_name_that_discord_refuses(bot: SampleBot, name: str) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await bot.create_application_emoji(name=name, image=PNG)
    assert refused.value.code == 50035


async def test_a_picture_may_have_256_kb(bot: SampleBot, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = io.BytesIO()
    Image.effect_noise((600, 600), 90).save(drawn, "PNG")
    assert len(drawn.getvalue()) > limits.EMOJI_BYTES
    with pytest.raises(discord.HTTPException, match="larger than"):
        await bot.create_application_emoji(name="large", image=drawn.getvalue())
    with pytest.raises(discord.HTTPException, match="Invalid image"):
        await bot.http.create_application_emoji(bot.application_id or 0, "text", "data:image/png;base64,aGk=")


async def test_an_application_has_a_number_of_them(bot: SampleBot, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.EMOJIS == 2000
    monkeypatch.setattr(limits, "EMOJIS", 1)
    await bot.create_application_emoji(name="first", image=PNG)
    with pytest.raises(discord.HTTPException) as full:
        await bot.create_application_emoji(name="second", image=PNG)
    assert full.value.code == 30008
