"""Pictures and other files as people send them."""

import io

from PIL import Image


def png(size: tuple[int, int] = (64, 64), mode: str = "RGB") -> bytes:
    return picture("PNG", size, mode)


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 64), mode: str = "RGB") -> bytes:
    written = io.BytesIO()
    colour = "#8c1c2b" if mode in ("RGB", "RGBA", "P") else 127
    Image.new(mode, size, colour).save(written, kind)
    return written.getvalue()


def film(frames: int = 6, size: tuple[int, int] = (120, 80), kind: str = "GIF") -> bytes:
    """An animation whose frames differ."""
    written = io.BytesIO()
    drawn = [Image.new("RGB", size, (number * 7 % 256, 20, 40)) for number in range(frames)]
    drawn[0].save(written, kind, save_all=True, append_images=drawn[1:], duration=50, loop=0)
    return written.getvalue()


PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
# Two frames of 128 kbit/s at 44.1 kHz, and what a tagger puts before them.
MP3_FRAME = b"\xff\xfb\x90\x00" + b"\x00" * 413
MP3 = MP3_FRAME * 2
TAGGED_MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x0a" + b"\x00" * 10 + MP3
OGG = b"OggS\x00\x02" + b"\x00" * 20 + b"\x01\x1e\x01vorbis" + b"\x00" * 40
