"""The chat API of S003: exact addresses, shapes and refusals."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from chat.models import ChatMessage
from chat.tests.chat_kit import table
from chronicle.models import Server
from discordauth import tokens
from testing.personas import World

pytestmark = pytest.mark.django_db
SERVERS = "/chat/servers"


class Caller:
    """Somebody with a token."""

    def __init__(self, user: Any) -> None:
        self.token = tokens.start_family(user)["access"] if user else ""
        self._client = Client(headers={"Authorization": f"Bearer {self.token}"} if user else {})

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        answer = self._client.generic(
            method,
            path,
            data="" if body is None else json.dumps(body),
            content_type="application/json",
            headers=headers,
        )
        return answer.status_code, answer.json() if answer.content else None

    def get(self, path: str) -> tuple[int, Any]:
        return self.ask("GET", path)

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        return self.ask("POST", path, body, **headers)


@pytest.fixture
def mira(world: World) -> Caller:
    return Caller(world.mira)


@pytest.fixture
def olga(world: World) -> Caller:
    return Caller(world.olga)


def messages_of(world: World) -> str:
    return f"{SERVERS}/{world.server.pk}/channels/{table().pk}/messages"


@pytest.mark.req("S003-11", "S003-01")
def test_the_servers_of_the_caller_alone_are_listed(world: World, mira: Caller) -> None:
    status, found = mira.get(SERVERS)
    assert status == 200
    assert [server["id"] for server in found] == [str(world.server.pk)]
    assert found[0].keys() == {"id", "name", "icon", "role", "created_at"}
    assert found[0]["role"] == "MEMBER"


@pytest.mark.req("S003-12", "S003-11")
def test_who_creates_a_server_is_its_admin(world: World) -> None:
    sam = Caller(world.sam)
    status, made = sam.post(SERVERS, {"name": "Rooftops", "icon": "https://example.org/icon.png"})
    assert status == 201
    assert (made["name"], made["icon"], made["role"]) == (
        "Rooftops",
        "https://example.org/icon.png",
        "ADMIN",
    )
    assert made in sam.get(SERVERS)[1]
    status, error = sam.post(SERVERS, {"name": " "})
    assert (status, error["fields"].keys()) == (400, {"name"})
    assert Server.objects.filter(owner=world.sam, discord_id=None).count() == 1


@pytest.mark.req("S003-13", "S003-02")
def test_members_list_the_channels_in_order(world: World, mira: Caller) -> None:
    status, found = mira.get(f"{SERVERS}/{world.server.pk}/channels")
    assert status == 200
    assert [(row["name"], row["type"], row["position"]) for row in found] == [
        ("table", "TEXT", 0),
        ("tracker", "TEXT", 1),
    ]
    assert found[0].keys() == {"id", "name", "type", "position"}


@pytest.mark.req("S003-16", "S003-17", "S003-48", "S003-58")
def test_messages_are_sent_and_read_in_pages(world: World, mira: Caller) -> None:
    path = messages_of(world)
    status, sent = mira.post(path, {"text": "first"})
    assert status == 201
    keys = {"id", "user", "text", "timestamp", "createdAt", "serverId", "channelId"}
    assert sent.keys() == keys
    assert (sent["user"], sent["text"]) == ("mira", "first")
    assert (sent["serverId"], sent["channelId"]) == (str(world.server.pk), str(table().pk))
    others = [mira.post(path, {"text": text})[1] for text in ("second", "third")]
    assert [row["text"] for row in mira.get(path)[1]] == ["third", "second", "first"]
    assert [row["text"] for row in mira.get(f"{path}?limit=1&offset=1")[1]] == ["second"]
    assert [row["text"] for row in mira.get(f"{path}?after={sent['id']}")[1]] == ["third", "second"]
    assert [row["text"] for row in mira.get(f"{path}?before={others[1]['id']}")[1]] == ["second", "first"]
    for wrong in ("limit=0", "limit=101", "offset=-1", "limit=many", "before=x"):
        assert mira.get(f"{path}?{wrong}")[0] == 400, wrong


def test_a_message_sent_again_with_its_key_is_one(world: World, mira: Caller) -> None:
    answers = [mira.post(messages_of(world), {"text": "once"}, idempotency_key="k1") for _ in range(2)]
    assert answers[0] == answers[1]
    assert ChatMessage.objects.count() == 1


@pytest.mark.req("S003-20", "S003-30", "S003-38")
def test_strangers_are_refused_and_learn_nothing_of_private_servers(world: World) -> None:
    sam = Caller(world.sam)
    path = f"{SERVERS}/{world.server.pk}/channels"
    assert sam.get(path)[0] == 403
    assert sam.post(messages_of(world), {"text": "hello?"})[0] == 403
    Server.objects.filter(pk=world.server.pk).update(is_private=True)
    assert sam.get(path) == sam.get(f"{SERVERS}/{uuid4()}/channels")
    assert sam.get(path)[0] == 404
    assert sam.get(messages_of(world))[0] == 404
    assert not ChatMessage.objects.exists()


@pytest.mark.req("S003-20")
def test_ids_that_are_none_and_channels_of_other_servers(world: World, mira: Caller) -> None:
    for path in (
        f"{SERVERS}/not-an-id/channels",
        f"{SERVERS}/{uuid4()}/channels",
        f"{SERVERS}/{world.server.pk}/channels/1234/messages",
        f"{SERVERS}/{world.server.pk}/channels/{uuid4()}/messages",
    ):
        assert mira.get(path)[0] == 404, path
    foreign = f"{SERVERS}/{world.other_server.pk}/channels/{table().pk}/messages"
    assert mira.get(foreign)[0] in (403, 404)


@pytest.mark.req("S003-59", "S003-22", "S003-23", "S003-24", "S003-25")
def test_only_our_own_living_tokens_count(world: World, mira: Caller) -> None:
    claims = jwt.decode(mira.token, settings.SECRET_KEY, algorithms=["HS256"])
    assert claims["user_id"] == str(world.mira.pk)
    forged = {
        "none": jwt.encode(claims, None, algorithm="none"),
        "another algorithm": jwt.encode(claims, settings.SECRET_KEY, algorithm="HS512"),
        "another key": jwt.encode(claims, "x" * 64, algorithm="HS256"),
        "expired": jwt.encode(
            claims | {"exp": timezone.now() - timedelta(seconds=1)}, settings.SECRET_KEY, algorithm="HS256"
        ),
        "nothing": "",
    }
    for name, token in forged.items():
        answer = Client(headers={"Authorization": f"Bearer {token}"}).get(SERVERS)
        assert answer.status_code == 401, name
    assert Client().get(SERVERS).status_code == 401
    signed_in = Client()
    signed_in.force_login(world.mira)
    assert signed_in.get(SERVERS).status_code == 401


@pytest.mark.req("S003-60")
@pytest.mark.parametrize("text", ["'; DROP TABLE chat_messages; --", '" OR 1=1 --', "%s %d {0}", "\\'"])
def test_hostile_text_is_stored_as_it_is(world: World, mira: Caller, text: str) -> None:
    assert mira.post(messages_of(world), {"text": text})[1]["text"] == text
    assert [row["text"] for row in mira.get(messages_of(world))[1]] == [text]


@pytest.mark.req("S003-62")
def test_other_sites_are_let_in_by_setting_alone(world: World, mira: Caller, settings: Any) -> None:
    def allowed(origin: str) -> str | None:
        answer = Client().options(SERVERS, headers={"Origin": origin, "Access-Control-Request-Method": "GET"})
        return answer.headers.get("Access-Control-Allow-Origin")

    settings.CORS_ALLOWED_ORIGINS = []
    assert allowed("https://elsewhere.example") is None
    settings.CORS_ALLOWED_ORIGINS = ["https://elsewhere.example"]
    assert allowed("https://elsewhere.example") == "https://elsewhere.example"
    assert allowed("https://evil.example") is None


@pytest.fixture
def rooftops(world: World) -> str:
    """A server that Sam made on the web."""
    return str(Caller(world.sam).post(SERVERS, {"name": "Rooftops"})[1]["id"])


@pytest.mark.req("S003-14", "S003-31", "S000-74")
def test_admins_create_channels_and_members_do_not(world: World, rooftops: str) -> None:
    sam, mira = Caller(world.sam), Caller(world.mira)
    path = f"{SERVERS}/{rooftops}/channels"
    status, text = sam.post(path, {"name": "the-roof", "type": "TEXT"})
    assert (status, text["name"], text["type"]) == (201, "the-roof", "TEXT")
    status, voice = sam.post(path, {"name": "Voices", "type": "VOICE", "position": 0})
    assert (status, voice["type"], voice["position"]) == (201, "VOICE", 0)
    assert {row["name"] for row in sam.get(path)[1]} >= {"the-roof", "Voices"}
    for wrong in (
        {"name": "x"},
        {"name": "x", "type": "STAGE"},
        {"type": "TEXT"},
        {"name": "", "type": "TEXT"},
    ):
        assert sam.post(path, wrong)[0] == 400, wrong
    sam.post(f"{SERVERS}/{rooftops}/members", {"user_id": str(world.mira.pk)})
    assert mira.post(path, {"name": "mine", "type": "TEXT"})[0] == 403


@pytest.mark.req("S003-18", "S003-19", "S003-31", "S003-32")
def test_who_adds_and_removes_whom(world: World, rooftops: str) -> None:
    sam, mira, jonas = (Caller(getattr(world, name)) for name in ("sam", "mira", "jonas"))
    path = f"{SERVERS}/{rooftops}/members"
    status, added = sam.post(path, {"user_id": str(world.mira.pk), "role": "MODERATOR"})
    assert status == 201
    assert added.keys() == {"id", "user_id", "username", "role", "joined_at"}
    assert (added["username"], added["role"]) == ("mira", "MODERATOR")
    assert mira.get(SERVERS)[1][0]["role"] in ("MODERATOR", "MEMBER")
    assert mira.post(path, {"user_id": str(world.jonas.pk), "role": "ADMIN"})[0] == 403
    assert mira.post(path, {"user_id": str(world.jonas.pk)})[0] == 201
    assert jonas.post(path, {"user_id": str(world.vesna.pk)})[0] == 403
    assert jonas.ask("DELETE", f"{path}/{world.mira.pk}")[0] == 403
    assert mira.ask("DELETE", f"{path}/{world.sam.pk}")[0] == 403
    assert mira.ask("DELETE", f"{path}/{world.jonas.pk}") == (204, None)
    assert jonas.get(f"{SERVERS}/{rooftops}/channels")[0] == 403
    assert sam.post(path, {"user_id": str(uuid4())})[0] == 404
    assert sam.post(path, {"user_id": "somebody"})[0] == 400


@pytest.mark.req("S003-21")
def test_the_last_admin_stays(world: World, rooftops: str) -> None:
    sam = Caller(world.sam)
    status, error = sam.ask("DELETE", f"{SERVERS}/{rooftops}/members/{world.sam.pk}")
    assert (status, error["code"]) == (409, "last_admin")
    assert [server["id"] for server in sam.get(SERVERS)[1] if server["role"] == "ADMIN"].count(rooftops) == 1


@pytest.mark.req("S003-15", "S003-31")
def test_admins_delete_a_server_and_others_do_not(world: World, rooftops: str) -> None:
    sam, mira = Caller(world.sam), Caller(world.mira)
    sam.post(f"{SERVERS}/{rooftops}/members", {"user_id": str(world.mira.pk)})
    assert mira.ask("DELETE", f"{SERVERS}/{rooftops}")[0] == 403
    assert sam.ask("DELETE", f"{SERVERS}/{rooftops}") == (204, None)
    assert rooftops not in {server["id"] for server in mira.get(SERVERS)[1]}
    assert mira.get(f"{SERVERS}/{rooftops}/channels")[0] in (403, 404)


def test_a_guild_with_the_bot_in_it_is_not_deleted_here(world: World, olga: Caller) -> None:
    assert olga.ask("DELETE", f"{SERVERS}/{world.server.pk}")[0] == 409
