"""Who talks in a channel and who listens, for `scripts.bench.chat`."""

import itertools

import orjson

from scripts.bench.client import Answer, Audience, Http, Viewer
from scripts.bench.shapes import Shape
from scripts.bench.viewers import JSON, Send
from scripts.bench.watchers import Watcher, doors, enter_all

TEXT = "The blood remembers every promise that was ever made in this city, **and so does she**. "
AUTHORS = 20
CSRF = "b" * 32
_numbers = itertools.count()


class Listeners(Audience):
    """Members with the channel open. `disorder`: frames that did not come right after the one before."""

    def __init__(self, wanted: int) -> None:
        super().__init__(wanted, "chat_message")
        self.disorder = 0
        self._last: dict[Viewer, int] = {}
        self._seqs: dict[bytes, int] = {}

    def on_text(self, viewer: Viewer, payload: bytes) -> None:
        super().on_text(viewer, payload)
        seq = self._seqs.get(payload)
        if seq is None:
            is_message = payload.startswith(self._begins)
            seq = self._seqs[payload] = orjson.loads(payload)["seq"] if is_message else 0
        if seq:
            self.disorder += seq - self._last.get(viewer, seq - 1) != 1
            self._last[viewer] = seq

    def forget(self) -> None:
        super().forget()
        self._seqs.clear()


async def listen(shape: Shape, count: int) -> tuple[Listeners, list[Watcher]]:
    """Connect members of the large community, each in an own session, to its channel."""
    listeners = Listeners(count)
    rooms = [shape.world["large"]["room"]] * count
    watchers = await enter_all(doors(shape.gateway, shape.world["sessions"][:count]), rooms)
    for watcher in watchers:
        watcher.listen(listeners.on_text)
    return listeners, watchers


def authors(shape: Shape) -> list[Send]:
    """Return ways to post, each as another member."""
    room = shape.world["large"]["room"].partition(":")[2]
    return [author(room, session) for session in shape.world["sessions"][:AUTHORS]]


def author(room: str, session: str) -> Send:
    """Post as this member, by the REST API, once for a nonce; answer with the message as the event that it is."""
    cookies = f"sessionid={session}; csrftoken={CSRF}"
    headers = JSON | {"Cookie": cookies, "X-CSRFToken": CSRF}

    async def send(http: Http) -> Answer:
        body = orjson.dumps({"text": TEXT, "nonce": f"bench-{next(_numbers)}"})
        answer = await http.call("POST", f"/api/chat/rooms/{room}/messages/", body, headers)
        if answer.status != 201:
            raise RuntimeError(f"a message was answered with {answer.status}: {answer.body[-300:]!r}")
        message = answer.json()["message"]
        event = {"stream": f"room:{room}", "seq": message["changed"]}
        return Answer(200, orjson.dumps({"event": event}))

    return send


async def frame_of(shape: Shape) -> bytes:
    """Return a message's frame as the platform sends it, for the floors to send the same."""
    listeners, watchers = await listen(shape, 1)
    frames: list[bytes] = []

    def keep(viewer: Viewer, payload: bytes) -> None:
        frames.append(payload)
        listeners.on_text(viewer, payload)

    watchers[0].listen(keep)
    http = await Http.open(shape.http)
    await authors(shape)[0](http)
    await listeners.next_complete()
    http.close()
    watchers[0].viewer.close()
    return next(payload for payload in frames if payload.startswith(b'{"type":"chat_message"'))


def numbered(frame: bytes, path: str) -> Send:
    """Have a floor send the frame, each time with another seq, and answer as the platform answers."""
    body = orjson.loads(frame)
    seqs = itertools.count(body["seq"] + 1)

    async def send(http: Http) -> Answer:
        seq = next(seqs)
        await http.call("POST", path, orjson.dumps(body | {"seq": seq}), JSON)
        return Answer(200, orjson.dumps({"event": {"stream": body["stream"], "seq": seq}}))

    return send
