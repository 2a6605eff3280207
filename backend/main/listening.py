"""Streams that a page without a character subscribes to: the chronicles of its reader."""

from uuid import UUID

from chronicle.principal import Principal
from haven.selectors import chronicles_of
from timeline.services import heads

# Below what one socket may follow.
MOST = 40


def listening(principal: Principal, above_all: UUID | None = None) -> dict[str, object]:
    """Return `streams`: name → last event, so that no snapshot is needed. `above_all`: the chronicle of the page."""
    first = [above_all] if above_all else []
    seqs = heads(
        first + [chronicle.id for chronicle in chronicles_of(principal)[:MOST] if chronicle.id != above_all]
    )
    return {"user": str(principal.id), "streams": {f"chronicle:{head}": seq for head, seq in seqs.items()}}
