"""Show a rejected form again on its page, with what was typed and each error at its field.

Each form says by `{% form "award" %}` what it is called and where it stands; everything else follows from that.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import ResolverMatch, resolve

from rules.errors import GameError


@dataclass(frozen=True)
class Refused:
    """`typed` is the form as it was sent; `fields` is field → sentences; `errors` are those of single characters."""

    form: str
    detail: str
    fields: Mapping[str, list[str]]
    errors: Sequence[Mapping[str, str]]
    typed: QueryDict


@contextmanager
def errors_on_field(control: str, *others: str) -> Iterator[None]:
    """Attach a service's field errors to this control of the form, except those of `others`."""
    try:
        yield
    except GameError as error:
        fields = error.data.get("fields", {})
        kept = {name: sentences for name, sentences in fields.items() if name in others}
        moved = [
            sentence for name, sentences in fields.items() if name not in others for sentence in sentences
        ]
        error.data["fields"] = kept | ({control: moved} if moved else {})
        raise


def is_ours(place: str) -> bool:
    return place.startswith("/") and not place.startswith(("//", "/\\"))


def rerender_form(request: HttpRequest, error: GameError) -> HttpResponse:
    """Return the form's page with the error's status. Raises the error if there is no such page."""
    stood = request.POST.get("stood", "")[:2000]
    place = urlsplit(stood if is_ours(stood) else "")
    match = _page_at(place.path)
    if request.method != "POST" or match is None:
        raise error
    _turn_to(request, place.path, place.query)
    data = error.data
    page: Any = request
    page.resolver_match = match
    page.refused = Refused(
        request.POST.get("form", ""),
        error.detail,
        data.get("fields", {}),
        data.get("errors", []),
        request.POST,
    )
    answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    if answer.status_code != 200:
        page.refused = None
        raise error
    answer.status_code = error.status
    return answer


def _page_at(path: str) -> ResolverMatch | None:
    try:
        match = resolve(path)
    except Http404:
        return None
    return match if match.func.__module__.startswith("main.") else None


def _turn_to(request: Any, path: str, query: str) -> None:
    """Turn the request into a GET of that page, so that its links and forms lead on from there."""
    request.method = "GET"
    request.path = request.path_info = path
    request.META["QUERY_STRING"] = query
    request.GET = QueryDict(query)
