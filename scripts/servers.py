"""Command lines of the servers of production: `run` starts them, benchmarks and tests of faults measure the same."""

from pathlib import Path

from scripts import environment

# A request may take so long to finish when its worker is replaced or stopped.
GRACE_SECONDS = 30
ANSWER_SECONDS = 60
KEEP_ALIVE_SECONDS = 75
Command = list[str | Path]


def gunicorn(application: str, host: str, port: int, workers: int, threads: int) -> Command:
    """WSGI. Its workers share one listening socket: a reload loses none of the connections that wait."""
    shape = ["--workers", str(workers), "--worker-class", "gthread", "--threads", str(threads)]
    patience = {
        "graceful-timeout": GRACE_SECONDS,
        "timeout": ANSWER_SECONDS,
        "keep-alive": KEEP_ALIVE_SECONDS,
    }
    waits = [word for name, seconds in patience.items() for word in (f"--{name}", str(seconds))]
    quiet = ["--log-level", "warning", "--no-control-socket"]
    return [
        environment.python(),
        "-m",
        "gunicorn",
        "--bind",
        f"{host}:{port}",
        *shape,
        *waits,
        *quiet,
        application,
    ]


def uvicorn(application: str, host: str, port: int, *more: str) -> Command:
    """ASGI. The gateway's own heartbeat finds the dead: uvicorn's pings would cost each socket two timers."""
    ours = application.startswith("rod.")
    where = ["--host", host, "--port", str(port)]
    sockets = ["--ws", "gateway.server:Protocol" if ours else "websockets-sansio"]
    sockets += ["--ws-per-message-deflate", "false", "--ws-ping-interval", "0"]
    # A parent says at this level that a worker died; its workers are as quiet as Django's settings say.
    quiet = ["--no-access-log", "--log-level", "info" if "--workers" in more else "warning"]
    stops = ["--timeout-graceful-shutdown", str(GRACE_SECONDS)]
    return [environment.python(), "-m", "uvicorn", *where, *sockets, *quiet, *stops, *more, application]
