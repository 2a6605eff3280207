"""A character's sheet, its history, and the page that moves it to another chronicle."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from chronicle.models import ServerMember
from chronicle.principal import Principal
from chronicle.rights import can
from contract.translation import _, p_
from haven import operations, schema, selectors
from haven.house_rules import schema_in, traits_in
from haven.registry import SPLATS
from haven.serializers.character import full
from haven.services.undo import kept_for
from main import layout
from main.listening import live
from main.navigation import of_character
from main.pages import PageRequest, page, show, signed_in
from main.parts import new_key, part, principal_of, submit_form
from rules.errors import GameError
from rules.visibility import WORDS

PAGE = 25
MOST_NAMES = 300


def names_at_table(chronicle_id: UUID | None) -> dict[str, str]:
    """Return user id → name of the members of the chronicle's server, bounded for a page."""
    if chronicle_id is None:
        return {}
    members = ServerMember.objects.filter(server__chronicles=chronicle_id).select_related("user")
    return {str(member.user_id): member.display_name for member in members[:MOST_NAMES]}


@page
@signed_in
@require_safe
def sheet(request: HttpRequest, character_id: UUID) -> HttpResponse:
    principal = Principal.for_user(request.user)
    row = selectors.get(principal, character_id)
    character = full(row, principal).model_dump(mode="json")
    model, played = SPLATS[character["splat"]], row.chronicle
    declared = next(splat for splat in schema.schema()["splats"] if splat["slug"] == character["splat"])
    standing = character["fields"]
    splat = schema_in(declared, model, played, standing)
    cells = layout.all_cells(splat, character, traits_in(model, played, standing))
    return show(
        request,
        "main/sheet.html",
        {
            "place": of_character(principal, row),
            "character": character,
            "deck": layout.deck(cells),
            "modules": layout.modules(cells),
            "sections": layout.sections(splat, cells),
            "live": live(
                request,
                splats=[splat],
                people=names_at_table(row.chronicle_id),
                levels=[(level, _(words)) for level, words in WORDS.items()],
            ),
        },
    )


@page
@signed_in
@require_safe
def history(request: PageRequest, character_id: UUID) -> HttpResponse:
    """Show the page, or for htmx only the next events."""
    principal = Principal.for_user(request.user)
    before = request.GET.get("before", "")
    events = selectors.history(
        principal, character_id, int(before) if before.isdecimal() and len(before) < 10 else None, PAGE
    )
    context: dict[str, Any] = {
        "events": events,
        "character_id": character_id,
        "next": events[-1].version if len(events) == PAGE else None,
        "kept_for": kept_for(),
    }
    if request.htmx:
        return show(request, "main/parts/events.html", context)
    row = selectors.get(principal, character_id)
    return show(
        request,
        "main/history.html",
        context
        | {
            "place": of_character(principal, row, p_("changes", "History")),
            "character": full(row, principal).model_dump(mode="json"),
        },
    )


@part
@require_http_methods(["GET", "POST"])
def move(request: PageRequest, character_id: UUID) -> HttpResponse:
    """GET shows the form with the other chronicles of this user; a POST redirects to the sheet."""
    principal = principal_of(request)
    character = selectors.get(principal, character_id)
    can(principal, "character.move", character).require()
    others = [
        chronicle
        for chronicle in selectors.chronicles_of(principal)
        if chronicle.pk != character.chronicle_id
    ]
    context = {
        "place": of_character(principal, character, _("Move to chronicle")),
        "character": character,
        "others": others,
        "choices": [(chronicle.id, chronicle.full_name) for chronicle in others],
        "key": new_key(),
        "form": request.POST,
    }
    if request.method != "POST":
        return show(request, "main/move.html", context)
    try:
        submit_form(request, operations.MOVE.sheet, {"character": str(character_id)})
    except GameError as error:
        return show(request, "main/move.html", context | {"problem": error.detail}, error.status)
    return redirect("sheet", character_id=character_id)
