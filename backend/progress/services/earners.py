"""Those who earn points: their row locked, and in one statement all that an entry of the ledger depends on."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateField, Exists, OuterRef, QuerySet, Subquery, Sum, UUIDField

from chronicle.models import Server, ServerMember
from discordauth.models import CustomUser
from progress.models import PlayerProfile, PointEntry
from progress.services.profiles import profile_of
from timeline.prepared import Columns, Prepared, Slot

USER = Columns(CustomUser)
PROFILE = Columns(PlayerProfile)
HOME = Columns(Server, "home_server__", Server.PLAYED)


@dataclass(frozen=True, slots=True)
class Earner:
    """A (locked) user as their ledger stands.

    `home`: the server that they call so, as long as they are a member. `newest`: their last entry. `is_used`: whether
    the key that was asked for has one; `earned`: what the source that was asked for gave on that day.
    """

    user: CustomUser
    profile: PlayerProfile
    home: Server | None
    newest: UUID | None
    is_used: bool
    earned: int


_find_and_lock = Prepared(
    lambda: CustomUser.objects.select_for_update().filter(id=Slot("id", UUIDField())).values_list(*USER.paths)
)


def locked_user(pk: UUID) -> CustomUser:
    """The user's row, which orders everything that happens to their points. Raises DoesNotExist."""
    rows = _find_and_lock(id=pk)
    if not rows:
        raise CustomUser.DoesNotExist
    user: CustomUser = USER.read(iter(rows[0]))
    return user


def _profile_and_ledger() -> QuerySet[PlayerProfile, tuple[Any, ...]]:
    of_user = PointEntry.objects.filter(user=OuterRef("pk"))
    with_key = of_user.filter(key=Slot("key", CharField()))
    of_day = of_user.filter(source=Slot("source", CharField()), day=Slot("day", DateField()))
    earned = of_day.order_by().values("source").annotate(sum=Sum("amount")).values("sum")
    at_home = ServerMember.objects.filter(user=OuterRef("pk"), server=OuterRef("home_server"))
    return PlayerProfile.objects.filter(pk=Slot("user", UUIDField())).values_list(
        *PROFILE.paths,
        *HOME.paths,
        Exists(at_home),
        Subquery(of_user.order_by("-pk").values("pk")[:1]),
        Exists(with_key),
        Subquery(earned),
    )


_read = Prepared(_profile_and_ledger)


def earner_of(user: CustomUser, key: str, source: str, day: date) -> Earner:
    """Of a locked user; a profile is made where there is none."""
    asked = {"user": user.pk, "key": key, "source": source, "day": day}
    rows = _read(**asked)
    if not rows:
        profile_of(user)
        rows = _read(**asked)
    values = iter(rows[0])
    profile, home = PROFILE.read(values), HOME.read(values)
    is_at_home, newest, is_used, earned = values
    return Earner(user, profile, home if is_at_home else None, newest, bool(is_used), earned or 0)
