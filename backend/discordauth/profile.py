"""A user's own profile and preferences, changed without events, unlike the game's state."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator, URLValidator
from django.db import transaction

from discordauth.models import PREFERENCES, CustomUser
from rules.errors import Invalid
from rules.text import clean, clean_lines

MAX_BIO, MAX_STATUS, MAX_ADDRESS, MAX_SETTINGS = 2000, 140, 300, 16_384
_https = URLValidator(schemes=["https"])
validate_no_nul = ProhibitNullCharactersValidator()


def profile(user: CustomUser) -> dict[str, Any]:
    """Return a user as they see themselves."""
    return user.as_json() | {
        "username": user.username,
        "discord_username": user.discord_username,
        "picture_url": user.picture_url,
        "avatar_url": user.avatar_url,
        "bio": user.bio,
        "status_message": user.status_message,
        "user_settings": user.user_settings,
        "is_staff": user.is_staff,
        "date_joined": user.date_joined.isoformat(),
    }


def update_profile(user: CustomUser, changes: Mapping[str, Any]) -> CustomUser:
    """Set the given fields, all or none. Raises Invalid.

    `user_settings` is merged key by key: another client's keys stay, and null takes a key away.
    """
    with transaction.atomic():
        locked = CustomUser.objects.select_for_update().get(pk=user.pk)
        problems: dict[str, list[str]] = {}
        for name, value in changes.items():
            try:
                setattr(locked, name, _checked(locked, name, value))
            except Invalid as error:
                problems[name] = [error.detail]
        if problems:
            raise Invalid("Some values are not right.", fields=problems)
        if changes:
            locked.save(update_fields=list(changes))
    return locked


def set_preferences(user: CustomUser, wanted: Mapping[str, Any]) -> CustomUser:
    """Set the named preferences (`CustomUser.preferences`). Raises Invalid."""
    problems = {
        name: ["Yes or no is expected."] for name, value in wanted.items() if not isinstance(value, bool)
    }
    problems |= {name: ["There is no such preference."] for name in wanted if name not in PREFERENCES}
    if problems:
        raise Invalid("Some values are not right.", fields=problems)
    return update_profile(user, {"user_settings": dict(wanted)})


def _checked(user: CustomUser, name: str, value: Any) -> Any:
    if name == "user_settings":
        return _settings(user.user_settings, value)
    if name not in _TEXTS:
        raise Invalid("There is no such field, or it cannot be changed here.")
    most, check = _TEXTS[name]
    if not isinstance(value, str) or len(value) > most:
        raise Invalid(f"Text of at most {most} characters is expected.")
    return check(value, most)


def _address(value: str, most: int) -> str:
    if value:
        try:
            _https(value)
            validate_no_nul(value)
        except ValidationError:
            raise Invalid("An address that begins with https:// is expected.") from None
    return value


_TEXTS: dict[str, tuple[int, Callable[[str, int], str]]] = {
    "bio": (MAX_BIO, clean_lines),
    "status_message": (MAX_STATUS, clean),
    "avatar_url": (MAX_ADDRESS, _address),
}


def _settings(before: Mapping[str, Any], changes: Any) -> dict[str, Any]:
    if not isinstance(changes, dict):
        raise Invalid("A JSON object is expected.")
    merged = {name: value for name, value in {**before, **changes}.items() if value is not None}
    if not _is_plain(changes):
        raise Invalid("Settings may hold neither the character NUL nor numbers of more than 15 digits.")
    if len(orjson.dumps(merged)) > MAX_SETTINGS:
        raise Invalid(f"Settings may take {MAX_SETTINGS // 1024} KB at most.")
    return merged


def _is_plain(value: Any) -> bool:
    """Return whether every database stores the value unchanged: PostgreSQL takes no NUL and makes 1e300 an integer."""
    if isinstance(value, str):
        return "\x00" not in value
    if isinstance(value, dict):
        return all(_is_plain(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return all(_is_plain(part) for part in value)
    return not isinstance(value, int | float) or abs(value) < 10**15
