"""Log filters: repeated messages, and errors caused by clients."""

import logging
import time
from collections.abc import Callable

from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

QUIET = 60.0
# The loggers named here say the same at every request, change or socket for as long as a service is away.
STORMY = (
    "background.redis_worker",
    "background.worker",
    "channels_redis",
    "delivery",
    "django_redis",
    "gateway",
    "rod.cluster_caches",
    "rod.errors.outage",
    "rod.readiness",
    "rq",
    "timeline",
)
# Of a service that is away: where in a library it was missed is no news.
AWAY = (ConnectionError, ConnectionInterrupted, RedisError, TimeoutError)


class Repeated(logging.Filter):
    """Lets the same message through once a minute, with the number of repetitions. For one handler.

    The error of a service that is away stands in the line itself, in place of a traceback.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        # Logger and words without their values → since when, and how many were held back. As many as there are calls.
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING or not record.name.startswith(STORMY):
            return True
        key = (record.name, str(record.msg))
        since, held = self._said.get(key, (-QUIET, 0))
        now = self._clock()
        if now - since < QUIET:
            self._said[key] = since, held + 1
            return False
        self._said[key] = now, 0
        if record.exc_info and isinstance(error := record.exc_info[1], AWAY):
            record.msg, record.args = f"{record.getMessage()}: {error}", None
            record.exc_info = record.exc_text = None
        if held:
            record.msg, record.args = f"{record.getMessage()} (and {held} times before)", None
        return True


class ClientFaults(logging.Filter):
    """Drops tracebacks for broken text from a client, which the close code reports to it."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith("Invalid UTF-8")
