"""Waiting for what Discord, its process and the backend do in their own time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")


async def until(look: Callable[[], Awaitable[Found]], seconds: float = 60) -> Found:
    """Look until there is something, and return it. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not (found := await look()):  # noqa: ASYNC110  (it asks other processes)
            await asyncio.sleep(0.05)
    return found
