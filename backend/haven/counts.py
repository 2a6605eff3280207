"""Count characters by chronicle."""

from typing import Any
from uuid import UUID

from django.db.models import Count

from chronicle import selectors as chronicles
from chronicle.models import Chronicle
from chronicle.principal import Principal
from haven.models import Character


def by_chronicle(server_id: UUID) -> dict[UUID, int]:
    """Count the living characters of a server by chronicle; one query."""
    living = Character.objects.filter(chronicle__server_id=server_id, deleted_at=None).order_by()
    counted = living.values("chronicle_id").annotate(number=Count("id"))
    return dict(counted.values_list("chronicle_id", "number"))


def chronicle_document(row: Chronicle, principal: Principal) -> dict[str, Any]:
    """Return a chronicle as this principal sees it, with the number of its characters."""
    return chronicles.chronicle(row, principal) | {"characters": by_chronicle(row.server_id).get(row.id, 0)}
