"""A character's sheet and its history."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from chronicle.principal import Principal
from contract.translation import p_
from haven import schema, selectors
from haven.house_rules import schema_in, traits_in
from haven.registry import SPLATS
from haven.serializers.character import full
from main import layout
from main.listening import live
from main.navigation import of_character
from main.pages import PageRequest, page, show, signed_in
from main.people import names_at_table

PAGE = 25


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
            "sections": layout.sections(splat, cells),
            "live": live(request, splats=[splat], people=names_at_table(row.chronicle_id)),
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
