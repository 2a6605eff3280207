"""Questions that come while others are with the database wait and are asked together: one query for many sockets.

A socket that comes alone is not held up. When a thousand come at once, as after a restart, they share a few queries.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from gateway.database import Database

Q = TypeVar("Q")
A = TypeVar("A")
Spawn = Callable[[Any], asyncio.Task[Any]]

MOST = 100


class _Batch(Generic[Q, A]):
    def __init__(self) -> None:
        self.questions: list[Q] = []
        self.answers: asyncio.Task[Sequence[A]] | None = None


class Together(Generic[Q, A]):
    """`answer` gets all the questions in the order they came, and returns an answer for each; it may block."""

    def __init__(
        self, database: Database, spawn: Spawn, answer: Callable[[Sequence[Q]], Sequence[A]]
    ) -> None:
        self._database = database
        self._spawn = spawn
        self._answer = answer
        self._open: _Batch[Q, A] | None = None
        self._last: asyncio.Task[Sequence[A]] | None = None

    async def ask(self, question: Q) -> A:
        """Raises what `answer` raises, and SourceUnavailable."""
        batch = self._open
        if batch is None:
            batch = self._open = _Batch()
            batch.answers = self._last = self._spawn(self._run(batch, self._last))
        assert batch.answers is not None
        place = len(batch.questions)
        batch.questions.append(question)
        if len(batch.questions) >= MOST:
            self._open = None
        # One socket that goes must not take the others' answer along.
        return (await asyncio.shield(batch.answers))[place]

    async def _run(self, batch: _Batch[Q, A], before: asyncio.Task[Sequence[A]] | None) -> Sequence[A]:
        if before is not None and not before.done():
            await asyncio.wait({before})
        if self._open is batch:
            self._open = None
        return await self._database.run(self._answer, batch.questions)
