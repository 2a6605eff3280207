"""Setting up looks whether what is named answers."""

import socket
from collections.abc import Iterator

import pytest

from scripts import environment, probes
from scripts.common import ScriptError, free_port


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def values(port: int) -> dict[str, str]:
    return {
        "DB_ENGINE": "postgresql",
        "DB_HOST": "127.0.0.1",
        "DB_PORT": str(port),
        "DB_NAME": "rod",
        "DB_USER": "rod",
    }


@pytest.mark.req("S004-66")
def test_a_port_where_nothing_listens_is_named(listening: int) -> None:
    port = free_port()
    assert f"Nothing answers at 127.0.0.1:{port}" in probes.database(values(port))
    assert "DB_HOST and DB_PORT" in probes.database(values(port))
    assert f"Nothing answers at 127.0.0.1:{port}" in probes.redis(f"redis://127.0.0.1:{port}/0")
    assert probes.redis(f"rediss://:hush@127.0.0.1:{listening}/0") == ""
    assert probes.redis("unix:///run/redis.sock?db=0") == ""
    assert probes.redis(f"redis+cluster://:hush@127.0.0.1:{port},127.0.0.1:{listening}") == ""
    assert probes.redis(f"redis+sentinel://127.0.0.1:{listening}/court") == ""
    assert f"at 127.0.0.1:{port}" in probes.redis(f"redis+cluster://127.0.0.1:{port},127.0.0.1:1")


@pytest.mark.req("S004-66")
def test_the_login_is_tried_where_the_driver_is_installed(
    listening: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, str]] = []

    def refuse(command: object, problem: str, env: dict[str, str], seconds: int) -> None:
        asked.append(env)
        raise ScriptError("\n  The database does not answer: password authentication failed")

    monkeypatch.setattr(probes, "run", refuse)
    assert "password authentication failed" in probes.database(values(listening))
    assert asked[0]["DB_PORT"] == str(listening)
    monkeypatch.setattr(environment, "has_module", lambda name: False)
    assert probes.database(values(listening)) == ""
