"""Which pages may open a socket: our own, and those that may send us forms."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain

from gateway.credentials import Credentials


def may_connect(scope: dict[str, Any], credentials: Credentials) -> bool:
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1")
    if not origin:
        return not credentials.needs_origin
    return is_ours(origin, headers.get(b"host", b"").decode("latin-1"))


def is_ours(origin: str, host: str) -> bool:
    try:
        page = urlsplit(origin)
    except ValueError:
        return False
    if page.scheme not in ("http", "https") or not page.netloc:
        return False
    same_host = page.netloc.lower() == host.lower() and _is_our_host(host)
    return same_host or origin == settings.SITE_URL or any(_trusts(one, origin) for one in _trusted())


def _is_our_host(host: str) -> bool:
    # A name that somebody else pointed at our address is not us.
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def _trusted() -> list[str]:
    return settings.CSRF_TRUSTED_ORIGINS


def _trusts(trusted: str, origin: str) -> bool:
    if "*" not in trusted:
        return trusted == origin
    wanted, page = urlsplit(trusted), urlsplit(origin)
    return wanted.scheme == page.scheme and is_same_domain(page.netloc, wanted.netloc.lstrip("*"))
