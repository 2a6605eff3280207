"""Pictures without a picture library: a small symmetric pattern per user or guild, as PNG."""

import colorsys
import hashlib
import struct
import zlib

CELLS = 5


def identicon(seed: str, size: int = 128) -> bytes:
    """A square PNG of `size` pixels, always the same for the same seed."""
    digest = hashlib.sha256(seed.encode()).digest()
    hue = int.from_bytes(digest[:2], "big") / 0x10000
    colour, ground = _rgb(hue, 0.5, 0.9), _rgb(hue, 0.45, 0.22)
    rows = [_row(digest[6 + line], colour, ground, size) for line in range(CELLS)]
    pixels = b"".join(rows[line * CELLS // size] for line in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = [_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(pixels, 9)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _rgb(hue: float, saturation: float, value: float) -> bytes:
    return bytes(round(part * 255) for part in colorsys.hsv_to_rgb(hue, saturation, value))


def _row(bits: int, colour: bytes, ground: bytes, size: int) -> bytes:
    half = [bool(bits >> shift & 1) for shift in range(3)]
    cells = [*half, half[1], half[0]]
    pixels = b"".join(colour if cells[x * CELLS // size] else ground for x in range(size))
    return b"\x00" + pixels  # each line begins with its filter type


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
