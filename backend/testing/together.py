"""Run callables concurrently, each in a thread with its own database connection."""

import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.db import connections, transaction

from rules.errors import GameError
from timeline.database_outage import retry_lost_transactions

SECONDS = 90


def together(*works: Callable[[], Any]) -> list[Any]:
    """Return what came of each in the order given: its result, or the exception."""
    results: list[Any] = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(number: int) -> None:
        start.wait(SECONDS)
        try:
            results[number] = works[number]()
        except Exception as error:  # noqa: BLE001  (the caller asserts about it)
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    return results


def at_once(works: Iterable[Callable[[], Any]]) -> list[Any]:
    """Run each in a transaction that is retried as behind every door; return the results, or error codes."""
    results = together(*(partial(retry_lost_transactions, partial(_whole, work)) for work in works))
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, GameError):
            raise result
    return [result.code if isinstance(result, GameError) else result for result in results]


def _whole(work: Callable[[], Any]) -> Any:
    with transaction.atomic():
        return work()
