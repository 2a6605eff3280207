"""The door of `/ws/gateway/`: who may come in. What happens inside is in `gateway.session`.

A bare ASGI callable: one queue and one task less for each viewer than a Channels consumer has.
"""

from contextlib import suppress
from typing import Any

from delivery.source import SourceUnavailable
from delivery.wire import EXTENSION
from gateway.constants import CLOSE_NOT_AUTHENTICATED, CLOSE_ORIGIN, CLOSE_TOO_MANY_SOCKETS, CLOSE_TRY_LATER
from gateway.credentials import Credentials
from gateway.origins import may_connect
from gateway.process import Process
from gateway.session import Session


async def gateway(scope: dict[str, Any], offered: Credentials, receive: Any, send: Any) -> None:
    if (await receive())["type"] != "websocket.connect":
        return
    session = await _enter(scope, offered, send)
    # Headers and addresses: the server and every layer above hold this very object, until the end.
    scope.clear()
    if session is None:
        return
    try:
        await session.run(receive)
    finally:
        await session.process.remove(session)


async def _enter(scope: dict[str, Any], offered: Credentials, send: Any) -> Session | None:
    """Greeted, or refused. What is only needed at the door is not kept for as long as the socket is open."""
    # A socket that was never accepted cannot tell its code: accept, then close.
    await send({"type": "websocket.accept"})
    process = Process.of_this_loop()
    if not may_connect(scope, offered):
        await _refuse(send, CLOSE_ORIGIN)
        return None
    try:
        known = await process.identify.ask(offered)
    except SourceUnavailable:
        await _refuse(send, CLOSE_TRY_LATER)
        return None
    if known is None:
        await _refuse(send, CLOSE_NOT_AUTHENTICATED)
        return None
    identity, user = known
    if not process.has_room_for(identity):
        await _refuse(send, CLOSE_TOO_MANY_SOCKETS)
        return None
    session = Session(process, identity, send, scope.get("extensions", {}).get(EXTENSION))
    process.add(session)
    session.greet(user)
    return session


async def _refuse(send: Any, code: int) -> None:
    with suppress(OSError, RuntimeError):  # it may be gone before it hears
        await send({"type": "websocket.close", "code": code})
