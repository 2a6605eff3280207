"""`/healthz` and `/version`: open to anyone, with and without a slash."""

from datetime import datetime

import pytest
from django.test import Client


@pytest.mark.req("S002-15")
@pytest.mark.parametrize("path", ["/healthz", "/healthz/"])
def test_healthz_answers_a_stranger(path):
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "version": "dev"}


@pytest.mark.req("S002-16")
@pytest.mark.parametrize("path", ["/version", "/version/"])
def test_version_names_version_environment_and_time(path):
    answer = Client().get(path)
    assert answer.status_code == 200
    body = answer.json()
    assert datetime.fromisoformat(body.pop("timestamp")).tzinfo
    assert body == {"version": "dev", "env": "development"}


@pytest.mark.req("S002-17")
def test_both_follow_the_settings(settings):
    settings.VERSION, settings.ENV = "1.2.3", "preproduction"
    assert Client().get("/healthz").json()["version"] == "1.2.3"
    body = Client().get("/version").json()
    assert (body["version"], body["env"]) == ("1.2.3", "preproduction")


def test_neither_asks_the_database(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        Client().get("/healthz")
        Client().get("/version")
