"""Login with Discord, against a Discord that answers what the test wants."""

import base64
import hashlib
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.contrib.messages import get_messages
from django.test import Client

from chronicle.models import ServerMember
from discordauth import oauth, pending, views
from discordauth.models import CustomUser
from testing.personas import DISCORD_IDS, GUILD, World

TOKEN = "an-access-token-nobody-may-see"
SECRET = "the-app-secret"


class FakeDiscord:
    """Takes what the backend sends, answers as set up; `broken` maps a path to a status or an exception."""

    def __init__(self) -> None:
        self.user: Any = {
            "id": "740000000000000001",
            "username": "nadja",
            "global_name": "Nadja",
            "avatar": "cafe",
        }
        self.guilds: Any = []
        self.broken: dict[str, int | Exception] = {}
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        path = request.url.path.removeprefix("/api/v10")
        trouble = self.broken.get(path)
        if isinstance(trouble, Exception):
            raise trouble
        if trouble:
            return httpx.Response(trouble, json={"error": "invalid_grant", "code": "quoted-code"})
        if path == "/oauth2/token":
            return httpx.Response(200, json={"access_token": TOKEN, "token_type": "Bearer"})
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return httpx.Response(401, json={})
        return httpx.Response(200, json=self.user if path == "/users/@me" else self.guilds)


@pytest.fixture
def discord(monkeypatch: pytest.MonkeyPatch, settings: Any) -> FakeDiscord:
    settings.DISCORD_APP_ID, settings.DISCORD_APP_SECRET = "4242", SECRET
    settings.DISCORD_API_BASE = "https://discord.test/api/v10"
    settings.DISCORD_OAUTH_AUTHORIZE = "https://discord.test/oauth2/authorize"
    fake, real = FakeDiscord(), httpx.Client

    def connected(**options: Any) -> httpx.Client:
        assert options["timeout"] == oauth.TIMEOUT
        return real(**options, transport=httpx.MockTransport(fake))

    monkeypatch.setattr(oauth.httpx, "Client", connected)
    return fake


def begin(client: Client, target: str = "/") -> dict[str, str]:
    """Clicks on login; returns what the browser takes to Discord."""
    answer = client.get("/auth/login/", {"next": target})
    assert answer.status_code == 302
    return {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}


def come_back(client: Client, asked: dict[str, str], **query: str) -> Any:
    return client.get("/auth/callback/", {"code": "a-code", "state": asked["state"]} | query)


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def messages_of(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


@pytest.mark.req("S004-42")
def test_login_leads_to_discord_with_state_and_a_pkce_challenge(db: Any, discord: FakeDiscord) -> None:
    client = Client()
    answer = client.get("/auth/login/")
    assert answer["Location"].startswith("https://discord.test/oauth2/authorize?")
    asked = begin(client)
    assert asked["client_id"] == "4242"
    assert asked["response_type"] == "code"
    assert asked["scope"] == "identify guilds"
    assert asked["redirect_uri"] == "http://localhost:8080/auth/callback/"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 32
    assert begin(client)["state"] != asked["state"]


@pytest.mark.req("S004-42", "S004-43", "S004-44")
def test_the_callback_makes_the_user_and_signs_them_in(db: Any, discord: FakeDiscord) -> None:
    client = Client()
    asked = begin(client, "/?own=1")
    answer = come_back(client, asked)
    assert (answer.status_code, answer["Location"]) == (302, "/?own=1")
    user = CustomUser.objects.get(discord_id="740000000000000001")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.username, user.global_name, user.discord_avatar) == ("nadja", "Nadja", "cafe")
    assert not user.has_usable_password()
    form = parse_qs(discord.requests[0].content.decode())
    digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
    assert form["redirect_uri"] == ["http://localhost:8080/auth/callback/"]


@pytest.mark.req("S003-27")
def test_a_token_is_had_after_a_login(db: Any, discord: FakeDiscord) -> None:
    client = Client()
    come_back(client, begin(client))
    pair = client.post("/api/token/session/").json()
    me = Client(headers={"Authorization": f"Bearer {pair['access']}"}).get("/api/users/me/")
    assert me.json()["username"] == "nadja"


@pytest.mark.req("S004-43")
def test_a_second_login_updates_the_same_row(db: Any, discord: FakeDiscord) -> None:
    come_back(client := Client(), begin(client))
    discord.user |= {"username": "nadja2", "global_name": None, "avatar": None}
    come_back(client := Client(), begin(client))
    user = CustomUser.objects.get()
    assert (user.username, user.discord_username, user.global_name) == ("nadja", "nadja2", "")


