"""Backgrounds of characters, for overlays and pages; portraits are `haven.portraits`."""

from collections.abc import Collection
from uuid import UUID

from companion.models import Appearance
from uploads.checking import check
from uploads.kinds import Kind, declared
from uploads.storing import store


def _in_use(paths: Collection[str]) -> set[str]:
    return set(Appearance.objects.filter(background__in=paths).values_list("background", flat=True))


BACKGROUND = declared(Kind("background", "backgrounds", side=1920, thumbnails=(), in_use=_in_use))


def keep_background(picture: bytes, user_id: UUID | None) -> str:
    """Check a picture and store it; return its path. Raises Unprocessable, Unavailable."""
    return store(BACKGROUND, check(BACKGROUND, picture), user_id).path
