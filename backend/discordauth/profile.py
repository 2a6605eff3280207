"""A user's own profile and preferences, changed without events, unlike the game's state."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator, URLValidator
from django.db import transaction

from contract.people import MAX_ADDRESS, MAX_BIO, MAX_STATUS, Profile, SetPreferences, UpdateProfile
from contract.translation import _
from discordauth.models import CustomUser
from discordauth.signals import account_changed
from rules.errors import Invalid
from rules.text import clean, clean_lines

MAX_SETTINGS = 16_384
# Columns of an account whose changes its owner and admins can look up.
LOGGED = (
    *("username", "first_name", "last_name", "email", "avatar_url", "bio", "status_message", "timezone"),
    *("role", "is_active", "is_staff", "is_superuser"),
)
_https = URLValidator(schemes=["https"])
validate_no_nul = ProhibitNullCharactersValidator()


def profile(user: CustomUser) -> Profile:
    """Return a user as they see themselves."""
    return Profile.from_object(user, name=user.display_name)


def update_profile(user: CustomUser, given: UpdateProfile) -> CustomUser:
    """Set the given fields, all or none. Raises Invalid.

    `user_settings` is merged key by key: another client's keys stay, and null takes a key away.
    """
    changes = given.model_dump(exclude_unset=True)
    with transaction.atomic():
        locked = CustomUser.objects.select_for_update().get(pk=user.pk)
        before = logged(locked)
        problems: dict[str, list[str]] = {}
        for name, value in changes.items():
            try:
                setattr(locked, name, _checked(locked, name, value))
            except Invalid as error:
                problems[name] = [error.detail]
        if problems:
            raise Invalid(_("Some values aren’t right."), fields=problems)
        if changes:
            locked.save(update_fields=list(changes))
            note_changes(before, locked, user)
    return locked


def logged(user: CustomUser) -> dict[str, object]:
    """What the log of an account follows. What Discord says of a person, and what clients keep there, is not in it."""
    return {name: getattr(user, name) for name in LOGGED} | user.preferences | {"language": user.language}


def note_changes(before: Mapping[str, object], user: CustomUser, changed_by: CustomUser | None) -> None:
    """Say who changed what of an account; `before` is what was `logged` of it. Call it in the same transaction."""
    changes = {name: [before[name], value] for name, value in logged(user).items() if value != before[name]}
    if changes:
        account_changed.send(CustomUser, user=user, changed_by=changed_by, changes=changes)


def set_preferences(user: CustomUser, given: SetPreferences) -> CustomUser:
    """Set the named preferences."""
    wanted = given.model_dump(exclude_none=True)
    if not wanted:
        return user
    columns = {name: wanted.pop(name) for name in ("timezone",) if name in wanted}
    return update_profile(user, UpdateProfile(user_settings=wanted, **columns))


def _checked(user: CustomUser, name: str, value: Any) -> Any:
    if name == "user_settings":
        return _settings(user.user_settings, value)
    if name == "timezone":
        return value
    most, check = _TEXTS[name]
    return check(value, most)


def _address(value: str, most: int) -> str:
    if value:
        try:
            _https(value)
            validate_no_nul(value)
        except ValidationError:
            raise Invalid(_("The address must begin with https://.")) from None
    return value


_TEXTS: dict[str, tuple[int, Callable[[str, int], str]]] = {
    "bio": (MAX_BIO, clean_lines),
    "status_message": (MAX_STATUS, clean),
    "avatar_url": (MAX_ADDRESS, _address),
}


def _settings(before: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    merged = {name: value for name, value in {**before, **changes}.items() if value is not None}
    if not _is_plain(changes):
        raise Invalid(_("Settings may hold neither the character NUL nor numbers of more than 15 digits."))
    if len(orjson.dumps(merged)) > MAX_SETTINGS:
        raise Invalid(_("Settings can take up to {most} KB.", most=MAX_SETTINGS // 1024))
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
