"""The door of `/ws/gateway/`: who may come in. What happens inside is in `gateway.session`.

A bare ASGI callable: one queue and one task less for each viewer than a Channels consumer has.
"""

from contextlib import suppress
from typing import Any

from gateway import credentials
from gateway.constants import CLOSE_NOT_AUTHENTICATED, CLOSE_ORIGIN, CLOSE_TOO_MANY_SOCKETS, CLOSE_TRY_LATER
from gateway.hub import ArchiveUnavailable
from gateway.origins import may_connect
from gateway.process import Process
from gateway.session import Session


async def gateway(scope: dict[str, Any], receive: Any, send: Any) -> None:
    offered = scope["gateway.credentials"]
    if (await receive())["type"] != "websocket.connect":
        return
    # A socket that was never accepted cannot tell its code: accept, then close.
    await send({"type": "websocket.accept"})
    process = Process.of_this_loop()
    if not may_connect(scope, offered):
        await _refuse(send, CLOSE_ORIGIN)
        return
    try:
        known = await process.database.run(credentials.identify, offered)
    except ArchiveUnavailable:
        await _refuse(send, CLOSE_TRY_LATER)
        return
    if known is None:
        await _refuse(send, CLOSE_NOT_AUTHENTICATED)
        return
    identity, user = known
    if not process.has_room_for(identity):
        await _refuse(send, CLOSE_TOO_MANY_SOCKETS)
        return
    session = Session(process, identity, send)
    process.add(session)
    try:
        await session.run(receive, user)
    finally:
        await process.remove(session)


async def _refuse(send: Any, code: int) -> None:
    with suppress(OSError, RuntimeError):  # it may be gone before it hears
        await send({"type": "websocket.close", "code": code})
