"""Frames from clients, parsed and limited, and the gateway's own frames (`contract.frames`).

Frames of events are encoded by `timeline.frames`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import orjson
from pydantic import ValidationError

from contract.base import Person
from contract.client_frames import CLIENT_FRAMES, ClientFrame, FromClient
from contract.errors import problems
from contract.translation import _
from delivery.options import Options
from delivery.wire import Out, encode, out
from rules.errors import Invalid

Ref = str | int | None
FrameT = TypeVar("FrameT", bound=ClientFrame)


def parse(text: str) -> FromClient:
    """Raises Invalid with code `bad_frame` or `unknown_type`; `data["ref"]` is the client's, when it had one."""
    try:
        body = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Invalid(_("This frame isn’t JSON."), code="bad_frame") from None
    if not isinstance(body, dict):
        raise Invalid(_("A frame is a JSON object."), code="bad_frame")
    model = CLIENT_FRAMES.get(str(body.get("type")))
    if model is None:
        ref = _validated(ClientFrame, body).ref
        raise Invalid(_("There’s no such type of frame."), code="unknown_type", ref=ref)
    return _validated(model, body)


def is_post(text: str) -> bool:
    """Whether a frame posts a message."""
    try:
        body = orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return isinstance(body, dict) and body.get("type") == "post"


def _validated(model: type[FrameT], body: Mapping[str, object]) -> FrameT:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise _refused(model, error, body) from None


def _refused(model: type[ClientFrame], error: ValidationError, body: Mapping[str, object]) -> Invalid:
    by_field = problems(model, error)
    sentences = dict.fromkeys(sentence for of_field in by_field.values() for sentence in of_field)
    ref = None if "ref" in by_field else body.get("ref")
    return Invalid(" ".join(sentences), code="bad_frame", ref=ref)


class FrameLimiter:
    """Limits of one connection: frames in a time window, and bad frames before it is closed."""

    __slots__ = ("_bad", "_bad_since", "_frames", "_frames_since", "_options")

    def __init__(self, options: Options, now: float) -> None:
        self._options = options
        self._frames = self._bad = 0
        self._frames_since = self._bad_since = now

    def count(self, now: float) -> None:
        """Count a frame. Raises Invalid (`too_fast`) past the rate."""
        options = self._options
        if now - self._frames_since > options.rate_seconds:
            self._frames, self._frames_since = 0, now
        self._frames += 1
        if self._frames > options.rate_frames:
            seconds = round(options.rate_seconds)
            raise Invalid(
                _(
                    "Up to {count} frames in {seconds} seconds.",
                    count=options.rate_frames,
                    seconds=seconds,
                ),
                code="too_fast",
            )

    def record_bad_frame(self, now: float) -> bool:
        """Count a bad frame; true when the connection has used up its allowance and must close."""
        if now - self._bad_since > self._options.bad_frame_memory:
            self._bad, self._bad_since = 0, now
        self._bad += 1
        return self._bad >= self._options.max_bad_frames


def with_ref(frame: dict[str, object], ref: Ref) -> Out:
    """An answer: `ref` is what the client put on its question."""
    return encode(frame if ref is None else frame | {"ref": ref})


def hello(interval: float, session: str, user: Person | None) -> Out:
    frame = {"type": "hello", "heartbeat_interval": round(interval * 1000), "session": session, "protocol": 1}
    return encode(frame | {"user": user and user.model_dump(mode="json")})


def presence(stream: str, users: Mapping[str, str]) -> Out:
    """Of one person, or of several at once."""
    if len(users) > 1:
        return encode({"type": "presence", "stream": stream, "users": users})
    ((user, status),) = users.items()
    return encode({"type": "presence", "stream": stream, "user": user, "status": status})


def with_presence(last_part: Out, present: Mapping[str, str]) -> Out:
    """The last part of a snapshot, completed when it is sent: its characters were encoded in another thread."""
    return out(f'{last_part.text[:-1]},"presence":{orjson.dumps(present).decode()}}}')


def rights(stream: str, role: str, *, lost: bool = False, gained: bool = False) -> Out:
    return encode({"type": "rights", "stream": stream, "role": role, "lost": lost, "gained": gained})


def sheet_closed(stream: str, character_id: str) -> Out:
    body = {"type": "rights", "stream": stream, "id": character_id, "role": "none"}
    return encode(body | {"lost": True, "gained": False})


def snapshot_parts(
    stream: str, seq: int, characters: Iterable[bytes], limit: int, ref: Ref = None
) -> Iterator[Out]:
    """The snapshot of encoded characters, in frames of at most `limit` bytes (one character alone may be larger)."""
    chunks = list(_chunks(characters, limit))
    for number, chunk in enumerate(chunks, 1):
        head: dict[str, object] = {
            "type": "snapshot",
            "stream": stream,
            "seq": seq,
            "part": number,
            "parts": len(chunks),
            "characters": [orjson.Fragment(character) for character in chunk],
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
