"""`run.sh` as a test starts it, with a Redis of its own: its ports, its processes, and what it has said."""

import contextlib
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts import services
from scripts.common import free_port, spawn, stop, wait_until
from scripts.environment_for_tests import environment_for_tests
from scripts.migrated import migrated
from scripts.pytest_services import need

HOST = "play.example"
HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https"}


def production_env(folder: Path) -> dict[str, str]:
    given = environment_for_tests(folder) | {
        "TESTING": "",
        "ENV": "production",
        "ALLOWED_HOSTS": "play.example",
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    places = {"STATIC_ROOT": str(folder / "static"), "SITE_URL": "", "USE_REDIS": "1"}
    return (
        kept
        | given
        | places
        | {"SECRET_KEY": secrets.token_urlsafe(60), "API_KEY": secrets.token_urlsafe(40)}
    )


@dataclass
class Production:
    """A running `run.sh`, its ports, and what it has said."""

    process: "subprocess.Popen[str]"
    port: int
    gateway_port: int
    output: Path
    env: dict[str, str]

    def said(self, pattern: str) -> bool:
        return bool(re.search(pattern, self.output.read_text()))

    def wait_for(self, pattern: str) -> None:
        wait_until(lambda: self.said(pattern) or self.process.poll() is not None, 200)
        assert self.said(pattern), self.output.read_text()

    def part(self, program: str) -> int:
        """The process id of the parent of a part's workers."""
        return next(pid for pid in children(self.process.pid) if f"-m\0{program}\0" in command_line(pid))

    def workers(self) -> set[int]:
        """The processes that serve; uvicorn's parent has a helper beside them."""
        found = {pid for program in ("gunicorn", "uvicorn") for pid in children(self.part(program))}
        return {pid for pid in found if "resource_tracker" not in command_line(pid)}


def children(parent: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return []


def command_line(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


@contextlib.contextmanager
def running_production(folder: Path, workers: int = 2, **more: str) -> Iterator[Production]:
    """Start it, with these variables besides; stop it as an operator does."""
    need(services.redis_binary(), "redis-server is not installed")
    output, ports = folder / "output", (free_port(), free_port())
    with services.start_redis() as redis, output.open("w") as log:
        options = ["--port", str(ports[0]), "--gateway-port", str(ports[1]), "--workers", str(workers)]
        env = production_env(folder) | {"REDIS_URL": redis.url} | more
        migrated(env | {"ENV": "development"})
        process = spawn([sys.executable, "-m", "scripts.run", *options], env=env, output=log)
        running = Production(process, *ports, output, env)
        try:
            running.wait_for("Serving https://play.example")
            yield running
        finally:
            stop(process, seconds=40)
