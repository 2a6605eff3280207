"""A query that takes long is named in the log, without its values."""

import logging

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from monitoring.slow_queries import time_query


@pytest.mark.django_db
def test_a_slow_query_is_named_and_its_values_are_not(settings, caplog: pytest.LogCaptureFixture) -> None:
    users = get_user_model().objects
    with caplog.at_level(logging.WARNING), connection.execute_wrapper(time_query):
        users.filter(username="a-name-nobody-reads").exists()
        assert caplog.records == []
        settings.SLOW_QUERY_SECONDS = 0
        users.filter(username="a-name-nobody-reads").exists()
    assert "username" in caplog.records[0].getMessage()
    assert "nobody-reads" not in caplog.text
