"""Names of the people who look at the same sheet."""

from uuid import UUID

from chronicle.models import ServerMember

MOST = 300


def names_at_table(chronicle_id: UUID | None) -> dict[str, str]:
    """Return user id → name of the members of the chronicle's server, bounded for a page."""
    if chronicle_id is None:
        return {}
    members = ServerMember.objects.filter(server__chronicles=chronicle_id).select_related("user")
    return {str(member.user_id): member.display_name for member in members[:MOST]}
