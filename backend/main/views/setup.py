"""An owner's page for setting a server up: a checklist that ticks itself, each step with what does it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from chronicle import rights, services
from chronicle.models import Chronicle, Server, ServerMember, ServerRole
from chronicle.operations import chronicles as chronicle_operations
from chronicle.operations import servers as operations
from chronicle.principal import STORYTELLER, Principal
from chronicle.services.roles import ALLOW
from chronicle.services.servers import TEXT_CHANNELS
from chronicle.setup import setup_of
from contract.discord_permissions import invited
from contract.servers import EDITION_LABELS
from contract.setup import STEPS, SetupStep, Step
from contract.translation import _, language_choices, n_
from haven.selectors import alive
from main.navigation import Name, in_server
from main.pages import PageRequest, page, show, signed_in
from main.parts import back, new_key, part, principal_of, submit_form
from main.views.servers import server_for

# Where the page goes on after a form, by the field that it changes.
STEP_OF = {
    "edition": "#step-edition",
    "tracker_channel": "#step-tracker",
    "storyteller_roles": "#step-storyteller",
    "language": "#language-card",
}


# These can be changed once they are done, by the form that did them.
CHANGED_LATER = frozenset({"edition", "chronicle", "storyteller", "tracker"})


@dataclass(frozen=True)
class ShownStep:
    """`value` is what stands there once it is done. `next`: the first one that is still to do."""

    slug: str
    facts: Step
    value: str
    done: bool
    next: bool

    @property
    def template(self) -> str:
        """What does it, or what it waits for."""
        return f"main/setup/{self.slug}.html"

    @property
    def changes(self) -> bool:
        return self.slug in CHANGED_LATER


@part
@require_GET
def checklist(request: PageRequest, server_id: UUID) -> HttpResponse:
    principal, row = principal_of(request), server_for(request, server_id)
    rights.can(principal, "server.manage", row).require()
    found, places = setup_of(row), _places(principal, row)
    context = {
        "place": in_server(principal, row, "setup", _("Set up")),
        "server": row,
        "in_discord": row.discord_id is not None and row.kept_at is None,
        "complete": found.complete,
        "steps": _shown(found.steps, _values(row, places)),
        "done": sum(step.done for step in found.steps),
        "editions": Server.Edition.choices,
        "languages": language_choices(),
        "language": row.settings.get("language", ""),
        "permissions": invited(bridges=settings.DISCORD_MESSAGE_CONTENT),
        "chooses_roles": bool(rights.can(principal, "server.roles", row)),
        "key": new_key(),
    }
    return show(request, "main/setup.html", context | places)


def _shown(steps: list[SetupStep], values: dict[str, str]) -> list[ShownStep]:
    following = next((step.slug for step in steps if not step.done), "")
    return [
        ShownStep(
            slug=step.slug,
            facts=STEPS[step.slug],
            value=values[step.slug],
            done=step.done,
            next=step.slug == following,
        )
        for step in steps
    ]


def _places(principal: Principal, row: Server) -> dict[str, Any]:
    """Return what the steps choose from."""
    roles = ServerRole.objects.filter(server=row).exclude(discord_id=None).exclude(discord_id=row.discord_id)
    channels = [
        channel
        for channel in services.visible_channels(row, principal)
        if channel.kind in TEXT_CHANNELS and channel.discord_id
    ]
    chronicles = Chronicle.objects.filter(server=row, archived_at=None).order_by("-is_default", "id")
    mine = alive().filter(chronicle__server=row, owner_id=principal.id).order_by("-updated_at")
    return {
        "roles": [(role, role.permissions.get(STORYTELLER) == ALLOW) for role in roles],
        "channels": [
            (channel.discord_id, f"#{channel.name}") for channel in channels if not channel.bot_lacks
        ],
        "closed_channels": [
            (channel, ", ".join(map(_, channel.bot_lacks))) for channel in channels if channel.bot_lacks
        ],
        "tracker": next((channel for channel in channels if channel.discord_id == row.tracker_channel), None),
        "chronicles": [(chronicle.id, chronicle.name) for chronicle in chronicles],
        "default": next((chronicle for chronicle in chronicles if chronicle.is_default), None),
        "mine": mine.first(),
    }


def _values(row: Server, places: dict[str, Any]) -> dict[str, str]:
    """Return what stands at each step once it is done."""
    members = ServerMember.objects.filter(server=row).count()
    marked = ", ".join(role.name for role, on in places["roles"] if on)
    tracker = places["tracker"]
    return {
        "bot": _("It is there."),
        "commands": _("Type / in any channel to see them."),
        "members": n_("{count} person is here.", "{count} people are here.", members),
        "edition": _(EDITION_LABELS[row.edition]),
        "chronicle": Name(places["default"].name if places["default"] else ""),
        "storyteller": Name(marked) if marked else _("Some members"),
        "tracker": Name(f"#{tracker.name}") if tracker else _("A channel that you can’t see"),
        "character": _("Your table has characters."),
        "roll": _("The dice have rolled."),
    }


@part
@require_POST
def save(request: PageRequest, server_id: UUID) -> HttpResponse:
    """Change what the form of one step holds."""
    fields: dict[str, object] = {"server": server_id}
    if "roles" in request.POST:  # beside the boxes, of which none may be ticked
        fields["storyteller_roles"] = request.POST.getlist("storyteller_role")
    submit_form(request, operations.CHANGE_SERVER, fields, keep_empty=True)
    step = next((step for name, step in STEP_OF.items() if name in request.POST or name in fields), "")
    return back(request, f"/servers/{server_id}/setup/", step)


@part
@require_POST
def play(request: PageRequest, server_id: UUID) -> HttpResponse:
    """Make another chronicle the default one."""
    submit_form(request, chronicle_operations.CHANGE_CHRONICLE, {"default": True})
    return back(request, f"/servers/{server_id}/setup/", "#step-chronicle")


@page
@signed_in
@require_GET
def arriving(request: PageRequest, guild_id: int) -> HttpResponse:
    """Where somebody comes back to who has just added the bot: wait until it has reported the server, then lead on."""
    row = Server.objects.filter(discord_id=str(guild_id), left_at=None).first()
    principal = principal_of(request)
    if row is None or not rights.can(principal, "server.view", row):
        return show(request, "main/arriving.html", {"place": None})
    manages = rights.can(principal, "server.manage", row)
    address = redirect("setup" if manages else "server", server_id=row.id)
    if request.htmx:
        address.status_code, address["HX-Redirect"] = 200, address["Location"]
    return address
