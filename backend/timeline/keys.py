"""Idempotency keys: a request that is sent again is carried out once, and gets the same answer.

A key keeps the id of the event and the small rest of the answer, never the whole answer: cards and sheets are made
again for a retry.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from contract.base import JsonObject
from contract.translation import N_, _
from rules.errors import GameError, Invalid, Unavailable, Unprocessable
from timeline import retention
from timeline.database_outage import is_full, is_outage, is_repeatable
from timeline.models import Event, IdempotencyKey
from timeline.prepared import insert
from timeline.services import Cause

MAX_KEY = 100
MAYBE_DONE = N_(
    "The database went away during the save, so your change may or may not be there. "
    "Have a look before you try again."
)


@dataclass(frozen=True)
class Key:
    """`scope` is who asks: keys of two callers never meet. `fingerprint` distinguishes one request from another."""

    scope: str
    value: str
    fingerprint: str

    @classmethod
    def of(cls, scope: str, value: str, request: object) -> "Key":
        """`request` is what was asked, any JSON. Raises Invalid (`bad_key_length`)."""
        if len(value) > MAX_KEY:
            raise Invalid(
                _("An idempotency key can have up to {most} characters.", most=MAX_KEY), code="bad_key_length"
            )
        # Not orjson: what a client sends may hold numbers and text that it refuses.
        asked = json.dumps(request, sort_keys=True, default=str) if value else ""
        return cls(scope, value, hashlib.sha256(asked.encode()).hexdigest())


@dataclass(frozen=True)
class Kept:
    """What a key keeps of the first answer."""

    status: int
    event_id: UUID | None
    body: JsonObject

    def event(self) -> Event:
        """The event of the first answer; only where there is one."""
        if self.event_id is None:
            raise ValueError("this answer had no event")
        return Event.objects.select_related("stream", "actor").get(pk=self.event_id)


@dataclass
class Attempt:
    """One try at a request. `stored` is set when the key had been used for it before."""

    key: Key
    cause: Cause
    stored: Kept | None = None
    finished: bool = field(default=False, init=False)

    def keep(self, status: int, body: JsonObject) -> None:
        """Call it last: what is kept with the key, in the transaction of the work. The event is the last recorded."""
        self.finished = True
        if self.key.value:
            event_id = self.cause.recorded[-1].id if self.cause.recorded else None
            values = {"status": status, "body": body, "event_id": event_id}
            key = self.key
            insert(IdempotencyKey(scope=key.scope, key=key.value, fingerprint=key.fingerprint, **values))
            retention.key_written()


@contextmanager
def once(key: Key, cause: Cause) -> Iterator[Attempt]:
    """Run the block in one transaction, at most once for a key. A block that was done before is undone again, and
    `stored` is what the first one kept. Errors are not kept: nothing was changed, so a retry may try again.

    Raises Unavailable with `maybe_done` when the database was lost while it saved; Unprocessable (`key_reused`).
    """
    attempt = Attempt(key, cause)
    cause.recorded.clear()
    try:
        with _telling_whether_saved(attempt), transaction.atomic():
            yield attempt
    except (IntegrityError, GameError):
        # A retry meets its key, or what the first request did, and is rolled back: one answer for both.
        attempt.stored = _stored(key)
        if attempt.stored is None:
            raise


@contextmanager
def _telling_whether_saved(attempt: Attempt) -> Iterator[None]:
    """Once the work is done the database saves it, or not, and its last word may get lost."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        if not attempt.finished or not is_outage(error) or is_repeatable(error) or is_full(error):
            raise
        raise Unavailable(_(MAYBE_DONE), maybe_done=True) from error


def _stored(key: Key) -> Kept | None:
    row = IdempotencyKey.objects.filter(scope=key.scope, key=key.value).first() if key.value else None
    if row is None:
        return None
    if row.fingerprint != key.fingerprint:
        raise Unprocessable(_("This key was already used for another request."), code="key_reused")
    return Kept(row.status, row.event_id, row.body)
