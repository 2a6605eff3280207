"""Icons of servers: Discord's, an address that somebody gave, or a picture that was uploaded here."""

from collections.abc import Collection
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage

from chronicle.models import Server
from uploads.checking import check
from uploads.kinds import Kind, declared
from uploads.storing import store


def _in_use(paths: Collection[str]) -> set[str]:
    return set(Server.objects.filter(icon__in=paths).values_list("icon", flat=True))


ICON = declared(Kind("icon", "icons", side=256, thumbnails=(64,), in_use=_in_use))


def keep(picture: bytes, user_id: UUID | None) -> str:
    """Check a picture and store it; return its path. It is removed again unless a server claims it.

    Raises Unprocessable for what is no picture or too large, Unavailable when it cannot be stored.
    """
    return store(ICON, check(ICON, picture), user_id).path


def address(server: Server) -> str | None:
    """The absolute address of a server's icon; None where it has none."""
    icon = server.icon
    if icon.startswith(f"{ICON.folder}/"):
        return urljoin(settings.SITE_URL, default_storage.url(icon))
    if not icon or icon.startswith("https://"):
        return icon or None
    return (
        f"{settings.DISCORD_CDN}/icons/{server.discord_id}/{icon}.png?size=128" if server.discord_id else None
    )
