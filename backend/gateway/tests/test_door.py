"""Who gets in: credentials, origins, tickets, and what becomes of a socket when they end."""

import time

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken
from websockets.exceptions import ConnectionClosed

from discordauth import tickets
from gateway.consumers import is_ours
from gateway.credentials import redact
from gateway.tests.kit import Table, cookie_of, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def refusal(join, name=None, **how) -> int:
    return join(name, hello=False, **how).close_code()


def test_nobody_gets_in_without_credentials(join):
    assert refusal(join) == 4001
    assert refusal(join, headers={"Cookie": "sessionid=made-up"}) == 4001
    assert refusal(join, headers={"Cookie": 'sessionid="; broken'}) == 4001
    assert refusal(join, headers={"Authorization": "Bearer made.up.token"}, origin=None) == 4001
    assert refusal(join, headers={"Authorization": "Api-Key wrong"}, origin=None) == 4001
    assert refusal(join, query="?ticket=made-up") == 4001
    assert refusal(join, query="?token=made-up") == 4001


def test_a_page_of_somebody_else_is_refused(join, world):
    ticket, _ = tickets.issue(tickets.Grant(str(world.mira.id)))
    for origin in (
        "https://evil.example",
        "null",
        "http://127.0.0.1:1",
        "http://localhost:8080.evil.example",
    ):
        assert refusal(join, "mira", origin=origin) == 4003
        assert refusal(join, query=f"?ticket={ticket}", origin=origin) == 4003
    assert refusal(join, "mira", origin=None) == 4003, "a cookie without an origin"


def test_our_own_pages_and_trusted_ones_get_in(join, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["http://localhost:3000", "https://*.example.org"]
    for origin in ("own", django_settings.SITE_URL, "http://localhost:3000", "https://play.example.org"):
        join("mira", origin=origin)
    assert refusal(join, "mira", origin="http://play.example.org") == 4003
    assert refusal(join, "mira", origin="https://example.org.evil.net") == 4003


def test_a_foreign_name_that_points_at_us_is_not_us():
    assert is_ours("http://localhost:8080", "localhost:8080")
    assert not is_ours("http://evil.example:8080", "evil.example:8080")
    assert not is_ours("http://[broken", "localhost")


def test_a_token_gets_in_until_it_expires(join, world, settings):
    settings.GATEWAY["heartbeat_interval"] = 0.8
    token = AccessToken.for_user(world.mira)
    token["exp"] = int(time.time()) + 2
    viewers = [
        join(headers={"Authorization": f"Bearer {token}"}, origin=None),
        join(query=f"?token={token}", origin=None),
        join(query=f"?token={token}"),
    ]
    for viewer in viewers:
        assert viewer.frames[0]["user"]["id"] == str(world.mira.id)
    while time.time() < token["exp"]:
        for viewer in viewers:
            viewer.send(type="heartbeat")
        time.sleep(0.3)
    assert [viewer.close_code() for viewer in viewers] == [4001, 4001, 4001]


def test_a_disabled_account_is_refused_by_every_way(join, world):
    token = AccessToken.for_user(world.mira)
    ticket, _ = tickets.issue(tickets.Grant(str(world.mira.id)))
    cookie = cookie_of(world.mira)
    world.mira.is_active = False
    world.mira.save()
    assert refusal(join, headers={"Cookie": cookie}) == 4001
    assert refusal(join, headers={"Authorization": f"Bearer {token}"}, origin=None) == 4001
    assert refusal(join, query=f"?ticket={ticket}") == 4001


def test_a_ticket_opens_one_socket(join, world):
    browser = Browser()
    browser.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post("/api/gateway/ticket/")
    assert answer.status_code == 201
    assert answer.json()["expires_in"] == 30
    query = f"?ticket={answer.json()['ticket']}"
    assert join(query=query, origin=None).frames[0]["user"]["id"] == str(world.mira.id)
    assert refusal(join, query=query, origin=None) == 4001


def test_a_ticket_expires(join, world, settings):
    settings.GATEWAY["ticket_seconds"] = 1
    ticket, seconds = tickets.issue(tickets.Grant(str(world.mira.id)))
    assert seconds == 1
    time.sleep(1.1)
    assert refusal(join, query=f"?ticket={ticket}") == 4001


def test_tickets_are_for_those_who_are_signed_in(world):
    assert Browser().post("/api/gateway/ticket/").status_code in (401, 403)
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(world.mira)}")
    assert tickets.redeem(client.post("/api/gateway/ticket/").json()["ticket"]).expires is not None


