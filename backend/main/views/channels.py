"""Channels of a server: what there is, what is played where, and who may do what in each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from chat.bridges import switch
from chat.operations import bridges
from chronicle import rights, services
from chronicle.models import Chronicle, Server, ServerChannel, ServerRole
from chronicle.operations import channels as operations
from chronicle.principal import Principal
from chronicle.services.voice import SEAT_LASTS
from contract.channels import CHANNEL_LABELS, ChannelDeleted
from contract.translation import N_, _
from main.navigation import Link, Name, in_server
from main.pages import PageRequest, show
from main.parts import back, new_key, part, posts, principal_of, submit_form
from main.views.servers import server_for

LIST = "/servers/{server}/channels/"
HOME = LIST + "{channel}/"
WORDS = {
    "view_channel": N_("View"),
    "send_messages": N_("Write"),
    "manage_messages": N_("Moderate"),
    "manage_channel": N_("Manage"),
}
VERDICTS = (("", N_("Not set")), ("allow", N_("Allow")), ("deny", N_("Deny")))


@dataclass
class Row:
    """A channel or category in the list; `above` and `below` are its neighbours, `people` are in it by voice."""

    channel: ServerChannel
    people: int = 0
    above: ServerChannel | None = None
    below: ServerChannel | None = None


@dataclass
class Group:
    """A category with its channels; None: those that stand in none."""

    category: Row | None
    rows: list[Row] = field(default_factory=list)


@part
@require_GET
def listing(request: PageRequest, server_id: UUID) -> HttpResponse:
    """List the channels in order, each with its chronicle."""
    principal, row = principal_of(request), server_for(request, server_id)
    channels = services.visible_channels(row, principal)
    categories = services.visible_categories(row, principal, channels)
    manages = bool(rights.can(principal, "server.channels", row))
    context = {
        "place": in_server(principal, row, "channels", _("Channels")),
        "server": row,
        "groups": grouped(
            [channel for channel in channels if not channel.archived_at], categories, _seated(row)
        ),
        "archived": [Row(channel) for channel in channels if channel.archived_at],
        "default": _default(row),
        "manages": manages,
        "makes": manages and not row.is_mirrored,
        "kinds": [(kind, _(label)) for kind, label in CHANNEL_LABELS.items()],
        "categories": _choices(categories),
        "key": new_key(),
    }
    return show(request, "main/channels.html", context)


def grouped(
    channels: Sequence[ServerChannel], categories: Sequence[ServerChannel], seated: Mapping[UUID, int]
) -> list[Group]:
    """Arrange channels as Discord shows them: those in no category, then each category with its own."""
    found = [Group(None), *(Group(row) for row in _rows(categories, {}))]
    for group in found:
        category = group.category.channel.pk if group.category else None
        inside = [channel for channel in channels if channel.category_id == category]
        group.rows = _rows(inside, seated)
    return found


def _rows(channels: Sequence[ServerChannel], seated: Mapping[UUID, int]) -> list[Row]:
    around = [None, *channels, None]
    return [
        Row(channel, seated.get(channel.pk, 0), around[place], around[place + 2])
        for place, channel in enumerate(channels)
    ]


def _seated(server: Server) -> dict[UUID, int]:
    """Count who is in each voice channel."""
    here = Q(seats__renewed_at__gt=timezone.now() - SEAT_LASTS)
    rows = ServerChannel.objects.filter(server=server, kind__in=ServerChannel.VOICES)
    counted = rows.annotate(people=Count("seats", filter=here)).filter(people__gt=0)
    return dict(counted.values_list("pk", "people"))


def _choices(channels: Sequence[ServerChannel]) -> list[tuple[object, str]]:
    return [(channel.pk, channel.name) for channel in channels]


def _default(row: Server) -> Chronicle | None:
    """Return the default chronicle, for channels without a binding."""
    return Chronicle.objects.filter(server=row, is_default=True).first()


@part
@require_GET
def channel_of_discord(request: PageRequest, server_id: UUID, discord_id: int) -> HttpResponse:
    """Lead an address of the time when pages knew channels by Discord's ids to the channel."""
    found = services.find_channel(server_for(request, server_id), str(discord_id), principal_of(request))
    return redirect("channel", server_id=server_id, channel_id=found.pk, permanent=True)


