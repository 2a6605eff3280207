"""A real Redis Cluster on loopback: three masters, each with a replica."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory
from typing import Any

from redis.connection import Connection
from redis.exceptions import RedisError

from scripts import services
from scripts.common import free_port, spawn, stop, wait_until
from scripts.pytest_services import need

MASTERS, SLOTS = 3, 16384
PASSWORD = "of the tests"  # noqa: S105
START_SECONDS = 60


@dataclass
class Node:
    port: int
    bus: int
    process: Popen[str]
    id: str = ""

    def ask(self, *command: str | int) -> Any:
        """Ask this node alone; an empty text if it does not answer, or refuses."""
        connection = Connection(port=self.port, password=PASSWORD, decode_responses=True, socket_timeout=5)
        try:
            connection.send_command(*command)
            return connection.read_response()
        except (RedisError, OSError):
            return ""
        finally:
            connection.disconnect()


@dataclass
class RedisCluster:
    nodes: list[Node] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address: the first start node does not exist."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in (1, *(node.port for node in self.nodes[:2])))
        return f"redis+cluster://:{PASSWORD.replace(' ', '%20')}@{hosts}"

    def node_of(self, key: str) -> Node:
        """Return the master that has the slot of this key."""
        slot, shards = (
            self.alive[0].ask(*command) for command in (("CLUSTER KEYSLOT", key), ("CLUSTER SLOTS",))
        )
        port = next(master[1] for low, high, master, *_ in shards if low <= slot <= high)
        return next(node for node in self.nodes if node.port == port)

    def listeners(self, channel: str) -> dict[int, int]:
        """Return how many clients listen to a channel on each node that runs."""
        heard = {node.port: node.ask("PUBSUB NUMSUB", channel) for node in self.alive}
        return {port: int(answer[1]) for port, answer in heard.items() if answer and int(answer[1])}

    @property
    def alive(self) -> list[Node]:
        return [node for node in self.nodes if node.process.poll() is None]

    def kill(self, node: Node) -> None:
        node.process.send_signal(signal.SIGKILL)
        node.process.wait(30)

    def is_whole(self) -> bool:
        """Whether every node that runs finds every slot served by one that runs."""
        return all("cluster_state:ok" in node.ask("CLUSTER INFO") for node in self.alive)

    def took_over(self, dead: Node) -> bool:
        """Whether another node is master of the slots of a dead one, in the eyes of all."""
        return self.is_whole() and all(_finds_dead(dead, node) for node in self.alive)


def _finds_dead(dead: Node, node: Node) -> bool:
    """Whether a node knows that another one is dead and has no slots any more."""
    line = next(line.split() for line in node.ask("CLUSTER NODES").splitlines() if line.startswith(dead.id))
    return "fail" in line[2].split(",") and len(line) == 8


@contextmanager
def started() -> Iterator[RedisCluster]:
    need(services.redis_binary(), "redis-server is not installed")
    cluster = RedisCluster()
    with TemporaryDirectory(prefix="rod-cluster-", ignore_cleanup_errors=True) as folder:
        try:
            for number in range(2 * MASTERS):
                cluster.nodes.append(_start(Path(folder) / str(number)))
            _join(cluster.nodes)
            assert wait_until(lambda: cluster.is_whole() and _is_followed(cluster), START_SECONDS)
            yield cluster
        finally:
            for node in cluster.nodes:
                stop(node.process)


def _start(folder: Path) -> Node:
    folder.mkdir()
    port, bus = free_port(), free_port()
    command = [
        *services.redis_command(port, folder, keep=False),
        *("--cluster-enabled", "yes", "--cluster-port", str(bus), "--cluster-node-timeout", "1000"),
        *("--requirepass", PASSWORD, "--masterauth", PASSWORD, "--repl-diskless-sync-delay", "0"),
    ]
    with (folder / "log").open("w") as log:
        node = Node(port, bus, spawn(command, output=log))
    assert wait_until(lambda: node.ask("PING") == "PONG", START_SECONDS), (folder / "log").read_text()
    node.id = node.ask("CLUSTER MYID")
    return node


def _join(nodes: list[Node]) -> None:
    for node in nodes[1:]:
        node.ask("CLUSTER MEET", "127.0.0.1", nodes[0].port, nodes[0].bus)
    for number, node in enumerate(nodes[:MASTERS]):
        low, high = number * SLOTS // MASTERS, (number + 1) * SLOTS // MASTERS - 1
        node.ask("CLUSTER ADDSLOTSRANGE", low, high)
    for replica, master in zip(nodes[MASTERS:], nodes[:MASTERS], strict=True):
        assert wait_until(partial(_follows, replica, master), START_SECONDS)


def _follows(replica: Node, master: Node) -> bool:
    return bool(replica.ask("CLUSTER REPLICATE", master.id) == "OK")


def _is_followed(cluster: RedisCluster) -> bool:
    replicas = cluster.nodes[MASTERS:]
    return all("master_link_status:up" in node.ask("INFO", "replication") for node in replicas)
