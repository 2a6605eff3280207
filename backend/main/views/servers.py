"""Servers on the web: a form for a new one, and the page for its members."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chronicle import features, read_only, rights, serializers
from chronicle.icons import ICON, address
from chronicle.models import Chronicle, Server
from chronicle.operations import servers as operations
from contract.translation import _, language_choices
from main.navigation import Name, Place, in_server
from main.pages import PageRequest, show
from main.parts import back, new_key, part, posts, principal_of, submit, submit_form
from rules.errors import Invalid, NotFound
from uploads.checking import too_large
from uploads.kinds import MAX_BYTES


@part
@require_http_methods(["GET", "POST"])
def create(request: PageRequest) -> HttpResponse:
    """GET shows the form; a POST redirects to the new server."""
    if request.method == "POST":
        made = submit_form(request, operations.CREATE_SERVER, keep_empty=True)
        return redirect("server", server_id=made.id)
    context = {"place": Place(_("New server")), "editions": editions(), "key": new_key()}
    return show(request, "main/create-server.html", context)


@part
@require_GET
def server(request: PageRequest, server_id: UUID) -> HttpResponse:
    principal, row = principal_of(request), server_for(request, server_id)
    manages = bool(rights.can(principal, "server.manage", row))
    chronicles = Chronicle.objects.filter(server=row).select_related("server").order_by("id")
    if row.removed_at is None:
        chronicles = chronicles.filter(archived_at=None)
    return show(
        request,
        "main/server.html",
        {
            "place": in_server(principal, row, "server", Name(row.name)),
            "server": row,
            "info": serializers.server_for(row, principal),
            "chronicles": [
                (chronicle, bool(rights.can(principal, "chronicle.characters", chronicle)))
                for chronicle in chronicles
            ],
            "editions": editions(),
            "languages": language_choices(),
            "server_edition": same_as_server(row),
            "features": serializers.features_of(row),
            "icon": shown_icon(row),
            "manages": manages,
            "begins": bool(rights.can(principal, "chronicle.create", row)),
            "grace": serializers.grace_of(row),
            "rests_from": read_only.read_only_from(row),
            "restorable_until": read_only.restorable_until(row),
            "deletes": bool(rights.can(principal, "server.delete", row)),
            "key": new_key(),
        },
    )


def shown_icon(row: Server) -> str | None:
    """The address of an icon that pages may load: Discord's, or one that was uploaded here."""
    return None if row.icon.startswith("https://") else address(row)


def editions() -> list[tuple[str, str]]:
    return [(edition, _(label)) for edition, label in Server.Edition.choices]


def same_as_server(server: Server) -> str:
    """Name the choice of no edition of one's own."""
    return _("Same as the server ({edition})", edition=_(server.get_edition_display()))


def server_for(request: PageRequest, server_id: UUID) -> Server:
    row = Server.objects.filter(pk=server_id).first()
    if row is None:
        raise NotFound(_("There’s no such server."))
    rights.can(principal_of(request), "server.view", row).require()
    return row


@part
@require_POST
def describe(request: PageRequest, server_id: UUID) -> HttpResponse:
    """Change the description; name and icon unless they are Discord's."""
    said = {"server": server_id, "is_private": "is_private" in request.POST}
    submit_form(request, operations.CHANGE_SERVER, said, keep_empty=True)
    return back(request, f"/servers/{server_id}/")


delete = posts(operations.DELETE_NAMED_SERVER, "/servers/{server}/")
restore = posts(operations.RESTORE_SERVER, "/servers/{server}/")


@part
@require_POST
def icon(request: PageRequest, server_id: UUID) -> HttpResponse:
    """Set the chosen picture as the icon, or take the icon off."""
    if "remove" in request.POST:
        submit(request, operations.REMOVE_ICON, {"server": server_id})
        return back(request, f"/servers/{server_id}/")
    sent = request.FILES.get("picture")
    if sent is None:
        raise Invalid.field("picture", _("Choose a picture first."))
    if (sent.size or 0) > MAX_BYTES:
        raise too_large(ICON)
    submit(request, operations.SET_ICON, {"server": server_id, "picture": sent.read()}, text=False)
    return back(request, f"/servers/{server_id}/")


@part
@require_POST
def switch(request: PageRequest, server_id: UUID) -> HttpResponse:
    """Switch the ticked features on and the others off."""
    ticked = request.POST.getlist("feature")
    switches = {slug: slug in ticked for slug in features.FEATURES}
    submit(request, operations.CHANGE_SERVER, {"server": server_id, "features": switches}, text=False)
    return back(request, f"/servers/{server_id}/")
