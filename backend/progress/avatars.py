"""The picture of an account for its rank card: from Discord, kept for a day, and nothing that a card waits for long."""

import hashlib
import logging
from contextlib import suppress

import httpx
from django.core.cache import cache

from delivery.redis_clients import REDIS_ERRORS
from discordauth.models import CustomUser
from haven import portraits
from rules.errors import GameError
from uploads.pictures import reencode

log = logging.getLogger(__name__)

SIDE = 512  # Discord knows powers of two
MOST_BYTES = 1024 * 1024
TIMEOUT = httpx.Timeout(1)
SECONDS = 2.0
# So long a picture is kept, and that there was none.
KEPT, FAILED = 24 * 3600, 600


def avatar_of(user: CustomUser) -> bytes:
    """A WebP; nothing where the account has no picture at Discord, or that cannot be had."""
    if not (url := user.picture_url):
        return b""
    key = f"rank-card-avatar:{hashlib.sha256(url.encode()).hexdigest()}"
    with suppress(*REDIS_ERRORS):
        kept: bytes | None = cache.get(key)
        if kept is not None:
            return kept
    found = _fetched(url)
    with suppress(*REDIS_ERRORS):
        cache.set(key, found, KEPT if found else FAILED)
    return found


def _fetched(url: str) -> bytes:
    try:
        picture = portraits.download(f"{url}?size={SIDE}", MOST_BYTES, TIMEOUT, SECONDS)
        return reencode(picture, SIDE).content
    except GameError as error:  # another host, gone, too large or too slow, or no picture
        log.info("no avatar on a rank card: %s", error)
        return b""
