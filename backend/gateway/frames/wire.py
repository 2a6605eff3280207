"""A text message as it goes over the wire, and how a server takes one that is whole already."""

import struct
from collections.abc import Callable
from typing import NamedTuple

# The ASGI extension of `gateway.server`: takes the bytes of a whole frame, or refuses them (False).
EXTENSION = "gateway.write"
Write = Callable[[bytes], bool]

_TEXT = 0x81  # text, and the only frame of its message
_SHORT, _MEDIUM = 126, 1 << 16


class Out(NamedTuple):
    """A message for a socket. One and the same object goes to every viewer of it."""

    text: str
    wire: bytes


def out(text: str) -> Out:
    return Out(text, framed(text.encode()))


def framed(payload: bytes) -> bytes:
    """RFC 6455, 5.2; what a server sends is not masked."""
    size = len(payload)
    if size < _SHORT:
        return bytes((_TEXT, size)) + payload
    if size < _MEDIUM:
        return struct.pack("!BBH", _TEXT, 126, size) + payload
    return struct.pack("!BBQ", _TEXT, 127, size) + payload
