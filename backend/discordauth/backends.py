"""Authentication by a Discord identity. Django's own backend checks passwords of local accounts."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from contract.acting import DiscordUser
from discordauth.models import CustomUser
from discordauth.services import ensure_user


class DiscordBackend(ModelBackend):
    def authenticate(  # type: ignore[override]  # Django tries each backend with the arguments it takes
        self, request: HttpRequest | None, *, discord_profile: DiscordUser, **kwargs: Any
    ) -> CustomUser | None:
        """Return the account of this Discord user, created or updated; None if it is closed."""
        user = ensure_user(discord_profile)
        return user if self.user_can_authenticate(user) else None
