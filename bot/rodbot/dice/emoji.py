"""The dice as emoji of the application: uploaded once, known again by their names, usable in every message."""

import logging
from asyncio import sleep, to_thread
from typing import Protocol

import aiohttp
import discord

from rodbot.core.pacing import URGENCY, Urgency
from rodbot.dice.pictures import every_picture, png

log = logging.getLogger(__name__)

AGAIN_AFTER = 600.0


class Uploader(Protocol):
    """What of a Discord client is used here."""

    async def fetch_application_emojis(self) -> list[discord.Emoji]: ...

    async def create_application_emoji(self, *, name: str, image: bytes) -> discord.Emoji: ...


class DiceEmoji:
    """What stands in a message for each die, by the name of its picture. A name that is missing has no emoji yet."""

    def __init__(self, client: Uploader, uploads: bool = True) -> None:
        """`uploads`: else another process of this bot does."""
        self._client = client
        self._uploads = uploads
        self.known: dict[str, str] = {}

    async def run(self) -> None:
        """Upload what is missing. Until Discord has it, cards show their dice as text."""
        URGENCY.set(Urgency.BACKGROUND)
        while True:
            try:
                if await self._complete():
                    return
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                log.warning("The dice stay text for now, Discord took no more emoji: %s", error)
            await sleep(AGAIN_AFTER)

    async def _complete(self) -> bool:
        self.known |= {emoji.name: str(emoji) for emoji in await self._client.fetch_application_emojis()}
        missing = [picture for picture in every_picture() if picture.name not in self.known]
        if missing and not self._uploads:
            return False
        for picture in missing:
            image = await to_thread(png, picture)
            made = await self._client.create_application_emoji(name=picture.name, image=image)
            self.known[picture.name] = str(made)
        if missing:
            log.info("Uploaded %d dice as emoji", len(missing))
        return True
