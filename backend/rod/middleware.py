"""Middleware of the project."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import is_valid_path


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
