"""Work that is done once for a key, as the doors do it."""

from collections.abc import Callable

from contract.base import JsonObject
from timeline import keys
from timeline.database_outage import retry_lost_transactions
from timeline.services import Cause

Stored = tuple[int, JsonObject]


def once(scope: str, key: str, asked: object, work: Callable[[], Stored]) -> Stored:
    cause = Cause(actor=None, door="system")

    def attempt() -> Stored:
        with keys.once(keys.Key.of(scope, key, asked), cause) as this:
            status, body = work()
            this.keep(status, body)
        return (this.stored.status, this.stored.body) if this.stored else (status, body)

    return retry_lost_transactions(attempt)
