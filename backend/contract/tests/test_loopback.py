"""Proxies of the environment are for other machines."""

import httpx
import pytest

from contract import loopback


@pytest.mark.parametrize(
    "there", [{}, {"no_proxy": "intra.example, localhost"}, {"NO_PROXY": "intra.example"}]
)
def test_run_09_this_machine_is_excepted_and_nothing_is_lost(there: dict[str, str]) -> None:
    environ = dict(there)
    loopback.go_straight(environ)
    loopback.go_straight(environ)
    assert environ["no_proxy"] == environ["NO_PROXY"]
    hosts = environ["no_proxy"].split(",")
    assert {"localhost", "127.0.0.1", "::1"} <= set(hosts)
    assert len(hosts) == len(set(hosts)) == (4 if there else 3)


@pytest.mark.parametrize("address", ["http://localhost:8090", "http://127.0.0.1:8090", "http://[::1]:8090"])
def test_run_09_our_http_client_goes_straight(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    for name in loopback.NAMES:
        monkeypatch.delenv(name, raising=False)
    with httpx.Client() as client:
        assert client._transport_for_url(httpx.URL(address)) is not client._transport
    loopback.go_straight()
    with httpx.Client() as client:
        assert client._transport_for_url(httpx.URL(address)) is client._transport
        assert client._transport_for_url(httpx.URL("http://elsewhere.example")) is not client._transport
