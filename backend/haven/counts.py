"""How many characters there are."""

from uuid import UUID

from django.db.models import Count

from haven.models import Character


def by_chronicle(server_id: UUID) -> dict[UUID, int]:
    """Living characters of a server, by chronicle; one query."""
    living = Character.objects.filter(chronicle__server_id=server_id, deleted_at=None).order_by()
    counted = living.values("chronicle_id").annotate(number=Count("id"))
    return dict(counted.values_list("chronicle_id", "number"))
