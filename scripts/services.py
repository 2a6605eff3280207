"""Private Redis, MariaDB and PostgreSQL servers: own folder, free loopback port, nothing kept afterwards.

For tests and `dev.sh --check`: nothing is synced to disk, so a crash may lose data.
"""

import glob
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.common import WINDOWS, ScriptError, free_port, spawn, stop, wait_until

START_SECONDS = 60
HEADLESS_SHELL = "chromium-headless-shell"  # both the package and the program


@dataclass
class Server:
    name: str
    port: int
    folder: Path
    process: subprocess.Popen[str]
    url: str = ""
    stop_signal: int = signal.SIGTERM
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.folder / "log"

    def stop(self) -> None:
        stop(self.process, self.stop_signal)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def redis_binary() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


def mariadb_binary() -> str | None:
    """Find mariadbd, which Debian keeps in a folder that is not on a normal user's PATH."""
    path = os.environ.get("PATH", "") + os.pathsep + os.pathsep.join(["/usr/sbin", "/usr/local/sbin"])
    return shutil.which("mariadbd", path=path)


def postgres_folder() -> Path | None:
    """Find the folder with `initdb` and `postgres`. Debian's first: PATH may hold another program of that name."""
    candidates = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=_version_in_path, reverse=True)
    initdb = shutil.which("initdb")
    if initdb:
        candidates.append(str(Path(initdb).resolve().parent))
    for candidate in candidates:
        if all((Path(candidate) / program).exists() for program in ("initdb", "postgres", "pg_isready")):
            return Path(candidate)
    return None


def _version_in_path(path: str) -> int:
    name = Path(path).parent.name
    return int(name) if name.isdigit() else 0


def headless_shell() -> str | None:
    return shutil.which(HEADLESS_SHELL)


def chromium_binary() -> str | None:
    """Find a Chromium, best the one without a window: it opens a page for a fifth of the work."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return headless_shell() or next(filter(None, map(shutil.which, names)), None)


def answers_ping(host: str, port: int, seconds: float = 0.5) -> bool:
    """Tell whether a Redis that lets us in listens there."""
    try:
        with socket.create_connection((host, port), seconds) as connection:
            connection.settimeout(seconds)
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def redis_command(port: int, folder: Path, keep: bool) -> list[str]:
    """Build the command of a Redis server. `keep`: its data survives a restart."""
    binary = redis_binary()
    if not binary:
        raise ScriptError("redis-server is not installed.")
    where = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--daemonize", "no"]
    return [binary, *where, "--save", "60 1" if keep else ""]


def start_redis() -> Server:
    folder = _new_folder("redis")
    server = _start(
        "redis",
        lambda port: redis_command(port, folder, keep=False),
        folder,
        ready=lambda port: answers_ping("127.0.0.1", port),
    )
    server.url = f"redis://127.0.0.1:{server.port}/0"
    return server


def start_mariadb() -> Server:
    binary, installer = mariadb_binary(), shutil.which("mariadb-install-db")
    if not binary or not installer:
        raise ScriptError("MariaDB's server (mariadbd, mariadb-install-db) is not installed.")
    folder = _new_folder("mariadb")
    data, me = folder / "data", _user_name()
    base = ["--no-defaults", f"--datadir={data}", f"--user={me}"]
    _run([installer, *base, "--auth-root-authentication-method=normal", "--skip-test-db"], folder)

    def command(port: int) -> Sequence[str]:
        fast = ["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--skip-log-bin"]
        # Debian's own defaults; without a configuration file the server would fall back to latin1.
        charset = ["--character-set-server=utf8mb4", "--collation-server=utf8mb4_general_ci"]
        files = [f"--socket={folder / 's'}", f"--pid-file={folder / 'pid'}"]
        address = ["--bind-address=127.0.0.1", f"--port={port}", "--skip-name-resolve"]
        return [binary, *base, *files, *address, *fast, *charset]

    server = _start("mariadb", command, folder, ready=_greets)
    server.url = f"mysql://root@127.0.0.1:{server.port}/rod"
    return server


def start_postgres() -> Server:
    binaries = postgres_folder()
    if not binaries:
        raise ScriptError("PostgreSQL's server (initdb, postgres) is not installed.")
    folder, user = _new_folder("postgres"), _ordinary_user()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    options = ["-U", "rod", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    initdb = [str(binaries / "initdb"), "-D", str(data), *options]
    _run(initdb, folder, user)

    def command(port: int) -> Sequence[str]:
        settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
        where = ["-D", str(data), "-k", str(folder), "-h", "127.0.0.1", "-p", str(port)]
        return [str(binaries / "postgres"), *where, *(part for name in settings for part in ("-c", name))]

    # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
    server = _start("postgres", command, folder, ready=postgres_answers, user=user, stop_signal=signal.SIGINT)
    server.url = f"postgres://rod@127.0.0.1:{server.port}/postgres"
    return server


def postgres_answers(port: int) -> bool:
    question = [str((postgres_folder() or Path()) / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(question, check=False, capture_output=True, timeout=10).returncode == 0


def _new_folder(name: str) -> Path:
    """Make a folder with a short path: that of a Unix socket may have about 100 characters."""
    usual = tempfile.gettempdir()
    folder = usual if WINDOWS or len(usual) < 50 else "/tmp"  # noqa: S108
    return Path(tempfile.mkdtemp(prefix=f"rod-{name}-", dir=folder))


def _ordinary_user() -> str | None:
    """Return the user that PostgreSQL runs as when we are root, which it refuses; None: as we are."""
    if getattr(os, "geteuid", lambda: 1)() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _user_name() -> str:
    """Return our user's name from the system: mariadbd runs as root only when it is passed."""
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def _greets(port: int) -> bool:
    """Tell whether MariaDB is up: it sends a greeting packet first."""
    try:
        with socket.create_connection(("127.0.0.1", port), 0.5) as connection:
            connection.settimeout(2)
            return len(connection.recv(16)) > 4
    except OSError:
        return False


