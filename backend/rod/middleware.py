"""Middleware of the project."""

import re
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import is_valid_path

from contract.logs import INTERACTION, INTERACTION_HEADER, REQUEST, REQUEST_HEADER, given_id, new_id
from rod.error_pages import limited, not_found, unavailable
from rules.errors import Limit
from timeline.database_outage import is_outage

UNREADABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class RequestIds:
    """Has every line of the log name the request and the interaction: their ids come with it, or are made here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = given_id(request.headers.get(REQUEST_HEADER)) or new_id()
        # A thread has the ids of its last request until the next one.
        REQUEST.set(request_id)
        INTERACTION.set(given_id(request.headers.get(INTERACTION_HEADER)))
        response = self.get_response(request)
        response[REQUEST_HEADER] = request_id
        return response


class EitherSlash:
    """Answers a path with and without its trailing slash, without a redirect: a redirect loses the body of a POST.

    What no address of ours has, such as NUL, which PostgreSQL takes in no text, is not found. An unknown address gets
    our own answer in development too, where Django would explain its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if UNREADABLE.search(path):
            return not_found(request)
        if not _is_route(path, settings.ROOT_URLCONF):
            other = path.rstrip("/") if path.endswith("/") else path + "/"
            if other and _is_route(other, settings.ROOT_URLCONF):
                request.path_info = other
            else:
                return not_found(request)
        return self.get_response(request)


@lru_cache(maxsize=1000)
def _is_route(path: str, urlconf: str) -> bool:
    """To look a path up takes a twentieth of what a change takes."""
    return bool(is_valid_path(path, urlconf))


class ExpectedErrors:
    """Answers with a sentence if a view finds the database down, or a limit reached, in development too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Limit):
            return limited(request, exception)
        return unavailable(request, exception) if is_outage(exception) else None
