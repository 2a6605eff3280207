"""Files that are no pictures: a short list of types, told by what is in them and never by their names.

They are kept as they are, so they are only ever handed out as downloads (`uploads.serving`). Archives and office
documents are not on the list: nothing of them can be checked, and they carry programs.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from contract.translation import N_, _
from rules.errors import Unprocessable

REFUSED = N_("Only pictures (PNG, JPEG, WebP, GIF), PDF, plain text, MP3 and Ogg files can be attached.")
# Of MPEG audio, layer III: the beginning of each frame (11 bits), then version, layer, rates and padding.
MP3_BITRATES = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
MP3_BITRATES_2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
OGG_CODECS = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x9f]")


@dataclass(frozen=True)
class FileType:
    """`suffixes`: names that end so keep their ending; any other name gets the first of them."""

    media_type: str
    suffixes: tuple[str, ...]
    fits: Callable[[bytes], bool]


def type_of(content: bytes) -> FileType:
    """The type of a file by its content. Raises Unprocessable for what is not on the list."""
    for known in TYPES:
        if known.fits(content):
            return known
    raise Unprocessable(_(REFUSED), code="file_type")


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]


def _is_ogg(content: bytes) -> bool:
    """The first page of a stream, which names its codec."""
    return content[:6] == b"OggS\x00\x02" and any(codec in content[:64] for codec in OGG_CODECS)


def _is_mp3(content: bytes) -> bool:
    """Two whole frames behind the tag, if there is one: a single sync word is found in anything."""
    start = _after_id3(content)
    length = _mp3_frame(content[start : start + 4])
    return bool(length and _mp3_frame(content[start + length : start + length + 4]))


def _after_id3(content: bytes) -> int:
    if content[:3] != b"ID3" or len(content) < 10 or max(content[6:10]) > 0x7F:
        return 0
    size = 0
    for part in content[6:10]:
        size = size << 7 | part
    return 10 + size + (10 if content[5] & 0x10 else 0)


def _mp3_frame(head: bytes) -> int:
    """Bytes of the frame that begins so; 0 if none does."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bitrate, rate, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if layer != 1 or version not in MP3_RATES or rate == 3 or bitrate in (0, 15):
        return 0
    bitrates, samples = (MP3_BITRATES, 144) if version == 3 else (MP3_BITRATES_2, 72)
    return samples * bitrates[bitrate - 1] * 1000 // MP3_RATES[version][rate] + padding


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not CONTROLS.search(text)


# The first that fits. Text comes last: a PDF may be text throughout.
TYPES = (
    FileType("application/pdf", (".pdf",), _is_pdf),
    FileType("audio/ogg", (".ogg", ".oga", ".opus"), _is_ogg),
    FileType("audio/mpeg", (".mp3",), _is_mp3),
    FileType("text/plain", (".txt", ".md"), _is_text),
)
