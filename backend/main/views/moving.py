"""The page to move a character to another chronicle."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from chronicle.models import Chronicle
from chronicle.principal import Principal
from chronicle.rights import can
from haven import services
from haven.selectors import chronicles_of, get
from haven.services import Reference
from main.pages import PageRequest, show
from main.parts import new_key, part, principal_of, sent_once
from rules.errors import GameError, Invalid
from timeline.services import Cause


@part
@require_http_methods(["GET", "POST"])
def move(request: PageRequest, character_id: UUID) -> HttpResponse:
    """GET shows the form with the other chronicles of this user; a POST redirects to the sheet."""
    principal = principal_of(request)
    character = get(principal, character_id)
    can(principal, "character.move", character).require()
    others = [chronicle for chronicle in chronicles_of(principal) if chronicle.pk != character.chronicle_id]
    context = {"character": character, "others": others, "key": new_key(), "form": request.POST}
    if request.method != "POST":
        return show(request, "main/move.html", context)
    try:
        _done(request, character_id)
    except GameError as error:
        return show(request, "main/move.html", context | {"problem": error.detail}, error.status)
    return redirect("sheet", character_id=character_id)


def _done(request: PageRequest, character_id: UUID) -> None:
    place, reference = _chosen(request.POST.get("chronicle", "")), Reference(str(character_id))

    def work(principal: Principal, cause: Cause) -> str:
        return str(services.move(principal, reference, place, cause).character.pk)

    sent_once(request, work)


def _chosen(text: str) -> Chronicle:
    try:
        return Chronicle.objects.select_related("server").get(pk=UUID(text))
    except (ValueError, Chronicle.DoesNotExist):
        raise Invalid.field("chronicle", "Choose one of these chronicles.") from None
