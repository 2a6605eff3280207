"""Paths, output, ports and processes for all scripts. Standard library only."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, NoReturn

from contract import loopback
from contract.dotenv import CANNOT_START, ConfigError

ROOT = Path(__file__).resolve().parent.parent
BACKEND = ROOT / "backend"
BOT = ROOT / "bot"
RUN = ROOT / ".run"
CODE = ("backend", "bot", "scripts", "conftest.py")  # what is formatted and checked
WINDOWS = sys.platform == "win32"
STOP_SECONDS = 8.0  # for a process to end when it is asked to
LAST_LINES = 15  # of a failed program's output


class ScriptError(Exception):
    """An error for the person who runs the script: shown without a traceback."""


def run_main(main: Callable[[Sequence[str]], int]) -> NoReturn:
    """Exit with what `main` returns for the arguments of the command line."""
    loopback.go_straight()
    try:
        sys.exit(main(sys.argv[1:]))
    except (ScriptError, ConfigError) as error:
        say(f"\n{error}")
        sys.exit(CANNOT_START if isinstance(error, ConfigError) else 1)
    except OSError as error:  # a file that this user may not write, or a full disk
        if error.filename is None:
            raise
        say(f"\n{cannot_use(error.filename, error)}")
        sys.exit(1)
    except KeyboardInterrupt:
        say("\nStopped.")
        sys.exit(130)


def say(text: str = "") -> None:
    """Print text; a terminal that knows only ASCII gets question marks, never an error."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)


def cannot_use(path: str | Path, error: OSError) -> str:
    reason = (error.strerror or type(error).__name__).lower()
    return f"{path} cannot be used by this user ({reason}). Change its owner or its rights, or run this as its owner."


def free_port() -> int:
    """Return a port that nothing listens on.

    It lies below those that the system gives to outgoing connections (32768 and up on Linux, 49152 elsewhere), so
    none of these takes it before the server that asks for it has started.
    """
    while not port_is_free(port := 20_000 + secrets.randbelow(12_000)):
        pass
    return port


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        if not WINDOWS:  # there it would let two programs share the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait_until(ready: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Wait for `ready` to return true; False when it did not in time."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def run(
    command: Sequence[str | Path],
    problem: str,
    *,
    env: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> str:
    """Run a program at the top of the checkout and return its output; raise with its last lines when it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        env=None if env is None else dict(env),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()[-LAST_LINES:]
        raise ScriptError("\n  ".join([problem, *lines]))
    return done.stdout


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    output: int | IO[str] = subprocess.PIPE,
    cwd: Path = ROOT,
    user: str | None = None,
    last_signal: int = signal.SIGTERM,
) -> subprocess.Popen[str]:
    """Start a program in a process group of its own; on Linux it ends even if we are killed outright."""
    user = None if WINDOWS else user
    return subprocess.Popen(
        [str(part) for part in command],
        env=None if env is None else dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        start_new_session=not WINDOWS,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        preexec_fn=_end_with_parent(last_signal) if sys.platform == "linux" else None,
    )


def _end_with_parent(number: int) -> Callable[[], None]:
    import ctypes

    libc = ctypes.CDLL(None)
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG of prctl(2)

    def before_exec() -> None:
        libc.prctl(set_parent_death_signal, int(number))

    return before_exec


def stop(
    process: subprocess.Popen[str],
    first_signal: int = signal.SIGTERM,
    *,
    seconds: float | None = None,
    close: bool = True,
) -> None:
    """Ask the whole group to end, kill what has not ended in time, and close the pipe of its output."""
    if process.poll() is None:
        _signal_group(process, first_signal)
        try:
            process.wait(STOP_SECONDS if seconds is None else seconds)
        except subprocess.TimeoutExpired:
            _kill_group(process)
            process.wait(STOP_SECONDS)
    if not WINDOWS:
        _kill_group(process)  # a grandchild that outlived its parent
    if close and process.stdout and not process.stdout.closed:
        process.stdout.close()


def _signal_group(process: subprocess.Popen[str], number: int) -> None:
    if WINDOWS:
        process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", number))
    else:
        _to_group(process.pid, number)


def _kill_group(process: subprocess.Popen[str]) -> None:
    if WINDOWS:
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        _to_group(process.pid, signal.SIGKILL)


def _to_group(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS says "not permitted" of a group of zombies
        return
