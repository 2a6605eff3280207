"""Reading conflicts."""

from django.db.models import Q, QuerySet

from chronicle import rights
from chronicle.models import Chronicle, ServerChannel
from chronicle.principal import Principal
from conflicts.models import Conflict
from conflicts.serializers import conflicts_for, knows
from contract import conflicts as shapes
from contract.translation import _
from haven.models import Character

# Discord's type.
TEXT_CHANNEL = 0
MOST_CHANNELS = 300
ENDED = 10
RUNNING = 25


def rows() -> QuerySet[Conflict]:
    return Conflict.objects.select_related("chronicle__server", "starter")


def listed(principal: Principal, chronicle: Chronicle) -> list[shapes.Conflict]:
    """Those that run, the newest first, then the last that ended."""
    rights.can(principal, "chronicle.view", chronicle).require()
    found = rows().filter(chronicle=chronicle).order_by("-pk")
    running = list(found.filter(is_open=True)[:RUNNING])
    return conflicts_for(running + list(found.filter(is_open=None)[:ENDED]), principal)


def channels(principal: Principal, chronicle: Chronicle) -> list[ServerChannel]:
    """Where this person may begin one: Discord's text channels that they may write in, and where no other chronicle is
    played.
    """
    free = Q(chronicle=None) | Q(chronicle=chronicle)
    rows = ServerChannel.objects.select_related("parent")
    found = rows.filter(free, server_id=chronicle.server_id, kind=TEXT_CHANNEL).exclude(discord_id=None)
    return [channel for channel in found[:MOST_CHANNELS] if rights.can(principal, "channel.send", channel)]


def stands_in(principal: Principal, character: Character) -> str:
    """Why a character stays where its turn is waited for; empty where it is not, as far as this person may know.

    A player is free to move a character that a storyteller hid: its participant stays by name until it is taken out.
    """
    running = Conflict.objects.filter(chronicle=character.chronicle, is_open=True)
    for row in running.select_related("chronicle").order_by("id"):
        state = row.state() if knows(principal, row.chronicle) else row.state().shown
        if any(who.character == str(character.pk) for who in state.participants.values()):
            return _(
                "{name} is in a conflict ({conflict}). Take them out first, or end it.",
                name=character.name,
                conflict=row,
            )
    return ""
