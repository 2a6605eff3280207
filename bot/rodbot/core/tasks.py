"""Tasks with a context of their own.

A task starts with a copy of the context around it: work that begins in an interaction, or at the start of the process,
would carry that request's id and language for as long as it runs.
"""

import asyncio
from collections.abc import Coroutine
from contextvars import Context
from typing import Any, TypeVar

T = TypeVar("T")


def start(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Run this beside everything else, as if nothing had come before."""
    return asyncio.create_task(work, context=Context())