def _run(command: Sequence[str | Path], folder: Path, user: str | None = None) -> None:
    with (folder / "log").open("a") as output:
        process = spawn(command, output=output, cwd=folder, user=user, env=_environment(folder))
        try:
            code = process.wait(START_SECONDS)
        finally:
            stop(process)
    if code != 0:
        raise _failed(f"{command[0]} failed with code {code}:", folder)


def _environment(folder: Path) -> dict[str, str]:
    """Give it temporary files of its own: mariadbd, when it starts, removes those of others it finds there."""
    return os.environ | {"TMPDIR": str(folder)}


def _failed(problem: str, folder: Path) -> ScriptError:
    """Build the error from the log in the folder, and remove the folder."""
    text = (folder / "log").read_text(errors="replace")[-2000:]
    shutil.rmtree(folder, ignore_errors=True)
    return ScriptError(f"{problem}\n{text}")


def _start(
    name: str,
    command: Callable[[int], Sequence[str]],
    folder: Path,
    *,
    ready: Callable[[int], bool],
    user: str | None = None,
    stop_signal: int = signal.SIGTERM,
) -> Server:
    """Start a server; try again on another port when another program took the free one first."""
    for _ in range(3):
        port = free_port()
        with (folder / "log").open("a") as output:
            process = spawn(
                command(port),
                output=output,
                cwd=folder,
                user=user,
                env=_environment(folder),
                last_signal=stop_signal,
            )
        if _comes_up(process, port, ready):
            return Server(name, port, folder, process, stop_signal=stop_signal)
        stop(process, stop_signal)
    raise _failed(f"{name} did not start. Its last lines:", folder)


def _comes_up(process: subprocess.Popen[str], port: int, ready: Callable[[int], bool]) -> bool:
    up = wait_until(lambda: process.poll() is not None or ready(port), START_SECONDS)
    return up and process.poll() is None
