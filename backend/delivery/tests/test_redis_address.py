"""A Redis that asks for a password, for TLS or for a socket's path: all that we keep there works by its address."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import CacheHandler

from delivery.redis_layer import RedisLayer
from gateway.presence import RedisPresence
from rod.caches import redis_caches
from scripts import services
from scripts.common import free_port, spawn, stop, wait_until

pytestmark = pytest.mark.redis
SECRET = "hush-hush"


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    """The same server by three addresses."""
    folder = Path(tempfile.mkdtemp(prefix="rod-redis-"))
    port, secure = free_port(), free_port()
    files = {
        "--tls-cert-file": folder / "cert",
        "--tls-key-file": folder / "key",
        "--tls-ca-cert-file": folder / "cert",
    }
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run(
        [*make, "-keyout", folder / "key", "-out", folder / "cert"], check=True, capture_output=True
    )
    command = [*services.redis_command(port, folder, keep=False), "--requirepass", SECRET]
    command += ["--unixsocket", str(folder / "s"), "--tls-port", str(secure), "--tls-auth-clients", "no"]
    process = spawn(
        [*command, *(str(part) for pair in files.items() for part in pair)], output=subprocess.DEVNULL
    )
    try:
        assert wait_until(lambda: (folder / "s").exists(), 20)
        yield {
            "password": f"redis://:{SECRET}@127.0.0.1:{port}/3",
            "socket": f"unix://:{SECRET}@{folder / 's'}?db=3",
            "tls": f"rediss://:{SECRET}@localhost:{secure}/3?ssl_ca_certs={folder / 'cert'}",
        }
    finally:
        stop(process)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("kind", ["password", "socket", "tls"])
async def test_run_16_the_channel_layer_and_presence_reach_it(kind: str, addresses: dict[str, str]) -> None:
    layer = RedisLayer(hosts=[addresses[kind]], prefix="test")
    channel = await layer.new_channel()
    await layer.group_add("table", channel)
    await layer.group_send("table", {"type": "news", "text": "hello"})
    assert (await layer.receive(channel))["text"] == "hello"
    await layer.flush()
    presence = RedisPresence(addresses[kind])
    assert await presence._redis.ping()
    await presence._redis.aclose()
    await presence._redis.connection_pool.aclose()


@pytest.mark.parametrize("kind", ["password", "socket", "tls"])
def test_run_16_the_caches_reach_it(kind: str, addresses: dict[str, str]) -> None:
    caches: Any = CacheHandler(redis_caches(addresses[kind]))
    for alias in ("default", "sessions"):
        caches[alias].set(f"key-{kind}", alias, 30)
        assert caches[alias].get(f"key-{kind}") == alias
    caches.close_all()
