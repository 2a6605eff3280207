"""Create users from Discord profiles and keep them up to date by difference."""

from collections.abc import Iterable, Iterator

from django.contrib.auth.hashers import make_password
from django.db import transaction

from contract.acting import DiscordUser
from discordauth.models import CustomUser
from rules.text import clean

MIRRORED = ("discord_username", "global_name", "discord_avatar")


def columns_of(user: DiscordUser) -> dict[str, str]:
    """Return what Discord says of a user as our columns hold it: of limited length and without odd characters."""
    return {
        "discord_username": clean(user.username, 80),
        "global_name": clean(user.global_name, 80),
        "discord_avatar": clean(user.avatar, 80),
    }


def ensure_user(profile: DiscordUser) -> CustomUser:
    """Return the account of this Discord user; one query if nothing about it changed."""
    return ensure_users([profile])[profile.id]


def ensure_users(profiles: Iterable[DiscordUser]) -> dict[str, CustomUser]:
    """Return the accounts of these Discord users by Discord id, in a constant number of queries."""
    wanted = {profile.id: profile for profile in profiles}
    users = _by_discord_id(wanted)
    # In one order everywhere: two processes that insert the same people must not wait for each other.
    missing = [wanted[key] for key in sorted(wanted) if key not in users]
    if missing:
        with transaction.atomic():
            _create(missing)
        users |= _by_discord_id(profile.id for profile in missing)
    _update(users, wanted)
    return users


def _by_discord_id(ids: Iterable[str]) -> dict[str, CustomUser]:
    users = CustomUser.objects.filter(discord_id__in=list(ids))
    return {user.discord_id: user for user in users if user.discord_id}


def _create(profiles: list[DiscordUser]) -> None:
    """Insert missing rows; another process may insert the same users at the same moment."""
    plain = {profile.id: clean(profile.username, 100) or f"discord.{profile.id}" for profile in profiles}
    named = CustomUser.objects.filter(username__in=set(plain.values()))
    taken = set(named.values_list("username", flat=True))
    rows = []
    for profile in profiles:
        name = plain[profile.id]
        rows.append(_row(profile, f"{name}.{profile.id}" if name in taken else name))
        taken.add(name)
    CustomUser.objects.bulk_create(rows, ignore_conflicts=True)
    # A name that is taken after all (just now, or in other letters where the engine does not tell them apart)
    # was skipped silently; with the id behind it, it is nobody else's.
    there = set(CustomUser.objects.filter(discord_id__in=list(plain)).values_list("discord_id", flat=True))
    late = [
        _row(profile, f"{plain[profile.id]}.{profile.id}") for profile in profiles if profile.id not in there
    ]
    if late:
        CustomUser.objects.bulk_create(late, ignore_conflicts=True)


def _row(profile: DiscordUser, username: str) -> CustomUser:
    return CustomUser(
        discord_id=profile.id, username=username, password=make_password(None), **columns_of(profile)
    )


def _update(users: dict[str, CustomUser], wanted: dict[str, DiscordUser]) -> None:
    """Copy new names and pictures. The login name, the password and an own picture stay as they are."""
    changed = []
    for key, user in users.items():
        columns = columns_of(wanted[key])
        if any(getattr(user, name) != value for name, value in columns.items()):
            for name, value in columns.items():
                setattr(user, name, value)
            changed.append(user)
    if changed:
        CustomUser.objects.bulk_update(changed, MIRRORED)


def set_online(changes: Iterable[tuple[str, bool]]) -> None:
    """Store the latest presence of users, given in order; called by the gateway only."""
    for is_online, concerned in by_status(changes):
        CustomUser.objects.filter(pk__in=concerned).update(is_online=is_online)


def by_status(changes: Iterable[tuple[str, bool]]) -> Iterator[tuple[bool, list[str]]]:
    """Group user ids by their latest status."""
    latest = dict(changes)
    for is_online in (True, False):
        if concerned := [user_id for user_id, status in latest.items() if status is is_online]:
            yield is_online, concerned


def online() -> list[str]:
    """Return which of these users are online by the stored presence."""
    return [str(pk) for pk in CustomUser.objects.filter(is_online=True).values_list("pk", flat=True)]
