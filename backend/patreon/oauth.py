"""Patreon's side of linking an account: the address to send the browser to, and the exchange of its code.

Patreon knows no PKCE: `state`, kept in the session, is what ties the answer to who asked. The token lives for one call,
and is neither stored nor logged.
"""

from typing import Any

import httpx
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from django.conf import settings

from contract.translation import _
from discordauth.oauth import SECRET_LENGTH, TIMEOUT, LoginFailed, certificates, read_json
from patreon.documents import Membership, of_identity
from rules.errors import Invalid

SCOPE = "identity"
ASKED = {
    "include": "memberships.currently_entitled_tiers,memberships.campaign",
    "fields[member]": "patron_status,pledge_relationship_start,last_charge_date,next_charge_date",
    "fields[tier]": "title",
}


def is_configured() -> bool:
    return bool(settings.PATREON_CLIENT_ID and settings.PATREON_CLIENT_SECRET)


def redirect_uri() -> str:
    return f"{settings.SITE_URL}/account/patreon/callback/"


def begin() -> tuple[str, str]:
    """Return the address to send the browser to, and the state that it must bring back."""
    state = generate_token(SECRET_LENGTH)
    url = prepare_grant_uri(
        settings.PATREON_OAUTH_AUTHORIZE,
        settings.PATREON_CLIENT_ID,
        "code",
        redirect_uri=redirect_uri(),
        scope=SCOPE,
        state=state,
    )
    return url, state


def finish(code: str) -> tuple[str, Membership]:
    """Exchange the code for Patreon's id of the person and what they are entitled to. Raises LoginFailed."""
    try:
        with httpx.Client(timeout=TIMEOUT, verify=certificates()) as client:
            client.headers["Authorization"] = f"Bearer {_token(client, code)}"
            answer = client.get(f"{settings.PATREON_API_BASE}/v2/identity", params=ASKED)
            return of_identity(read_json(answer), settings.PATREON_CAMPAIGN_ID)
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        raise LoginFailed(_("Patreon refused to link your account ({status}).", status=status)) from None
    except (httpx.HTTPError, ValueError, Invalid) as error:
        # The kind of error only: the text of some quotes the request, with its secrets.
        name = type(error).__name__
        raise LoginFailed(_("Patreon didn’t answer as expected ({error}).", error=name)) from None


def _token(client: httpx.Client, code: str) -> str:
    answer = client.post(
        f"{settings.PATREON_API_BASE}/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri(),
            "client_id": settings.PATREON_CLIENT_ID,
            "client_secret": settings.PATREON_CLIENT_SECRET,
        },
    )
    found: Any = read_json(answer)
    token = found.get("access_token") if isinstance(found, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token:
        raise ValueError("no access token")
    return token
