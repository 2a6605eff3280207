"""The door of `/ws/gateway/`: which pages and which people may come in. What happens inside is in `gateway.session`.

A bare ASGI callable: one queue and one task less for each viewer than a Channels consumer has.
"""

from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain

from companion.selectors.live import campaign_id
from contract.translation import best
from delivery.source import SourceUnavailable
from delivery.wire import EXTENSION, Receive, Scope, Send
from gateway.chat_session import ChatSession
from gateway.constants import CLOSE_NOT_PUBLIC, CLOSE_TOO_MANY_SOCKETS, CLOSE_TRY_LATER
from gateway.credentials import Credentials
from gateway.process import Process
from gateway.public_socket import PublicSocket, address_of
from gateway.session import Session

# Of a number that a database can hold.
MAX_DIGITS = 19


async def gateway(scope: Scope, offered: Credentials, receive: Receive, send: Send) -> None:
    await _serve(Session, scope, offered, receive, send)


async def chat(scope: Scope, offered: Credentials, receive: Receive, send: Send) -> None:
    """The socket of the chat API (S003), for people alone."""
    await _serve(ChatSession, scope, offered, receive, send)


async def campaign(scope: Scope, offered: Credentials, receive: Receive, send: Send) -> None:
    """The public socket of a campaign (S002): anybody may look, from any page; so many from one address."""
    if (await receive())["type"] != "websocket.connect":
        return
    await send({"type": "websocket.accept"})
    process, address = Process.of_this_loop(), address_of(scope)
    ref, since = scope["path"].split("/")[2], _since(scope)
    if not process.viewers.has_room_for(address):
        await refuse(send, CLOSE_TOO_MANY_SOCKETS)
        return
    socket = PublicSocket(send, scope.get("extensions", {}).get(EXTENSION), process.options)
    # As above.
    scope.clear()
    process.viewers.enter(address)
    try:
        await _look(process, socket, ref, since, receive)
    finally:
        process.viewers.leave(address)


async def _look(
    process: Process, socket: PublicSocket, ref: str, since: int | None, receive: Receive
) -> None:
    try:
        found = await process.database.run(campaign_id, ref)
    except SourceUnavailable:
        socket.stop(CLOSE_TRY_LATER)
        found = None
    if found is None:
        socket.stop(CLOSE_NOT_PUBLIC)
        await socket.run(receive)
        return
    feed = process.viewers.feed(found)
    feed.add(socket)
    try:
        await feed.begin(socket, since)
        await socket.run(receive)
    finally:
        feed.remove(socket)


def _since(scope: Scope) -> int | None:
    """The last event that a client has; None where it says none, or nothing that could be one."""
    text = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("since", [""])[0]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < MAX_DIGITS else None


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
