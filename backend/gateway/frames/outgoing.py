"""Frames from the server. Events are encoded by `timeline.frames`; these are the gateway's own."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from delivery.wire import Out, encode, out


def with_ref(frame: dict[str, Any], ref: str | int | None) -> Out:
    """An answer: `ref` is what the client put on its question."""
    return encode(frame if ref is None else frame | {"ref": ref})


def hello(interval: float, session: str, user: dict[str, Any] | None) -> Out:
    milliseconds = round(interval * 1000)
    return encode(
        {"type": "hello", "heartbeat_interval": milliseconds, "session": session, "user": user, "protocol": 1}
    )


def presence(stream: str, users: dict[str, str]) -> Out:
    """Of one person, or of several at once."""
    if len(users) > 1:
        return encode({"type": "presence", "stream": stream, "users": users})
    ((user, status),) = users.items()
    return encode({"type": "presence", "stream": stream, "user": user, "status": status})


def with_presence(last_part: Out, present: dict[str, str]) -> Out:
    """The last part of a snapshot, completed when it is sent: its characters were encoded in another thread."""
    return out(f'{last_part.text[:-1]},"presence":{orjson.dumps(present).decode()}}}')


def rights(stream: str, role: str, *, lost: bool = False, gained: bool = False) -> Out:
    return encode({"type": "rights", "stream": stream, "role": role, "lost": lost, "gained": gained})


def sheet_closed(stream: str, character_id: str) -> Out:
    return encode(
        {
            "type": "rights",
            "stream": stream,
            "id": character_id,
            "role": "none",
            "lost": True,
            "gained": False,
        }
    )


def snapshot_parts(
    stream: str,
    seq: int,
    pieces: Iterable[bytes],
    limit: int,
    ref: str | int | None = None,
) -> Iterator[Out]:
    """The snapshot of encoded characters, in frames of at most `limit` bytes (one character alone may be larger)."""
    chunks = list(_chunks(pieces, limit))
    for number, chunk in enumerate(chunks, 1):
        head: dict[str, Any] = {
            "type": "snapshot",
            "stream": stream,
            "seq": seq,
            "part": number,
            "parts": len(chunks),
            "characters": [orjson.Fragment(piece) for piece in chunk],
        }
        yield with_ref(head, ref)


def _chunks(pieces: Iterable[bytes], limit: int) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    size = 0
    for piece in pieces:
        if chunk and size + len(piece) > limit:
            yield chunk
            chunk, size = [], 0
        chunk.append(piece)
        size += len(piece) + 1
    yield chunk
