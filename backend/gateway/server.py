"""uvicorn's WebSocket protocol with a shorter way out: `uvicorn --ws gateway.server:Protocol`.

An event goes to thousands of sockets as the same bytes. ASGI's `send` builds the same frame again for each of
them, behind a coroutine; here it is built once (`delivery.wire`) and handed to each transport as it is. An ASGI
extension offers that, so the gateway runs under any other server as well, only slower.
"""

from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from delivery.wire import EXTENSION

# Clients of the chat API, and viewers, send no heartbeat: the server asks them whether they are there.
WITH_HEARTBEAT = "/ws/gateway"
PING_SECONDS, PONG_SECONDS = 25.0, 20.0


class Protocol(WebSocketsSansIOProtocol):
    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        # The socket's task has not begun yet. A compressed connection must see every message itself.
        if not self.handshake_complete and not self.conn.extensions:
            extensions = cast("dict[str, Any]", self.scope["extensions"])
            extensions[EXTENSION] = self.write

    def write(self, frame: bytes) -> bool:
        """Take the frame, or refuse it: then `send` waits for room, or raises what is wrong."""
        if self.close_sent or self.disconnected or not self.writable.is_set() or not self.handshake_complete:
            return False
        self.transport.write(frame)
        return True

    def start_keepalive(self) -> None:
        """The socket is accepted: its request and the answer would stay in memory for as long as it is open."""
        if self.scope["path"].rstrip("/") != WITH_HEARTBEAT:
            self.ping_interval, self.ping_timeout = PING_SECONDS, PONG_SECONDS
        super().start_keepalive()
        del self.request, self.response
