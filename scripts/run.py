"""`scripts/run.sh`: production. Checks the settings, migrates, collects static files, then serves.

    HTTP      gunicorn, WSGI workers       pages and both APIs               --port
    gateway   uvicorn, ASGI workers        WebSockets (and HTTP as well)     --gateway-port
    worker    manage.py worker             background work
    discord   the Discord processes        when DISCORD_BOT_TOKEN is set; DISCORD_PROCESSES of them

A reverse proxy with TLS stands before both ports (docs/DEPLOY.md). SIGHUP checks and migrates again and replaces every
process without losing a request; SIGTERM lets them finish what they have begun, and stops. One that dies is started
again.
"""

import argparse
import os
import signal
import threading
import urllib.request
from collections.abc import Callable, Sequence
from functools import partial

from contract import variables
from contract.dotenv import ConfigError
from contract.variables import DEVELOPMENT, Variables
from scripts import dev, environment, redis
from scripts.common import BACKEND, BOT, WINDOWS, ScriptError, port_is_free, run, run_main, say
from scripts.servers import GRACE_SECONDS, Command, gunicorn, uvicorn
from scripts.setup import env_file
from scripts.supervisor import Supervisor

HTTP, GATEWAY, WORKER, DISCORD = "http", "gateway", "worker", "discord"
PARTS = (HTTP, GATEWAY, WORKER, DISCORD)
HEALTHCHECK_SECONDS = 90
STOP_SECONDS = GRACE_SECONDS + 5.0


def arguments_of(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/run.sh", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8080, help="of HTTP (8080)")
    parser.add_argument("--gateway-port", type=int, default=8081, help="of the gateway (8081)")
    cores = os.cpu_count() or 1
    parser.add_argument("--workers", type=_at_least(1), default=max(2, cores), help="for HTTP (one a core)")
    parser.add_argument("--threads", type=_at_least(1), default=4, help="of each HTTP worker (4)")
    parser.add_argument(
        "--gateway-workers",
        type=_at_least(2),
        default=2,
        help="at least 2 (2): one serves while one is replaced",
    )
    parser.add_argument(
        "--only", action="append", choices=PARTS, help="start this part alone; it migrates nothing"
    )
    parser.add_argument("--no-serve", action="store_true", help="do every step but the last")
    return parser.parse_args(arguments)


def _at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if int(text) < least:
            raise argparse.ArgumentTypeError(f"at least {least}")
        return int(text)

    return number


def main(arguments: Sequence[str]) -> int:
    options = arguments_of(arguments)
    signals = Signals()
    settings = read_settings()
    if not options.no_serve:
        refuse_taken_ports(options)
    prepare(settings, serve_alone=bool(options.only))
    if options.no_serve:
        say("Everything is ready. scripts/run.sh serves it.")
        return 0
    with Supervisor(logs=None, show=True, stop_seconds=STOP_SECONDS) as supervisor:
        start(options, settings, supervisor)
        signals.serving = True
        while not signals.stop.is_set():
            supervisor.restart_dead(0.5)
            if signals.reload.is_set():
                signals.reload.clear()
                reload(supervisor, serve_alone=bool(options.only))
        say("Stopping: what has begun is finished …")
        supervisor.stop_together([name for name in supervisor.names if name.startswith(DISCORD)])
    say("Stopped.")
    return 0


class Signals:
    """Takes the signals that mean stop or reload. Before anything is served, a stop breaks off, and a reload waits."""

    def __init__(self) -> None:
        self.stop, self.reload = threading.Event(), threading.Event()
        self.serving = False
        for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._stop)
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda number, frame: self.reload.set())

    def _stop(self, number: int, frame: object) -> None:
        if not self.serving and not self.stop.is_set():
            self.stop.set()
            raise KeyboardInterrupt
        self.stop.set()


def read_settings() -> Variables:
    """Understand the environment and `.env`. Raises for what must not, or cannot, be served."""
    settings, file = variables.load(BACKEND)
    if settings.ENV == DEVELOPMENT:
        place = "the environment" if os.environ.get("ENV") else file.path if file.values else env_file()
        raise ScriptError(
            f"ENV is development (see {place}): scripts/dev.sh serves that. For production run scripts/setup.sh and "
            "choose it, or set ENV=production."
        )
    variables.check_backend(settings)
    return settings


def prepare(settings: Variables, serve_alone: bool) -> None:
    """Everything before serving. The database changes last, when nothing else can be wrong.

    `serve_alone`: one part of several machines, for which somebody else has migrated.
    """
    environment.prepare_production(settings.uses_mysql)
    if serve_alone:
        return
    env = process_env()
    ping: Command = [environment.python(), "-c", redis.PING]
    problem = "Redis does not answer. Look at REDIS_URL, or at REDIS_HOST and REDIS_PORT:"
    run(ping, problem, env=env | {"REDIS_URL": settings.redis_url})
    dev.collect_static(env)
    check = ["check", "--deploy", "--fail-level", "WARNING", "--no-color"]
    run([environment.python(), BACKEND / "manage.py", *check], "This must not be served:", env=env)
    dev.migrate(env)


