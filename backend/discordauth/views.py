"""Login with Discord (OAuth2 authorization code with state and PKCE), and logout."""

import logging
import re
from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from contract.translation import _
from discordauth import oauth, pending
from discordauth.signals import discord_login, network_of
from timeline import limits

log = logging.getLogger(__name__)

HOME = "/"
BACKEND = "discordauth.backends.DiscordBackend"
PENDING = "discord_logins"
SNOWFLAKE = re.compile(r"[0-9]{1,20}", re.ASCII)


@require_GET
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    target = _own_address(request, request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(target)
    return _to_discord(request, {"next": target})


@require_GET
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """Add the bot to a server and sign in, by one consent; afterwards the set-up of that server."""
    return _to_discord(request, {"next": HOME, "adds_bot": True})


def _to_discord(request: HttpRequest, wanted: dict[str, Any]) -> HttpResponse:
    """Begin a login whose answer goes on as `wanted` says."""
    if not oauth.is_configured():
        return _back(request, _("Login with Discord isn’t set up here (DISCORD_APP_ID, DISCORD_APP_SECRET)."))
    # Each begins a session, for anybody who asks.
    if network := network_of(request):
        limits.spend({"login begun": network})
    attempt = oauth.begin(adds_bot="adds_bot" in wanted)
    pending.keep(request, PENDING, attempt.state, {"verifier": attempt.verifier, **wanted})
    return redirect(attempt.url)


@require_GET
@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    begun = pending.take(request, PENDING, request.GET.get("state", ""))
    if begun is None:
        return _back(request, _("This login has expired or was already used. Please try again."))
    if request.GET.get("error"):
        denied = request.GET["error"] == "access_denied"
        what = _("The bot wasn’t added.") if "adds_bot" in begun else _("You didn’t allow the login.")
        return _back(request, what if denied else _("Discord refused the login."))
    try:
        identity = oauth.finish(request.GET.get("code", ""), begun["verifier"])
    except oauth.LoginFailed as failure:
        log.warning("login failed: %s", failure)
        again = _("Please try again.")
        return _back(request, f"{failure} {again}")
    user = authenticate(request, discord_profile=identity.profile)
    if user is None:
        return _back(request, _("This account is closed."))
    login(request, user, backend=BACKEND)
    discord_login.send(sender=type(user), user=user, guild_ids=identity.guild_ids)
    guild_id = request.GET.get("guild_id", "")
    if "adds_bot" in begun and SNOWFLAKE.fullmatch(guild_id):
        return redirect("arriving", guild_id=guild_id)
    return redirect(begun["next"])


@require_POST
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(HOME)


def _own_address(request: HttpRequest, address: str) -> str:
    """Accept only addresses of our own pages, so that the login redirects nowhere else.

    A bare word would be taken for the name of a view.
    """
    own = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if own and address.startswith(("/", "https://", "http://")) else HOME


def _back(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect(HOME)
