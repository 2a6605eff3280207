"""Starts the processes of a run: the platform as in production and in development, and the floors beside it."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scripts import dev, environment, services
from scripts.bench.counters import Cursor
from scripts.bench.options import NODE_CHANNEL, Options, World, WorldSize
from scripts.common import BACKEND, BOT, ROOT, ScriptError, free_port, run, say, spawn, stop, wait_until
from scripts.environment_for_tests import WITHOUT_LIMITS, environment_for_tests
from scripts.servers import gunicorn, uvicorn
from scripts.supervisor import Supervisor

WORKERS = 2
Command = Callable[[int], Sequence[str | Path]]  # of a server that listens on the port


@dataclass
class Shape:
    """Ports and processes of a set-up; `world` is what `scripts.bench.world` made in its database."""

    env: dict[str, str]
    world: World
    http: int
    gateway: int
    floor_http: int
    floor_gateway: int
    processes: dict[str, int]

    @property
    def key(self) -> str:
        return self.env["API_KEY"]


class Bench:
    """Starts each set-up when a part first needs it, and stops all of them at the end."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._cleanup = contextlib.ExitStack()
        self.folder = Path(self._cleanup.enter_context(tempfile.TemporaryDirectory(prefix="rod-bench-")))
        self.processes = self._cleanup.enter_context(Supervisor(self.folder / "logs", show=False))

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_: object) -> None:
        self._cleanup.close()

    @cached_property
    def redis(self) -> services.Server:
        return self._cleanup.enter_context(services.start_redis())

    @cached_property
    def mariadb(self) -> services.Server:
        if not environment.has(environment.mysqlclient_pin()):
            environment.pip("install", environment.mysqlclient_pin())
        server = self._cleanup.enter_context(services.start_mariadb())
        with connect(server) as cursor:
            cursor.execute("CREATE DATABASE rod CHARACTER SET utf8mb4")
        return server

    @cached_property
    def production(self) -> Shape:
        """WSGI writers, one ASGI gateway, Redis, MariaDB; the floors likewise."""
        say("Starting the production shape …")
        env = self._env("production") | self.redis_env()
        env |= {"DATABASE_URL": self.mariadb.url, "ENV": "production", "ALLOWED_HOSTS": "127.0.0.1,localhost"}
        env |= {"SECURE_SSL_REDIRECT": "0", "LOG_LEVEL": "WARNING"}
        world = self._fill(env, self.options.world())
        dev.collect_static(env)
        http = self._start("http", wsgi("rod.wsgi:application"), env)
        gateway = self._start("gateway", asgi("rod.asgi:application"), env)
        floor_http = self._start("floor-http", wsgi("scripts.bench.floor.http:application"), env)
        floor_gateway = self._start("floor-gateway", asgi("scripts.bench.floor.gateway:application"), env)
        names = ("http", "gateway", "floor-http", "floor-gateway")
        return Shape(env, world, http, gateway, floor_http, floor_gateway, self._pids(names))

    @cached_property
    def development(self) -> Shape:
        """One ASGI process, SQLite, memory; the floor the same."""
        return self._development("development", {})

    @cached_property
    def on_postgres(self) -> Shape:
        """The development shape on PostgreSQL, which knows the connections of each process by its name."""
        server = self._cleanup.enter_context(services.start_postgres())
        return self._development("on-postgres", {"DATABASE_URL": server.url})

    def _development(self, name: str, more: dict[str, str]) -> Shape:
        say(f"Starting the shape {name} …")
        env = self._env(name) | {"LOG_LEVEL": "WARNING"} | more
        world = self._fill(env, self.options.world() | {"viewers": 50, "small": 32, "sizes": ()})
        applications = {
            name: "rod.asgi:application",
            f"floor-{name}": "scripts.bench.floor.http:asynchronous",
        }
        port, floor = (
            self._start(part, asgi(application), env | {"PGAPPNAME": part})
            for part, application in applications.items()
        )
        ours, plain = self._pids(tuple(applications)).values()
        return Shape(env, world, port, port, floor, floor, {"http": ours, "floor-http": plain})

    @contextlib.contextmanager
    def fresh(self, application: str, shape: Shape | None = None) -> Iterator[tuple[int, int]]:
        """Start a process that has served nobody yet, in the production shape unless told otherwise: `(port, pid)`."""
        port = free_port()
        written = self.folder / "logs" / f"fresh-{port}.log"
        with written.open("w") as log:
            process = spawn(asgi(application)(port), env=(shape or self.production).env, output=log)
            try:
                wait_until(lambda: not _closed(port) or process.poll() is not None, 180)
                if _closed(port):
                    # Such as: the code was changed while this runs, and the database lacks a migration by now.
                    raise ScriptError(f"{application} did not start:\n{written.read_text()[-1000:]}")
                yield port, process.pid
            finally:
                stop(process)

    @cached_property
    def node(self) -> tuple[int, int] | None:
        """Start node's `ws`: `(port, pid)`; None when this machine has no node or cannot get `ws`."""
        folder = node_with_ws(self.folder / "node")
        if folder is None:
            return None
        script = Path(__file__).parent / "floor" / "broadcast.mjs"
        arguments = [str(folder), str(self.redis.port), NODE_CHANNEL]
        port = self._start("node", lambda port: ["node", script, str(port), *arguments], os.environ)
        return port, self._pids(("node",))["node"]

    def _env(self, name: str) -> dict[str, str]:
        folder = self.folder / name
        folder.mkdir()
        env = os.environ | environment_for_tests(folder) | {"TESTING": "0", "PYTHONUNBUFFERED": "1"}
        return (
            env | WITHOUT_LIMITS | {"PYTHONPATH": os.pathsep.join(str(path) for path in (BACKEND, BOT, ROOT))}
        )

    def redis_env(self, index: int = 0) -> dict[str, str]:
        """Return the settings for Redis; set-ups that run side by side take different databases of it."""
        address = {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(self.redis.port)}
        return {"USE_REDIS": "1", "REDIS_DB_INDEX": str(index)} | address

    def _fill(self, env: Mapping[str, str], wanted: WorldSize) -> World:
        dev.migrate(env)
        command: list[str | Path] = [environment.python(), "-m", "scripts.bench.world", json.dumps(wanted)]
        world: World = json.loads(run(command, "The database could not be filled:", env=env))
        return world

    def _start(self, name: str, command: Command, env: Mapping[str, str]) -> int:
        port = free_port()
        self.processes.start(name, command(port), env)
        self.processes.wait_for(name, lambda: not _closed(port))
        return port

    def _pids(self, names: tuple[str, ...]) -> dict[str, int]:
        return {part.name: part.process.pid for part in self.processes.parts if part.name in names}


def wsgi(application: str) -> Command:
    return lambda port: gunicorn(application, "127.0.0.1", port, WORKERS, threads=1)


def asgi(application: str) -> Command:
    return lambda port: uvicorn(application, "127.0.0.1", port)


def _closed(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def node_with_ws(folder: Path) -> Path | None:
    """Make a folder whose node_modules has `ws`; None when node or npm is missing or fails."""
    if not shutil.which("node") or not shutil.which("npm"):
        return None
    folder.mkdir()
    command = ["npm", "install", "ws", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder)]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120)
    except subprocess.TimeoutExpired:
        return None
    return folder if done.returncode == 0 else None


@contextlib.contextmanager
def connect(server: services.Server) -> Iterator[Cursor]:
    """Open a cursor as root of the private server, outside of any database."""
    import MySQLdb

    connection = MySQLdb.connect(host="127.0.0.1", port=server.port, user="root", autocommit=True)
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
