"""Linking an account to Patreon, and unlinking it."""

import logging
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from contract.translation import _
from discordauth import pending
from discordauth.models import CustomUser
from discordauth.oauth import LoginFailed
from main.pages import page, signed_in
from main.parts import posts
from patreon import oauth, operations, services
from rules.errors import Conflict
from timeline import limits
from timeline.database_outage import retry_lost_transactions

log = logging.getLogger(__name__)

ACCOUNT = "/account/"
PENDING = "patreon_links"

unlink = posts(operations.UNLINK_PATREON, ACCOUNT)


@page
@signed_in
@require_GET
@never_cache
def link(request: HttpRequest) -> HttpResponse:
    """Send the browser to Patreon. A link, as a form may lead to no other site."""
    if not oauth.is_configured():
        return _back(request, _("Patreon isn’t set up here (PATREON_CLIENT_ID, PATREON_CLIENT_SECRET)."))
    limits.spend({"Patreon": str(request.user.pk)})
    address, state = oauth.begin()
    pending.keep(request, PENDING, state, {})
    return redirect(address)


@page
@signed_in
@require_GET
@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    if pending.take(request, PENDING, request.GET.get("state", "")) is None:
        return _back(request, _("This link has expired or was already used. Please try again."))
    if request.GET.get("error"):
        return _back(request, _("You didn’t allow the link to Patreon."))
    try:
        patron_id, membership = oauth.finish(request.GET.get("code", ""))
        user = cast(CustomUser, request.user)
        retry_lost_transactions(lambda: services.link(user, patron_id, membership))
    except (LoginFailed, Conflict) as failure:
        log.warning("linking to Patreon failed: %s", failure)
        return _back(request, str(failure))
    messages.success(request, _("Your Patreon account is linked. Thank you!"))
    return redirect(ACCOUNT)


def _back(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect(ACCOUNT)
