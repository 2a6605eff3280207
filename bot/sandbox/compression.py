"""The gateway's transport compression: one continuous stream per connection, flushed after each message."""

import zlib
from typing import Protocol

import zstandard


class Stream(Protocol):
    def pack(self, data: bytes) -> bytes: ...


class Zlib:
    def __init__(self) -> None:
        self._stream = zlib.compressobj()

    def pack(self, data: bytes) -> bytes:
        return self._stream.compress(data) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class Zstd:
    """A frame per message would fail in discord.py; a block per message is what it expects."""

    def __init__(self) -> None:
        self._stream = zstandard.ZstdCompressor().compressobj()

    def pack(self, data: bytes) -> bytes:
        return self._stream.compress(data) + self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


STREAMS: dict[str, type[Zlib] | type[Zstd]] = {"zlib-stream": Zlib, "zstd-stream": Zstd}
