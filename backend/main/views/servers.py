"""Servers on the web: a form for a new one, and the page for its members."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chronicle import features, read_only, rights
from chronicle.models import Chronicle, Server
from chronicle.services import create_server, describe_server, server_info, set_features
from discordauth.models import CustomUser
from haven.counts import by_chronicle
from main.pages import PageRequest, show
from main.parts import back, new_key, part, principal_of, sent_once
from rules.errors import NotFound
from rules.text import clean_lines


@part
@require_http_methods(["GET", "POST"])
def create(request: PageRequest) -> HttpResponse:
    """GET shows the form; a POST redirects to the new server."""
    if request.method == "POST":
        return redirect("server", server_id=_made(request))
    context = {"editions": Server.Edition.choices, "key": new_key()}
    return show(request, "main/create-server.html", context)


def _made(request: PageRequest) -> UUID:
    form, user = request.POST, cast(CustomUser, request.user)
    columns = {
        "description": clean_lines(form.get("description", ""), 2000),
        "edition": form.get("edition") or Server.Edition.FIFTH.value,
        "is_private": form.get("is_private") == "yes",
    }
    made = sent_once(
        request,
        lambda principal, cause: str(create_server(user, form.get("name", ""), cause=cause, **columns).id),
    )
    return UUID(made)


@part
@require_GET
def server(request: PageRequest, server_id: UUID) -> HttpResponse:
    principal, row = principal_of(request), server_for(request, server_id)
    manages = bool(rights.can(principal, "server.manage", row))
    chronicles = (
        Chronicle.objects.filter(server=row, archived_at=None).select_related("server").order_by("id")
    )
    return show(
        request,
        "main/server.html",
        {
            "server": row,
            "info": server_info(row, principal, by_chronicle(row.id)),
            "chronicles": [
                (chronicle, bool(rights.can(principal, "chronicle.characters", chronicle)))
                for chronicle in chronicles
            ],
            "features": features.as_json(row),
            "manages": manages,
            "begins": bool(rights.can(principal, "chronicle.create", row)),
            "grace": read_only.as_json(row),
            "rests_from": read_only.read_only_from(row),
            "key": new_key(),
        },
    )


def server_for(request: PageRequest, server_id: UUID) -> Server:
    row = Server.objects.filter(pk=server_id).first()
    if row is None:
        raise NotFound("There is no such server.")
    rights.can(principal_of(request), "server.view", row).require()
    return row


@part
@require_POST
def describe(request: PageRequest, server_id: UUID) -> HttpResponse:
    """Change the description; name and icon unless they are Discord's."""
    row, form = server_for(request, server_id), request.POST
    wanted: dict[str, Any] = {
        name: form[name] for name in ("name", "icon", "description", "banner_url") if name in form
    }
    wanted["is_private"] = form.get("is_private") == "yes"
    sent_once(
        request,
        lambda principal, cause: str(describe_server(row, wanted, principal=principal, cause=cause).id),
    )
    return back(request, f"/servers/{server_id}/")


@part
@require_POST
def switch(request: PageRequest, server_id: UUID) -> HttpResponse:
    """Switch the ticked features on and the others off."""
    row, ticked = server_for(request, server_id), request.POST.getlist("feature")
    wanted = {slug: slug in ticked for slug in features.FEATURES}
    sent_once(
        request, lambda principal, cause: str(set_features(row, wanted, principal=principal, cause=cause).id)
    )
    return back(request, f"/servers/{server_id}/")
