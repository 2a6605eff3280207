"""The page to move a character to another chronicle."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from chronicle.rights import can
from contract.translation import _
from haven import operations
from haven.selectors import chronicles_of, get
from main.navigation import of_character
from main.pages import PageRequest, show
from main.parts import new_key, part, principal_of, submit_form
from rules.errors import GameError


@part
@require_http_methods(["GET", "POST"])
def move(request: PageRequest, character_id: UUID) -> HttpResponse:
    """GET shows the form with the other chronicles of this user; a POST redirects to the sheet."""
    principal = principal_of(request)
    character = get(principal, character_id)
    can(principal, "character.move", character).require()
    others = [chronicle for chronicle in chronicles_of(principal) if chronicle.pk != character.chronicle_id]
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
