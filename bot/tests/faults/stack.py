"""The platform in the shape of production, every part a process of its own that a test may kill and start again."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts import environment, services
from scripts.common import BACKEND, BOT, ROOT, ScriptError, free_port, spawn, stop, wait_until
from scripts.environment_for_tests import WITHOUT_LIMITS, environment_for_tests
from scripts.migrated import migrated
from scripts.servers import Command, gunicorn, uvicorn

HOST = "127.0.0.1"
SECONDS = 60.0
Ready = Callable[[], bool]


class Part:
    """One process with a fixed port: `kill` is SIGKILL to all of it, `start` brings it back on the same port."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        env: Mapping[str, str] | None,
        log: Path,
        ready: Ready,
        stop_signal: int = signal.SIGTERM,
        user: str | None = None,
    ) -> None:
        self.name, self.command, self.env, self.log, self.ready = name, command, env, log, ready
        self.stop_signal, self.user = stop_signal, user
        self.process: subprocess.Popen[str] | None = None

    def start(self, wait: bool = True) -> "Part":
        with self.log.open("a") as output:
            self.process = spawn(
                self.command, env=self.env, output=output, user=self.user, last_signal=self.stop_signal
            )
        if wait:
            self.wait()
        return self

    async def start_beside(self) -> None:
        """Without holding up the loop. Only the waiting is in a thread: a child ends with the thread that made it."""
        self.start(wait=False)
        await asyncio.to_thread(self.wait)

    def wait(self) -> None:
        if not wait_until(lambda: self.is_dead or self.ready(), SECONDS, 0.02) or self.is_dead:
            raise ScriptError(f"{self.name} did not start:\n{self.last_words()}")

    @property
    def is_dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def kill(self) -> None:
        """As the kernel does when memory runs out; workers of a process go with it."""
        os.killpg(self.pid, signal.SIGKILL)
        assert self.process is not None
        self.process.wait(SECONDS)

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, self.stop_signal)

    def restart(self) -> None:
        self.stop()
        self.start()

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log.exists() else ""


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


READY: dict[str, Callable[[int], bool]] = {
    "mariadb": services._greets,
    "postgres": services.postgres_answers,
    "redis": lambda port: services.answers_ping(HOST, port),
}


def of_server(server: services.Server, *more: str) -> Part:
    """A database or Redis of `scripts.services`, made mortal; the folder with its data stays with `server`."""
    command = [*server.process.args, *more]  # type: ignore[misc]  # a list of ours
    stop(server.process, server.stop_signal)
    user = services._ordinary_user() if server.name == "postgres" else None
    ready = READY[server.name]
    return Part(
        server.name, command, None, server.log, lambda: ready(server.port), server.stop_signal, user
    ).start()


def wsgi(port: int, workers: int, threads: int) -> Command:
    return gunicorn("rod.wsgi:application", HOST, port, workers, threads)


def asgi(port: int, *more: str) -> Command:
    return uvicorn("rod.asgi:application", HOST, port, "--ws-max-size", "2097152", *more)


class Clerk:
    """A Django process on the platform's database that answers questions of a test (`inside.py`)."""

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        self._log = log.open("a")
        self._process = subprocess.Popen(
            [str(environment.python()), "-m", "tests.faults.inside"],
            env=dict(env),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def __call__(self, question: str, **about: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([question, about]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise ScriptError(f"the clerk died over {question}:\n{Path(self._log.name).read_text()[-2000:]}")
        answer = json.loads(line)
        if "error" in answer:
            raise ScriptError(answer["error"])
        return answer["answer"]

    def stop(self) -> None:
        """It ends with its input."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        finally:
            self._process.kill()
            self._process.stdout.close()
            self._log.close()


@dataclass
class Platform:
    """`http` are the WSGI writers, `gateways` the ASGI processes. `people` holds sessions and ids by name."""

    env: dict[str, str]
    http: Part
    http_port: int
    gateways: list[Part]
    gateway_ports: list[int]
    clerk: Clerk
    redis: Part
    database: Part | None
    people: dict[str, Any] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"http://{HOST}:{self.http_port}"

    @property
    def key(self) -> str:
        return self.env["API_KEY"]

    def parts(self) -> list[Part]:
        return [part for part in (self.http, *self.gateways, self.redis, self.database) if part is not None]

    def heal(self) -> None:
        """Whatever a test left dead comes back."""
        for part in (self.database, self.redis, *self.gateways, self.http):
            if part is not None and part.is_dead:
                part.start()

    def last_words(self) -> str:
        return "\n".join(f"{part.name}:\n{part.last_words()}" for part in self.parts())


GATEWAY = {"recheck_interval": 1.0, "poll_interval": 0.5, "presence_grace": 1.0}


def environment_of(folder: Path, database_url: str, redis_port: int) -> dict[str, str]:
    env = os.environ | environment_for_tests(folder) | {"TESTING": "0", "PYTHONUNBUFFERED": "1"}
    env |= {"PYTHONPATH": os.pathsep.join(str(path) for path in (BACKEND, BOT, ROOT))}
    env |= {"DJANGO_SETTINGS_MODULE": "tests.faults.platform_settings"}
    env |= {"ENV": "production", "ALLOWED_HOSTS": "127.0.0.1,localhost", "SECURE_SSL_REDIRECT": "0"}
    env |= {"USE_REDIS": "1", "REDIS_HOST": HOST, "REDIS_PORT": str(redis_port), "LOG_LEVEL": "WARNING"}
    env |= WITHOUT_LIMITS | {"GATEWAY": json.dumps(GATEWAY)}
    return env | ({"DATABASE_URL": database_url} if database_url else {})


@contextlib.contextmanager
def platform(
    folder: Path,
    database_url: str,
    database: Part | None,
    *,
    gateways: int = 2,
    threads: int = 2,
    **more: str,
) -> Iterator[Platform]:
    """`database_url` "" is SQLite in the folder."""
    with contextlib.ExitStack() as cleanup:
        redis_server = cleanup.enter_context(services.start_redis())
        redis = of_server(redis_server)
        cleanup.callback(redis.stop)
        env = environment_of(folder, database_url, redis_server.port) | more
        migrated(env)
        clerk = Clerk(env, folder / "clerk.log")
        cleanup.callback(clerk.stop)
        http_port, ports = free_port(), [free_port() for _ in range(gateways)]
        http = Part("http", wsgi(http_port, 2, threads), env, folder / "http.log", lambda: listens(http_port))
        sockets = [gateway_part(number, port, env, folder) for number, port in enumerate(ports)]
        for part in (http, *sockets):
            cleanup.callback(part.stop)
            part.start(wait=False)
        running = Platform(env, http, http_port, sockets, ports, clerk, redis, database)
        running.people = clerk("found")
        for part in (http, *sockets):
            part.wait()
        yield running


def gateway_part(number: int, port: int, env: Mapping[str, str], folder: Path, *more: str) -> Part:
    log = folder / f"gateway{number}.log"
    return Part(f"gateway{number}", asgi(port, *more), env, log, lambda: listens(port))
