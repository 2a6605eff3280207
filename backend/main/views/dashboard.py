"""The welcome page for visitors, the dashboard for users."""

from collections.abc import Iterable
from typing import Any, get_args
from uuid import UUID

from django.http import HttpResponse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_safe

from chronicle import rights
from chronicle.principal import Principal
from contract.characters import BriefCharacter, ListCharacters, Status
from haven import schema, selectors
from main import layout
from main.pages import PageRequest, page, show

STATUSES: tuple[Status, ...] = get_args(Status)
SORTS = {"updated": "Last changed", "name": "Name"}

Brief = dict[str, Any]


@page
@require_safe
def dashboard(request: PageRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return show(request, "main/welcome.html")
    principal = Principal.for_user(request.user)
    filters = read_filters(request.GET)
    context = _found(principal, filters, request.GET.get("sort", "updated"))
    if request.htmx and not request.htmx.boosted:
        return show(request, "main/parts/cards.html", context)
    deleted = [_json(character) for character in selectors.dashboard(principal, ListCharacters(deleted=True))]
    return show(
        request,
        "main/dashboard.html",
        context
        | {
            "chronicles": (listed := selectors.chronicles_of(principal)),
            "desks": [
                chronicle for chronicle in listed if rights.can(principal, "chronicle.characters", chronicle)
            ],
            "splats": schema.schema()["splats"],
            "statuses": STATUSES,
            "sorts": SORTS,
            "filters": filters,
            "deleted": deleted,
        },
    )


def read_filters(query: MultiValueDict[str, str]) -> ListCharacters:
    """Read filters from the query string; invalid ones are ignored."""
    status = query.get("status")
    splats = {splat["slug"] for splat in schema.schema()["splats"]}
    splat = query.get("splat", "")
    return ListCharacters(
        chronicle=_uuid(query.get("chronicle", "")),
        splat=splat if splat in splats else None,
        status=next((known for known in STATUSES if known == status), None),
        search=query.get("search", "").strip()[:50],
        own="own" in query,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _found(principal: Principal, filters: ListCharacters, sort: str) -> dict[str, Any]:
    briefs = [_json(character) for character in selectors.dashboard(principal, filters)]
    if sort != "name":
        briefs.sort(key=lambda character: character["updated_at"], reverse=True)
    mine = [card(character) for character in briefs if character["owner"]["id"] == str(principal.id)]
    others = [card(character) for character in briefs if character["owner"]["id"] != str(principal.id)]
    return {
        "mine": mine,
        "told": others,
        "sort": sort,
        "filtered": filters != selectors.EVERY,
        "live": {"splats": tracker_schemas(briefs), "user": str(principal.id)},
    }


def _json(character: BriefCharacter) -> Brief:
    """As the page's scripts and templates read it."""
    return character.model_dump(mode="json")


def card(character: Brief) -> Brief:
    """Return a brief character with read-only cells of its trackers."""
    described = next(splat for splat in schema.schema()["splats"] if splat["slug"] == character["splat"])
    readable = character | {"rights": {"level": "public"}, "visibility": {}}
    return character | {"state": character, "cells": layout.deck(layout.all_cells(described, readable))}


def tracker_schemas(briefs: Iterable[Brief]) -> list[dict[str, Any]]:
    """Return the schemas that the cards of these characters need for live updates."""
    return [_tracker_schema(splat) for splat in _present(briefs)]


def _present(briefs: Iterable[Brief]) -> list[dict[str, Any]]:
    used = {character["splat"] for character in briefs}
    return [splat for splat in schema.schema()["splats"] if splat["slug"] in used]


def _tracker_schema(splat: dict[str, Any]) -> dict[str, Any]:
    return {"slug": splat["slug"], "traits": [trait for trait in splat["traits"] if trait["tracker"]]}
