"""Portraits: from Discord or an upload, through the one pipeline of uploads."""

import math
import re
import time
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import httpx
from django.conf import settings
from django.core.files.storage import default_storage

from contract.translation import N_, _
from rules.errors import Invalid, Unprocessable
from uploads.checking import check, too_large
from uploads.kinds import MAX_BYTES, Kind, declared
from uploads.storing import store

HOSTS = {"cdn.discordapp.com", "media.discordapp.net"}
TIMEOUT = httpx.Timeout(10, connect=3)
NOT_LOADED = N_("That picture can’t be loaded.")
# In chats, where many of them are on one page.
SMALL = 96
HAS_THUMBNAIL = re.compile(r"^(\w+/[0-9a-f]{32})(\.webp)$")
# Old portraits are kept for history and undo: they go with their player's account (`privacy.erasing`).
PORTRAIT = declared(Kind("portrait", "portraits", side=1024, thumbnails=(SMALL,)))


def fetch(url: str) -> bytes:
    """Download a Discord attachment. Raises as `download` does."""
    return download(url, MAX_BYTES, TIMEOUT)


def download(url: str, most: int, timeout: httpx.Timeout, seconds: float = math.inf) -> bytes:
    """Download a picture from Discord, of so many bytes at most and in so many seconds.

    Raises Invalid for another host, Unprocessable for what is too large, or not to be had.
    """
    if not _is_discords(url):
        raise Invalid.field("url", _("Only pictures uploaded to Discord can be used."))
    content, ends = bytearray(), time.monotonic() + seconds
    try:
        with httpx.stream("GET", url, timeout=timeout, follow_redirects=False) as response:
            if response.status_code != 200:
                raise Unprocessable(_(NOT_LOADED), code="no_picture")
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > most:
                    raise too_large(PORTRAIT)
                if time.monotonic() > ends:
                    raise Unprocessable(_(NOT_LOADED), code="no_picture")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unprocessable(_(NOT_LOADED), code="no_picture") from error
    return bytes(content)


def _is_discords(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    configured = urlsplit(settings.DISCORD_CDN)
    if parts.scheme == "https" and parts.netloc in HOSTS:
        return True
    return (parts.scheme, parts.netloc) == (configured.scheme, configured.netloc)


def keep(picture: bytes, user_id: UUID | None = None) -> str:
    """Check a picture and store it; return its path. It is removed again unless a character claims it.

    Raises Unprocessable for what is no picture or too large, Unavailable when it cannot be stored.
    """
    return store(PORTRAIT, check(PORTRAIT, picture), user_id).path


def address(path: str) -> str | None:
    """Return the absolute URL of a stored portrait; None if there is none."""
    return urljoin(settings.SITE_URL, default_storage.url(path)) if path else None


def small_address(path: str) -> str | None:
    """Of its thumbnail, where one was made: portraits of before there were any are shown whole."""
    return address(HAS_THUMBNAIL.sub(rf"\1.{SMALL}\2", path))
