"""The parts of `dev.sh` that can be tried alone. The whole of it is proved by `dev.sh --check` itself."""

import json
import os
import socket
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from scripts import dev, environment, redis, services, tools
from scripts.common import ScriptError, free_port, wait_until
from scripts.supervisor import Supervisor

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def supervisor(tmp_path):
    with Supervisor(tmp_path / "logs", show=False) as supervisor:
        yield supervisor


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.req("S004-78")
def test_the_backend_is_served_on_port_8080_unless_told_otherwise():
    assert (dev.arguments_of([]).port, dev.arguments_of([]).sandbox_port) == (8080, 8090)
    assert dev.arguments_of(["--port", "9000"]).port == 9000


@pytest.mark.req("S004-77", "S004-92")
@pytest.mark.parametrize(
    ("platform", "way"),
    [("linux", "systemctl start redis-server"), ("darwin", "brew services start redis"), ("win32", "WSL")],
)
def test_without_redis_each_platform_is_told_how_to_start_it(platform, way):
    text = redis.notice("127.0.0.1", 6379, platform)
    assert "NO REDIS" in text
    assert way in text


@pytest.mark.req("S004-76", "S004-94")
def test_a_redis_that_answers_is_used_and_left_running(supervisor, tmp_path):
    with services.start_redis() as own:
        env = {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(own.port)}
        assert redis.choose(env, supervisor, tmp_path / "redis", private=False) == {"USE_REDIS": "1"}
        assert not supervisor.parts
        assert services.answers_ping("127.0.0.1", own.port)


@pytest.mark.req("S004-76")
def test_where_none_answers_one_is_started(supervisor, tmp_path):
    env = {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(free_port())}
    chosen = redis.choose(env, supervisor, tmp_path / "redis", private=False)
    assert chosen["USE_REDIS"] == "1"
    assert services.answers_ping(chosen["REDIS_HOST"], int(chosen["REDIS_PORT"]))


