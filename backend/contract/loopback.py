"""Our own traffic on this machine goes straight, whatever proxy the environment names. Standard library only."""

import os
from collections.abc import MutableMapping

HOSTS = ("localhost", "127.0.0.1", "::1")
NAMES = ("no_proxy", "NO_PROXY")


def go_straight(environ: MutableMapping[str, str] = os.environ) -> None:
    """Except this machine from proxies, for this process and those that it starts."""
    there = [host.strip() for name in NAMES for host in environ.get(name, "").split(",") if host.strip()]
    excepted = ",".join(dict.fromkeys([*there, *HOSTS]))
    environ.update(dict.fromkeys(NAMES, excepted))
