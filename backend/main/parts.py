"""Forms that are executed once, and answered with the changed part or the whole page."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from chronicle.principal import Principal
from discordauth.models import CustomUser
from main.form_errors import is_ours, rerender_form
from main.pages import PageRequest, page, show, signed_in
from rules.errors import GameError
from timeline.services import Cause, once

View = Callable[..., HttpResponse]


def part(view: View) -> View:
    """Show a rejected form's error: for htmx as a sentence, otherwise on the whole page (`form_errors`)."""

    @wraps(view)
    def wrapped(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except GameError as error:
            if not request.htmx:
                return rerender_form(request, error)
            context = {"detail": error.detail, "fields": error.data.get("fields", {})}
            answer = show(request, "main/parts/refusal.html", context)
            answer["HX-Retarget"], answer["HX-Reswap"] = "#refusal", "outerHTML"
            return answer

    return page(signed_in(cast(View, wrapped)))


def principal_of(request: HttpRequest) -> Principal:
    return Principal.for_user(request.user)


def new_key() -> str:
    """Return an idempotency key for one form: however often it is sent, it runs once."""
    return secrets.token_urlsafe(16)


def sent_once(request: HttpRequest, work: Callable[[Principal, Cause], str]) -> str:
    """Run a form's action at most once for its key; `work` returns the id of its result."""
    user = cast(CustomUser, request.user)
    asked = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    principal = Principal.for_user(user)
    cause = Cause(actor=user, door="web", as_player=request.POST.get("acting_for") == "yes")
    _, body = once(
        f"page:{user.pk}",
        request.POST.get("key", "")[:100],
        [request.path_info, asked],
        lambda: (200, {"id": work(principal, cause)}),
    )
    return str(body["id"])


def back(request: HttpRequest, otherwise: str, anchor: str = "") -> HttpResponseRedirect:
    """Redirect to the page that held the form, if it is one of ours."""
    place = request.POST.get("next", "")
    return redirect(f"{place if is_ours(place) else otherwise}{anchor}")
