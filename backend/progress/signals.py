"""Follow what happens to accounts, which are below this app: a log of their changes, the daily bonus of a sign-in."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from discordauth.models import CustomUser
from discordauth.signals import account_changed, discord_login
from progress.models import ProfileChange
from progress.services import streaks
from timeline.database_outage import retry_lost_transactions
from timeline.services import Cause


@receiver(account_changed)
def note(
    sender: Any,
    user: CustomUser,
    changed_by: CustomUser | None,
    changes: dict[str, list[object]],
    **kwargs: Any,
) -> None:
    """Keep who changed what; a new time zone moves the days of a streak with it."""
    now = timezone.now()
    if "timezone" in changes:
        streaks.zone_changed(user, now, CustomUser(timezone=str(changes["timezone"][0])).zone)
    ProfileChange.objects.create(user=user, changed_by=changed_by, changes=changes, at=now)


@receiver(discord_login)
def give_bonus(sender: Any, user: CustomUser, **kwargs: Any) -> None:
    retry_lost_transactions(lambda: streaks.logged_in(user, timezone.now(), Cause(user, "web")))
