"""A socket of somebody who only looks: no account, no subscriptions, nothing that a client says changes anything.

Kept as small as can be: a task that waits, an outbox, and a place among the viewers of one campaign.
"""

import asyncio
from ipaddress import ip_address

from django.conf import settings

from delivery.options import Options
from delivery.outbox import Outbox
from delivery.wire import Out, Receive, Scope, Send, Write
from gateway.constants import CLOSE_POLICY, CLOSE_TOO_BIG

# What a client says is thrown away. Who says more than this is no viewer.
MAX_FRAMES, MAX_FRAME_BYTES = 100, 4096
# So many events a viewer may wait for behind the first frames.
MAX_HELD = 2000


class PublicSocket:
    __slots__ = ("_after", "_ending", "_held", "_task", "close_code", "outbox")

    def __init__(self, send: Send, write: Write | None, options: Options) -> None:
        self.outbox = Outbox(send, options, self.stop, write)
        self.close_code: int | None = None
        self._task: asyncio.Task[object] | None = None
        self._ending = False
        # The last event in what it has; events wait until that is known.
        self._after = 0
        self._held: list[tuple[int, Out]] | None = []

    async def run(self, receive: Receive) -> None:
        """Until the client leaves or `stop` is called."""
        self._task = asyncio.current_task()
        said = 0
        try:
            while self.close_code is None and (message := await receive())["type"] == "websocket.receive":
                said += 1
                if len(message.get("text") or message.get("bytes") or "") > MAX_FRAME_BYTES:
                    self.stop(CLOSE_TOO_BIG)
                elif said > MAX_FRAMES:
                    self.stop(CLOSE_POLICY)
        except asyncio.CancelledError:
            if self.close_code is None:
                raise
        finally:
            self._ending = True
            if self.close_code is not None:
                await self.outbox.close(self.close_code)

    def stop(self, code: int) -> None:
        """End the socket, from wherever; the first code counts."""
        if self.close_code is None:
            self.close_code = code
        if self._task is not None and not self._ending:
            self._task.cancel()

    def begin(self, seq: int, frames: list[Out]) -> None:
        """Send the first frames, then what happened meanwhile."""
        for frame in frames:
            self.outbox.push(frame)
        self._after = seq
        held, self._held = self._held or [], None
        for number, frame in held:
            self.deliver(number, frame)

    def deliver(self, seq: int, frame: Out) -> None:
        if self._held is not None:
            if len(self._held) < MAX_HELD:
                self._held.append((seq, frame))
        elif seq > self._after:
            self._after = seq
            self.outbox.push(frame)

    def replace(self, seq: int, snapshot: Out) -> None:
        """A new scene in place of what it shows; one that has nothing yet gets its own."""
        if self._held is None:
            self._after = max(seq, 0)
            self.outbox.push(snapshot)


def address_of(scope: Scope) -> str:
    """The client's address, as our own proxy reports it; the /64 of an IPv6 address, in which one customer has all."""
    client = scope.get("client")
    text = str(client[0]) if client else ""
    if settings.TRUST_PROXY:
        forwarded = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin-1")
        text = forwarded.rpartition(",")[2].strip() or text
    try:
        address = ip_address(text)
    except ValueError:
        return text
    return text if address.version == 4 else str(address.exploded)[:19]
