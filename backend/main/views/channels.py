"""Channels of a server: which chronicle is played where, and who may do what in each."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from chronicle import rights, services
from chronicle.models import Chronicle, Server, ServerChannel, ServerRole
from chronicle.principal import Principal
from chronicle.services.channels import RIGHTS
from main.pages import PageRequest, show
from main.parts import back, new_key, part, principal_of, sent_once
from main.views.servers import server_for
from rules.errors import NotFound

VOICE = frozenset({2, 13})
WORDS = {"view_channel": "See it", "send_messages": "Write in it", "manage_channel": "Manage it"}
VERDICTS = (("", "as elsewhere"), ("allow", "allowed"), ("deny", "not allowed"))


@part
@require_GET
def listing(request: PageRequest, server_id: UUID) -> HttpResponse:
    """List the channels in order, each with its chronicle."""
    principal, row = principal_of(request), server_for(request, server_id)
    channels = services.visible_channels(row, principal)
    context = {
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
    found_channel = services.find_channel(row, channel_id, principal)
    managing = rights.can(principal, "channel.manage", found_channel)
    context = {
        "server": row,
        "channel": found_channel,
        "voice": VOICE,
        "default": _default(row),
        "bindable": services.bindable(found_channel, principal),
        "managing": managing,
        "rights": WORDS.items(),
        "verdicts": VERDICTS,
        "key": new_key(),
    }
    return show(request, "main/channel.html", context | (_roles(row, found_channel) if managing else {}))


def _roles(row: Server, channel: ServerChannel) -> dict[str, Any]:
    """Split the roles, highest first, into those with permissions set in this channel and the others."""
    roles = list(ServerRole.objects.filter(server=row).select_related("chronicle"))
    decided = [
        (role, channel.permissions[str(role.pk)]) for role in roles if str(role.pk) in channel.permissions
    ]
    return {"said": decided, "silent": [role for role in roles if str(role.pk) not in channel.permissions]}


def _home(server_id: UUID, channel_id: int) -> str:
    return f"/servers/{server_id}/channels/{channel_id}/"


@part
@require_POST
def bind(request: PageRequest, server_id: UUID, channel_id: int) -> HttpResponse:
    """Bind the channel to a chronicle; an empty choice binds the default one."""
    row = server_for(request, server_id)
    chronicle = _chronicle(row, request.POST.get("chronicle", ""))
    sent_once(
        request,
        lambda principal, cause: str(
            services.bind_channel(row, str(channel_id), chronicle, principal=principal, cause=cause).pk
        ),
    )
    return back(request, _home(server_id, channel_id))


def _chronicle(row: Server, text: str) -> Chronicle | None:
    if not text:
        return None
    try:
        chronicle = Chronicle.objects.select_related("server").filter(server=row, pk=UUID(text)).first()
    except ValueError:
        chronicle = None
    if chronicle is None:
        raise NotFound("There is no such chronicle here.")
    return chronicle


@part
@require_POST
def hide(request: PageRequest, server_id: UUID, channel_id: int) -> HttpResponse:
    row, wanted = server_for(request, server_id), {"is_private": request.POST.get("is_private") == "yes"}
    sent_once(
        request,
        lambda principal, cause: str(
            services.set_channel(row, channel_id, wanted, principal=principal, cause=cause).pk
        ),
    )
    return back(request, _home(server_id, channel_id))


@part
@require_POST
def say(request: PageRequest, server_id: UUID, channel_id: int) -> HttpResponse:
    """Set what one role may do in the channel; unset rights are decided as elsewhere."""
    row, form = server_for(request, server_id), request.POST
    verdicts = {name: form[name] for name in RIGHTS if form.get(name)}

    def work(principal: Principal, cause: Any) -> str:
        role = services.get_role(row, form.get("role", ""))
        done = services.set_role_permissions(
            row, channel_id, role.pk, verdicts, principal=principal, cause=cause
        )
        return str(done.pk)

    sent_once(request, work)
    return back(request, _home(server_id, channel_id), "#rights")
