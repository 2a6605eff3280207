"""The door of `/c/<slug>/ws/`: a public campaign's page follows it, piece by piece, in the language of its reader."""

from contextlib import suppress
from functools import partial
from urllib.parse import parse_qs

from contract.translation import best
from delivery.source import SourceUnavailable
from delivery.wire import Receive, Scope, Send
from gateway.constants import CLOSE_ORIGIN, CLOSE_REVOKED, CLOSE_TOO_MANY_SOCKETS, CLOSE_TRY_LATER
from gateway.consumers import is_ours, refuse
from gateway.credentials import Credentials
from gateway.overlay_live import LiveOverlay, Overlays, read_page
from gateway.overlay_socket import OverlaySocket
from gateway.process import Process
from gateway.public_socket import address_of


async def page(scope: Scope, offered: Credentials, receive: Receive, send: Send) -> None:
    """Whoever is there may look, and say nothing; so many from one address, with the viewers of the API."""
    if (await receive())["type"] != "websocket.connect":
        return
    await send({"type": "websocket.accept"})
    process, address = Process.of_this_loop(), address_of(scope)
    if not process.viewers.has_room_for(address):
        await refuse(send, CLOSE_TOO_MANY_SOCKETS)
        return
    process.viewers.enter(address)
    try:
        live, code = await _admitted(process.overlays, scope)
        if live is None:
            await refuse(send, code)
            return
        socket = OverlaySocket(process.overlays, scope, send)
        # The server and every layer above hold this very object, until the end.
        scope.clear()
        with suppress(OSError, RuntimeError):
            await socket.run(live, receive)
    finally:
        process.viewers.leave(address)


async def _admitted(overlays: Overlays, scope: Scope) -> tuple[LiveOverlay | None, int]:
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1")
    if origin and not is_ours(origin, headers.get(b"host", b"").decode("latin-1")):
        return None, CLOSE_ORIGIN
    slug, language = scope["path"].split("/")[2], _language(scope)
    try:
        return await overlays.open((slug, language), partial(read_page, slug, language)), CLOSE_REVOKED
    except SourceUnavailable:
        return None, CLOSE_TRY_LATER


def _language(scope: Scope) -> str:
    """One that we speak, whatever is asked for."""
    return best(parse_qs(scope.get("query_string", b"").decode("latin-1")).get("language", [""])[0])
