"""A text message as it goes over the wire, whole before it meets a server."""

import struct
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import orjson

# What an ASGI server hands over and takes.
Scope = dict[str, Any]
AsgiMessage = dict[str, Any]
Receive = Callable[[], Awaitable[AsgiMessage]]
Send = Callable[[AsgiMessage], Awaitable[None]]
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


def encode(frame: Mapping[str, object]) -> Out:
    """Parts may be models of the contract."""
    return out(orjson.dumps(frame, default=vars).decode())


def resync(stream: str, seq: int) -> Out:
    """Events after `seq` were dropped: the client subscribes again with `since: seq`."""
    return encode({"type": "resync", "stream": stream, "seq": seq})


def framed(payload: bytes) -> bytes:
    """Frame a payload as RFC 6455, 5.2 says; what a server sends is not masked."""
    size = len(payload)
    if size < _SHORT:
        return bytes((_TEXT, size)) + payload
    if size < _MEDIUM:
        return struct.pack("!BBH", _TEXT, 126, size) + payload
    return struct.pack("!BBQ", _TEXT, 127, size) + payload
