"""Reading conflicts."""

from typing import Any

from chronicle import rights
from chronicle.models import Chronicle
from chronicle.principal import Principal
from conflicts.serializers import conflicts_json
from conflicts.services.common import rows

ENDED = 10
RUNNING = 25


def listed(principal: Principal, chronicle: Chronicle) -> list[dict[str, Any]]:
    """Those that run, the newest first, then the last that ended."""
    rights.can(principal, "chronicle.view", chronicle).require()
    found = rows().filter(chronicle=chronicle).order_by("-pk")
    running = list(found.filter(is_open=True)[:RUNNING])
    return conflicts_json(running + list(found.filter(is_open=None)[:ENDED]), principal)
