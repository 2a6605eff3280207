"""`run.sh`: what it refuses, and a real one under a small load that is reloaded, wounded and stopped."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from contract.dotenv import ConfigError
from scripts import environment, run
from scripts.common import ROOT, ScriptError, free_port, wait_until
from scripts.tests.production import HEADERS, Production, production_env, running_production


def refuse(env: dict[str, str], *arguments: str) -> str:
    """Run the script, which must end at once with a sentence; return what it says."""
    command = [ROOT / "scripts" / "run.sh", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=100)
    said = done.stdout + done.stderr
    assert done.returncode != 0, said
    assert "Traceback" not in said
    return said


@pytest.mark.req("S004-81")
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ENV": "development"}, "ENV is development (see the environment): scripts/dev.sh serves that"),
        ({"ENV": "live"}, "ENV must be one of"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
        ({"REDIS_HOST": "127.0.0.1", "REDIS_PORT": "1"}, "Redis does not answer. Look at REDIS_URL"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_must_not_be_served_is_refused(changed: dict[str, str], sentence: str, tmp_path: Path) -> None:
    assert sentence in refuse(production_env(tmp_path) | changed)


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ScriptError, match=rf"Port {port} is taken.*--gateway-port"):
            run.refuse_taken_ports(
                run.arguments_of(["--port", str(free_port()), "--gateway-port", str(port)])
            )
        run.refuse_taken_ports(run.arguments_of(["--only", "discord", "--port", str(port)]))


@pytest.mark.req("S004-81", "S004-93")
def test_each_part_has_its_command_and_the_bot_finds_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    options = run.arguments_of(["--port", "8000", "--gateway-port", "8001"])
    assert (run.arguments_of([]).port, run.arguments_of([]).gateway_port) == (8080, 8081)
    settings = run.variables.Variables(DISCORD_BOT_TOKEN="x", ENV="production")
    commands = {
        name: " ".join(map(str, command)) for name, command in run.commands(options, settings).items()
    }
    assert list(commands) == list(run.PARTS)
    assert "rod.wsgi:application" in commands["http"]
    assert "rod.asgi:application" in commands["gateway"]
    assert run.addresses(options, settings) == {
        "BACKEND_URL": "http://127.0.0.1:8000",
        "GATEWAY_URL": "http://127.0.0.1:8001",
    }
    monkeypatch.setattr(run, "WINDOWS", True)
    assert "uvicorn" in run.http_command(options)
    assert list(run.commands(options, run.variables.Variables())) == ["http", "gateway", "worker"]
    elsewhere = run.variables.Variables(BACKEND_URL="https://play.example")
    assert run.addresses(options, elsewhere) == {}


def test_several_discord_processes_divide_the_shards_of_this_machine() -> None:
    settings = run.variables.Variables(DISCORD_SHARDS=16, DISCORD_SHARD_RANGE=(4, 8), DISCORD_PROCESSES=2)
    assert {name: more["DISCORD_SHARD_RANGE"] for name, more in run.discord_processes(settings).items()} == {
        "discord 4-5": "4-5",
        "discord 6-8": "6-8",
    }
    assert run.discord_processes(run.variables.Variables()) == {"discord": {}}
    assert run.discord_processes(run.variables.Variables(DISCORD_SHARDS=4)) == {"discord": {}}


def test_what_ails_the_discord_process_is_no_reason_to_show_no_pages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It starts once the servers answer, and is started again like any other part."""
    sleeps, ends = [sys.executable, "-c", "import time; time.sleep(60)"], [sys.executable, "-c", "exit(1)"]
    parts = {"http": sleeps, "gateway": sleeps, "discord": ends}
    monkeypatch.setattr(run, "commands", lambda options, settings: dict(parts))
    monkeypatch.setattr(run, "answers", lambda address, settings: True)
    with run.Supervisor(logs=None, show=False) as supervisor:
        run.start(run.arguments_of([]), run.variables.Variables(), supervisor)
        assert [part.name for part in supervisor.parts] == ["http", "gateway", "discord"]
        supervisor.restart_dead(30)
        assert "discord ended by itself (code 1) and starts again in 1 s." in capsys.readouterr().out


