"""The language of each request: that of the person's setting, else the best of `Accept-Language`."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import translation as django_translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import trans_real

from contract.translation import PSEUDO, Pseudo, best, language, speaking

# What has no words, or is answered to a cache.
WORDLESS = ("/assets/", "/words/", "/media/", "/static/", "/healthz", "/readyz", "/version")


class PseudoTranslation(trans_real.DjangoTranslation):
    """The pseudo-language for the tags of templates."""

    def gettext(self, message: str) -> str:
        return Pseudo().gettext(message.rpartition(trans_real.CONTEXT_SEPARATOR)[2])

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


# Django loads a language once, into this dictionary, which the stubs do not know.
vars(trans_real)["_translations"][PSEUDO] = PseudoTranslation(PSEUDO)


class Languages:
    """Answers in the reader's language, and says in which: `Content-Language`.

    The views of the two APIs learn later who reads, and `speak` then (`chronicle.door`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(WORDLESS):
            return self.get_response(request)
        wanted = own_language(request) or best(request.headers.get("Accept-Language"))
        with speaking(wanted), _django_speaking(wanted):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language())
        patch_vary_headers(response, ["Accept-Language"])
        return response


def _django_speaking(wanted: str) -> AbstractContextManager[None]:
    """Django's own sentences and its templates; to change nothing costs a change of a sheet nothing."""
    if wanted == django_translation.get_language():
        return nullcontext()
    return django_translation.override(wanted)


def own_language(request: HttpRequest) -> str:
    """Return the setting of who is signed in, else an empty text."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    try:
        return str(getattr(request.user, "language", ""))
    except Error:  # no database: the view says so
        return ""
