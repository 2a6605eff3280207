"""The login of the backend: consent page, codes, PKCE, tokens; with httpx, as the backend's client does it."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from sandbox import defaults
from sandbox.server import Sandbox

CALLBACK = "http://localhost:8080/auth/discord/callback"
VERIFIER = "a-verifier-of-a-good-length-0123456789-0123456789"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@pytest.fixture
async def browser(box: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=box.base_url) as client:
        yield client


def ask(box: Sandbox, **changes: str | None) -> dict[str, str]:
    params = {
        "client_id": box.application_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "identify guilds",
        "state": "s t&te",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | changes
    return {key: value for key, value in params.items() if value is not None}


async def consent(browser: httpx.AsyncClient, params: dict[str, str], **answer: str) -> dict[str, list[str]]:
    """What comes back to the client's address after the page's form was sent."""
    response = await browser.post("/oauth2/authorize", data={**params, **answer})
    assert response.status_code == 302, response.text
    location = response.headers["Location"]
    assert location.startswith(CALLBACK)
    return parse_qs(urlsplit(location).query)


async def code_for(browser: httpx.AsyncClient, params: dict[str, str], user: str = defaults.MIRA) -> str:
    return (await consent(browser, params, user=user, decision="allow"))["code"][0]


async def exchange(browser: httpx.AsyncClient, box: Sandbox, **changes: Any) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "client_id": box.application_id,
        "client_secret": box.client_secret,
    } | changes
    return await browser.post("/api/v10/oauth2/token", data={k: v for k, v in form.items() if v is not None})


async def test_the_page_offers_every_person_and_keeps_the_request(
    box: Sandbox, browser: httpx.AsyncClient
) -> None:
    page = await browser.get("/oauth2/authorize", params=ask(box, state='"><script>'))
    assert page.status_code == 200
    assert re.findall(r'name="user" value="(\d+)"', page.text) == [
        defaults.MIRA,
        defaults.JONAS,
        defaults.VESNA,
        defaults.SAM,
    ]
    assert "<script>" not in page.text
    assert "&quot;&gt;&lt;script&gt;" in page.text
    for decision in ("allow", "deny"):
        assert f'name="decision" value="{decision}"' in page.text


async def test_the_whole_round(box: Sandbox, browser: httpx.AsyncClient) -> None:
    params = ask(box)
    back = await consent(browser, params, user=defaults.VESNA, decision="allow")
    assert back["state"] == ["s t&te"]
    answer = await exchange(browser, box, code=back["code"][0])
    assert answer.headers["Content-Type"] == "application/json"
    token = answer.json()
    assert (token["token_type"], token["scope"]) == ("Bearer", "identify guilds")
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    me = (await browser.get("/api/v10/users/@me", headers=headers)).json()
    assert (me["id"], me["username"], me["global_name"]) == (defaults.VESNA, "vesna", "Vesna")
    assert "email" not in me
    avatar = await browser.get(f"/cdn/avatars/{me['id']}/{me['avatar']}.png?size=64")
    assert avatar.headers["Content-Type"] == "image/png"
    guilds = (await browser.get("/api/v10/users/@me/guilds", headers=headers)).json()
    assert [(guild["name"], guild["owner"]) for guild in guilds] == [("Night Court", True)]
    about = (await browser.get("/api/v10/oauth2/@me", headers=headers)).json()
    assert about["user"]["id"] == defaults.VESNA
    member = await browser.get(f"/api/v10/users/@me/guilds/{guilds[0]['id']}/member", headers=headers)
    assert member.json()["code"] == 50026


async def test_refused_consent(box: Sandbox, browser: httpx.AsyncClient) -> None:
    back = await consent(browser, ask(box), user=defaults.MIRA, decision="deny")
    assert back["error"] == ["access_denied"]
    assert back["state"] == ["s t&te"]
    assert "code" not in back


async def test_nobody_chosen_asks_again(box: Sandbox, browser: httpx.AsyncClient) -> None:
    for user in ("", "5", box.application_id):
        page = await browser.post("/oauth2/authorize", data={**ask(box), "decision": "allow", "user": user})
        assert page.status_code == 200
        assert "Choose who you are" in page.text


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "5"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": "http://localhost.evil.example/"},
        {"redirect_uri": "javascript://localhost/%0aalert(1)"},
        {"redirect_uri": None},
    ],
)
async def test_a_faulty_client_gets_a_page_and_no_redirect(
    box: Sandbox, browser: httpx.AsyncClient, changes: dict[str, Any]
) -> None:
    for answer in (
        await browser.get("/oauth2/authorize", params=ask(box, **changes)),
        await browser.post(
            "/oauth2/authorize", data={**ask(box, **changes), "decision": "allow", "user": defaults.MIRA}
        ),
    ):
        assert answer.status_code == 400
        assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "identify everything"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
    ],
)
async def test_a_faulty_request_goes_back_to_the_client(
    box: Sandbox, browser: httpx.AsyncClient, changes: dict[str, Any], error: str
) -> None:
    answer = await browser.get("/oauth2/authorize", params=ask(box, **changes))
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (back["error"], back["state"]) == ([error], ["s t&te"])


async def test_a_registered_address_elsewhere(box: Sandbox, browser: httpx.AsyncClient) -> None:
    box.world.app["redirect_uris"].append("https://play.example/cb?x=1")
    params = ask(box, redirect_uri="https://play.example/cb?x=1")
    answer = await browser.post(
        "/oauth2/authorize", data={**params, "decision": "allow", "user": defaults.MIRA}
    )
    assert answer.headers["Location"].startswith("https://play.example/cb?x=1&code=")


async def test_a_code_works_once(box: Sandbox, browser: httpx.AsyncClient) -> None:
    code = await code_for(browser, ask(box))
    assert (await exchange(browser, box, code=code)).status_code == 200
    again = await exchange(browser, box, code=code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code_verifier": "wrong" * 10}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_grant"),
        ({"redirect_uri": "http://localhost/other"}, 400, "invalid_grant"),
        ({"code": "guess"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": "5"}, 401, "invalid_client"),
    ],
)
async def test_what_the_token_endpoint_refuses(
    box: Sandbox, browser: httpx.AsyncClient, changes: dict[str, Any], status: int, error: str
) -> None:
    code = await code_for(browser, ask(box))
    answer = await exchange(browser, box, **({"code": code} | changes))
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_an_old_code(box: Sandbox, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.oauth.flow.CODE_LIFE", -1.0)
    code = await code_for(browser, ask(box))
    assert (await exchange(browser, box, code=code)).json()["error"] == "invalid_grant"


async def test_without_pkce_and_with_basic_auth(box: Sandbox, browser: httpx.AsyncClient) -> None:
    code = await code_for(browser, ask(box, code_challenge=None, code_challenge_method=None))
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    basic = httpx.BasicAuth(box.application_id, box.client_secret)
    assert (await browser.post("/api/v10/oauth2/token", data=form, auth=basic)).status_code == 200
    wrong = httpx.BasicAuth(box.application_id, "wrong")
    assert (await browser.post("/api/v10/oauth2/token", data=form, auth=wrong)).status_code == 401


async def test_refresh_and_revoke(box: Sandbox, browser: httpx.AsyncClient) -> None:
    first = (await exchange(browser, box, code=await code_for(browser, ask(box)))).json()
    renew = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = (await exchange(browser, box, **renew)).json()
    assert second["access_token"] != first["access_token"]
    assert (await exchange(browser, box, **renew)).json()["error"] == "invalid_grant"

    async def status(token: dict[str, Any]) -> int:
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        return (await browser.get("/api/v10/users/@me", headers=headers)).status_code

    assert (await status(first), await status(second)) == (401, 200)
    form = {"token": second["access_token"], "client_id": box.application_id, "client_secret": "wrong"}
    assert (await browser.post("/api/v10/oauth2/token/revoke", data=form)).status_code == 401
    form["client_secret"] = box.client_secret
    assert (await browser.post("/api/v10/oauth2/token/revoke", data=form)).status_code == 200
    assert await status(second) == 401


async def test_a_person_is_no_bot(box: Sandbox, browser: httpx.AsyncClient) -> None:
    token = (await exchange(browser, box, code=await code_for(browser, ask(box)))).json()["access_token"]
    for authorization in (f"Bearer {token}", f"Bot {token}"):
        answer = await browser.get("/api/v10/gateway/bot", headers={"Authorization": authorization})
        assert answer.status_code == 401
    assert not [entry for entry in box.recorded if token in str(entry)]


async def test_the_bot_is_added_with_the_login_to_a_server_that_is_made_for_it(
    box: Sandbox, browser: httpx.AsyncClient
) -> None:
    params = ask(box, scope="identify guilds bot applications.commands", permissions="2048")
    page = await browser.get("/oauth2/authorize", params=params)
    assert "A new one" in page.text
    assert "Night Court" not in page.text, "the bot is there already"
    choice = {"user": defaults.JONAS, "guild": "new", "name": "Jonas’ Court", "decision": "allow"}
    answer = await consent(browser, params, **choice)
    assert answer["permissions"] == ["2048"]
    guild = box.world.guilds[answer["guild_id"][0]]
    assert (guild["name"], guild["owner_id"]) == ("Jonas’ Court", defaults.JONAS)
    assert box.application_id in guild["members"]


async def test_only_who_manages_a_server_adds_the_bot_to_it(box: Sandbox, browser: httpx.AsyncClient) -> None:
    guild = box.actions.add_guild("Third Court", defaults.JONAS, with_bot=False)
    params = ask(box, scope="identify bot", permissions="2048")
    choice = {"user": defaults.MIRA, "guild": guild["id"], "decision": "allow"}
    refused = await browser.post("/oauth2/authorize", data={**params, **choice})
    assert "may manage" in refused.text
    assert box.application_id not in guild["members"]
    assert (await consent(browser, params, **choice | {"user": defaults.JONAS}))["guild_id"] == [guild["id"]]
