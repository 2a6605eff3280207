"""The welcome page for visitors, the dashboard for users."""

from typing import Any, get_args
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.views.decorators.http import require_POST, require_safe

from chronicle import rights
from chronicle.models import Chronicle
from chronicle.principal import Principal
from chronicle.selectors import deleted_servers
from contract.characters import ListCharacters, Status
from contract.servers import EDITION_LABELS
from contract.translation import N_, _
from haven import operations, schema, selectors
from main import example
from main.character_table import Choices, address_without, as_json, drawn, paged, tracker_schemas
from main.listening import live
from main.navigation import chronicle_itself
from main.pages import PageRequest, page, show
from main.parts import new_key, part, submit

STATUSES: tuple[Status, ...] = get_args(Status)
SORTS = {"updated": N_("Last changed"), "name": N_("Name")}


@page
@require_safe
def dashboard(request: PageRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return show(request, "main/welcome.html", _welcome())
    principal, query = Principal.for_user(request.user), request.GET
    filters = read_filters(query)
    context = _found(request, principal, filters) | {"key": new_key()}
    if request.htmx and not request.htmx.boosted:
        answer = show(request, "main/parts/characters.html", context)
        answer["HX-Replace-Url"] = f"/?{address_without(query, 'page')}".rstrip("?&") or "/"
        return answer
    listed = selectors.chronicles_of(principal)
    chosen = next((chronicle for chronicle in listed if chronicle.id == filters.chronicle), None)
    return show(
        request,
        "main/dashboard.html",
        context
        | {
            "place": chronicle_itself(principal, chosen, "characters") if chosen else None,
            "chronicles": [(chronicle.id, chronicle.full_name) for chronicle in listed],
            "listed": listed,
            "closed_servers": [] if chosen else deleted_servers(principal),
            "tables": [] if chosen else _tables(principal, listed),
            "splats": schema.schema()["splats"],
            "statuses": [(status, capfirst(_(status))) for status in STATUSES],
            "sorts": [(sort, _(label)) for sort, label in SORTS.items()],
            "deleted": [as_json(row) for row in selectors.dashboard(principal, ListCharacters(deleted=True))],
        },
    )


@part
@require_POST
def try_example(request: PageRequest) -> HttpResponse:
    """Create the example character for a newcomer, and lead to its dice."""
    fields = {
        "splat": example.SPLAT,
        "name": example.NAME,
        "chronicle": request.POST.get("chronicle") or None,
        "changes": [{"path": path, "value": value} for path, value in example.SHEET.items()],
    }
    made = submit(request, operations.CREATE.sheet, fields, text=False)
    address = reverse("dice", args=[made.character.id])
    return redirect(f"{address}?{urlencode({'pool': example.POOL})}")


def _welcome() -> dict[str, object]:
    """Return what the product looks like, and what can be played."""
    names: dict[str, list[str]] = {edition: [] for edition in EDITION_LABELS}
    for splat in schema.schema()["splats"]:
        names[splat["edition"]].append(splat["label"])
    games = [
        {"label": _(label), "names": names[edition], "dice_only": not names[edition]}
        for edition, label in EDITION_LABELS.items()
    ]
    answer = {"roll": example.roll()}
    return {"sheet": example.sheet(), "answer": answer, "table": example.conflict(), "games": games}


def _tables(principal: Principal, listed: list[Chronicle]) -> list[dict[str, Any]]:
    """Return the chronicles of this user, each with what they may open there."""
    return [
        {"chronicle": chronicle, "desk": bool(rights.can(principal, "chronicle.characters", chronicle))}
        for chronicle in listed
    ]


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


def _found(request: HttpRequest, principal: Principal, filters: ListCharacters) -> dict[str, Any]:
    """Return one page of the characters, own ones first."""
    query = request.GET
    choices, sort = Choices.read(query), query.get("sort", "updated")
    found = selectors.dashboard(principal, filters)
    if sort != "name":
        found.sort(key=lambda character: character.updated_at, reverse=True)
    found.sort(key=lambda character: character.owner.id != principal.id)
    shown, pages = paged(found, choices.page)
    briefs = [as_json(character) for character in shown]
    mine = [character for character in briefs if character["owner"]["id"] == str(principal.id)]
    others = [character for character in briefs if character["owner"]["id"] != str(principal.id)]
    groups = ((_("Your characters"), mine), (_("Characters you run as storyteller"), others))
    return {
        "groups": [
            (title, [drawn(character, choices.view) for character in many]) for title, many in groups if many
        ],
        "view": choices.view,
        "page": min(choices.page, pages),
        "pages": range(1, pages + 1),
        "total": len(found),
        "address": address_without(query, "page"),
        "sort": sort,
        "filtered": filters.model_copy(update={"chronicle": None}) != selectors.EVERY,
        "filters": filters,
        "live": live(request, splats=tracker_schemas(briefs, choices.view)),
    }
