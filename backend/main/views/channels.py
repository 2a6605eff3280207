"""Channels of a server: which chronicle is played where, and who may do what in each."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from chronicle import rights, services
from chronicle.models import Chronicle, Server, ServerChannel, ServerRole
from chronicle.operations import channels as operations
from contract.translation import N_, _
from main.navigation import Link, Name, in_server
from main.pages import PageRequest, show
from main.parts import back, new_key, part, posts, principal_of, submit_form
from main.views.servers import server_for

HOME = "/servers/{server}/channels/{channel}/"
VOICE = frozenset({2, 13})
WORDS = {
    "view_channel": N_("View"),
    "send_messages": N_("Write"),
    "manage_messages": N_("Moderate"),
    "manage_channel": N_("Manage"),
}
VERDICTS = (("", N_("Not set")), ("allow", N_("Allow")), ("deny", N_("Deny")))


@part
@require_GET
def listing(request: PageRequest, server_id: UUID) -> HttpResponse:
    """List the channels in order, each with its chronicle."""
    principal, row = principal_of(request), server_for(request, server_id)
    channels = services.visible_channels(row, principal)
    context = {
        "place": in_server(principal, row, "channels", _("Channels")),
        "server": row,
        "channels": channels,
        "voice": VOICE,
        "default": _default(row),
        "manages": bool(rights.can(principal, "server.channels", row)),
    }
    return show(request, "main/channels.html", context)


def _default(row: Server) -> Chronicle | None:
    """Return the default chronicle, for channels without a binding."""
    return Chronicle.objects.filter(server=row, is_default=True).first()


@part
@require_GET
def channel(request: PageRequest, server_id: UUID, channel_id: int) -> HttpResponse:
    principal, row = principal_of(request), server_for(request, server_id)
    found_channel = services.find_channel(row, str(channel_id), principal)
    managing = rights.can(principal, "channel.manage", found_channel)
    above = Link(_("Channels"), reverse("channels", args=[row.id]))
    default = _default(row)
    context = {
        "place": in_server(principal, row, "channels", Name(found_channel.name), above),
        "server": row,
        "channel": found_channel,
        "voice": VOICE,
        "default": default,
        "bindable": [
            (
                (place.id, place.name)
                if place
                else ("", _("Default ({name})", name=default.name if default else "–"))
            )
            for place in services.bindable(found_channel, principal)
        ],
        "managing": managing,
        "rights": [(right, _(label)) for right, label in WORDS.items()],
        "verdicts": [(verdict, _(label)) for verdict, label in VERDICTS],
        "key": new_key(),
    }
    return show(request, "main/channel.html", context | (_roles(row, found_channel) if managing else {}))


def _roles(row: Server, channel: ServerChannel) -> dict[str, object]:
    """Split the roles, highest first, into those with permissions set in this channel and the others."""
    roles = list(ServerRole.objects.filter(server=row).select_related("chronicle"))
    decided = [
        (role, channel.permissions[str(role.pk)]) for role in roles if str(role.pk) in channel.permissions
    ]
    silent = [role for role in roles if str(role.pk) not in channel.permissions]
    return {
        "said": decided,
        "silent": [
            (role.id, f"{role.name} ({role.chronicle.name})" if role.chronicle else role.name)
            for role in silent
        ],
    }


bind = posts(operations.BIND_CHANNEL, HOME, keep_empty=True)
hide = posts(operations.CHANGE_CHANNEL, HOME)


@part
@require_POST
def say(request: PageRequest, server_id: UUID, channel_id: int) -> HttpResponse:
    """Set what one role may do in the channel; unset rights are decided as elsewhere."""
    rights = {name: request.POST[name] for name in WORDS if request.POST.get(name)}
    here = {"server": server_id, "channel": str(channel_id)}
    submit_form(request, operations.CHANGE_ROLE_IN_CHANNEL, here | {"rights": rights})
    return back(request, HOME.format(**here), "#rights")
