"""Chooses the Redis of a run of `dev.sh`: a running one, else one of our own, else none, with a notice."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from scripts import environment, services
from scripts.common import BACKEND, free_port, run, say
from scripts.supervisor import Supervisor

HOW_TO_START = {
    "linux": "sudo apt install redis-server && sudo systemctl start redis-server   (Debian, Ubuntu)",
    "darwin": "brew install redis && brew services start redis",
    "win32": "in WSL: sudo apt install redis-server && sudo service redis-server start   (or native: Memurai)",
}

# In the virtual environment, whose redis knows every kind of address; the address holds a password, so not by argument.
PING = """
import os, sys
from delivery.redis_clients import REDIS_ERRORS, ping
try:
    ping(os.environ["REDIS_URL"], 5)
except (*REDIS_ERRORS, ValueError) as error:
    sys.exit(str(error))
"""


def choose(env: Mapping[str, str], supervisor: Supervisor, folder: Path, private: bool) -> dict[str, str]:
    """Return the settings for Redis. `private`: never write into a person's Redis."""
    if env.get("REDIS_URL") and not private:
        path = {**env, "PYTHONPATH": str(BACKEND)}
        run([environment.python(), "-c", PING], "The Redis that REDIS_URL names does not answer:", env=path)
        say("Redis: the one that REDIS_URL names.")
        return {"USE_REDIS": "1"}
    host, port = env.get("REDIS_HOST") or "127.0.0.1", int(env.get("REDIS_PORT") or 6379)
    running = services.answers_ping(host, port)
    if running and not private:
        say(f"Redis: the one at {host}:{port}.")
        return {"USE_REDIS": "1"}
    if services.redis_binary():
        own = start(supervisor, folder)
        say(f"Redis: started our own on port {own}.")
        address = {"REDIS_URL": "", "REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(own), "REDIS_DB_INDEX": "0"}
        return {"USE_REDIS": "1"} | address
    say(f"Redis: the one at {host}:{port} is left alone; memory for now." if running else notice(host, port))
    return {"USE_REDIS": "0"}


def start(supervisor: Supervisor, folder: Path) -> int:
    port = free_port()
    folder.mkdir(exist_ok=True)
    supervisor.start("redis", services.redis_command(port, folder, keep=True), os.environ, quiet=True)
    supervisor.wait_for("redis", lambda: services.answers_ping("127.0.0.1", port))
    return port


def notice(host: str, port: int, platform: str = sys.platform) -> str:
    return (
        f"\n!! NO REDIS: nothing answers at {host}:{port}, and redis-server is not installed.\n"
        "!! Memory takes its place: live updates work, within this one backend process.\n"
        f"!! To have Redis:  {HOW_TO_START.get(platform, HOW_TO_START['linux'])}\n"
        "!! Then run this script again.\n"
    )
