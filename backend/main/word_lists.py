"""The words of the pages' scripts in a language: one script for browsers to keep, made by Django's own view.

English needs none. Templates name it before the other scripts, which find it as `django` (`js/translation.js`).
"""

import hashlib
from functools import lru_cache
from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

from contract.translation import CATALOGUES, ENGLISH, LANGUAGES
from main.bundles import FOR_EVER

_catalogue = JavaScriptCatalog.as_view(packages=["main"])


def address(language: str) -> str:
    """Return where the words of this language are; empty where none are needed."""
    if language == ENGLISH or language not in LANGUAGES:
        return ""
    return reverse("words", args=[language, _digest(language, _changed(language))])


@require_safe
def serve(request: HttpRequest, language: str, digest: str) -> HttpResponse:
    """Any digest gets what is there now: a page that was made before a release finds its words."""
    if not address(language):
        raise Http404
    with translation.override(language):
        answer = cast(HttpResponse, _catalogue(request))
    answer["Cache-Control"] = FOR_EVER if digest == _digest(language, _changed(language)) else "no-cache"
    return answer


@lru_cache(maxsize=16)
def _digest(language: str, _when: float) -> str:
    file = CATALOGUES / language / "LC_MESSAGES" / "djangojs.mo"
    return hashlib.sha256(file.read_bytes() if file.exists() else b"").hexdigest()[:12]


def _changed(language: str) -> float:
    """When the catalogue was compiled; a live site's never changes."""
    file = CATALOGUES / language / "LC_MESSAGES" / "djangojs.mo"
    return 0 if settings.LIVE or not file.exists() else file.stat().st_mtime
