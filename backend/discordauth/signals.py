"""Signals of a login, for the apps above this one."""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from discordauth.models import CustomUser

# user; guild_ids: the Discord ids of the guilds this user is in, or None when Discord did not say.
discord_login = Signal()


@receiver(user_logged_in)
def note_address(sender: Any, request: HttpRequest | None, user: CustomUser, **kwargs: Any) -> None:
    address = address_of(request) if request is not None else None
    if address:
        CustomUser.objects.filter(pk=user.pk).update(last_login_ip=address)
        user.last_login_ip = address


def address_of(request: HttpRequest) -> str | None:
    """Return the client's address. A forwarding header counts only behind our own proxy, which adds the last entry."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUST_PROXY:
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    try:
        validate_ipv46_address(address)
    except ValidationError:
        return None
    return address