@part
@require_GET
def channel(request: PageRequest, server_id: UUID, channel_id: UUID) -> HttpResponse:
    principal, row = principal_of(request), server_for(request, server_id)
    found = services.find_channel(row, str(channel_id), principal)
    managing = rights.can(principal, "channel.manage", found)
    mirrored = row.is_mirrored and bool(found.discord_id)
    # Discord's channels are moved there.
    moved = managing and not mirrored
    context = {
        "place": in_server(
            principal,
            row,
            "channels",
            Name(found.name),
            Link(_("Channels"), reverse("channels", args=[row.id])),
        ),
        "server": row,
        "channel": found,
        "mirrored": mirrored,
        "default": (default := _default(row)),
        "bindable": _bindable(found, principal, default),
        "managing": managing,
        "deletes": bool(rights.can(principal, "server.channels", row)),
        "categories": _choices(services.visible_categories(row, principal, ())) if moved else [],
        "people": [seat.user for seat in services.seated(found)] if found.is_voice else [],
        "joins": found.is_voice and bool(rights.can(principal, "channel.send", found)),
        "rights": [(right, _(label)) for right, label in WORDS.items()],
        "verdicts": [(verdict, _(label)) for verdict, label in VERDICTS],
        "bridge": switch.state(found) if managing and switch.may_be(found) else None,
        "key": new_key(),
    }
    return show(request, "main/channel.html", context | (_roles(row, found) if managing else {}))


def _bindable(
    found: ServerChannel, principal: Principal, default: Chronicle | None
) -> list[tuple[object, str]]:
    """Return the chronicles to choose from; empty is the default one."""
    blank = _("Default ({name})", name=default.name if default else "–")
    offered = services.bindable(found, principal)
    return [(chronicle.id, chronicle.name) if chronicle else ("", blank) for chronicle in offered]


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


def _to_the_list(request: PageRequest, answer: ChannelDeleted) -> HttpResponse:
    """Leave the page of a channel that is gone."""
    address = request.resolver_match.kwargs if request.resolver_match else {}
    return redirect("channels", server_id=address["server_id"])


create = posts(operations.CREATE_CHANNEL, LIST)
bind = posts(operations.BIND_CHANNEL, HOME, keep_empty=True)
hide = posts(operations.CHANGE_CHANNEL, HOME)
edit = posts(operations.CHANGE_CHANNEL, HOME, keep_empty=True)
move = posts(operations.CHANGE_CHANNEL, LIST)
delete = posts(operations.DELETE_NAMED_CHANNEL, _to_the_list)
join = posts(operations.JOIN_VOICE, HOME, "#voice")
bridge = posts(bridges.SET, HOME, "#bridge")
leave = posts(operations.LEAVE_VOICE, HOME, "#voice")


@part
@require_POST
def say(request: PageRequest, server_id: UUID, channel_id: UUID) -> HttpResponse:
    """Set what one role may do in the channel; unset rights are decided as elsewhere."""
    rights = {name: request.POST[name] for name in WORDS if request.POST.get(name)}
    here = {"server": server_id, "channel": str(channel_id)}
    submit_form(request, operations.CHANGE_ROLE_IN_CHANNEL, here | {"rights": rights})
    return back(request, HOME.format(**here), "#rights")


# What is done with one channel: the last part of the address, and `<verb>-channel` is its name.
VERBS = {
    "bind": bind,
    "private": hide,
    "edit": edit,
    "move": move,
    "delete": delete,
    "join": join,
    "leave": leave,
    "say": say,
    "bridge": bridge,
}
