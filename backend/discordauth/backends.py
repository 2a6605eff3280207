"""Authentication by a Discord identity. Django's own backend checks passwords of local accounts."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.db.models import UUIDField
from django.http import HttpRequest

from contract.acting import DiscordUser
from contract.lookup import key
from discordauth.models import CustomUser
from discordauth.services import ensure_user
from discordauth.signals import network_of
from timeline import limits
from timeline.prepared import Columns, Prepared, Slot

LONGEST_NAME = 200
USER = Columns(CustomUser)
_user_by_id = Prepared(lambda: CustomUser.objects.filter(id=Slot("id", UUIDField())).values_list(*USER.paths))


class PasswordLimiter(BaseBackend):
    """Counts each try of a password, by address and by account, whichever door it comes through."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Nobody: another backend looks at the password. Raises Limit."""
        if username is None or password is None:
            return
        # As a database compares names that minds neither case nor marks: no spelling gives more tries.
        counted = {"login by account": key(username[:LONGEST_NAME])}
        if network := network_of(request) if request is not None else None:
            counted["login by address"] = network
        limits.spend(counted)


class DiscordBackend(ModelBackend):
    def authenticate(  # type: ignore[override]  # Django tries each backend with the arguments it takes
        self, request: HttpRequest | None, *, discord_profile: DiscordUser, **kwargs: Any
    ) -> CustomUser | None:
        """Return the account of this Discord user, created or updated; None if it is closed."""
        user = ensure_user(discord_profile)
        return user if self.user_can_authenticate(user) else None

    def get_user(self, user_id: UUID) -> CustomUser | None:
        """As Django's own, by a prepared statement: it runs with every request of a session."""
        rows = _user_by_id(id=user_id)
        user: CustomUser | None = USER.read(iter(rows[0])) if rows else None
        return user if user and self.user_can_authenticate(user) else None
