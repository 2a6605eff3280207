"""Files of messages, from the backend to Discord."""

import io
import logging
from collections.abc import Mapping, Sequence

import aiohttp
import discord

from contract.chat import File

log = logging.getLogger(__name__)

# Discord takes so much of a file from everybody.
MOST_BYTES = 10 * 1024 * 1024
TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=5)


class Files:
    """Fetches files from the bot API."""

    def __init__(self, backend_url: str, headers: Mapping[str, str]) -> None:
        self._backend_url = backend_url.rstrip("/")
        self._headers = headers

    async def fetch(self, files: Sequence[File]) -> tuple[list[discord.File], tuple[str, ...]]:
        """Those that can be had, and the names of those that are left out: their message counts more."""
        if not files:
            return [], ()
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            found = [(file.name, await self._one(session, file)) for file in files]
        left_out = tuple(name for name, fetched in found if fetched is None)
        return [fetched for _name, fetched in found if fetched is not None], left_out

    async def _one(self, session: aiohttp.ClientSession, file: File) -> discord.File | None:
        if file.size > MOST_BYTES:
            return None
        address = f"{self._backend_url}/bot/bridge/files/{file.id}"
        try:
            async with session.get(address, headers=self._headers) as answer:
                answer.raise_for_status()
                data = await answer.content.read(MOST_BYTES + 1)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("A file of a message could not be fetched: %s", error)
            return None
        return discord.File(io.BytesIO(data), file.name) if len(data) <= MOST_BYTES else None
