"""A batch loader (the DataLoader pattern): requests that come while others are with the database are loaded together.

A socket that comes alone is not held up. When a thousand come at once, as after a restart, they share a few queries.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from delivery.database import Database

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")
Spawn = Callable[[Any], asyncio.Task[Any]]

MAX_BATCH = 100


class _Batch(Generic[KeyT, ValueT]):
    def __init__(self) -> None:
        self.keys: list[KeyT] = []
        self.values: asyncio.Task[Sequence[ValueT]] | None = None


class Batcher(Generic[KeyT, ValueT]):
    """`load_many` gets the keys in the order they came, and returns a value for each; it may block."""

    def __init__(
        self, database: Database, spawn: Spawn, load_many: Callable[[Sequence[KeyT]], Sequence[ValueT]]
    ) -> None:
        self._database = database
        self._spawn = spawn
        self._load_many = load_many
        self._open: _Batch[KeyT, ValueT] | None = None
        self._last: asyncio.Task[Sequence[ValueT]] | None = None

    async def load(self, key: KeyT) -> ValueT:
        """Raises what `load_many` raises, and SourceUnavailable."""
        batch = self._open
        if batch is None:
            batch = self._open = _Batch()
            batch.values = self._last = self._spawn(self._run(batch, self._last))
        assert batch.values is not None
        place = len(batch.keys)
        batch.keys.append(key)
        if len(batch.keys) >= MAX_BATCH:
            self._open = None
        # One socket that goes must not take the others' value along.
        return (await asyncio.shield(batch.values))[place]

    async def _run(
        self, batch: _Batch[KeyT, ValueT], before: asyncio.Task[Sequence[ValueT]] | None
    ) -> Sequence[ValueT]:
        if before is not None and not before.done():
            await asyncio.wait({before})
        if self._open is batch:
            self._open = None
        return await self._database.run(self._load_many, batch.keys)
