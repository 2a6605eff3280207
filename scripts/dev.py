"""`scripts/dev.sh`: from a clone to a running platform, in one command. Ctrl-C stops all of it."""

import argparse
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts import environment, redis, setup, smoke_check
from scripts.common import BACKEND, BOT, ROOT, RUN, WINDOWS, ScriptError, free_port, port_is_free, say
from scripts.supervisor import Supervisor


@dataclass(frozen=True)
class Place:
    """Where this run listens and keeps its files. A check gets a folder of its own that is thrown away."""

    backend_port: int
    sandbox_port: int
    folder: Path
    throw_away: bool

    @property
    def backend(self) -> str:
        return f"http://localhost:{self.backend_port}"

    @property
    def sandbox(self) -> str:
        return f"http://localhost:{self.sandbox_port}"

    @property
    def sandbox_state(self) -> Path:
        return self.folder / "sandbox.json"


def arguments_of(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/dev.sh", description=__doc__)
    parser.add_argument("--yes", action="store_true", help="ask nothing (nor does it without a terminal)")
    parser.add_argument(
        "--check", action="store_true", help="do all of it with throw-away data, prove it, stop"
    )
    parser.add_argument("--no-serve", action="store_true", help="do every step but the last")
    parser.add_argument("--port", type=int, default=8080, help="of the backend (8080)")
    parser.add_argument("--sandbox-port", type=int, default=8090, help="of the sandbox (8090)")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    options = arguments_of(arguments)
    began = time.monotonic()
    ask = setup.ask_on_terminal if setup.on_terminal() and not (options.yes or options.check) else None
    values = setup.ensure(ask)
    values |= {name: os.environ[name] for name in values if name in os.environ}  # as the settings see it
    if values["ENV"] != "development":
        raise ScriptError(
            f"ENV is {values['ENV']} (see {setup.env_file()}): this script serves development alone."
        )
    if not options.check and not options.no_serve:
        refuse_taken_ports(options, real_discord=bool(values.get("DISCORD_BOT_TOKEN")))
    make_environment()
    if not options.check:
        format_code()
    with place_for(options) as place, Supervisor(place.folder / "logs", show=not options.check) as supervisor:
        env = os.environ | values | environment_of(place, values)
        env |= redis.choose(env, supervisor, place.folder / "redis", private=place.throw_away)
        migrate(env)
        if options.no_serve:
            say("Everything is ready. scripts/dev.sh serves it.")
            return 0
        serve(place, env, supervisor)
        if options.check:
            prove(place, supervisor)
            say(f"All of it works ({time.monotonic() - began:.0f} s).")
            return 0
        with noted(place):
            greet(place, env)
            while True:
                supervisor.raise_if_dead(1)


def make_environment() -> None:
    """As root on Debian the missing module is installed; others are told how."""
    root = getattr(os, "geteuid", lambda: 1)() == 0
    if not environment.can_make() and root and not environment.python().exists():
        say(f"Installing {environment.venv_package()}, which Debian keeps apart from Python …")
        environment.apt_install([environment.venv_package()])
    environment.prepare()


def format_code() -> None:
    code = [str(ROOT / name) for name in ("backend", "bot", "scripts", "conftest.py")]
    done = subprocess.run([str(environment.python()), "-m", "black", "-q", *code], check=False)
    if done.returncode:
        say("Black could not format every file; see above. Going on.")


@contextlib.contextmanager
def place_for(options: argparse.Namespace) -> Iterator[Place]:
    if not options.check:
        RUN.mkdir(exist_ok=True)
        yield Place(options.port, options.sandbox_port, RUN, throw_away=False)
        return
    with tempfile.TemporaryDirectory(prefix="rod-check-", ignore_cleanup_errors=True) as folder:
        ports = [port if port_is_free(port) else free_port() for port in (options.port, options.sandbox_port)]
        yield Place(ports[0], ports[1], Path(folder), throw_away=True)


def refuse_taken_ports(options: argparse.Namespace, real_discord: bool) -> None:
    running = running_here()
    if running:
        raise ScriptError(
            f"scripts/dev.sh runs already, as process {running['pid']}: {running['backend']}\n"
            "Use it, or stop it with Ctrl-C in its terminal "
            f"({'taskkill /T /F /PID' if WINDOWS else 'or: kill'} {running['pid']}) and run this again."
        )
    wanted = {"--port": options.port} | ({} if real_discord else {"--sandbox-port": options.sandbox_port})
    for option, port in wanted.items():
        if not port_is_free(port):
            who = (
                f"netstat -ano | findstr :{port}"
                if WINDOWS
                else f"ss -ltnp 'sport = :{port}'   or   lsof -i :{port}"
            )
            raise ScriptError(
                f"Port {port} is taken by another program. See which one:  {who}\n"
                f"Stop it, or choose another port:  scripts/dev.sh {option} {port + 1}"
            )


NOTE = RUN / "dev.json"


def running_here() -> dict[str, str] | None:
    """What another run of this script noted, if it is still alive."""
    try:
        note: dict[str, str] = json.loads(NOTE.read_text())
        with urllib.request.urlopen(f"{note['backend']}/healthz", timeout=2) as answer:
            return note if answer.status == 200 else None
    except (OSError, ValueError, KeyError):
        return None


@contextlib.contextmanager
def noted(place: Place) -> Iterator[None]:
    NOTE.write_text(json.dumps({"pid": str(os.getpid()), "backend": place.backend}))
    try:
        yield
    finally:
        NOTE.unlink(missing_ok=True)


def environment_of(place: Place, values: Mapping[str, str]) -> dict[str, str]:
    """What this run adds to `.env`. A check has its own database and never talks to the real Discord."""
    added = {
        "PYTHONPATH": os.pathsep.join([str(BACKEND), str(BOT)]),
        "PYTHONUNBUFFERED": "1",
        "SITE_URL": place.backend,
        "BACKEND_URL": place.backend,
    }
    if place.throw_away:
        added |= {"DATABASE_URL": f"sqlite:///{place.folder / 'db.sqlite3'}", "DISCORD_BOT_TOKEN": ""}
    if place.throw_away or not values.get("DISCORD_BOT_TOKEN"):
        added |= sandbox_env(place)
    return added


def sandbox_command(place: Place, *more: str) -> list[str | Path]:
    options = [
        "--port",
        str(place.sandbox_port),
        "--state",
        str(place.sandbox_state),
        "--backend-url",
        place.backend,
    ]
    return [environment.python(), "-m", "sandbox", *options, *more]


def sandbox_env(place: Place) -> dict[str, str]:
    """The sandbox's own word on how to reach it: token, application and addresses."""
    env = os.environ | {"PYTHONPATH": str(BOT)}
    command = [str(part) for part in sandbox_command(place, "--print-env")]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode:
        raise ScriptError(f"The sandbox does not start:\n{done.stdout}{done.stderr}")
    return setup.parse(done.stdout)


def migrate(env: Mapping[str, str]) -> None:
    command = [
        str(environment.python()),
        str(BACKEND / "manage.py"),
        "migrate",
        "--verbosity",
        "1",
        "--no-color",
    ]
    done = subprocess.run(command, env=dict(env), cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        words = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise ScriptError(f"The database could not be migrated:\n{words}\nSee docs/TROUBLESHOOTING.md.")
    applied = re.findall(r"Applying (\S+?)\.\.\. OK", done.stdout)
    if applied:
        say(f"Applied {len(applied)} migrations.")


def serve(place: Place, env: Mapping[str, str], supervisor: Supervisor) -> None:
    if uses_sandbox(env):
        supervisor.start("sandbox", sandbox_command(place), env)
    start_backend(place.backend_port, env, supervisor)
    if uses_sandbox(env):
        supervisor.wait_for("sandbox", lambda: smoke_check.answers(place.sandbox))
    start_discord(env, supervisor)
    if uses_sandbox(env):
        supervisor.wait_for("Discord process", lambda: smoke_check.bot_is_online(place.sandbox))


def start_backend(port: int, env: Mapping[str, str], supervisor: Supervisor) -> None:
    uvicorn = [
        "-m",
        "uvicorn",
        "rod.asgi:application",
        "--app-dir",
        str(BACKEND),
        "--ws",
        "gateway.server:Protocol",
        "--ws-per-message-deflate",
        "false",
        "--ws-max-size",
        str(2 * 1024 * 1024),
    ]
    where = ["--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning"]
    supervisor.start("backend", [environment.python(), *uvicorn, *where], env)
    supervisor.wait_for("backend", lambda: smoke_check.answers(f"http://localhost:{port}/healthz"))


def start_discord(env: Mapping[str, str], supervisor: Supervisor) -> None:
    supervisor.start("discord", [environment.python(), "-m", "rodbot"], env)


def uses_sandbox(env: Mapping[str, str]) -> bool:
    return "localhost" in env.get("DISCORD_API_BASE", "")


def prove(place: Place, supervisor: Supervisor) -> None:
    try:
        smoke_check.prove(place.backend, place.sandbox)
    except (ScriptError, OSError) as error:
        raise ScriptError(f"CHECK FAILED: {error}\n{supervisor.last_output()}") from error


def greet(place: Place, env: Mapping[str, str]) -> None:
    say(f"\n  Web pages   {place.backend}")
    if uses_sandbox(env):
        say(f"  Sandbox     {place.sandbox}   our own local Discord, as no bot token is set\n")
        say("  Try first:  in the sandbox pick Mira and #table, type  /vampire new  and fill it in.")
        say("              Then open the web pages, log in with Discord as Mira, and open the sheet.")
        say('              Type  /vampire update name:"…" hunger:2  and watch the open sheet change.')
    else:
        say("  Discord     the bot connects with the token in .env\n")
        say("  Try first:  /vampire new  in a server that the bot is in, then log in on the web pages.")
    say(f"\n  Logs        {place.folder / 'logs'}\n  Stop        Ctrl-C\n")


def stop_on_signals() -> None:
    """The end of a terminal or of a session stops us as Ctrl-C does: every part is stopped on the way out."""

    def interrupt(number: int, frame: object) -> None:
        for name in wanted:
            signal.signal(name, signal.SIG_IGN)  # once is enough: stopping must not be cut short
        raise KeyboardInterrupt

    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    wanted = [getattr(signal, name) for name in names if hasattr(signal, name)]
    for number in wanted:
        signal.signal(number, interrupt)


if __name__ == "__main__":
    stop_on_signals()
    try:
        sys.exit(main(sys.argv[1:]))
    except ScriptError as error:
        say(f"\n{error}")
        sys.exit(1)
    except KeyboardInterrupt:
        say("\nStopped.")
        sys.exit(130)
