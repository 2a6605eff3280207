"""Invitations on the web: the page that a link opens, and creating and revoking links."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from chronicle import services
from chronicle.operations import servers as operations
from main.navigation import Name, Place
from main.pages import PageRequest, show
from main.parts import back, new_key, part, submit


@part
@require_http_methods(["GET", "POST"])
def join(request: PageRequest, code: str) -> HttpResponse:
    """GET shows which server the link leads to; a POST joins it."""
    invite = services.find_invite(code)
    if request.method != "POST":
        place = Place(Name(invite.server.name))
        context = {"place": place, "server": invite.server, "invite": invite, "key": new_key()}
        return show(request, "main/join.html", context)
    joined = submit(request, operations.JOIN, {"code": code})
    return redirect("server", server_id=joined.server.id)


@part
@require_POST
def make(request: PageRequest, server_id: UUID) -> HttpResponse:
    fields = {name: request.POST.get(name, "").strip() for name in ("role", "max_uses", "hours")}
    submit(request, operations.INVITE, {**fields, "server": str(server_id)})
    return back(request, f"/servers/{server_id}/members/", "#invites")


@part
@require_POST
def revoke(request: PageRequest, server_id: UUID) -> HttpResponse:
    fields = {"server": str(server_id), "invite": request.POST.get("invite", "")}
    submit(request, operations.REVOKE, fields)
    return back(request, f"/servers/{server_id}/members/", "#invites")


def address(code: str) -> str:
    return f"{settings.SITE_URL}/join/{code}/"
