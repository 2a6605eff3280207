"""Badges of the small world: what its tables won, and what waits for their storyteller."""

from uuid import UUID

TEXT = "Explained for half an evening what a Rouse check is, with drawings"


def play(court: UUID) -> dict[str, object]:
    """Look at everything that was played; a badge and a report wait in this chronicle."""
    from django.utils import timezone

    from chronicle.models import Chronicle
    from chronicle.principal import Principal
    from discordauth.models import CustomUser
    from progress.models import Reward
    from progress.services import badges, helpful
    from timeline.services import Cause

    badges.look_around()
    chronicle = Chronicle.objects.select_related("server").get(pk=court)
    mira, jonas = (CustomUser.objects.get(global_name=name) for name in ("Mira", "Jonas"))
    helpful.report(Principal.for_user(jonas), chronicle, mira, TEXT, Cause(jonas, "web"))
    waiting = Reward.State.WAITING
    Reward.objects.create(user=mira, badge="pillar", scope=str(court), state=waiting, given_at=timezone.now())
    return {}
