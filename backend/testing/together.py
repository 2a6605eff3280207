"""Several at the same time, each in a thread with a database connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

SECONDS = 90


def together(*works: Callable[[], Any]) -> list[Any]:
    """What came of each, in the order given: its answer, or the exception."""
    found: list[Any] = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(number: int) -> None:
        start.wait(SECONDS)
        try:
            found[number] = works[number]()
        except Exception as error:  # noqa: BLE001  (the caller asserts about it)
            found[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(SECONDS)
    return found
