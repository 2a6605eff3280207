"""Addresses of a Redis Cluster: what is understood, what is refused, and which keys lie on one node."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from redis.crc import key_slot

from contract.dotenv import ConfigError, DotEnv
from contract.redis_address import cluster
from contract.variable_kinds import redis
from contract.variables import Variables, check, understand
from delivery import redis_clients
from delivery.redis_clients import async_cluster
from delivery.redis_line import ClusterLine, RedisLine, line
from gateway.presence import PREFIX
from rod.caches import layer_of, redis_caches
from timeline import limits

ADDRESS = "redis+cluster://:p%40ss@one,two:6380"


def test_an_address_of_a_cluster_is_understood() -> None:
    found = cluster(ADDRESS)
    assert found is not None
    assert found.hosts == (("one", 6379), ("two", 6380))
    assert found.first == "redis://:p%40ss@one:6379/0"
    assert "p%40ss" not in repr(found)
    assert cluster("redis://one:6379/0") is None
    assert redis(ADDRESS) == ADDRESS


def test_one_with_tls_and_hosts_by_number_is_understood_too() -> None:
    found = cluster("rediss+cluster://rod:word@[::1]:7000,10.0.0.2/0?ssl_ca_certs=/etc/ca.pem")
    assert found is not None
    assert found.hosts == (("::1", 7000), ("10.0.0.2", 6379))
    assert found.first == "rediss://rod:word@[::1]:7000/0?ssl_ca_certs=/etc/ca.pem"


async def test_user_password_tls_and_timeouts_hold_for_every_node() -> None:
    client = async_cluster("rediss+cluster://rod:w%20d@one,two?ssl_ca_certs=/etc/ca.pem", 2.0)
    assert {(node.host, node.port) for node in client.startup_nodes} == {("one", 6379), ("two", 6379)}
    options: dict[str, Any] = client.get_connection_kwargs()
    assert (options["username"], options["password"]) == ("rod", "w d")
    assert options["connection_class"].__name__ == "SSLConnection"
    assert options["ssl_ca_certs"] == "/etc/ca.pem"
    assert options["socket_timeout"] == options["socket_connect_timeout"] == 2.0


@pytest.mark.parametrize("wrong", ["one:0", "one:99999", "one,", "", "one:x,two", "one two:6379", ":6379"])
def test_a_broken_address_is_refused_with_the_shape_it_must_have(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"redis\+cluster://:password@one:6379,two:6379/0"):
        redis(f"redis+cluster://{wrong}")


@pytest.mark.parametrize("wrong", ["one/1", "one/court", "one?db=0"])
def test_a_cluster_has_no_database_but_the_first(wrong: str) -> None:
    with pytest.raises(ValueError, match="no database but 0"):
        redis(f"redis+cluster://{wrong}")


@pytest.mark.req("S004-53")
def test_an_index_that_a_cluster_has_not_is_refused_at_the_start() -> None:
    check(Variables(REDIS_URL=ADDRESS, REDIS_DB_INDEX=0))
    check(Variables(REDIS_URL="redis://one:6379/3", REDIS_DB_INDEX=3))
    with pytest.raises(ConfigError, match=r"REDIS_DB_INDEX is 3.*Set it to 0"):
        check(Variables(REDIS_URL=ADDRESS, REDIS_DB_INDEX=3))


@pytest.mark.parametrize("password", ["a[HUSH]b", "HUSH[", "HUSH℀"])
@pytest.mark.parametrize(
    ("name", "scheme", "rest"),
    [
        ("REDIS_URL", "redis", "one:6379/0"),
        ("REDIS_URL", "redis+sentinel", "one,two/court/0"),
        ("REDIS_URL", "redis+cluster", "one,two"),
        ("DATABASE_URL", "postgres", "one/name"),
        ("SENTRY_DSN", "https", "one/4"),
    ],
)
def test_no_refusal_of_an_address_shows_its_password(
    name: str, scheme: str, rest: str, password: str
) -> None:
    """Python's own words for what cannot be taken apart quote it."""
    address = f"{scheme}://user:{password}@{rest}"
    with pytest.raises(ConfigError, match="can’t be read as an address") as refused:
        understand({name: address}, DotEnv(Path()), {})
    assert "HUSH" not in str(refused.value)


@pytest.mark.req("S004-39", "S004-53")
def test_no_process_starts_with_such_an_index_and_every_part_takes_the_cluster() -> None:
    script = (
        "from rod.settings import *; print(CHANNEL_LAYERS['default'], CACHES['default'], CACHES['sessions'])"
    )

    def started(index: str) -> subprocess.CompletedProcess[str]:
        env = os.environ | {"USE_REDIS": "1", "REDIS_URL": ADDRESS, "REDIS_DB_INDEX": index}
        command = [sys.executable, "-c", script]
        return subprocess.run(
            command, cwd=Path(__file__).parents[2], env=env, capture_output=True, text=True, check=False
        )

    refused, taken = started("3"), started("0")
    assert refused.returncode == 3
    assert "REDIS_DB_INDEX is 3" in refused.stderr
    assert "p%40ss" not in refused.stderr
    for part in ("cluster_layer.ClusterLayer", "ClusterCache", "ClusterSessionCache"):
        assert part in taken.stdout


def test_with_one_redis_the_channel_layer_stays() -> None:
    for address in ("redis://one:6379/3", "redis+sentinel://one/court", "unix:///run/redis?db=1"):
        assert layer_of(address) == "delivery.redis_layer.RedisLayer"
        assert "Cluster" not in str(redis_caches(address))
    assert layer_of(ADDRESS) == "delivery.cluster_layer.ClusterLayer"


def test_what_one_script_changes_of_presence_lies_on_one_node() -> None:
    names = ["mira:sockets", "mira:streams", "announced", "due", "in:court", "in:crypt"]
    assert len({key_slot((PREFIX + name).encode()) for name in names}) == 1


def test_what_is_counted_of_one_person_lies_on_one_node_and_of_another_elsewhere() -> None:
    names = ("changes", "rolls", "rolls by hand")
    slots = {who: {key_slot(limits._key(name, who).encode()) for name in names} for who in ("mira", "vesna")}
    assert [len(found) for found in slots.values()] == [1, 1]
    assert slots["mira"] != slots["vesna"]


def test_keys_are_put_together_by_node(monkeypatch: pytest.MonkeyPatch) -> None:
    class Client:
        def keyslot(self, key: str) -> int:
            return key_slot(key.encode())

    monkeypatch.setattr("delivery.redis_line.cluster", lambda url, seconds: Client())
    to_cluster, to_one = line(ADDRESS, 1.25), line("redis://one:6379/0", 1.25)
    assert isinstance(to_cluster, ClusterLine)
    assert isinstance(to_one, RedisLine)
    keys = ["a{mira}", "a{vesna}", "b{mira}"]
    assert sorted(map(sorted, to_cluster.together(keys))) == [["a{mira}", "b{mira}"], ["a{vesna}"]]
    assert to_one.together(keys) == [keys]


def test_a_cluster_that_does_not_answer_is_asked_again_the_next_time() -> None:
    for _ in range(2):
        with pytest.raises(redis_clients.REDIS_ERRORS):
            redis_clients.ping("redis+cluster://127.0.0.1:1", 0.5)
