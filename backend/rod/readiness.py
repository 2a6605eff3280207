"""Whether this backend can do its work, as `/readyz` says. A check that takes over a second and a half has failed."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from django.conf import settings
from django.db import Error, connection

from background import heartbeats
from background.models import Kind
from rod.start import unapplied

log = logging.getLogger(__name__)
SECONDS = 1.5


class NotReady(Exception):
    """What is wrong, in a word or two that may be shown to anyone."""


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def redis() -> None:
    """Without Redis one process serves all, which is ready."""
    if not settings.USE_REDIS:
        return
    from delivery.redis_clients import REDIS_ERRORS, ping

    try:
        ping(settings.REDIS_URL, SECONDS)
    except REDIS_ERRORS as error:
        raise NotReady("no answer") from error


def migrations() -> None:
    if not _migrated.done:
        if unapplied():
            raise NotReady("not applied")
        _migrated.done = True


class _Migrated:
    """Once applied they stay so, and to look takes as long as twenty requests."""

    done = False


_migrated = _Migrated()


def worker() -> None:
    if not heartbeats.alive(Kind.WORKER):
        raise NotReady("not running")


def discord() -> None:
    running = heartbeats.alive(Kind.DISCORD)
    if not running:
        raise NotReady("not running")
    connected, count = heartbeats.shards_of(running)
    if 0 < connected < count:
        raise NotReady(f"{connected} of {count} shards connected")
    if not all(process.state.get("connected") for process in running):
        raise NotReady("not connected")


# A load balancer sends requests elsewhere without the first three. The others are processes of their own: pages and
# commands work without a worker, pages without Discord.
REQUIRED: dict[str, Callable[[], None]] = {"database": database, "redis": redis, "migrations": migrations}
WATCHED: dict[str, Callable[[], None]] = {"worker": worker, "discord": discord}
_threads = ThreadPoolExecutor(len(REQUIRED) + len(WATCHED), thread_name_prefix="readiness")
_running: dict[str, Future[str]] = {}
_lock = threading.Lock()


def report() -> tuple[bool, dict[str, str]]:
    """Return whether the required checks succeed, and of each check "ok" or what is wrong."""
    begun = {name: _begun(name, check) for name, check in (REQUIRED | WATCHED).items()}
    wait(begun.values(), timeout=SECONDS)
    found = {name: future.result() if future.done() else "no answer" for name, future in begun.items()}
    return all(found[name] == "ok" for name in REQUIRED), found


def _begun(name: str, check: Callable[[], None]) -> Future[str]:
    """Begin a check, or join it where it runs already: one that hangs keeps one thread, however often it is asked."""
    with _lock:
        future = _running.get(name)
        if future is None or future.done():
            future = _running[name] = _threads.submit(_outcome, name, check)
        return future


def _outcome(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as error:
        return str(error)
    except (Error, OSError) as error:
        log.warning("not ready: %s: %s: %s", name, type(error).__name__, error)
        return "no answer"
    finally:
        connection.close()
    return "ok"
