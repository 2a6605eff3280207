"""`scripts/dev.sh`: from a clone to a running platform, in one command. Ctrl-C stops all of it."""

import argparse
import contextlib
import errno
import json
import os
import re
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from contract import dotenv, variables
from scripts import environment, redis, setup, tools
from scripts.common import (
    BACKEND,
    BOT,
    ROOT,
    RUN,
    WINDOWS,
    ScriptError,
    cannot_use,
    free_port,
    port_is_free,
    run,
    run_main,
    say,
    spawn,
    stop,
)
from scripts.supervisor import Supervisor


@dataclass(frozen=True)
class Instance:
    """The ports and the folder of a run. That of a check is temporary."""

    backend_port: int
    sandbox_port: int
    folder: Path
    temporary: bool

    @property
    def backend(self) -> str:
        return f"http://localhost:{self.backend_port}"

    @property
    def sandbox(self) -> str:
        return f"http://localhost:{self.sandbox_port}"


def arguments_of(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/dev.sh", description=__doc__)
    parser.add_argument("--yes", action="store_true", help="ask nothing (nor does it without a terminal)")
    parser.add_argument(
        "--check", action="store_true", help="do all of it with temporary data, check it, stop"
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
    values |= {
        name: os.environ[name] for name in variables.DECLARED if name in os.environ
    }  # as the settings see it
    if values["ENV"] != variables.DEVELOPMENT:
        raise ScriptError(
            f"ENV is {values['ENV']} (see {setup.env_file()}): this script serves development alone."
        )
    if not options.check and not options.no_serve:
        refuse_taken_ports(options, real_discord=bool(values.get("DISCORD_BOT_TOKEN")))
    refuse_read_only(options)
    ran_before = RUN.exists()
    make_environment()
    with (
        instance_for(options) as instance,
        Supervisor(instance.folder / "logs", show=not options.check) as supervisor,
    ):
        env = os.environ | values | environment_of(instance, values)
        env |= redis.choose(env, supervisor, instance.folder / "redis", private=instance.temporary)
        migrate(env, likely_done=ran_before and not instance.temporary)
        if options.no_serve:
            code = tools.main([])
            say("Everything is ready. scripts/dev.sh serves it.")
            return code
        serve(instance, env, supervisor)
        if options.check:
            check(instance, supervisor)
            code = tools.main([])
            say(f"All of it works ({time.monotonic() - began:.0f} s).")
            return code
        with run_file(instance), tools_beside(instance.folder / "logs" / "tools.log"):
            print_welcome(instance, env)
            while True:
                supervisor.raise_if_dead(1)


def make_environment() -> None:
    """Make `.venv`. As root on Debian the missing module is installed; others get an error that says how."""
    root = getattr(os, "geteuid", lambda: 1)() == 0
    if not environment.can_make() and root and not environment.python().exists():
        say(f"Installing {environment.venv_package()}, which Debian keeps apart from Python …")
        environment.apt_install([environment.venv_package()])
    environment.prepare_to_run()


@contextlib.contextmanager
def tools_beside(log: Path) -> Iterator[None]:
    """Install the tools and format the code while everything runs; what comes of it is in the log."""
    with log.open("w", encoding="utf-8") as output:
        process = spawn([sys.executable, "-m", "scripts.tools"], output=output)
        try:
            yield
        finally:
            stop(process)


def refuse_read_only(options: argparse.Namespace) -> None:
    """Say at once which folder this user would have to write to."""
    folders = [] if environment.python().exists() else [ROOT]
    if not options.check:
        folders += [RUN if RUN.exists() else ROOT, BACKEND]
    for folder in folders:
        if not os.access(folder, os.W_OK):
            raise ScriptError(cannot_use(folder, PermissionError(errno.EACCES, os.strerror(errno.EACCES))))


@contextlib.contextmanager
def instance_for(options: argparse.Namespace) -> Iterator[Instance]:
    if not options.check:
        RUN.mkdir(exist_ok=True)
        yield Instance(options.port, options.sandbox_port, RUN, temporary=False)
        return
    with tempfile.TemporaryDirectory(prefix="rod-check-", ignore_cleanup_errors=True) as folder:
        yield Instance(free_port(), free_port(), Path(folder), temporary=True)


def refuse_taken_ports(options: argparse.Namespace, real_discord: bool) -> None:
    other = other_run()
    if other:
        raise ScriptError(
            f"scripts/dev.sh runs already, as process {other['pid']}: {other['backend']}\n"
            "Use it, or stop it with Ctrl-C in its terminal "
            f"({'taskkill /T /F /PID' if WINDOWS else 'or: kill'} {other['pid']}) and run this again."
        )
    wanted = {"--port": options.port} | ({} if real_discord else {"--sandbox-port": options.sandbox_port})
    for option, port in wanted.items():
        if not port_is_free(port):
            posix = f"ss -ltnp 'sport = :{port}'   or   lsof -i :{port}"
            command = f"netstat -ano | findstr :{port}" if WINDOWS else posix
            raise ScriptError(
                f"Port {port} is taken by another program. See which one:  {command}\n"
                f"Stop it, or choose another port:  scripts/dev.sh {option} {port + 1}"
            )


RUN_FILE = RUN / "dev.json"


def other_run() -> dict[str, str] | None:
    """Read what another run of this script wrote to the run file, if it still serves."""
    try:
        other: dict[str, str] = json.loads(RUN_FILE.read_text())
        return other if answers(f"{other['backend']}/healthz") else None
    except (OSError, ValueError, KeyError):
        return None


@contextlib.contextmanager
def run_file(instance: Instance) -> Iterator[None]:
    RUN_FILE.write_text(json.dumps({"pid": str(os.getpid()), "backend": instance.backend}))
    try:
        yield
    finally:
        RUN_FILE.unlink(missing_ok=True)


def environment_of(instance: Instance, values: Mapping[str, str]) -> dict[str, str]:
    """Return what a run adds to `.env`. A check has its own database and never connects to the real Discord."""
    added = {
        "PYTHONPATH": os.pathsep.join([str(BACKEND), str(BOT)]),
        "PYTHONUNBUFFERED": "1",
        "SITE_URL": instance.backend,
        "BACKEND_URL": instance.backend,
    }
    if instance.temporary:
        database = {"DATABASE_URL": f"sqlite:///{quote(str(instance.folder / 'db.sqlite3'))}"}
        folders = {
            "MEDIA_ROOT": str(instance.folder / "media"),
            "PRIVATE_MEDIA_ROOT": str(instance.folder / "private_media"),
        }
        added |= database | folders | {"DISCORD_BOT_TOKEN": ""}
    if instance.temporary or not values.get("DISCORD_BOT_TOKEN"):
        # Our own Discord grants everything: channels can be bridged without a word in `.env`.
        added |= sandbox_env(instance) | {"DISCORD_MESSAGE_CONTENT": "1"}
    return added


def sandbox_command(instance: Instance, *more: str) -> list[str | Path]:
    options = ["--port", str(instance.sandbox_port), "--backend-url", instance.backend]
    state = instance.folder / "sandbox.json"
    return [environment.python(), "-m", "sandbox", *options, "--state", state, *more]


def sandbox_env(instance: Instance) -> dict[str, str]:
    """Ask the sandbox for its token, application and addresses."""
    env = os.environ | {"PYTHONPATH": str(BOT)}
    command = sandbox_command(instance, "--print-env")
    return dict(dotenv.parse(run(command, "The sandbox does not start:", env=env, seconds=60)).values)


def migrate(env: Mapping[str, str], *, likely_done: bool = False) -> None:
    """`likely_done`: ask first whether anything is left, which takes less than two thirds of the time."""
    manage = [environment.python(), BACKEND / "manage.py"]
    if likely_done and _is_migrated(manage, env):
        say("[OK] Database initialized (tables ensured)")
        return
    problem = "The database could not be migrated (see docs/TROUBLESHOOTING.md):"
    output = run([*manage, "migrate", "--verbosity", "1", "--no-color"], problem, env=env)
    applied = re.findall(r"Applying (\S+?)\.\.\. OK", output)
    if applied:
        say(f"Applied {len(applied)} migrations.")
    say("[OK] Database initialized (tables ensured)")


def _is_migrated(manage: Sequence[str | Path], env: Mapping[str, str]) -> bool:
    try:
        run([*manage, "migrate", "--check", "--skip-checks"], "Migrations are left:", env=env)
    except ScriptError:
        return False
    return True


def collect_static(env: Mapping[str, str]) -> None:
    """What a live site needs before it starts."""
    manage = [environment.python(), BACKEND / "manage.py"]
    run(
        [*manage, "collectstatic", "--noinput", "--verbosity", "0"],
        "The static files could not be collected:",
        env=env,
    )


def serve(instance: Instance, env: Mapping[str, str], supervisor: Supervisor) -> None:
    if uses_sandbox(env):
        supervisor.start("sandbox", sandbox_command(instance), env)
    start_backend(instance.backend_port, env, supervisor)
    start_worker(env, supervisor)
    if uses_sandbox(env):
        supervisor.wait_for("sandbox", lambda: answers(instance.sandbox))
    start_discord(env, supervisor)
    if uses_sandbox(env):
        supervisor.wait_for("Discord process", lambda: bot_is_online(instance.sandbox))


def start_backend(port: int, env: Mapping[str, str], supervisor: Supervisor) -> None:
    uvicorn = ["-m", "uvicorn", "rod.asgi:application", "--app-dir", str(BACKEND)]
    sockets = ["--ws", "gateway.server:Protocol", "--ws-per-message-deflate", "false"]
    sockets += ["--ws-max-size", str(2 * 1024 * 1024)]
    options = ["--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning"]
    supervisor.start("backend", [environment.python(), *uvicorn, *sockets, *options], env)
    supervisor.wait_for("backend", lambda: answers(f"http://localhost:{port}/healthz"))


def start_worker(env: Mapping[str, str], supervisor: Supervisor) -> None:
    supervisor.start("worker", [environment.python(), BACKEND / "manage.py", "worker"], env)


def start_discord(env: Mapping[str, str], supervisor: Supervisor) -> None:
    supervisor.start("discord", [environment.python(), "-m", "rodbot"], env)


def uses_sandbox(env: Mapping[str, str]) -> bool:
    return "localhost" in env.get("DISCORD_API_BASE", "")


def check(instance: Instance, supervisor: Supervisor) -> None:
    command = [str(environment.python()), "-m", "scripts.smoke_check", instance.backend, instance.sandbox]
    env = os.environ | {"PYTHONPATH": str(BOT)}
    try:
        say(run(command, "CHECK FAILED:", env=env).rstrip())
    except ScriptError as error:
        raise ScriptError(f"{error}\n{supervisor.last_output()}") from error


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def bot_is_online(sandbox: str) -> bool:
    try:
        with urllib.request.urlopen(f"{sandbox}/sandbox/api/world?as=mira", timeout=5) as answer:
            return bool(json.loads(answer.read())["app"]["online"])
    except OSError:
        return False


def print_welcome(instance: Instance, env: Mapping[str, str]) -> None:
    say(f"\n  Web pages   {instance.backend}")
    if uses_sandbox(env):
        say(f"  Sandbox     {instance.sandbox}   our own local Discord, as no bot token is set\n")
        say("  Try first:  in the sandbox pick Mira and #table, type  /vampire new  and fill it in.")
        say("              Then open the web pages, log in with Discord as Mira, and open the sheet.")
        say('              Type  /vampire update name:"…" hunger:2  and watch the open sheet change.')
    else:
        say("  Discord     the bot connects with the token in .env\n")
        say("  Try first:  /vampire new  in a server that the bot is in, then log in on the web pages.")
    say(f"\n  Logs        {instance.folder / 'logs'}\n  Stop        Ctrl-C\n")


def stop_on_signals() -> None:
    """Treat the signals that end a terminal or a session like Ctrl-C, so that every part is stopped."""

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
    run_main(main)
