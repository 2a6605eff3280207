"""Invitations on the web: the page that a link opens, and creating and revoking links."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from chronicle import services
from discordauth.models import CustomUser
from main.option_fields import whole
from main.pages import PageRequest, show
from main.parts import back, new_key, part, sent_once
from main.views.servers import server_for


@part
@require_http_methods(["GET", "POST"])
def join(request: PageRequest, code: str) -> HttpResponse:
    """GET shows which server the link leads to; a POST joins it."""
    invite = services.find_invite(code)
    if request.method != "POST":
        return show(request, "main/join.html", {"server": invite.server, "invite": invite, "key": new_key()})
    user = cast(CustomUser, request.user)
    joined = sent_once(request, lambda principal, cause: str(services.join(code, user, cause=cause).pk))
    return redirect("server", server_id=UUID(joined))


@part
@require_POST
def make(request: PageRequest, server_id: UUID) -> HttpResponse:
    row, form = server_for(request, server_id), request.POST
    wanted = {
        "role": form.get("role") or None,
        "max_uses": _number("max_uses", "People", form) or 0,
        "hours": _number("hours", "Hours", form),
    }
    sent_once(
        request,
        lambda principal, cause: str(services.invite(row, principal=principal, cause=cause, **wanted).pk),
    )
    return back(request, f"/servers/{server_id}/members/", "#invites")


def _number(name: str, label: str, form: Mapping[str, Any]) -> int | None:
    """Read a number; None if nothing was typed. Raises Invalid."""
    text = str(form.get(name, "")).strip()
    return whole(name, label, text) if text else None


@part
@require_POST
def revoke(request: PageRequest, server_id: UUID) -> HttpResponse:
    row, invite_id = server_for(request, server_id), request.POST.get("invite", "")
    sent_once(
        request,
        lambda principal, cause: str(services.revoke(row, invite_id, principal=principal, cause=cause)),
    )
    return back(request, f"/servers/{server_id}/members/", "#invites")


def address(code: str) -> str:
    return f"{settings.SITE_URL}/join/{code}/"