def test_a_local_account_of_the_same_name_keeps_its_name_and_password(db: Any, discord: FakeDiscord) -> None:
    local = CustomUser.objects.create_user("nadja", password="correct-horse-battery")
    come_back(client := Client(), begin(client))
    local.refresh_from_db()
    assert (local.discord_id, local.check_password("correct-horse-battery")) == (None, True)
    other = CustomUser.objects.get(discord_id="740000000000000001")
    assert other.username == "nadja.740000000000000001"


@pytest.mark.req("S004-45")
def test_a_state_works_once(db: Any, discord: FakeDiscord) -> None:
    client = Client()
    asked = begin(client)
    come_back(client, asked)
    client.post("/auth/logout/")
    answer = come_back(client, asked)
    assert not signed_in(client)
    assert "try again" in messages_of(answer)


@pytest.mark.req("S004-45")
@pytest.mark.parametrize("state", ["", "made-up", "\u00e4", "x" * 5000])
def test_a_state_that_this_browser_did_not_begin_is_refused(
    db: Any, discord: FakeDiscord, state: str
) -> None:
    client = Client()
    begin(client)
    answer = client.get("/auth/callback/", {"code": "a-code", "state": state})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert not signed_in(client)
    assert discord.requests == []


@pytest.mark.req("S004-45")
def test_another_browsers_state_is_refused(db: Any, discord: FakeDiscord) -> None:
    asked = begin(Client())
    come_back(client := Client(), asked)
    assert not signed_in(client)


def test_an_old_state_is_refused(db: Any, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    asked = begin(client)
    now = pending.time.time()
    monkeypatch.setattr(pending.time, "time", lambda: now + pending.LIFETIME + 1)
    come_back(client, asked)
    assert not signed_in(client)


def test_logins_in_two_tabs_do_not_disturb_each_other(db: Any, discord: FakeDiscord) -> None:
    client = Client()
    first, second = begin(client, "/?tab=1"), begin(client, "/?tab=2")
    assert come_back(client, first)["Location"] == "/?tab=1"
    assert signed_in(client)
    assert first["state"] != second["state"]
    for _ in range(20):
        begin(other := Client())
        begin(other)
    client = Client()
    for _ in range(9):
        begin(client)
    assert len(client.session[views.PENDING]) == pending.MAX_PENDING


@pytest.mark.req("S004-45")
def test_a_denied_consent_returns_to_the_site_with_a_message(db: Any, discord: FakeDiscord) -> None:
    client = Client()
    asked = begin(client)
    answer = client.get("/auth/callback/", {"error": "access_denied", "state": asked["state"]})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "didn’t allow" in messages_of(answer)
    assert not signed_in(client)
    assert not come_back(client, asked).wsgi_request.user.is_authenticated


@pytest.mark.parametrize(
    ("path", "trouble"),
    [
        ("/oauth2/token", 400),
        ("/oauth2/token", 500),
        ("/users/@me", 401),
        ("/oauth2/token", httpx.ConnectTimeout("slow")),
        ("/users/@me", httpx.ConnectError("gone")),
    ],
)
def test_a_discord_in_trouble_gives_a_sentence(
    db: Any, discord: FakeDiscord, path: str, trouble: int | Exception
) -> None:
    client = Client()
    asked = begin(client)
    discord.broken[path] = trouble
    answer = come_back(client, asked)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert messages_of(answer).startswith("Discord ")
    assert not signed_in(client)
    assert not CustomUser.objects.exists()


@pytest.mark.parametrize("user", [[], None, "x", {}, {"id": 5}, {"id": "abc"}, {"id": "1" * 30}])
def test_an_identity_that_makes_no_sense_signs_nobody_in(db: Any, discord: FakeDiscord, user: Any) -> None:
    discord.user = user
    come_back(client := Client(), begin(client))
    assert not signed_in(client)


def test_a_document_of_brackets_in_brackets_is_no_answer() -> None:
    deep = httpx.Response(200, content=b"[" * 100_000, request=httpx.Request("GET", "https://discord.test/"))
    with pytest.raises(ValueError):
        oauth.read_json(deep)


@pytest.mark.req("S004-45")
def test_tokens_are_neither_logged_nor_stored(
    db: Any, discord: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    come_back(client := Client(), begin(client))
    assert signed_in(client)
    discord.broken["/oauth2/token"] = 400
    come_back(other := Client(), begin(other))
    logged = caplog.text + str(dict(client.session)) + str(list(CustomUser.objects.values()))
    for secret in (TOKEN, SECRET, "quoted-code", "code_verifier"):
        assert secret not in logged


def test_the_session_gets_a_new_key(db: Any, discord: FakeDiscord) -> None:
    client = Client()
    asked = begin(client)
    before = client.session.session_key
    come_back(client, asked)
    assert client.session.session_key != before


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test",
        "/\\evil.test",
        "javascript:alert(1)",
        "http:///x",
        "",
        "sheet",
        "a\x00b",
    ],
)
def test_next_leads_only_to_our_own_pages(db: Any, discord: FakeDiscord, target: str) -> None:
    client = Client()
    assert come_back(client, begin(client, target))["Location"] == "/"


