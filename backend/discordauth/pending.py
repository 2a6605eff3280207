"""What a browser begins here and brings back from elsewhere, kept in its session under the `state` of OAuth."""

import hmac
import time
from typing import Any

from django.http import HttpRequest

# Begun in several tabs; an older one has to begin again.
MAX_PENDING = 5
LIFETIME = 600  # seconds from the click to the answer


def keep(request: HttpRequest, name: str, state: str, wanted: dict[str, Any]) -> None:
    """Keep `wanted` until the browser comes back with this state. `name`: what was begun."""
    pending: dict[str, Any] = request.session.get(name, {})
    kept = dict(list(pending.items())[-(MAX_PENDING - 1) :])
    kept[state] = {"at": int(time.time()), **wanted}
    request.session[name] = kept


def take(request: HttpRequest, name: str, state: str) -> dict[str, Any] | None:
    """Take what was kept for this state out of the session: it works once, whatever its outcome."""
    pending: dict[str, Any] = request.session.get(name, {})
    known = [key for key in pending if hmac.compare_digest(key.encode(), state.encode(errors="replace"))]
    if not known:
        return None
    wanted: dict[str, Any] = pending.pop(known[0])
    request.session[name] = pending
    return wanted if time.time() - wanted["at"] < LIFETIME else None
