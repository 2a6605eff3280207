"""Each request has an id, which is the caller's if it sends one, and which every line of the log about it names."""

import logging

import pytest
from django.test import Client

from contract.logs import INTERACTION_HEADER, REQUEST_HEADER, WithIds


def test_the_answer_names_the_request(client: Client) -> None:
    assert client.get("/healthz", headers={REQUEST_HEADER: "abc-1"})[REQUEST_HEADER] == "abc-1"
    made = [client.get("/healthz", headers={REQUEST_HEADER: given})[REQUEST_HEADER] for given in ("", "a\tb")]
    assert len(set(made)) == 2
    assert all(len(request_id) == 16 for request_id in made)


def test_a_line_of_the_log_names_request_and_interaction(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(request: object) -> None:
        raise ValueError("a defect")

    monkeypatch.setattr("rod.readiness.report", lambda: broken(None))
    client.raise_request_exception = False
    caplog.handler.addFilter(WithIds())
    with caplog.at_level(logging.ERROR):
        answer = client.get("/readyz", headers={REQUEST_HEADER: "abc-2", INTERACTION_HEADER: "99"})
    assert answer.status_code == 500
    (line,) = [record for record in caplog.records if "unexpected error" in record.message]
    assert (line.request, line.interaction) == ("abc-2", "99")
