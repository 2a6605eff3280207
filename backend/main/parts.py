"""Forms that are executed once, and answered with the changed part or the whole page."""

import secrets
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from chronicle.call import Call
from chronicle.door import parse, perform
from chronicle.principal import Principal
from contract.labels import translated
from contract.text import typed_with_empty
from discordauth.same_account import refuse_other_account
from main import resuming
from main.form_errors import is_ours, rerender_form
from main.pages import PageRequest, held_form, page, refusal, signed_in, with_headers
from rules.errors import GameError, Invalid
from timeline.keys import Key
from timeline.operations import AnswerT, InputT, Operation
from timeline.services import Cause

View = Callable[..., HttpResponse]
# The attribute of a request that holds who asks.
PRINCIPAL = "principal"


def part(view: View) -> View:
    """Show a rejected form's error: for htmx as a sentence, otherwise on the whole page (`form_errors`)."""

    @wraps(view)
    def wrapped(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if resuming.is_of_another(request) and not request.htmx:
            return held_form(request)
        try:
            refuse_other_account(request)
            return view(request, *args, **kwargs)
        except GameError as error:
            if not request.htmx:
                return with_headers(rerender_form(request, error), error)
            answer = refusal(request, 200, error.detail, error.code, error.data.get("fields", {}))
            answer["HX-Retarget"], answer["HX-Reswap"] = "#refusal", "outerHTML"
            return with_headers(answer, error)

    return page(signed_in(cast(View, wrapped)))


def principal_of(request: HttpRequest) -> Principal:
    """Who asks. A page that is only looked at reads their rights once; a form may change them."""
    if request.method != "GET":
        return Principal.for_user(request.user)
    known: Principal | None = getattr(request, PRINCIPAL, None)
    if known is None or known.user is not request.user:
        known = Principal.for_user(request.user)
        setattr(request, PRINCIPAL, known)
    return known


def new_key() -> str:
    """Return an idempotency key for one form: however often it is sent, it runs once."""
    return secrets.token_urlsafe(16)


def submit(
    request: HttpRequest,
    operation: Operation[Call, InputT, AnswerT],
    fields: Mapping[str, object],
    *,
    text: bool = True,
) -> AnswerT:
    """Run an operation with the fields of a form, at most once for the form's key.

    `text`: all values are text, and empty is none; else the view has read switches and lists, and empty is empty.
    Raises Invalid, with the sentence of each wrong field.
    """
    call = call_of(request)
    asked = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    key = Key.of(f"page:{call.principal.id}", request.POST.get("key", "")[:100], [request.path_info, asked])
    try:
        return translated(perform(operation, call, parse(operation.input, fields, text=text), key))
    except Invalid as error:
        # A form is flat: the controls of nested fields (`changes.name`) bear their last names.
        flat = {path.rpartition(".")[2]: sentences for path, sentences in error.data["fields"].items()}
        error.data["fields"] = flat | error.data["fields"]
        raise


def submit_form(
    request: HttpRequest,
    operation: Operation[Call, InputT, AnswerT],
    named: Mapping[str, object] | None = None,
    *,
    keep_empty: bool = False,
) -> AnswerT:
    """Run an operation with the form and with `named`. A control is called like the field of the input that it fills.

    `keep_empty`: an empty control empties its field; otherwise it counts as left out.
    """
    form, names = request.POST, operation.input.model_fields
    fields = {name: form[name].strip() for name in form if name in names} | dict(named or {})
    return submit(
        request,
        operation,
        typed_with_empty(operation.input, fields) if keep_empty else fields,
        text=not keep_empty,
    )


def posts(
    operation: Operation[Call, InputT, AnswerT],
    then: str | Callable[[PageRequest, AnswerT], HttpResponse],
    anchor: str = "",
    *,
    keep_empty: bool = False,
) -> View:
    """Return the view of a form: its controls and the ids of its address are called like the fields of the input.

    `then` renders the answer, or is where to go if the form names no page of ours; it can hold ids and the `{answer}`.
    """

    def view(request: PageRequest, **address: object) -> HttpResponse:
        named = {name.removesuffix("_id"): str(value) for name, value in address.items()}
        answer = submit_form(request, operation, named, keep_empty=keep_empty)
        if callable(then):
            return then(request, answer)
        return back(request, then.format(answer=answer, **named), anchor)

    return part(require_POST(view))


def call_of(request: HttpRequest) -> Call:
    """Who asks through a page; `acting_for` says that a storyteller does it for an absent player."""
    as_player = request.POST.get("acting_for") == "yes"
    return Call(principal_of(request), Cause(actor=request.user, door="web", as_player=as_player))


def address_without_blanks(request: HttpRequest) -> str:
    """Return the page's address without the filters that say nothing, or "" if there are none."""
    blank = [name for name in request.GET if not any(request.GET.getlist(name))]
    if not blank:
        return ""
    query = request.GET.copy()
    for name in blank:
        del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path


def back(request: HttpRequest, otherwise: str, anchor: str = "") -> HttpResponseRedirect:
    """Redirect to the page that held the form, if it is one of ours."""
    place = request.POST.get("next", "")
    return redirect(f"{place if is_ours(place) else otherwise}{anchor}")
