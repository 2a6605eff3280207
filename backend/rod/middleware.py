"""Middleware of the project."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import is_valid_path

from rod.error_pages import limited, unavailable
from rules.errors import Limit
from timeline.database_outage import is_outage


class EitherSlash:
    """Answers a path with and without its trailing slash, without a redirect: a redirect loses the body of a POST."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        other = path.rstrip("/") if path.endswith("/") else path + "/"
        if other and not is_valid_path(path) and is_valid_path(other):
            request.path_info = other
        return self.get_response(request)


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
