"""A master of Redis with a replica, and a Sentinel that watches them, on loopback."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory

import redis
from redis.exceptions import RedisError

from scripts import services
from scripts.common import free_port, spawn, stop, wait_until
from scripts.pytest_services import need

PASSWORD = "of-the-tests"  # noqa: S105


@dataclass
class Watched:
    """A master, its replica and the Sentinel; `url` names them."""

    ports: tuple[int, int]
    sentinel: int
    processes: list[Popen[str]]

    @property
    def url(self) -> str:
        return f"redis+sentinel://:{PASSWORD}@127.0.0.1:1,127.0.0.1:{self.sentinel}/court/3"

    def role(self, port: int) -> str:
        try:
            with redis.Redis(port=port, password=PASSWORD) as connection:
                return str(connection.info("replication")["role"])
        except RedisError:
            return ""


@contextmanager
def started() -> Iterator[Watched]:
    need(services.redis_binary(), "redis-server is not installed")
    found = Watched((free_port(), free_port()), free_port(), [])
    with TemporaryDirectory(prefix="rod-sentinel-", ignore_cleanup_errors=True) as name:
        folders = [Path(name) / part for part in ("master", "replica", "sentinel")]
        for folder in folders:
            folder.mkdir()
        try:
            for number, port in enumerate(found.ports):
                login = ["--requirepass", PASSWORD, "--masterauth", PASSWORD]
                follows = ["--replicaof", f"127.0.0.1 {found.ports[0]}"] if number else []
                command = [*services.redis_command(port, folders[number], keep=False), *login, *follows]
                with (folders[number] / "log").open("w") as log:
                    found.processes.append(spawn(command, output=log))
            assert wait_until(lambda: found.role(found.ports[1]) == "slave", 30)
            found.processes.append(start_sentinel(found, folders[2]))
            assert wait_until(lambda: knows_replica(found), 30)
            yield found
        finally:
            for process in found.processes:
                stop(process)


def start_sentinel(found: Watched, folder: Path) -> Popen[str]:
    lines = [
        f"port {found.sentinel}",
        "bind 127.0.0.1",
        f"dir {folder}",
        f"sentinel monitor court 127.0.0.1 {found.ports[0]} 1",
        f"sentinel auth-pass court {PASSWORD}",
        "sentinel down-after-milliseconds court 500",
        "sentinel failover-timeout court 2000",
    ]
    (folder / "sentinel.conf").write_text("\n".join(lines) + "\n")
    binary = services.redis_binary() or shutil.which("redis-server") or ""
    with (folder / "log").open("w") as log:
        return spawn([binary, str(folder / "sentinel.conf"), "--sentinel"], output=log)


def knows_replica(found: Watched) -> bool:
    try:
        with redis.Redis(port=found.sentinel) as connection:
            return len(connection.sentinel_slaves("court")) == 1
    except RedisError:
        return False
