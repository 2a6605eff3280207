"""Commands to Redis: to one server in one trip, below its client, which takes longer than the sending; to a Cluster by
its client, which knows the node of each key.
"""

import os
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from redis.backoff import NoBackoff
from redis.connection import ConnectionInterface
from redis.exceptions import ConnectionError as LostConnectionError
from redis.retry import Retry

from contract.redis_address import cluster as nodes_of
from delivery.redis_clients import cluster, pool

Command = Sequence[str | bytes | int]


class RedisLine:
    """Connections to one Redis, each lent to one thread at a time; as many as threads ask at once."""

    def __init__(self, address: str, seconds: float) -> None:
        """`seconds`: so long Redis may take to answer."""
        once = Retry(NoBackoff(), 0)
        self._pool = pool(address, socket_timeout=seconds, socket_connect_timeout=seconds, retry=once)
        self._free: list[ConnectionInterface] = []
        # Two processes on one connection would read each other's replies.
        os.register_at_fork(after_in_child=self._free.clear)

    def exchange(self, *commands: Command) -> list[Any]:
        """Send the commands and return their replies. Raises REDIS_ERRORS."""
        try:
            connection = self._free.pop()
        except IndexError:
            connection = self._pool.make_connection()
            connection.connect()
        try:
            replies = _exchange(connection, commands)
        except LostConnectionError:
            # It may have been to a Redis that was started again since. Only `connect` asks Sentinels for the master.
            connection.connect()
            replies = _exchange(connection, commands)
        self._free.append(connection)  # one that failed is not lent again
        return replies

    def together(self, keys: Iterable[str]) -> list[list[str]]:
        """Return the keys in groups: those of a group may be keys of one command."""
        return [list(keys)]


class ClusterLine:
    """The same to a Cluster."""

    def __init__(self, address: str, seconds: float) -> None:
        self._address, self._seconds = address, seconds

    def exchange(self, *commands: Command) -> list[Any]:
        """Send the commands one after another and return their replies. Raises REDIS_ERRORS."""
        client = cluster(self._address, self._seconds)
        # Every node passes on what is published, so any will do: one that answers, whatever the name of the channel.
        return [
            client.execute_command(
                *command, **({"target_nodes": client.DEFAULT_NODE} if command[0] == "PUBLISH" else {})
            )
            for command in commands
        ]

    def together(self, keys: Iterable[str]) -> list[list[str]]:
        slot = cluster(self._address, self._seconds).keyslot
        return [list(group) for _, group in groupby(sorted(keys, key=slot), slot)]


@cache
def line(address: str, seconds: float) -> RedisLine | ClusterLine:
    """Return the line of this process to that address."""
    return (ClusterLine if nodes_of(address) else RedisLine)(address, seconds)


def _exchange(connection: ConnectionInterface, commands: Sequence[Command]) -> list[Any]:
    connection.send_packed_command(connection.pack_commands(commands))
    replies: list[Any] = []
    try:
        for _command in commands:
            replies.append(connection.read_response())
    finally:
        # The replies that were not read must not be taken for those of the next commands.
        if len(replies) < len(commands):
            connection.disconnect()
    return replies