def test_a_ticket_ends_with_the_session_it_was_got_by(join, world):
    browser = Browser()
    browser.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    ticket = browser.post("/api/gateway/ticket/").json()["ticket"]
    viewer = join(query=f"?ticket={ticket}", origin=None)
    Session.objects.update(expire_date=timezone.now())
    assert viewer.close_code() == 4001


def test_signing_out_closes_the_socket_at_once(join, world, settings):
    settings.GATEWAY["recheck_interval"] = 3600
    browser = Browser()
    browser.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    key = browser.cookies[django_settings.SESSION_COOKIE_NAME].value
    viewer = join(headers={"Cookie": f"{django_settings.SESSION_COOKIE_NAME}={key}"})
    other = join("mira")
    browser.post("/auth/logout/")
    assert viewer.close_code() == 4001
    other.send(type="heartbeat")
    other.wait("heartbeat")


@pytest.mark.parametrize("what", ["disabled", "password", "deleted session"])
def test_a_socket_ends_soon_after_its_account_or_session(join, world, what):
    viewer, other = join("mira"), join("jonas")
    if what == "disabled":
        world.mira.is_active = False
        world.mira.save()
    elif what == "password":
        world.mira.set_password("another-good-password")
        world.mira.save()
    else:
        mine = [
            session
            for session in Session.objects.all()
            if session.get_decoded()["_auth_user_id"] == str(world.mira.id)
        ]
        mine[0].delete()
    assert viewer.close_code() == 4001
    other.send(type="heartbeat")
    other.wait("heartbeat")


@pytest.mark.parametrize(
    "ending", ["sign-out", "password", "closed account", "deleted account", "token used twice"]
)
def test_safe_01_sockets_end_at_once_with_the_token_that_opened_them(join, world, settings, ending):
    settings.GATEWAY["recheck_interval"] = 3600
    browser = Browser()
    browser.force_login(world.mira, backend="django.contrib.auth.backends.ModelBackend")
    pair = browser.post("/api/token/session/").json()
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {pair['access']}")
    ticket = client.post("/api/gateway/ticket/").json()["ticket"]
    viewers = [join(query=f"?token={pair['access']}"), join(query=f"?ticket={ticket}")]
    elsewhere = join("jonas")
    match ending:
        case "sign-out":
            browser.post("/auth/logout/")
        case "password":
            world.mira.set_password("another-good-password")
            world.mira.save()
        case "closed account":
            world.mira.is_active = False
            world.mira.save(update_fields=["is_active"])
        case "deleted account":
            world.mira.delete()
        case _:
            for _ in range(2):
                client.post("/api/token/refresh/", {"refresh": pair["refresh"]}, format="json")
    assert [viewer.close_code(20) for viewer in viewers] == [4001, 4001]
    elsewhere.send(type="heartbeat")
    elsewhere.wait("heartbeat")


def test_one_person_has_so_many_sockets(join, settings):
    settings.GATEWAY["max_sockets_per_user"] = 2
    first, _ = join("mira"), join("mira")
    assert refusal(join, "mira") == 4007
    join("jonas")
    first.connection.close()
    wait_for(lambda: _gets_in(join))


def _gets_in(join) -> bool:
    try:
        join("mira")
    except ConnectionClosed:
        return False
    return True


def test_secrets_do_not_reach_the_log(join, world, caplog):
    token = AccessToken.for_user(world.mira)
    with caplog.at_level("INFO", logger="uvicorn.error"):  # which names each socket, for who asks for it
        join(query=f"?token={token}&page=1")
    assert "/ws/gateway/" in caplog.text
    assert str(token) not in caplog.text
    scope = {"query_string": b"ticket=abc&page=1"}
    redact(scope)
    assert scope["query_string"] == b"ticket=***&page=1"


def test_another_path_has_no_socket(worker):
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    with pytest.raises(InvalidStatus), connect(f"ws://127.0.0.1:{worker.port}/ws/other/"):
        pass


def test_rights_of_the_table_are_no_concern_of_the_door(join, table: Table):
    assert join("sam").frames[0]["user"]["name"] == "Sam"
