"""Looks whether what somebody names while setting up answers. Each returns a sentence, or nothing when all is well.

Standard library, and `.venv` where there is one: it can try the password too.
"""

import os
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from contract.redis_address import cluster, sentinels
from contract.variables import ENGINES
from scripts import environment
from scripts.common import BACKEND, ScriptError, run

SECONDS = 5.0


def database(values: Mapping[str, str]) -> str:
    """`values`: the DB_* variables of a server."""
    host, port = values["DB_HOST"], int(values["DB_PORT"])
    if problem := _port(host, port):
        return f"{problem} Is the database running, and do DB_HOST and DB_PORT name it?"
    driver = "MySQLdb" if ENGINES[values["DB_ENGINE"]] == "mysql" else "psycopg"
    if not environment.python().exists() or not environment.has_module(driver):
        return ""
    env = {
        **os.environ,
        **values,
        "DATABASE_URL": "",
        "ENV_FILE": "",
        "ENV": "development",
        "SECRET_KEY": "x" * 50,
    }
    try:
        command: list[str | Path] = [
            environment.python(),
            BACKEND / "manage.py",
            "check",
            "--database",
            "default",
        ]
        run(command, "", env=env, seconds=60)
    except ScriptError as error:
        return str(error).strip()
    return ""


def redis(url: str) -> str:
    if several := sentinels(url) or cluster(url):  # one that answers is enough
        problems = [_port(host, port) for host, port in several.hosts]
        return "" if "" in problems else " ".join(problems)
    parts = urlsplit(url or "redis://127.0.0.1:6379")
    if not parts.hostname:  # a socket's path
        return ""
    return _port(parts.hostname, parts.port or 6379)


def _port(host: str, port: int) -> str:
    try:
        socket.create_connection((host, port), SECONDS).close()
    except OSError as error:
        return f"Nothing answers at {host}:{port} ({error.strerror or error})."
    return ""
