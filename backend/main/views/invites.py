"""Invitations on the web: the page that a link opens, and creating and revoking links."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from chronicle import services
from chronicle.operations import servers as operations
from main.navigation import Name, Place
from main.pages import PageRequest, show
from main.parts import new_key, part, posts, submit


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


make = posts(operations.INVITE, "/servers/{server}/members/", "#invites")
revoke = posts(operations.REVOKE, "/servers/{server}/members/", "#invites")


def address(code: str) -> str:
    return f"{settings.SITE_URL}/join/{code}/"
