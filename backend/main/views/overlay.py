"""The page of an overlay, for a browser inside of a program for streaming.

Whoever looks at it is a camera: it never sees a login, an error page or an old picture. What cannot be shown is an
empty transparent page that tries again.
"""

import logging
import secrets
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

import companion
from chronicle.door import parse
from companion import overlay_tokens
from companion.drawing.look import AREAS, Look
from companion.on_air import DARK, Picture, attributes_of, drawn, picture
from companion.selectors.replay import moment_of, replayed
from contract.replay import Replay
from main.bundles import ROOT, joined
from main.pages import host_of, policy

log = logging.getLogger(__name__)
TEMPLATES = Path(companion.__file__).parent / "templates" / "stage"
# Nothing of it is kept anywhere: an old picture would be on stream.
NOT_KEPT = "no-store, max-age=0"
WORKER = "/overlay/worker.js"


@require_safe
def overlay(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is on air, complete: before a script runs, and without one."""
    try:
        shown = _shown(request, token)
    except Exception:  # whatever it is, its page must not be on somebody's stream
        log.exception("an overlay is dark")
        shown = DARK
    return _empty() if shown is DARK else _page(request, shown, is_live="at" not in request.GET)


def _shown(request: HttpRequest, token: str) -> Picture:
    """What is on air now; with `?at=` as it was at a moment, and it stays so."""
    found = overlay_tokens.find(token)
    if found is None or not found.campaign.is_public or "at" not in request.GET:
        return picture(found, timezone.now()) if found else DARK
    fields = {name: request.GET[name] for name in ("at", "episode") if name in request.GET}
    moment = moment_of(found.campaign, parse(Replay, fields, text=True))
    return drawn(found, replayed(found.campaign, moment or timezone.now()))


def _page(request: HttpRequest, shown: Picture, is_live: bool = True) -> HttpResponse:
    nonce = secrets.token_urlsafe(16)
    context = {
        "csp_nonce": nonce,
        "is_live": is_live,
        "attributes": shown.attributes,
        "css": shown.css,
        "sprite": sprite(),
        "areas": [(area, [part for part in shown.parts if part.area == area]) for area in AREAS],
        "placed": [part for part in shown.parts if part.place],
        "rolls": shown.attributes["rolls"].split(),
    }
    response = HttpResponse(joined(render_to_string("main/overlay.html", context)))
    # The layout editor shows it in a frame of ours.
    rules = policy(nonce, host_of(request)).replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response["Content-Security-Policy"] = rules
    # Of other sites' frames the policy keeps it out; this header knows no `self` of ours in all browsers.
    response.xframe_options_exempt = True
    response["Cache-Control"] = NOT_KEPT
    GZipMiddleware(lambda _: response).process_response(request, response)
    return response


def _empty() -> HttpResponse:
    response = HttpResponse(empty_page())
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    response["Cache-Control"] = NOT_KEPT
    return response


@require_safe
def frame(request: HttpRequest) -> HttpResponse:
    """An empty stage without a script, which the layout editor fills."""
    look = Look(motion="still")
    return _page(request, Picture(attributes_of(look, None), "", ()), is_live=False)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the script that answers a reload without network. From here it may, for the addresses below this one."""
    script = (ROOT / "js" / "overlay-worker.js").read_text()
    return HttpResponse(
        script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@cache
def sprite() -> str:
    return (TEMPLATES / "sprite.svg").read_text().replace("\n", "")


@cache
def empty_page() -> str:
    return (TEMPLATES / "empty.html").read_text()
