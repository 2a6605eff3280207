"""Portraits from Discord or an upload: decoded, scaled down and encoded again."""

import contextlib
import io
import logging
import secrets
import struct
import warnings
import zlib
from urllib.parse import urljoin, urlsplit

import httpx
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from PIL import ExifTags, Image, UnidentifiedImageError

from contract.translation import N_, _
from rules.errors import Invalid, Unavailable, Unprocessable

log = logging.getLogger(__name__)

HOSTS = {"cdn.discordapp.com", "media.discordapp.net"}
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_MEMORY = 128 * 1024 * 1024
TOO_MANY_PIXELS = N_("That picture has too many pixels. Make it smaller, and try again.")
SIDE = 1024
SCALABLE = {
    "L": 2,
    "RGB": 6,
    "CMYK": 6,
    "LA": 10,
    "RGBA": 10,
}  # modes, and the bytes of memory that a pixel takes
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Decoders meet what nobody thought of in files that somebody made on purpose, and raise whatever that leads to.
DECODER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
TIMEOUT = httpx.Timeout(10, connect=3)


def fetch(url: str) -> bytes:
    """Download a Discord attachment as WebP no larger than 1024 × 1024.

    Raises Invalid for another host, Unprocessable for what is no picture, too large, or not to be had.
    """
    if not _is_discords(url):
        raise Invalid.field("url", _("Only pictures uploaded to Discord can be used."))
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
                raise Unprocessable(_("That picture can’t be loaded."), code="no_picture")
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MAX_BYTES:
                    raise Unprocessable(_("A portrait may have 8 MB at most."), code="picture_too_large")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unprocessable(_("That picture can’t be loaded."), code="no_picture") from error
    return bytes(content)


def reencode(content: bytes) -> bytes:
    """Decode an image whatever type it claims and encode it again, without metadata.

    Raises Unprocessable for what is no picture, or would take too much memory to look at.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about broken notes in it
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                return _encoded(_upright(_small(opened), _orientation(opened)))
    except UnidentifiedImageError as error:
        raise Unprocessable(
            _("That file isn’t a picture (PNG, JPEG, WebP or GIF)."), code="no_picture"
        ) from error
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unprocessable(_(TOO_MANY_PIXELS), code="picture_too_large") from error
    except DECODER_ERRORS as error:
        raise Unprocessable(
            _(
                "That picture is damaged or holds something unusual. Save it again with another program, "
                "and try that."
            ),
            code="no_picture",
        ) from error


def _small(opened: Image.Image) -> Image.Image:
    """Scale down before anything else is done: each further copy of the whole would take as much memory again."""
    if opened.width * opened.height > MAX_PIXELS or _memory(opened) > MAX_MEMORY:
        raise Unprocessable(_(TOO_MANY_PIXELS), code="picture_too_large")
    small = opened if _is_plain(opened) else opened.convert("RGBA")
    small.thumbnail((SIDE, SIDE))
    return small


def _memory(opened: Image.Image) -> int:
    """Bytes that decoding and scaling take at their height, all copies together (measured). Lets JPEG prepare."""
    whole = opened.width * opened.height
    opened.draft(
        "RGB", (SIDE, SIDE)
    )  # a JPEG is decoded at about the size that is needed, the others as they are
    decoded = opened.width * opened.height
    if opened.format == "WEBP":
        return decoded * 19
    # Of a progressive JPEG the whole is kept until its last scan.
    kept = whole * 2 * len(opened.getbands()) if opened.info.get("progressive") else 0
    return kept + decoded * (SCALABLE[opened.mode] if _is_plain(opened) else 12)


def _is_plain(opened: Image.Image) -> bool:
    """Tell whether it can be scaled as it is; palettes, 16 bits and one transparent colour cannot."""
    return opened.mode in SCALABLE and "transparency" not in opened.info


def _orientation(opened: Image.Image) -> int:
    """How a camera was held; 1 where the note about it is missing or broken."""
    try:
        return int(opened.getexif().get(ExifTags.Base.Orientation, 1))
    except DECODER_ERRORS:
        return 1


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    turn = TURNS.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def _encoded(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.convert("RGBA").save(written, "WEBP", quality=85, exif=b"", icc_profile=b"", xmp=b"")
    return written.getvalue()


def address(path: str) -> str | None:
    """Return the absolute URL of a stored portrait; None if there is none."""
    return urljoin(settings.SITE_URL, default_storage.url(path)) if path else None


def keep(picture: bytes) -> str:
    """Store a picture under an unguessable name; return its path below the media folder.

    Raises Unavailable, and leaves no half of a file, when the disk is full or may not be written to.
    """
    path = f"portraits/{secrets.token_urlsafe(16)}.webp"
    try:
        return default_storage.save(path, ContentFile(picture))
    except OSError as error:
        log.error("a portrait cannot be stored: %s", error)
        if isinstance(default_storage, FileSystemStorage):  # a bucket has a file whole or not at all
            with contextlib.suppress(OSError):
                default_storage.delete(path)
        raise Unavailable(_("The picture cannot be stored at the moment. Nothing was changed.")) from error
