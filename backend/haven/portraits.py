"""Portraits from Discord or an upload: decoded, scaled down and encoded again."""

import io
import secrets
import warnings
from urllib.parse import urljoin, urlsplit

import httpx
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from rules.errors import Invalid, Unprocessable

HOSTS = {"cdn.discordapp.com", "media.discordapp.net"}
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 40_000_000
SIDE = 1024
TIMEOUT = httpx.Timeout(10, connect=3)


def fetch(url: str) -> bytes:
    """Download a Discord attachment as WebP no larger than 1024 × 1024.

    Raises Invalid for another host, Unprocessable for what is no picture, too large, or not to be had.
    """
    if not _is_discords(url):
        raise Invalid.field("url", "Only pictures that were uploaded to Discord can be used.")
    return reencode(_download(url))


def _is_discords(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    configured = urlsplit(settings.DISCORD_CDN)
    if parts.scheme == "https" and parts.netloc in HOSTS:
        return True
    return (parts.scheme, parts.netloc) == (configured.scheme, configured.netloc)


def _download(url: str) -> bytes:
    content = bytearray()
    try:
        with httpx.stream("GET", url, timeout=TIMEOUT, follow_redirects=False) as response:
            if response.status_code != 200:
                raise Unprocessable("That picture cannot be loaded.", code="no_picture")
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MAX_BYTES:
                    raise Unprocessable("A portrait may have 8 MB at most.", code="picture_too_large")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unprocessable("That picture cannot be loaded.", code="no_picture") from error
    return bytes(content)


def reencode(content: bytes) -> bytes:
    """Decode an image whatever type it claims and encode it anew, without metadata."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise Unprocessable("That picture has too many pixels.", code="picture_too_large")
                picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
        OSError,
    ) as error:
        raise Unprocessable("That file is no picture (PNG, JPEG, WebP or GIF).", code="no_picture") from error
    picture.thumbnail((SIDE, SIDE))
    written = io.BytesIO()
    picture.save(written, "WEBP", quality=85)
    return written.getvalue()


def address(path: str) -> str | None:
    """Return the absolute URL of a stored portrait; None if there is none."""
    return urljoin(settings.SITE_URL, default_storage.url(path)) if path else None


def keep(picture: bytes) -> str:
    """Store a picture under an unguessable name; return its path below the media folder."""
    return default_storage.save(f"portraits/{secrets.token_urlsafe(16)}.webp", ContentFile(picture))