def test_wrong_settings_are_no_reason_to_stop_what_runs(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse_settings() -> None:
        raise ConfigError("REDIS_PORT=six: REDIS_PORT must be a whole number")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(run, "read_settings", refuse_settings)
        run.reload(run.Supervisor(logs=None, show=False), serve_alone=False)
    assert "Not reloaded, everything goes on as it was. REDIS_PORT=six" in capsys.readouterr().out


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Production]:
    with running_production(tmp_path) as running:
        yield running


@dataclass
class Load:
    """Threads that ask again and again, over one connection each, which they open again where it was closed."""

    port: int
    statuses: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Load":
        self.threads = [threading.Thread(target=self._ask) for _ in range(2)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join(60)

    def _ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not self.ended.wait(0.1):
            try:
                connection.request("GET", "/healthz", headers=HEADERS)
                answer = connection.getresponse()
                answer.read()
                self.statuses.append(answer.status)
            except (OSError, http.client.HTTPException) as error:
                self.errors.append(repr(error))
                connection.close()
        connection.close()


linux = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
pytestmark = pytest.mark.timeout(570)


@linux
@pytest.mark.long
@pytest.mark.redis
@pytest.mark.req("S004-81", "S004-63")
def test_run_sh_is_reloaded_without_a_lost_request(production: Production) -> None:
    """And a part that is killed comes back by itself."""
    with Load(production.port) as load, Load(production.gateway_port) as gateway:
        assert wait_until(lambda: len(load.statuses) > 10, 60)
        before = production.workers()
        production.process.send_signal(signal.SIGHUP)
        production.wait_for("Reloaded")
        assert wait_until(lambda: not before & production.workers(), 200)
        seen = len(load.statuses)
        assert wait_until(lambda: len(load.statuses) > seen + 10, 60)
    assert load.errors == []
    assert {*load.statuses, *gateway.statuses} == {200}
    _comes_back(production)


def _comes_back(production: Production) -> None:
    os.kill(production.part("gunicorn"), signal.SIGKILL)
    production.wait_for(r"http ended by itself \(code -9\) and starts again in 1 s\.")
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", production.port)) as connection:

        def answers() -> bool:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection.request("GET", "/healthz", headers=HEADERS)
                return connection.getresponse().read() != b""
            connection.close()
            return False

        assert wait_until(answers, 200)


@linux
@pytest.mark.redis
@pytest.mark.req("S004-81", "S004-63", "S002-11")
def test_run_sh_serves_until_it_is_stopped_and_answers_what_has_begun(tmp_path: Path) -> None:
    with running_production(tmp_path, workers=1) as production:
        _serves_until_it_is_stopped(production)


def _serves_until_it_is_stopped(production: Production) -> None:
    assert production.said(r"(?s)\[OK\] Database initialized \(tables ensured\).*listens at 127\.0\.0\.1:")
    body = json.dumps({"username": "nobody", "password": "none"}).encode()
    head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
    with socket.create_connection(("127.0.0.1", production.port), 60) as connection:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\n"
        connection.sendall(f"POST /api/token/ HTTP/1.1\r\n{head}\r\n".encode())
        assert b"100 Continue" in connection.recv(100)
        production.process.send_signal(signal.SIGTERM)
        production.wait_for("Stopping")
        connection.sendall(body)
        assert connection.recv(1000).startswith(b"HTTP/1.1 401")
    assert production.process.wait(60) == 0
    assert production.said(r"Stopped\.\n$")


def test_the_environment_of_production_is_complete_here() -> None:
    """So that a run installs nothing; the driver of MySQL is asked for only where it is used."""
    pins = environment._pins(environment.PRODUCTION)
    assert set(environment._not_installed(pins)) <= {environment.mysqlclient_pin()}
    assert environment._not_installed(["Django==1.0", "nothing-like-it==1"]) == [
        "Django==1.0",
        "nothing-like-it==1",
    ]
