"""A Patreon of our own on loopback: consent, token and identity over HTTP, and calls signed as Patreon signs them."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.apps import apps

Json = dict[str, Any]
CLIENT, SECRET, TOKEN, CODE = "client-1", "client-secret-nobody-may-see", "token-nobody-may-see", "code-1"
SIGNED_WITH = "webhook-secret-nobody-may-see"
CAMPAIGN, PATRON = "9441253", "88555402"


def resource(type: str, id: str, **attributes: Any) -> Json:
    return {"type": type, "id": id, "attributes": attributes}


def member(
    tiers: dict[str, str] | None = None,
    *,
    patron: str = PATRON,
    campaign: str = CAMPAIGN,
    discord: str | None = None,
    **attributes: Any,
) -> Json:
    """A webhook's document of a member; `tiers` is id → title."""
    named = [{"type": "tier", "id": tier} for tier in tiers or {}]
    facts: Json = {
        "email": "mira@private.example",
        "full_name": "Mira Private",
        "patron_status": "active_patron",
        "pledge_relationship_start": "2026-01-15T10:00:00.000+00:00",
        "last_charge_date": None,
        "next_charge_date": None,
    } | attributes
    connections = {"discord": {"user_id": discord} if discord else None, "twitch": None}
    return {
        "data": resource("member", f"member-of-{patron}", **facts)
        | {
            "relationships": {
                "address": {"data": None},
                "campaign": {"data": {"type": "campaign", "id": campaign}},
                "currently_entitled_tiers": {"data": named},
                "user": {"data": {"type": "user", "id": patron}},
            }
        },
        "included": [
            resource("campaign", campaign, summary="A game"),
            resource("user", patron, full_name="Mira Private", social_connections=connections),
            *(resource("tier", tier, title=title) for tier, title in (tiers or {}).items()),
        ],
        "links": {"self": "https://www.patreon.com/api/oauth2/v2/members/1"},
    }


def usual_tiers() -> None:
    """Put the tiers of the migration back where a test with real transactions emptied all tables."""
    import_module("patreon.migrations.0002_usual_tiers").add(apps, None)


def signed(body: bytes, secret: str = SIGNED_WITH) -> str:
    return hmac.new(secret.encode(), body, hashlib.md5).hexdigest()


def headers(event: str, body: bytes, secret: str = SIGNED_WITH) -> dict[str, str]:
    return {"X-Patreon-Event": event, "X-Patreon-Signature": signed(body, secret)}


class FakePatreon:
    """`documents` are the members that the identity includes; `broken` maps a path to a status."""

    def __init__(self) -> None:
        self.patron = PATRON
        self.documents: list[Json] = []
        self.broken: dict[str, int] = {}
        self.requests: list[tuple[str, Json]] = []
        self.url = ""

    def settings(self) -> Json:
        return {
            "PATREON_CLIENT_ID": CLIENT,
            "PATREON_CLIENT_SECRET": SECRET,
            "PATREON_WEBHOOK_SECRET": SIGNED_WITH,
            "PATREON_API_BASE": f"{self.url}/api/oauth2",
            "PATREON_OAUTH_AUTHORIZE": f"{self.url}/oauth2/authorize",
        }

    def answer(self, path: str, given: Json, token: str) -> tuple[int, Json]:
        self.requests.append((path, given))
        if path in self.broken:
            return self.broken[path], {"error": "invalid_grant"}
        if path == "/api/oauth2/token":
            wanted = {"client_id": CLIENT, "client_secret": SECRET, "code": CODE}
            right = wanted.items() <= given.items() and given["redirect_uri"].endswith(
                "/account/patreon/callback/"
            )
            return (200, {"access_token": TOKEN, "expires_in": 2678400}) if right else (401, {"error": "no"})
        if path == "/api/oauth2/v2/identity" and token == f"Bearer {TOKEN}":
            return 200, self.identity()
        return 401, {}

    def identity(self) -> Json:
        members = [
            document["data"] | {"id": f"member-{number}"} for number, document in enumerate(self.documents)
        ]
        others = [row for document in self.documents for row in document["included"] if row["type"] != "user"]
        return {
            "data": resource("user", self.patron, full_name="Mira Private"),
            "included": [*members, *others],
        }


def _handler(fake: FakePatreon) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            given = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/oauth2/authorize":
                query = urlencode({"code": CODE, "state": given["state"]})
                self.send_response(302)
                self.send_header("Location", f"{given['redirect_uri']}?{query}")
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self.reply(*fake.answer(parts.path, given, self.headers.get("Authorization", "")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = {name: values[0] for name, values in parse_qs(body).items()}
            self.reply(*fake.answer(self.path, given, ""))

        def reply(self, status: int, answer: Json) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *parts: Any) -> None:
            pass

    return Handler


@contextmanager
def patreon_server() -> Iterator[FakePatreon]:
    fake = FakePatreon()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
