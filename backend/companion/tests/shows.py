"""A client of the API for shows, for tests."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

OPERATOR = "operator-token-of-the-tests-0123456789"


@dataclass
class Api:
    client: Client
    token: str = ""

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"X-Admin-Token": self.token} if self.token else {}
        more: dict[str, Any] = {"headers": {**sent, **headers}}
        if body is not None:
            more |= {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(self.client, method.lower())(f"/campaigns{path}", **more)

    def ok(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self(method, path, body)
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    def refused(self, method: str, path: str, body: Any, status: int, code: str) -> Any:
        answer = self(method, path, body)
        found = answer.json()
        assert (answer.status_code, found["code"]) == (status, code), answer.content
        assert found["detail"]
        return found

    def by(self, token: str) -> "Api":
        return Api(self.client, token)
