"""A published chronicle with characters on stage, for tests."""

from collections.abc import Iterable
from typing import Any

from companion.models import Campaign
from companion.selectors import past
from companion.selectors.scene import public_events
from companion.services.publishing import publish_campaign, set_roster
from contract.stage import PublicEvent
from haven import services
from haven.models import Character
from haven.services import Reference
from haven.tests.kit import cause, make, principal
from testing.personas import World
from timeline.models import Event

IDENTITY = ("name", "status", "theme", "avatar")


def publish(world: World, **options: Any) -> Campaign:
    campaign = publish_campaign(
        world.chronicle, principal=world.principal("vesna"), cause=cause(world, "vesna")
    )
    Campaign.objects.filter(pk=campaign.pk).update(**options)
    return reread(campaign)


def reread(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_related("chronicle__server").get(pk=campaign.pk)


def show(world: World, character: Character, *traits: str, level: str = "public", who: str = "vesna") -> None:
    for trait in traits:
        reference = Reference(str(character.pk))
        services.show(principal(world, who), reference, trait, level, cause(world, who))  # type: ignore[arg-type]


def on_stage(
    world: World, name: str = "Night Owl", *, splat: str = "vampire5th", traits: Iterable[str] = ()
) -> Character:
    """A character whose name is public, and these traits with it, on the roster."""
    character = make(world, name, splat=splat)
    show(world, character, "name", *traits)
    campaign = Campaign.objects.filter(chronicle=world.chronicle).first()
    if campaign:
        roster(world, character)
    return character


def roster(world: World, *characters: Character) -> None:
    set_roster(
        world.chronicle,
        [character.pk for character in characters],
        principal=world.principal("vesna"),
        cause=cause(world, "vesna"),
    )


def published(campaign: Campaign) -> list[PublicEvent]:
    """What the public may read of the log now, oldest first."""
    found = past.lines(reread(campaign), public_events(campaign))
    return [line.event for line in reversed(found) if line.event is not None]


def kinds(campaign: Campaign) -> list[str]:
    return [str(event.data["kind"]) for event in published(campaign)]


def seqs() -> list[int]:
    numbers = Event.objects.exclude(public_seq=None).order_by("public_seq")
    return list(numbers.values_list("public_seq", flat=True))
