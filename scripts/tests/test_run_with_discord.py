"""`run.sh` with a simulated Discord: two processes divide the shards, and leave together."""

import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract import dotenv
from scripts.common import BOT, free_port, spawn, stop, wait_until
from scripts.tests.production import HEADERS, Production, children, command_line, running_production

pytestmark = [pytest.mark.long, pytest.mark.redis, pytest.mark.timeout(500)]


@pytest.fixture
def discord_env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A sandbox that recommends four shards; yields the variables that point to it."""
    options = ["--port", str(free_port()), "--state", str(tmp_path / "sandbox.json"), "--shards", "4"]
    command = [sys.executable, "-m", "sandbox", *options]
    printed = subprocess.run([*command, "--print-env"], cwd=BOT, capture_output=True, text=True, check=True)
    output = tmp_path / "sandbox.log"
    with output.open("w") as log:
        process = spawn(command, output=log, cwd=BOT)
        try:
            assert wait_until(lambda: "The sandbox is at" in output.read_text(), 60), output.read_text()
            yield dict(dotenv.parse(printed.stdout).values)
        finally:
            stop(process)


def readiness(running: Production) -> dict[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
    try:
        connection.request("GET", "/readyz", headers=HEADERS)
        checks: dict[str, str] = json.load(connection.getresponse())["checks"]
        return checks
    finally:
        connection.close()


def bots(running: Production) -> list[int]:
    return [pid for pid in children(running.process.pid) if "-m\0rodbot\0" in command_line(pid)]


def test_two_discord_processes_serve_all_shards_and_leave_in_time(
    tmp_path: Path, discord_env: dict[str, str]
) -> None:
    more = {"DISCORD_SHARDS": "4", "DISCORD_PROCESSES": "2"}
    with running_production(tmp_path, **discord_env, **more) as running:
        assert wait_until(lambda: readiness(running)["discord"] == "ok", 120, pause=1), readiness(running)
        first, second = bots(running)
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(60)
        assert not [pid for pid in (first, second) if "rodbot" in command_line(pid)]
    assert "Traceback" not in running.output.read_text()
