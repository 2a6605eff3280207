"""Switch a channel's bridge with Discord on and off, and say in words what keeps it from working."""

from django.conf import settings
from django.db import transaction

from background import heartbeats
from background.models import Kind
from chat import log
from chat.bridges import places
from chat.models import Bridge
from chronicle.models import Server, ServerChannel
from chronicle.principal import Principal
from chronicle.rights import can
from chronicle.services.change import record_change
from contract import bridges as shapes
from contract.translation import N_, _
from rules.errors import Unprocessable
from timeline.services import Cause

OFF_HERE = N_(
    "Channels can’t be bridged here: the bot doesn’t read what people write. Whoever runs this platform can switch "
    "that on with DISCORD_MESSAGE_CONTENT=1."
)
NOT_GRANTED = N_(
    "Discord doesn’t let this bot read what people write. Whoever runs this platform has to switch on the Message "
    "Content Intent in Discord’s developer portal."
)
NOT_ON_DISCORD = N_("This channel isn’t on Discord, so there’s nothing to bridge.")
NOT_THAT_KIND = N_("Only text channels can be bridged. A thread goes with its channel.")
PROBLEMS = {
    "no_content": NOT_GRANTED,
    "no_webhooks": N_("The bot needs the permission “Manage Webhooks” in this channel on Discord."),
    "no_access": N_("The bot can’t see this channel on Discord, or can’t read its history."),
    "full": N_("Discord takes no more webhooks in this channel. Delete one that nobody uses."),
    "failed": N_("Discord didn’t take the last message. It will be tried again."),
}


def set_bridge(channel: ServerChannel, on: bool, *, principal: Principal, cause: Cause) -> ServerChannel:
    """Let a channel's messages go both ways from now on, or no longer. Raises NotAllowed, Unprocessable."""
    with transaction.atomic():
        server = Server.objects.select_for_update().get(pk=channel.server_id)
        can(principal, "channel.manage", channel).require()
        if on and (reason := refusal(channel)):
            raise Unprocessable(_(reason), "no_bridge")
        row, _made = Bridge.objects.get_or_create(channel=channel, defaults={"is_on": False})
        if row.is_on != on:
            if on:
                _start_now(channel)
            Bridge.objects.filter(pk=row.pk).update(is_on=on, problem="")
            changes = {f"channels.{channel.discord_id}": [{"bridge": row.is_on}, {"bridge": on}]}
            record_change(server, changes, cause)
    return channel


def _start_now(channel: ServerChannel) -> None:
    """What was said before stays where it was said, in the threads as well."""
    now = places.id_of_now()
    for place in [channel, *channel.threads.all()]:
        Bridge.objects.update_or_create(
            channel=place, defaults={"discord_position": now, "room_position": log.head(place.pk)}
        )


def may_be(channel: ServerChannel) -> bool:
    """Whether there is anything to bridge: a text channel that is on Discord."""
    return refusal(channel) not in (NOT_ON_DISCORD, NOT_THAT_KIND)


def refusal(channel: ServerChannel) -> str:
    """Why a channel cannot be bridged; empty where it can."""
    if channel.discord_id is None or channel.server.discord_id is None:
        return NOT_ON_DISCORD
    if channel.parent_id is not None or not channel.is_text:
        return NOT_THAT_KIND
    if not settings.DISCORD_MESSAGE_CONTENT:
        return OFF_HERE
    processes = heartbeats.alive(Kind.DISCORD)
    if processes and not any(process.state.get("message_content") for process in processes):
        return NOT_GRANTED
    return ""


def state(channel: ServerChannel) -> shapes.Bridge:
    """How the bridge of a channel is, for who manages it."""
    row = Bridge.objects.filter(channel=channel).first()
    on, reason = bool(row and row.is_on and channel.parent_id is None), refusal(channel)
    problem = PROBLEMS.get(row.problem, "") if row and on else ""
    return shapes.Bridge(
        id=channel.pk,
        name=channel.name,
        on=on,
        possible=not reason,
        reason=_(reason or problem) if reason or problem else "",
    )
