"""What a page listens to that shows no character: the tables of its reader, from this moment on."""

from typing import Any

from chronicle.principal import Principal
from haven.selectors import chronicles_of
from timeline.services import heads

# Below what one socket may follow.
MOST = 40


def listening(who: Principal) -> dict[str, Any]:
    """`streams`: name → the last event, so that no snapshot has to be sent."""
    found = heads(one.id for one in chronicles_of(who)[:MOST])
    return {"user": str(who.id), "streams": {f"chronicle:{one}": seq for one, seq in found.items()}}
