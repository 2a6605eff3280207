"""How far the set-up of a server is: every step is worked out from what is there, nothing is kept of it."""

from django.conf import settings

from chronicle.models import Chronicle, Server, ServerMember, ServerRole
from chronicle.services.roles import ALLOW
from contract.base import Named
from contract.setup import OF_DISCORD, STEP_SLUGS, Setup, SetupStep, StepSlug


def setup_of(server: Server) -> Setup:
    """A constant number of queries."""
    done = _done(server)
    steps = [SetupStep(slug=slug, done=done[slug]) for slug in STEP_SLUGS if _applies(server, slug)]
    return Setup(
        server=Named.from_object(server),
        url=f"{settings.SITE_URL}/servers/{server.id}/setup/",
        edition=server.edition,
        complete=all(step.done for step in steps),
        steps=steps,
    )


def _applies(server: Server, slug: StepSlug) -> bool:
    if slug in OF_DISCORD:
        return server.discord_id is not None and server.kept_at is None
    # There are no sheets of the Chronicles of Darkness yet: people roll without one.
    return slug != "character" or server.edition != Server.Edition.COD


def _done(server: Server) -> dict[StepSlug, bool]:
    """Characters and rolls are asked for through the relation: their apps lie above this one."""
    open_ones = Chronicle.objects.filter(server=server, archived_at=None)
    has_character = open_ones.filter(characters__deleted_at=None, characters__isnull=False).exists()
    storytellers = ServerRole.objects.filter(server=server, permissions__storyteller=ALLOW)
    return {
        "bot": server.left_at is None,
        "commands": bool(server.commands_registered),
        "members": ServerMember.objects.filter(server=server).exclude(user=server.owner).exists(),
        # What is played already, nobody has to choose.
        "edition": server.edition_chosen or has_character,
        "chronicle": open_ones.exists(),
        "storyteller": storytellers.exclude(discord_id=None).exists()
        or storytellers.filter(members__isnull=False).exists(),
        "tracker": bool(server.tracker_channel),
        "character": has_character,
        "roll": open_ones.filter(rolls__isnull=False).exists(),
    }
