"""Queries that take long are named in the log: the statement with its placeholders, never a value."""

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from monitoring import metrics

log = logging.getLogger(__name__)
LONGEST = 1000


def start() -> None:
    """Watch every connection of this process."""
    connection_created.connect(_watch)
    for connection in connections.all(initialized_only=True):
        _watch(None, connection)


def _watch(sender: object, connection: BaseDatabaseWrapper, **_: object) -> None:
    if time_query not in connection.execute_wrappers:
        connection.execute_wrappers.append(time_query)


def time_query(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    began = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        taken = perf_counter() - began
        if taken >= settings.SLOW_QUERY_SECONDS:
            metrics.SLOW_QUERIES.add()
            log.warning("a query took %.2f s: %s", taken, sql[:LONGEST])
