"""What of a table everybody may see, for pictures: who is on stage, what is on air, and an overlay."""

from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from chronicle.models import Chronicle

TRAITS = ("name", "theme", "hunger", "health", "willpower", "humanity", "rage", "blood", "wheel", "arete")


def play(chronicle_id: UUID) -> dict[str, object]:
    """Return what the paths name."""
    from chronicle.models import Chronicle
    from chronicle.principal import Principal
    from companion.services import overlays, stage
    from companion.services.publishing import publish_campaign, set_roster
    from contract.overlays import CreateOverlay
    from discordauth.models import CustomUser
    from haven import services
    from haven.models import Character
    from haven.services import Reference
    from haven.utility import derived
    from timeline.services import Cause

    chronicle = Chronicle.objects.select_related("server").get(pk=chronicle_id)
    teller = CustomUser.objects.get(global_name="Vesna")
    by, cause = Principal.for_user(teller), Cause(teller, "web")
    publish_campaign(chronicle, principal=by, cause=cause)
    cast = [
        derived(row)
        for row in Character.objects.filter(chronicle=chronicle, deleted_at=None, status="active")[:5]
    ]
    for character in cast:
        for trait in TRAITS:
            if trait in character.traits:
                services.show(by, Reference(str(character.pk)), trait, "public", cause)
    set_roster(chronicle, [character.pk for character in cast], principal=by, cause=cause)
    _roll(chronicle)
    given = CreateOverlay(name="Table cam", kind="scene", theme="moonlight", delay=20, moment_delay=10)
    overlay = overlays.create(by, chronicle, given, cause)
    stage.set_hidden(by, chronicle, cast[-1].pk, True, cause)
    stage.set_producer(by, chronicle, CustomUser.objects.get(global_name="Jonas").pk, True, cause)
    return {"overlay": overlay.pk}


def _roll(chronicle: "Chronicle") -> None:
    """A roll that everybody may see, and that is not on screen yet."""
    from chronicle.principal import Principal
    from discordauth.models import CustomUser
    from haven.services import Reference
    from rolls.services import RollInput, roll
    from rules.dice.source import listed
    from timeline.services import Cause

    player = CustomUser.objects.get(global_name="Mira")
    owl = chronicle.characters.get(name="Night Owl")
    given = RollInput(
        reference=Reference(str(owl.pk)),
        chronicle=chronicle,
        system="v5",
        pool=4,
        options={"hunger": 2, "difficulty": 2},
    )
    roll(Principal.for_user(player), given, Cause(player, "web"), listed([10, 7, 10, 3]))
