"""Whom people have blocked."""

from uuid import UUID

from chat.models import Block


def blocked_by(user_id: UUID | None) -> frozenset[UUID]:
    """Whom somebody has blocked."""
    rows = Block.objects.filter(user=user_id) if user_id else Block.objects.none()
    return frozenset(rows.values_list("blocked_id", flat=True))