def test_who_is_signed_in_is_not_sent_to_discord(
    world: World, discord: FakeDiscord, browser: Callable[[str], Client]
) -> None:
    answer = browser("mira").get("/auth/login/", {"next": "/characters/"})
    assert answer["Location"] == "/characters/"
    assert browser("mira").get("/auth/login/", {"next": "sheet"})["Location"] == "/"


def test_without_an_application_the_login_says_so(db: Any, settings: Any) -> None:
    settings.DISCORD_APP_ID = ""
    answer = Client().get("/auth/login/")
    assert answer["Location"] == "/"
    assert "isn’t set up" in messages_of(answer)


@pytest.mark.req("S004-42")
def test_logout_is_a_post(world: World, browser: Callable[[str], Client]) -> None:
    client = browser("mira")
    assert client.get("/auth/logout/").status_code == 405
    assert signed_in(client)
    assert client.post("/auth/logout/")["Location"] == "/"
    assert not signed_in(client)


def test_logout_asks_for_the_csrf_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/auth/logout/").status_code == 403
    assert signed_in(client)


@pytest.mark.req("S000-29")
@pytest.mark.parametrize(
    ("trusted", "expected"), [(False, "10.1.1.1"), (True, "203.0.113.9")], ids=["claimed", "by our proxy"]
)
def test_the_address_of_each_login_is_kept(
    db: Any, discord: FakeDiscord, settings: Any, trusted: bool, expected: str
) -> None:
    settings.TRUST_PROXY = trusted
    client = Client(REMOTE_ADDR="10.1.1.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.9")
    come_back(client, begin(client))
    assert CustomUser.objects.get().last_login_ip == expected


def test_an_address_that_is_none_is_not_kept(db: Any, discord: FakeDiscord) -> None:
    client = Client(REMOTE_ADDR="unix:")
    come_back(client, begin(client))
    assert signed_in(client)
    assert CustomUser.objects.get().last_login_ip is None


def test_a_closed_account_is_not_signed_in(world: World, discord: FakeDiscord) -> None:
    CustomUser.objects.filter(pk=world.mira.pk).update(is_active=False)
    discord.user = {"id": DISCORD_IDS["mira"], "username": "mira"}
    answer = come_back(client := Client(), begin(client))
    assert not signed_in(client)
    assert "closed" in messages_of(answer)


def test_login_brings_memberships_up_to_date(world: World, discord: FakeDiscord) -> None:
    discord.user = {"id": DISCORD_IDS["mira"], "username": "mira", "global_name": "Mira"}
    other = world.other_server.discord_id
    discord.guilds = [{"id": other, "name": "Other Court", "owner": False, "permissions": "2147483647"}]
    come_back(client := Client(), begin(client))
    servers = ServerMember.objects.filter(user=world.mira).values_list("server__discord_id", flat=True)
    assert list(servers) == [other]
    assert "administrator" not in world.principal("mira").permissions(world.other_server.pk)


@pytest.mark.parametrize("guilds", [None, {"a": 1}, [{"id": 5}], "x"])
def test_a_list_of_guilds_that_makes_no_sense_changes_no_membership(
    world: World, discord: FakeDiscord, guilds: Any
) -> None:
    discord.user = {"id": DISCORD_IDS["mira"], "username": "mira", "global_name": "Mira"}
    discord.guilds = guilds
    come_back(client := Client(), begin(client))
    assert signed_in(client)
    servers = ServerMember.objects.filter(user=world.mira).values_list("server__discord_id", flat=True)
    assert list(servers) == [GUILD]


def test_a_list_of_guilds_that_fails_keeps_nobody_out(world: World, discord: FakeDiscord) -> None:
    discord.user = {"id": DISCORD_IDS["mira"], "username": "mira"}
    discord.broken["/users/@me/guilds"] = 429
    come_back(client := Client(), begin(client))
    assert signed_in(client)
    assert ServerMember.objects.filter(user=world.mira).exists()
