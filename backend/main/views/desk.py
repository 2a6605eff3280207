"""The storyteller's desk: characters, submissions, awards and notes of a chronicle; and a player's submissions."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chronicle import rights
from chronicle.call import chronicle_seen_by
from chronicle.models import Chronicle
from chronicle.principal import Principal
from contract.labels import translated
from contract.translation import N_, _
from desk import operations, selectors
from desk.selectors import Filters
from desk.serializers import note_for
from desk.services import notes
from haven import operations as characters
from haven import schema
from haven.selectors import get
from main.character_table import PAGE, Choices, address_without, drawn, tracker_schemas
from main.form_errors import errors_on_field
from main.listening import live
from main.navigation import in_chronicle, of_character
from main.pages import PageRequest, show
from main.parts import address_without_blanks, back, new_key, part, posts, principal_of, submit, submit_form
from main.templatetags.words import short_edition
from rules.errors import Invalid

MOST_NOTES = 20
STATES = {
    "waiting": N_("Waiting"),
    "locked": N_("Locked"),
    "unlocked": N_("Unlocked"),
    "active": N_("Active"),
    "draft": N_("Draft"),
    "dead": N_("Dead"),
    "archived": N_("Archived"),
}


@part
@require_GET
def desk(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    if clean := address_without_blanks(request):
        return redirect(clean)
    principal, query = principal_of(request), request.GET
    chronicle = chronicle_seen_by(principal, chronicle_id)
    filters = Filters(*(query.get(name, "")[:50] for name in ("search", "splat", "state")))
    choices, tells = Choices.read(query), bool(rights.can(principal, "chronicle.tell", chronicle))
    reads = bool(rights.can(principal, "chronicle.notes", chronicle))
    content = selectors.desk(principal, chronicle, filters, choices.page, PAGE)
    desk = translated(content).model_dump(mode="json")
    characters = desk["characters"]
    return show(
        request,
        "main/desk.html",
        {
            "place": in_chronicle(principal, chronicle, "desk", _("Desk")),
            "chronicle": chronicle,
            "desk": desk,
            "shown": [drawn(character, choices.view) for character in characters],
            "names": [(character["id"], character["name"]) for character in characters],
            "view": choices.view,
            "page": min(choices.page, content.pages),
            "pages": range(1, content.pages + 1),
            "address": address_without(query, "page"),
            "filtered": filters != Filters(),
            "tells": tells,
            "reads": reads,
            "notes": _notes(principal, chronicle) if reads else [],
            "splats": [
                (splat["slug"], f"{splat['label']}, {short_edition(splat['edition'])}")
                for splat in schema.schema()["splats"]
            ],
            "states": [(state, _(label)) for state, label in STATES.items()],
            "query": query,
            "key": new_key(),
            "live": live(request, splats=tracker_schemas(characters, choices.view)),
        },
    )


def _notes(principal: Principal, chronicle: Chronicle) -> list[dict[str, object]]:
    return [note_for(note).model_dump(mode="json") for note in notes.notes(principal, chronicle)[:MOST_NOTES]]


@part
@require_POST
def lock(request: PageRequest, character_id: UUID) -> HttpResponse:
    changes = [{"path": "locked", "value": request.POST.get("locked") == "yes"}]
    submit(request, characters.CHANGE.card, {"character": str(character_id), "changes": changes})
    return back(request, f"/characters/{character_id}/")


@part
@require_POST
def award(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    ticked = {"chronicle": chronicle_id, "characters": request.POST.getlist("character")}
    submit_form(request, operations.AWARD, ticked, keep_empty=True)
    return back(request, f"/chronicles/{chronicle_id}/desk/")


@part
@require_POST
def add_note(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    about = {"chronicle": chronicle_id, "character": request.POST.get("about") or None}
    submit_form(request, operations.ADD_NOTE, about, keep_empty=True)
    return back(request, f"/chronicles/{chronicle_id}/desk/", "#notes")


remove_note = posts(operations.REMOVE_NOTE, "/", "#notes")


@part
@require_POST
def submission(request: PageRequest, submission_id: UUID) -> HttpResponse:
    """Handle one form with four buttons: approve, send back, comment, withdraw."""
    words, wanted = request.POST.get("words", ""), request.POST.get("do", "")
    named = {"submission": str(submission_id)}
    with errors_on_field("words"):
        if wanted == "approve":
            submit(request, operations.APPROVE, named)
        elif wanted == "withdraw":
            submit(request, operations.WITHDRAW, named)
        elif wanted == "return":
            submit(request, operations.SEND_BACK, {**named, "reason": words})
        elif wanted == "comment":
            submit(request, operations.COMMENT, {**named, "text": words})
        else:
            raise Invalid.field("do", _("Approve it, send it back, comment, or withdraw."))
    return back(request, "/", f"#submission-{submission_id}")


@part
@require_http_methods(["GET", "POST"])
def proposals(request: PageRequest, character_id: UUID) -> HttpResponse:
    """Show a player's open and earlier submissions, and a form for a new one."""
    principal = principal_of(request)
    character = get(principal, character_id)
    rights.can(principal, "character.propose", character).require()
    if request.method == "POST":
        _propose(request, character_id)
        return back(request, f"/characters/{character_id}/proposals/")
    traits = [(slug, trait.name) for slug, trait in character.traits.items() if trait.writer == "owner"]
    return show(
        request,
        "main/proposals.html",
        {
            "place": of_character(principal, character, _("Request a change")),
            "character": character,
            "submissions": [
                translated(row).model_dump(mode="json")
                for row in selectors.of_character(principal, character)
            ],
            "traits": traits,
            "key": new_key(),
        },
    )


def _propose(request: PageRequest, character_id: UUID) -> None:
    trait, value = request.POST.get("trait", ""), request.POST.get("value", "").strip()
    if bool(trait) != bool(value):
        raise Invalid.field(
            "value", _("Choose a trait and its new value, or leave both empty for the whole character.")
        )
    changes = [{"path": trait, "op": "text", "value": value}] if trait else []
    fields = {"character": str(character_id), "changes": changes, "text": request.POST.get("text", "")}
    with errors_on_field("value", "text"):
        submit(request, operations.SUBMIT, fields)
