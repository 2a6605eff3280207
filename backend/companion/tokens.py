"""Tokens of the API for shows, and who acts by one.

The operator's `ADMIN_TOKEN` makes campaigns and runs them all; a campaign's own runs that one. Of that only a hash is
kept. Who acts by a token is an account of the campaign, which nobody can sign in with: a storyteller of that one
chronicle, and nothing anywhere else.
"""

import hashlib
import hmac
import secrets
from uuid import UUID

from django.conf import settings

from chronicle.principal import (
    CREATE_CHARACTER,
    NONE,
    RUN_CONFLICTS,
    STORYTELLER,
    VIEW_SERVER,
    Principal,
)
from companion.models import Campaign
from contract.companion import TOKEN_PREFIX
from discordauth.models import CustomUser

BYTES = 24
MAX_TOKEN = 200
HELD = frozenset({STORYTELLER, RUN_CONFLICTS, CREATE_CHARACTER, VIEW_SERVER})
ACCOUNT = "campaign-"


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return TOKEN_PREFIX + secrets.token_urlsafe(BYTES)


def is_operators(token: str) -> bool:
    """Whether this is the operator's token; nothing is while none is set. In constant time."""
    expected = settings.ADMIN_TOKEN
    same = hmac.compare_digest(hashed(token), hashed(expected))
    return same and bool(expected)


def opens(campaign: Campaign, token: str) -> bool:
    """Whether a token runs this campaign. Both are always compared, in constant time."""
    own = hmac.compare_digest(hashed(token), campaign.admin_token_hash or hashed(new_token()))
    return is_operators(token) or own


def by_token(token: str) -> Campaign | None:
    """The campaign whose own token this is."""
    if not token.startswith(TOKEN_PREFIX) or len(token) > MAX_TOKEN:
        return None
    rows = Campaign.objects.select_related("chronicle__server")
    return rows.filter(admin_token_hash=hashed(token)).first()


def account_name(campaign_id: UUID) -> str:
    return f"{ACCOUNT}{campaign_id.hex}"


def account_of(campaign_id: UUID, name: str = "") -> CustomUser:
    """The account that acts for a campaign's token, made when it is first needed. Nobody can sign in with it."""
    user, made = CustomUser.objects.get_or_create(
        username=account_name(campaign_id),
        defaults={"global_name": name[:80] or "Campaign", "is_active": False},
    )
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


class TokenPrincipal(Principal):
    """A storyteller of one chronicle, who is nobody anywhere else."""

    def __init__(self, user: CustomUser, server_id: UUID, chronicle_id: UUID) -> None:
        super().__init__(user)
        self.is_platform_admin = False
        self._server_id, self._chronicle_id = server_id, chronicle_id

    def permissions(self, server_id: UUID | None, chronicle_id: UUID | None = None) -> frozenset[str]:
        if server_id != self._server_id:
            return NONE
        return HELD if chronicle_id == self._chronicle_id else NONE

    def inside(self, server_id: UUID) -> dict[UUID, frozenset[str]]:
        return {self._chronicle_id: HELD} if server_id == self._server_id else {}

    def load(self, server_ids: object = None) -> dict[UUID, frozenset[str]]:
        return {self._server_id: NONE}


def principal_of(campaign: Campaign) -> TokenPrincipal:
    row = campaign.chronicle
    return TokenPrincipal(account_of(campaign.pk, row.name), row.server_id, row.pk)
