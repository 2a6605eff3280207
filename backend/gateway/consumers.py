"""The door of `/ws/gateway/`: which pages and which people may come in. What happens inside is in `gateway.session`.

A bare ASGI callable: one queue and one task less for each viewer than a Channels consumer has.
"""

from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain

from contract.translation import best
from delivery.source import SourceUnavailable
from delivery.wire import EXTENSION, Receive, Scope, Send
from gateway.chat_session import ChatSession
from gateway.constants import CLOSE_TOO_MANY_SOCKETS, CLOSE_TRY_LATER
from gateway.credentials import Credentials
from gateway.process import Process
from gateway.session import Session


async def gateway(scope: Scope, offered: Credentials, receive: Receive, send: Send) -> None:
    await _serve(Session, scope, offered, receive, send)


async def chat(scope: Scope, offered: Credentials, receive: Receive, send: Send) -> None:
    """The socket of the chat API (S003), for people alone."""
    await _serve(ChatSession, scope, offered, receive, send)


async def _serve(
    kind: type[Session], scope: Scope, offered: Credentials, receive: Receive, send: Send
) -> None:
    if (await receive())["type"] != "websocket.connect":
        return
    process = Process.of_this_loop()
    session = await _enter(kind, process, scope, offered, send)
    # Headers and addresses: the server and every layer above hold this very object, until the end.
    scope.clear()
    if session is None:
        return
    try:
        await session.run(receive)
    finally:
        await process.remove(session)


async def _enter(
    kind: type[Session], process: Process, scope: Scope, offered: Credentials, send: Send
) -> Session | None:
    """Send the first frame, or refuse the connection. What only this needs is not kept while the socket is open."""
    # A socket that was never accepted cannot send its code: accept, then close.
    await send({"type": "websocket.accept"})
    if not may_connect(scope, offered):
        await refuse(send, kind.close_origin)
        return None
    try:
        known = await process.identify.load(offered)
    except SourceUnavailable:
        await refuse(send, CLOSE_TRY_LATER)
        return None
    if known is None or not kind.is_for(known[0]):
        await refuse(send, kind.close_refused)
        return None
    identity, user = known
    if not process.has_room_for(identity):
        await refuse(send, CLOSE_TOO_MANY_SOCKETS)
        return None
    headers = dict(scope["headers"])
    client_language = best(headers.get(b"accept-language", b"").decode("latin-1"))
    session = kind(process, identity, send, scope.get("extensions", {}).get(EXTENSION), client_language)
    process.add(session)
    session.greet(user)
    return session


async def refuse(send: Send, code: int) -> None:
    with suppress(OSError, RuntimeError):  # it may be gone already
        await send({"type": "websocket.close", "code": code})


# Origins: our own pages, and those that may send us forms


def may_connect(scope: Scope, credentials: Credentials) -> bool:
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1")
    if not origin:
        return not credentials.needs_origin
    return is_ours(origin, headers.get(b"host", b"").decode("latin-1"))


def is_ours(origin: str, host: str) -> bool:
    try:
        page = urlsplit(origin)
    except ValueError:
        return False
    if page.scheme not in ("http", "https") or not page.netloc:
        return False
    same_host = page.netloc.lower() == host.lower() and _is_our_host(host)
    return same_host or origin == settings.SITE_URL or any(_matches(ours, origin) for ours in _trusted())


def _is_our_host(host: str) -> bool:
    # A name that somebody else pointed at our address is not us.
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def _trusted() -> list[str]:
    return settings.CSRF_TRUSTED_ORIGINS


def _matches(trusted: str, origin: str) -> bool:
    if "*" not in trusted:
        return trusted == origin
    wanted, page = urlsplit(trusted), urlsplit(origin)
    return wanted.scheme == page.scheme and is_same_domain(page.netloc, wanted.netloc.lstrip("*"))
