"""Points on the boards of the small world: a season, people who rose, one who left the boards, an open page."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone


def play(server: UUID) -> dict[str, object]:
    """Let people earn points in a server, over some weeks. Return what the paths name."""
    from chronicle.models import Chronicle, Server
    from contract.points import SetPlayerProfile
    from discordauth.models import CustomUser
    from progress.models import Season
    from progress.services import ledger, streaks, weeks
    from progress.services.player_profiles import set_profile
    from progress.services.profiles import profile_of
    from rules.notices import notice
    from timeline.services import Cause

    now = timezone.now()
    row = Server.objects.get(pk=server)
    row.features = row.features | {"boards": True}
    row.save()
    chronicle = Chronicle.objects.get(server=row, is_default=True)
    Season.objects.create(server=row, name="Winter of Ash", starts=(now - timedelta(days=30)).date())
    for place, name in enumerate(("Mira", "Jonas", "Vesna", "Olga", "Sam")):
        user = CustomUser.objects.get(global_name=name)
        cause = Cause(user, "web")
        for week in range(9 - place):
            at = now - timedelta(days=7 * week)
            amount = 20 + 13 * (week * (place + 2) % 5)
            ledger.award(
                user,
                amount,
                "session",
                notice("points_login"),
                f"shown:{week}",
                cause,
                chronicle=chronicle,
                now=at,
            )
        streaks.practised(user, now - timedelta(days=1), cause)
        streaks.practised(user, now, cause)
    weeks.turn(now)
    mira = CustomUser.objects.get(global_name="Mira")
    shows = ("is_public", "shows_level", "shows_streak", "shows_badges", "shows_certificates")
    set_profile(mira, SetPlayerProfile.model_validate(dict.fromkeys(shows, True) | {"home_server": row.pk}))
    set_profile(CustomUser.objects.get(global_name="Olga"), SetPlayerProfile(on_boards=False))
    return {"player": profile_of(mira).public_id}
