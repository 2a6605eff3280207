"""Pictures: decoded whatever they claim to be, scaled down, encoded again without anything else that was in them."""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import ExifTags, Image, UnidentifiedImageError

from contract.translation import N_, _
from rules.errors import Unprocessable
from uploads import animation

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MEDIA_TYPE, SUFFIX = "image/webp", ".webp"
MAX_PIXELS = 40_000_000
MAX_MEMORY = 128 * 1024 * 1024
TOO_MANY_PIXELS = N_("That picture has too many pixels. Make it smaller, and try again.")
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


@dataclass(frozen=True)
class Picture:
    """A picture as WebP, and smaller ones of it by the length of their longer side."""

    content: bytes
    width: int
    height: int
    thumbnails: dict[int, bytes]


def reencode(content: bytes, side: int, thumbnails: tuple[int, ...] = (), *, moving: bool = False) -> Picture:
    """Decode an image whatever type it claims and encode it again, without metadata, at most `side` wide and high.

    Raises Unprocessable for what is no picture, or would take too much memory to look at.
    """
    with _refused_in_words(), Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        film = animation.encoded(opened) if moving else None
        upright = _upright(_small(opened, side), _orientation(opened))
        whole = film.content if film else _encoded(upright)
        width, height = film.size if film else upright.size
        return Picture(whole, width, height, {side: _thumbnail(upright, side) for side in thumbnails})


@contextmanager
def _refused_in_words() -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about broken notes in it
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
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


def _small(opened: Image.Image, side: int) -> Image.Image:
    """Scale down before anything else is done: each further copy of the whole would take as much memory again."""
    if opened.width * opened.height > MAX_PIXELS or _memory(opened, side) > MAX_MEMORY:
        raise Unprocessable(_(TOO_MANY_PIXELS), code="picture_too_large")
    small = opened if _is_plain(opened) else opened.convert("RGBA")
    small.thumbnail((side, side))
    return small


def _memory(opened: Image.Image, side: int) -> int:
    """Bytes that decoding and scaling take at their height, all copies together (measured). Lets JPEG prepare."""
    whole = opened.width * opened.height
    opened.draft(
        "RGB", (side, side)
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


def _thumbnail(picture: Image.Image, side: int) -> bytes:
    small = picture.copy()
    small.thumbnail((side, side))
    return _encoded(small)


def _encoded(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.convert("RGBA").save(written, "WEBP", quality=85, exif=b"", icc_profile=b"", xmp=b"")
    return written.getvalue()
