"""Signals of a login, for the apps above this one."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from discordauth import tokens
from discordauth.models import CustomUser
from discordauth.tickets import recheck_sockets

# user; guild_ids: the Discord ids of the guilds this user is in, or None when Discord did not say.
discord_login = Signal()
# user, by whom, changes: field → [before, after]. Sent in the transaction of the change.
account_changed = Signal()

# Columns of an account that decide whether its sockets stay, and what they may see.
ENDING = frozenset({"password", "is_active", "is_superuser"})


@receiver(user_logged_in)
def note_address(sender: Any, request: HttpRequest | None, user: CustomUser, **kwargs: Any) -> None:
    address = address_of(request) if request is not None else None
    if address:
        CustomUser.objects.filter(pk=user.pk).update(last_login_ip=address)
        user.last_login_ip = address


@receiver(user_logged_out)
def end_tokens(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    """The tokens that a web session gave end with it, and so do the sockets that came with them."""
    key = getattr(getattr(request, "session", None), "session_key", None)
    if key:
        tokens.end_of_session(key)


@receiver(post_save, sender=CustomUser)
def end_sockets(sender: Any, created: bool, update_fields: Iterable[str] | None, **kwargs: Any) -> None:
    """Sockets of an account that was closed, or has another password, end now rather than at the next look."""
    if not created and (update_fields is None or not ENDING.isdisjoint(update_fields)):
        recheck_sockets()


@receiver(post_delete, sender=CustomUser)
def end_sockets_of_deleted(sender: Any, **kwargs: Any) -> None:
    recheck_sockets()


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


def network_of(request: HttpRequest) -> str | None:
    """Return what limits count as one place: an address, or the /64 of IPv6 in which one customer has them all."""
    text = address_of(request)
    if text is None:
        return None
    address = ip_address(text)
    if address.version == 4:
        return text
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
