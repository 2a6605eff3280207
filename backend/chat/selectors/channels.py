"""Which channels somebody sees in all their servers."""

from uuid import UUID

from chat.room_rows import CATEGORY_KIND
from chronicle.models import ServerChannel
from chronicle.principal import Principal
from chronicle.rights import can
from discordauth.models import CustomUser


def followed(user_id: str, limit: int) -> tuple[list[str], list[UUID]]:
    """The servers of somebody, and the channels and threads that they see there, `limit` of them at most."""
    user = CustomUser.objects.filter(pk=user_id, is_active=True).first()
    principal = Principal.for_user(user) if user else Principal.anonymous()
    servers = list(principal.load())
    rows = (
        ServerChannel.objects.filter(server__in=servers, archived_at=None)
        .exclude(kind=CATEGORY_KIND)
        .select_related("server", "parent")
        .order_by("server", "position", "id")
    )
    seen = [row.pk for row in rows if can(principal, "channel.view", row)]
    return [str(server) for server in servers], seen[:limit]
