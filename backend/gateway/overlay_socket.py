"""The door of `/overlay/<secret>/ws/`: who has the address may look, and say nothing."""

import asyncio
from contextlib import suppress
from functools import partial

from delivery.outbox import Outbox
from delivery.source import SourceUnavailable
from delivery.wire import EXTENSION, Receive, Scope, Send
from gateway.constants import (
    CLOSE_BAD_FRAMES,
    CLOSE_ORIGIN,
    CLOSE_REVOKED,
    CLOSE_TOO_MANY_SOCKETS,
    CLOSE_TRY_LATER,
)
from gateway.consumers import is_ours, refuse
from gateway.overlay_live import LiveOverlay, Overlays, read_overlay
from gateway.process import Process

BEGINS, ENDS = "/overlay/", "/ws"
HIDDEN = "/overlay/[hidden]/ws"
# A page of ours sends nothing; so many frames are a mistake, more are somebody else.
MOST_FRAMES = 10


def secret_of(scope: Scope) -> str | None:
    """Take the secret out of an address of an overlay, in place: servers log it. None for any other address."""
    path: str = scope["path"].removesuffix("/")
    if not (path.startswith(BEGINS) and path.endswith(ENDS)):
        return None
    scope["path"] = HIDDEN
    scope["raw_path"] = HIDDEN.encode()
    return path.removeprefix(BEGINS).removesuffix(ENDS)


class OverlaySocket:
    __slots__ = ("_ending", "_task", "close_code", "outbox")

    def __init__(self, overlays: Overlays, scope: Scope, send: Send) -> None:
        write = scope.get("extensions", {}).get(EXTENSION)
        self.outbox = Outbox(send, overlays.options, self.stop, write)
        self.close_code: int | None = None
        self._task = asyncio.current_task()
        self._ending = False

    def stop(self, code: int) -> None:
        if self.close_code is None:
            self.close_code = code
        if self._task is not None and not self._ending:
            self._task.cancel()

    async def run(self, live: LiveOverlay, receive: Receive) -> None:
        """Until the page leaves or `stop` is called."""
        live.join(self)
        try:
            frames = 0
            while self.close_code is None and (await receive())["type"] == "websocket.receive":
                frames += 1
                if frames > MOST_FRAMES:
                    self.close_code = CLOSE_BAD_FRAMES
        except asyncio.CancelledError:
            if self.close_code is None:
                raise
        finally:
            self._ending = True
            live.leave(self)
            if self.close_code is not None:
                await self.outbox.close(self.close_code)


async def overlay(scope: Scope, secret: str, receive: Receive, send: Send) -> None:
    if (await receive())["type"] != "websocket.connect":
        return
    # A socket that was never accepted cannot send its code: accept, then close.
    await send({"type": "websocket.accept"})
    overlays = Process.of_this_loop().overlays
    live, code = await _admitted(overlays, scope, secret)
    if live is None:
        await refuse(send, code)
        return
    socket = OverlaySocket(overlays, scope, send)
    # Headers and addresses: the server and every layer above hold this very object, until the end.
    scope.clear()
    with suppress(OSError, RuntimeError):
        await socket.run(live, receive)


async def _admitted(overlays: Overlays, scope: Scope, secret: str) -> tuple[LiveOverlay | None, int]:
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1")
    if origin and not is_ours(origin, headers.get(b"host", b"").decode("latin-1")):
        return None, CLOSE_ORIGIN
    try:
        live = await overlays.open(secret, partial(read_overlay, secret))
    except SourceUnavailable:
        return None, CLOSE_TRY_LATER
    if live is not None and len(live.sockets) >= overlays.options.max_sockets_per_overlay:
        return None, CLOSE_TOO_MANY_SOCKETS
    return live, CLOSE_REVOKED
