"""Read chronicles, their members and their channels, with a constant number of queries."""

from uuid import UUID

from django.db.models import QuerySet

from chronicle.models import Chronicle, Server, ServerMember
from chronicle.principal import VIEW_SERVER, Principal
from chronicle.rights import can, rows_with_permission

MOST_CHRONICLES = 100


def chronicles_of(principal: Principal) -> QuerySet[Chronicle]:
    """The chronicles of the servers that this user is a member of."""
    seen = rows_with_permission(principal, {VIEW_SERVER}, path="")
    rows = Chronicle.objects.filter(seen, archived_at=None, server__deleted_at=None).select_related("server")
    return rows.order_by("server__name", "name", "id")


def deleted_servers(principal: Principal) -> list[Server]:
    """The deleted servers that this user still sees: to restore them, or to read what was played there."""
    rows = Server.objects.filter(deleted_at__isnull=False, members__user_id=principal.id)
    return [row for row in rows.order_by("name", "id") if can(principal, "server.view", row)]


def chronicles_in(server: Server, *, archived: bool) -> QuerySet[Chronicle]:
    """`archived`: the archived ones too."""
    rows = Chronicle.objects.filter(server=server).select_related("server").order_by("name", "id")
    return (rows if archived else rows.filter(archived_at=None))[:MOST_CHRONICLES]


def editions_played(servers: QuerySet[Server]) -> dict[UUID, tuple[str, ...]]:
    """The editions of these servers: the main one, then the other ones of their chronicles. Two queries."""
    main = dict(servers.values_list("pk", "edition"))
    own = Chronicle.objects.filter(server_id__in=main, archived_at=None).exclude(own_edition="")
    others: dict[UUID, set[str]] = {}
    for server_id, edition in own.values_list("server_id", "own_edition").distinct():
        others.setdefault(server_id, set()).add(edition)
    order = Server.Edition.values
    return {
        pk: (edition, *sorted(others.get(pk, set()) - {edition}, key=order.index))
        for pk, edition in main.items()
    }


def members(server_id: UUID, after: UUID | None, limit: int) -> QuerySet[ServerMember]:
    """A page of members with their roles, in order of joining (their ids are time-ordered)."""
    rows = ServerMember.objects.filter(server_id=server_id).select_related("user").prefetch_related("roles")
    if after:
        rows = rows.filter(pk__gt=after)
    return rows.order_by("pk")[:limit]
