"""Tickets: a signed-in client gets one by HTTP and opens one socket with it, within half a minute."""

import hashlib
import secrets
from dataclasses import asdict, dataclass

from django.core.cache import cache
from django.db import transaction

from contract.translation import _
from delivery.options import Options
from delivery.publish import publish
from delivery.redis_clients import REDIS_ERRORS
from delivery.source import SourceUnavailable
from gateway.constants import CONTROL_GROUP
from rules.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Grant:
    """On whose behalf a ticket was given; the socket ends with the session or the token behind it."""

    user_id: str
    session_key: str = ""
    auth_hash: str = ""
    expires: float | None = None
    family: str = ""


def issue(grant: Grant) -> tuple[str, int]:
    """`(ticket, seconds it is good for)`. Raises Unavailable while the cache does not answer."""
    ticket = secrets.token_urlsafe(32)
    seconds = Options.from_settings().ticket_seconds
    try:
        cache.set(_key(ticket), asdict(grant), timeout=seconds)
    except REDIS_ERRORS as error:
        raise Unavailable(_("The server is busy. Please try again in a moment.")) from error
    return ticket, seconds


def redeem(ticket: str) -> Grant | None:
    """What the ticket grants, once: of several sockets that come with it, one gets in. Raises SourceUnavailable."""
    key = _key(ticket)
    try:
        stored = cache.get(key)
        # Only one caller is told that its delete removed the entry.
        if stored is None or not cache.delete(key):
            return None
    except REDIS_ERRORS as error:
        raise SourceUnavailable(f"tickets: {error}") from error
    return Grant(**stored)


def recheck_sockets() -> None:
    """Have every gateway process look again at who is on its sockets, once this transaction is saved."""
    transaction.on_commit(lambda: publish(CONTROL_GROUP, {"type": "recheck"}))


def _key(ticket: str) -> str:
    # The cache holds a hash: who can read the cache cannot use the tickets in it.
    return "gateway:ticket:" + hashlib.sha256(ticket.encode()).hexdigest()
