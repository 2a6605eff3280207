"""System checks that refuse to start with contradictory or unsafe settings. (Django refuses an empty SECRET_KEY.)"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

KNOWN_ENVIRONMENTS = ("development", "preproduction", "production")
MINIMUM_SECRET = 50


@register()
def environment_is_sound(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    if settings.ENV not in KNOWN_ENVIRONMENTS:
        known = ", ".join(KNOWN_ENVIRONMENTS)
        problems.append(Error(f"ENV is {settings.ENV!r}; it must be one of: {known}.", id="rod.E001"))
    if settings.LIVE:
        problems += _live_problems()
    return problems


def _live_problems() -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    if len(settings.SECRET_KEY) < MINIMUM_SECRET or "insecure" in settings.SECRET_KEY:
        problems.append(
            Error(f"SECRET_KEY must be random and at least {MINIMUM_SECRET} long.", id="rod.E002")
        )
    if not settings.API_KEYS or any(len(key) < 32 for key in settings.API_KEYS):
        problems.append(Error("API_KEY must be set, each key at least 32 characters long.", id="rod.E003"))
    if not settings.USE_REDIS:
        problems.append(Error("More than one process needs Redis: USE_REDIS must be on.", id="rod.E004"))
    if settings.ENV == "production" and not settings.ALLOWED_HOSTS:
        problems.append(Error("ALLOWED_HOSTS must name the public hosts.", id="rod.E005"))
    return problems
