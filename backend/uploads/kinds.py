"""What may be uploaded for which purpose: each app that takes files declares a kind of its own."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

MEGABYTE = 1024 * 1024
MAX_BYTES = 8 * MEGABYTE
# Of those paths, the ones that a row points to.
InUse = Callable[[Collection[str]], set[str]]


@dataclass(frozen=True)
class Kind:
    """One purpose of uploads. Pictures are scaled down to `side`, and to each of `thumbnails` beside that.

    `private`: nobody has an address of such a file; a view hands it out after it has asked for the rights. `moving`:
    an animation stays one within limits; of any other picture the first frame is kept. `others`: files that are no
    pictures are taken too, those of the list in `uploads.files`. `in_use` tells the sweep what is still pointed to;
    without it whoever claimed a file has to release it.
    """

    name: str
    folder: str
    side: int
    thumbnails: tuple[int, ...]
    private: bool = False
    moving: bool = False
    others: bool = False
    in_use: InUse | None = None


# By name. A kind is in here from when the module of its app is imported (`AppConfig.ready`).
KINDS: dict[str, Kind] = {}


def declared(kind: Kind) -> Kind:
    """Make a kind known to the sweep."""
    KINDS[kind.name] = kind
    return kind