def process_env() -> dict[str, str]:
    """The environment of every process. They read `.env` by themselves, and again when they are replaced."""
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(BACKEND), str(BOT)]), "PYTHONUNBUFFERED": "1"}


def refuse_taken_ports(options: argparse.Namespace) -> None:
    wanted = {HTTP: ("--port", options.port), GATEWAY: ("--gateway-port", options.gateway_port)}
    for part, (option, port) in wanted.items():
        if part in chosen(options) and not port_is_free(port):
            raise ScriptError(
                f"Port {port} is taken. Stop what listens there, or choose another by {option}."
            )


def chosen(options: argparse.Namespace) -> Sequence[str]:
    return options.only or PARTS


def start(options: argparse.Namespace, settings: Variables, supervisor: Supervisor) -> None:
    """Start the servers, and the others once these answer: what ails one of them is no reason to show no pages."""
    env = process_env() | addresses(options, settings)
    ports = {HTTP: options.port, GATEWAY: options.gateway_port}
    wanted = {
        name: command for name, command in commands(options, settings).items() if name in chosen(options)
    }
    for name in [name for name in wanted if name in ports]:
        supervisor.start(name, wanted.pop(name), env)
    for name in chosen(options):
        if name in ports:
            address = f"{_reachable(options.host)}:{ports[name]}"
            supervisor.wait_for(name, partial(answers, address, settings))
            say(f"{name} listens at {options.host}:{ports[name]}.")
    for name, command in wanted.items():
        if name == DISCORD:
            for part, more in discord_processes(settings).items():
                supervisor.start(part, command, env | more)
        else:
            supervisor.start(name, command, env)
    say(f"Serving {settings.site_url}. Reload: kill -HUP {os.getpid()}   Stop: Ctrl-C, or kill {os.getpid()}")


def commands(options: argparse.Namespace, settings: Variables) -> dict[str, Command]:
    """The command of each part, in the order of their start."""
    worker: Command = [environment.python(), BACKEND / "manage.py", "worker"]
    found = {HTTP: http_command(options), GATEWAY: gateway_command(options), WORKER: worker}
    if settings.DISCORD_BOT_TOKEN:
        found[DISCORD] = [environment.python(), "-m", "rodbot"]
    elif DISCORD in chosen(options):
        say("DISCORD_BOT_TOKEN is not set: there will be pages, and no bot.")
    return found


def discord_processes(settings: Variables) -> dict[str, dict[str, str]]:
    """The name of each Discord process, and what it has in its environment beside the others': its shards."""
    shards = settings.shards
    if shards is None or settings.DISCORD_PROCESSES == 1:
        return {DISCORD: {}}
    return {
        f"{DISCORD} {part.first}-{part.last}": {
            "DISCORD_SHARD_RANGE": f"{part.first}-{part.last}",
            "DISCORD_PROCESSES": "1",
        }
        for part in shards.split(settings.DISCORD_PROCESSES)
    }


def http_command(options: argparse.Namespace) -> Command:
    """gunicorn does not run on Windows, where the ASGI application serves."""
    if WINDOWS:
        return _asgi(options.host, options.port, options.workers)
    return gunicorn("rod.wsgi:application", options.host, options.port, options.workers, options.threads)


def gateway_command(options: argparse.Namespace) -> Command:
    return _asgi(options.host, options.gateway_port, options.gateway_workers)


def _asgi(host: str, port: int, workers: int) -> Command:
    # A new worker imports everything first; one that is not ready in time would end the reload.
    patience = ("--timeout-worker-healthcheck", str(HEALTHCHECK_SECONDS))
    return uvicorn("rod.asgi:application", host, port, "--workers", str(workers), *patience)


def addresses(options: argparse.Namespace, settings: Variables) -> dict[str, str]:
    """Where the Discord process finds the others, unless somebody has said so."""
    default = variables.DECLARED["BACKEND_URL"].metadata["default"]
    if default != settings.BACKEND_URL:
        return {}
    host = _reachable(options.host)
    return {
        "BACKEND_URL": f"http://{host}:{options.port}",
        "GATEWAY_URL": settings.GATEWAY_URL or f"http://{host}:{options.gateway_port}",
    }


def _reachable(host: str) -> str:
    """The address by which a process of this machine finds one that listens at this host."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104


def answers(address: str, settings: Variables) -> bool:
    """Ask as the reverse proxy does."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".") if settings.ALLOWED_HOSTS else "localhost"
    request = urllib.request.Request(
        f"http://{address}/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def reload(supervisor: Supervisor, serve_alone: bool) -> None:
    """Replace every process by one with the code and the settings of now; with wrong ones nothing changes."""
    say("Reloading …")
    try:
        prepare(read_settings(), serve_alone)
    except (ScriptError, ConfigError) as error:
        say(f"Not reloaded, everything goes on as it was. {error}")
        return
    for name in (HTTP, GATEWAY):
        if part := supervisor.part(name):
            part.process.send_signal(signal.SIGHUP)  # to the parent alone: it replaces its workers one by one
    supervisor.restart(WORKER)
    # One after the other: meanwhile the others serve their servers.
    for name in [name for name in supervisor.names if name.startswith(DISCORD)]:
        supervisor.restart(name)
    say("Reloaded.")


if __name__ == "__main__":
    run_main(main)
