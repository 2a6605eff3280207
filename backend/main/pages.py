"""Wrapping of every page: errors as pages, and a strict Content-Security-Policy."""

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from contract.translation import N_, _
from main import bundles, resuming
from main.form_errors import is_ours
from main.listening import ALONE, LIVE, asks_for_main, listen
from rules.errors import GameError

View = Callable[..., HttpResponse]
SIGNED_OUT = N_("You’re signed out. Sign in to go on.")


class PageRequest(HttpRequest):
    """A request as `HtmxMiddleware` hands it on."""

    htmx: HtmxDetails


TITLES = {
    400: N_("That request makes no sense"),
    403: N_("Not for your eyes"),
    404: N_("Nothing here but dust"),
    405: N_("Only for forms"),
    429: N_("Too fast"),
    500: N_("Something broke"),
    503: N_("Back in a moment"),
}


def page(view: View) -> View:
    """Turn a game error, or a GET of a form's address, into an error page."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "GET" and not by_script(request) and not asks_for_main(request):
            setattr(request, LIVE, listen(request))
        try:
            answer = view(request, *args, **kwargs)
        except GameError as error:
            return with_headers(error_page(request, error.status, error.detail, code=error.code), error)
        return _only_for_forms(request, answer) if answer.status_code == 405 else answer

    return wrapped


def with_headers(answer: HttpResponse, error: GameError) -> HttpResponse:
    for name, value in error.headers.items():
        answer[name] = value
    return answer


def _only_for_forms(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Explain to a visitor who loads the address of a form that it has no page."""
    refused = error_page(request, 405, _("A form is sent to this address; it has no page of its own."))
    refused["Allow"] = answer["Allow"]
    return refused


def signed_in(view: View) -> View:
    """Send visitors to the login, and back afterwards. A script cannot follow to there: it gets a sentence."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if by_script(request):
                return refusal(request, 401, _(SIGNED_OUT), "not_signed_in")
            if resuming.is_own_form(request):
                return held_form(request)
            stood = request.POST.get("stood", "")
            return redirect_to_login(stood if is_ours(stood) else request.get_full_path())
        return view(request, *args, **kwargs)

    return wrapped


def show(
    request: HttpRequest, template: str, context: Mapping[str, object] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page. `csp_nonce` is for the one style element with characters' colours."""
    nonce = secrets.token_urlsafe(16)
    response = render(request, template, {"csp_nonce": nonce, **(context or {})}, status=status)
    response["Content-Security-Policy"] = policy(nonce, host_of(request))
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, [ALONE])
    return _small(request, response)


def _small(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Join what a page asks for, and compress it; random bytes in it keep secrets from being guessed by its length."""
    response.content = bundles.joined(response.content.decode())
    GZipMiddleware(lambda _: response).process_response(request, response)
    return response


def host_of(request: HttpRequest) -> str:
    """Return the host, or "" if it is not ours: then the error page names no socket."""
    with suppress(DisallowedHost):
        return request.get_host()
    return ""


def policy(nonce: str, host: str) -> str:
    hosts = {_origin(settings.DISCORD_CDN), "https://cdn.discordapp.com"}
    hosts |= {_origin(address) for address in (settings.S3_PUBLIC_URL, settings.S3_SIGNED_URL) if address}
    pictures = " ".join(sorted(hosts))
    rules = {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": f"'self' 'nonce-{nonce}'",
        "img-src": f"'self' data: {pictures}",
        # Some browsers do not count a socket to the same host as 'self'.
        "connect-src": f"'self' ws://{host} wss://{host}" if host else "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def held_form(request: HttpRequest) -> HttpResponse:
    """Give a form back that was sent without its session, or as somebody else."""
    status = 403 if request.user.is_authenticated else 401
    return show(request, "main/resume.html", resuming.held(request), status)


def by_script(request: HttpRequest) -> bool:
    """Whether htmx asks, for a part of a page that stands already; what broke early has no `htmx` yet."""
    return bool(getattr(request, "htmx", False))


def refusal(
    request: HttpRequest, status: int, detail: str, code: str, fields: Mapping[str, list[str]] | None = None
) -> HttpResponse:
    """Answer a script with the sentence alone; `failures.js` shows it where somebody waits for it."""
    context = {"detail": detail, "code": code, "fields": fields or {}}
    return show(request, "main/parts/refusal.html", context, status)


def error_page(
    request: HttpRequest, status: int, detail: str, reference: str = "", title: str = "", code: str = ""
) -> HttpResponse:
    if by_script(request):
        return refusal(request, status, f"{detail} ({reference})" if reference else detail, code)
    context = {
        "status": status,
        "title": title or _(TITLES.get(status, N_("That did not work"))),
        "detail": detail,
        "reference": reference,
    }
    return show(request, "main/error.html", context, status)