@pytest.mark.req("S004-77", "S004-80")
def test_where_none_can_be_started_memory_serves_and_it_is_said(supervisor, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(services, "redis_binary", lambda: None)
    env = {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(free_port())}
    assert redis.choose(env, supervisor, tmp_path / "redis", private=False) == {"USE_REDIS": "0"}
    assert "NO REDIS" in capsys.readouterr().out


def test_a_check_never_writes_into_a_person_s_redis(supervisor, tmp_path):
    with services.start_redis() as theirs:
        env = {"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(theirs.port)}
        chosen = redis.choose(env, supervisor, tmp_path / "redis", private=True)
        assert chosen["REDIS_PORT"] != str(theirs.port)


@pytest.mark.parametrize("kind", ["password", "socket"])
def test_run_16_a_redis_that_asks_for_more_is_named_by_its_address(kind, supervisor, tmp_path):
    socket_path = f"{tempfile.mkdtemp(prefix='rod-redis-')}/s"
    port, secret = free_port(), "hush-hush"
    command = services.redis_command(port, tmp_path, keep=False)
    supervisor.start("redis", [*command, "--requirepass", secret, "--unixsocket", socket_path], os.environ)
    where = {"password": f"127.0.0.1:{port}/2", "socket": f"{socket_path}?db=2"}[kind]
    scheme = {"password": "redis", "socket": "unix"}[kind]
    right = {"REDIS_URL": f"{scheme}://:{secret}@{where}"}
    wait_until(lambda: Path(socket_path).exists(), 10)
    assert redis.choose(os.environ | right, supervisor, tmp_path, private=False) == {"USE_REDIS": "1"}
    wrong = {"REDIS_URL": f"{scheme}://:wrong@{where}"}
    with pytest.raises(ScriptError, match=r"(?i)REDIS_URL names does not answer(.|\n)*password") as refused:
        redis.choose(os.environ | wrong, supervisor, tmp_path, private=False)
    assert "Traceback" not in str(refused.value)


def test_run_16_a_check_leaves_that_redis_alone(supervisor, tmp_path):
    env = os.environ | {"REDIS_URL": "redis://:theirs@127.0.0.1:1/0"}
    assert redis.choose(env, supervisor, tmp_path / "redis", private=True)["REDIS_URL"] == ""


def options(*arguments):
    return dev.arguments_of(arguments)


def test_a_taken_port_is_named_with_what_to_do(taken, tmp_path, monkeypatch):
    monkeypatch.setattr(dev, "RUN_FILE", tmp_path / "dev.json")
    with pytest.raises(
        ScriptError, match=rf"(?s)Port {taken} is taken by another program.*--port {taken + 1}"
    ):
        dev.refuse_taken_ports(options("--port", str(taken)), real_discord=True)


def test_with_real_discord_the_sandbox_s_port_does_not_matter(taken, tmp_path, monkeypatch):
    monkeypatch.setattr(dev, "RUN_FILE", tmp_path / "dev.json")
    chosen = options("--port", str(free_port()), "--sandbox-port", str(taken))
    dev.refuse_taken_ports(chosen, real_discord=True)
    with pytest.raises(ScriptError, match="--sandbox-port"):
        dev.refuse_taken_ports(chosen, real_discord=False)


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@pytest.mark.req("S004-94")
def test_a_second_run_says_that_one_runs_already(tmp_path, monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), Healthy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    note = tmp_path / "dev.json"
    note.write_text(json.dumps({"pid": "4321", "backend": f"http://127.0.0.1:{server.server_port}"}))
    monkeypatch.setattr(dev, "RUN_FILE", note)
    try:
        with pytest.raises(ScriptError, match="runs already, as process 4321"):
            dev.refuse_taken_ports(options(), real_discord=False)
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("text", ["", "{", "{}", '{"pid": "1", "backend": "http://127.0.0.1:1"}'])
def test_a_stale_note_is_no_run(tmp_path, monkeypatch, text):
    note = tmp_path / "dev.json"
    note.write_text(text)
    monkeypatch.setattr(dev, "RUN_FILE", note)
    assert dev.other_run() is None


def test_a_check_takes_free_ports_and_a_folder_that_is_thrown_away():
    """Never those of a run that somebody starts at the same time."""
    with dev.instance_for(options("--check")) as instance:
        assert not {instance.backend_port, instance.sandbox_port} & {8080, 8090}
        assert instance.folder.is_dir()
        added = dev.environment_of(instance, {"DISCORD_BOT_TOKEN": "real"})
        assert added["DISCORD_BOT_TOKEN"] != "real"
        assert str(instance.folder) in added["DATABASE_URL"]
        assert f":{instance.sandbox_port}/" in added["DISCORD_API_BASE"]
    assert not instance.folder.exists()


def test_with_a_token_discord_itself_is_spoken_to(tmp_path):
    instance = dev.Instance(8080, 8090, tmp_path, temporary=False)
    added = dev.environment_of(instance, {"DISCORD_BOT_TOKEN": "real"})
    assert not any(name.startswith("DISCORD") for name in added)
    assert not dev.uses_sandbox(added)


def test_production_settings_are_refused(monkeypatch, capsys):
    monkeypatch.delenv("ENV")
    monkeypatch.setattr(dev.setup, "ensure", lambda ask: {"ENV": "production"})
    with pytest.raises(ScriptError, match="serves development alone"):
        dev.main(["--yes"])


@pytest.mark.req("S004-72")
def test_a_python_without_venv_gets_a_plain_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "VENV", tmp_path / "none")
    monkeypatch.setattr(environment, "can_make", lambda: False)
    with pytest.raises(
        ScriptError, match=r"(?s)lacks the modules venv and ensurepip.*apt install python3\.\d+-venv"
    ):
        environment.prepare()


@pytest.mark.req("S004-73")
def test_packages_are_installed_only_when_the_list_changed(monkeypatch, tmp_path):
    installed = []
    listed = tmp_path / "requirements-dev.txt"
    listed.write_text("one==1\n")
    monkeypatch.setattr(environment, "DEVELOPMENT", listed)
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(environment, "pip", lambda *arguments: installed.append(arguments))
    environment.prepare()
    environment.prepare()
    assert len(installed) == 1
    listed.write_text("one==2\n")
    environment.prepare()
    assert len(installed) == 2


def test_no_python_new_enough_gets_a_plain_sentence(tmp_path):
    for tool in ("bash", "dirname", "cat", "env"):
        (tmp_path / tool).symlink_to(Path("/usr/bin") / tool)
    for name in ("python3", "python"):
        old = tmp_path / name
        old.write_text("#!/bin/sh\nexit 1\n")
        old.chmod(0o755)
    for script in ("scripts/dev.sh", "backend/scripts/dev.sh"):
        done = subprocess.run([ROOT / script], env={"PATH": str(tmp_path)}, capture_output=True, text=True)
        assert done.returncode == 1
        assert "Python 3.11 or newer is needed" in done.stderr


def test_run_18_what_running_needs_comes_first_and_the_tools_after(monkeypatch, tmp_path, capsys):
    pins = environment.running_pins()
    names = {pin.split("==")[0] for pin in pins}
    assert {
        "Django",
        "discord.py[speed]",
        "channels",
        "httpx",
        "uvicorn[standard]",
        "aiohttp",
    } <= names
    assert not names & {"black", "mypy", "pytest", "playwright", "mysqlclient"}
    installed = []
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(environment, "RUNNING_STAMP", tmp_path / "running")
    monkeypatch.setattr(
        environment, "pip", lambda *arguments, progress=False: installed.append((arguments, progress))
    )
    environment.prepare_to_run()
    environment.prepare_to_run()
    environment.prepare()
    environment.prepare_to_run()
    (first, first_shown), (second, _) = installed
    assert set(pins) < set(first)
    assert first_shown
    assert str(environment.DEVELOPMENT) in second


def test_run_18_pip_shows_progress_and_its_last_lines_when_it_fails(capfd, tmp_path):
    (tmp_path / "none").mkdir()
    with pytest.raises(ScriptError, match="No matching distribution"):
        environment.pip(
            "install", "--no-index", "--find-links", str(tmp_path), "no-such-package", progress=True
        )


@pytest.mark.parametrize("code", [0, 123])
def test_run_18_a_preparation_returns_the_formatters_code(code, monkeypatch):
    monkeypatch.setattr(tools.environment, "prepare", lambda: None)
    monkeypatch.setattr(tools, "unformatted_code", lambda: ["x.py"])
    monkeypatch.setattr(tools.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], code))
    assert tools.main([]) == code


def test_run_15_a_folder_that_cannot_be_written_to_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(dev, "RUN", tmp_path / "run")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev.os, "access", lambda folder, mode: folder != tmp_path)
    with pytest.raises(ScriptError, match=rf"^{tmp_path} cannot be used by this user \(permission denied\)"):
        dev.refuse_read_only(options("--no-serve"))
    dev.refuse_read_only(options("--check"))


def test_a_database_that_has_all_is_only_asked(capsys, monkeypatch):
    ran = []
    monkeypatch.setattr(dev, "run", lambda command, *_, **__: ran.append(command[2:]) or "")
    dev.migrate({}, likely_done=True)
    assert ran == [["migrate", "--check", "--skip-checks"]]

    def with_one_left(command, *_, **__):
        if "--check" in command:
            raise ScriptError("one is left")
        return "  Applying haven.0002_more... OK"

    monkeypatch.setattr(dev, "run", with_one_left)
    dev.migrate({}, likely_done=True)
    assert "Applied 1 migrations." in capsys.readouterr().out
