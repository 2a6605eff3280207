"""What platform admins see and edit of supporters."""

from typing import Any

from django.test import Client

from patreon.models import Pledge, PledgeChange, SupporterTier
from testing.patreon import usual_tiers
from testing.personas import World


def test_tiers_are_edited_and_two_may_wait_for_their_id(world: World, browser: Any) -> None:
    usual_tiers()
    root: Client = browser("root")
    for tier in SupporterTier.objects.filter(level__lte=2):
        form = {
            "name": f"{tier.name} at night",
            "level": tier.level,
            "patreon_id": "",
            "characters": 90,
            "macros": 60,
        }
        assert root.post(f"/admin/patreon/supportertier/{tier.pk}/change/", form).status_code == 302
        tier.refresh_from_db()
        assert (tier.name[-8:], tier.characters, tier.patreon_id) == ("at night", 90, None)


def test_what_patreon_says_is_only_shown(world: World, browser: Any) -> None:
    root: Client = browser("root")
    pledge = Pledge.objects.create(patron_id="1")
    change = PledgeChange.objects.create(pledge=pledge, event="linked", level_before=0, level_after=1)
    for row in (pledge, change):
        address = f"/admin/patreon/{type(row).__name__.lower()}/{row.pk}/change/"
        assert root.get(address).status_code == 200
        assert root.post(address, {}).status_code == 403
