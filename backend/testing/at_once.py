"""Several people who press in the same moment, each with a connection of their own."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction

from rules.errors import GameError
from timeline.trouble import persistently


def at_once(works: Iterable[Callable[[], Any]]) -> list[Any]:
    """What came of each, in any order: its result, or the error's code. Each in a transaction, as behind every door."""
    presses = list(works)
    found: list[Any] = []
    ready = threading.Barrier(len(presses))

    def tried(work: Callable[[], Any]) -> Any:
        with transaction.atomic():
            return work()

    def press(work: Callable[[], Any]) -> None:
        ready.wait(30)
        try:
            found.append(persistently(lambda: tried(work)))
        except GameError as error:
            found.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(work,)) for work in presses]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return found
