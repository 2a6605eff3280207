"""The API for shows: an operator, and a campaign that it made."""

from typing import Any

import pytest
from django.test import Client

from companion.tests.shows import OPERATOR, Api


@pytest.fixture
def operator(settings: Any, transactional_db: None) -> Api:
    settings.ADMIN_TOKEN = OPERATOR
    return Api(Client(), OPERATOR)


@pytest.fixture
def everybody(operator: Api) -> Api:
    return operator.by("")


@pytest.fixture
def made(operator: Api) -> dict[str, Any]:
    """A campaign as its creation answered."""
    body = {"slug": "curse-of-strahd", "name": "Curse of Strahd", "description": "Barovia"}
    return dict(operator.ok("POST", "", body, 201))


@pytest.fixture
def api(operator: Api, made: dict[str, Any]) -> Api:
    """With the campaign's own token."""
    return operator.by(made["admin_token"])
