"""Animated pictures: each frame scaled down, all of them encoded again as animated WebP, within limits."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

SIDE = 480
MAX_FRAMES = 150
# Of all frames together, before and after they are scaled: what decoding may take of a processor, and of memory.
MAX_DECODED, MAX_KEPT = 60_000_000, 12_000_000
SHORTEST, LONGEST, USUAL = 20, 10_000, 100  # milliseconds of a frame


@dataclass(frozen=True)
class Film:
    content: bytes
    size: tuple[int, int]


def encoded(opened: Image.Image) -> Film | None:
    """Encode an animation, and go back to its first frame. None for what does not move, or exceeds the limits."""
    if not getattr(opened, "is_animated", False):
        return None
    frames: list[Image.Image] = []
    durations: list[int] = []
    most = min(MAX_FRAMES, MAX_DECODED // (opened.width * opened.height))
    for frame, duration in _frames(opened, most + 1):
        frames.append(frame)
        durations.append(duration)
        if len(frames) > most or len(frames) * frame.width * frame.height > MAX_KEPT:
            frames = []
            break
    opened.seek(0)
    return Film(_written(frames, durations), frames[0].size) if len(frames) > 1 else None


def _frames(opened: Image.Image, most: int) -> Iterator[tuple[Image.Image, int]]:
    """The frames with how long each is shown; never counted before, as that alone would decode all of them."""
    for index in range(most):
        try:
            opened.seek(index)
        except EOFError:
            return
        frame = opened.convert("RGBA")
        frame.thumbnail((SIDE, SIDE))
        yield frame, min(max(int(opened.info.get("duration") or USUAL), SHORTEST), LONGEST)


def _written(frames: list[Image.Image], durations: list[int]) -> bytes:
    written = io.BytesIO()
    rest = {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": 0}
    frames[0].save(written, "WEBP", quality=75, method=2, exif=b"", icc_profile=b"", xmp=b"", **rest)
    return written.getvalue()
