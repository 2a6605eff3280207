"""Badges of oneself; the honours of a chronicle: who helped, and what a storyteller decides about."""

from collections.abc import Iterator
from itertools import groupby
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from chronicle import rights
from chronicle.call import chronicle_seen_by
from chronicle.models import Chronicle, ServerMember
from chronicle.principal import Principal
from chronicle.selectors import MOST_CHRONICLES, chronicles_of
from contract import badges as shapes
from contract.labels import translated
from contract.translation import _
from main.navigation import in_chronicle, in_progress
from main.pages import PageRequest, show
from main.parts import call_of, new_key, part, posts, principal_of
from progress import honours as read
from progress.badge_rules import GROUPS
from progress.operations import badges as operations

HERE = "/chronicles/{chronicle}/honours/"
MOST_MEMBERS = 300


@part
@require_GET
def own(request: PageRequest) -> HttpResponse:
    """Your badges, and outlines of those that you can still win."""
    principal = principal_of(request)
    found = [translated(badge) for badge in read.badges_of(call_of(request).user)]
    still_open = [badge for badge in found if badge.state == "open"]
    return show(
        request,
        "main/progress/badges.html",
        {
            "place": in_progress("badges", _("Your badges")),
            "won": [badge for badge in found if badge.state == "given"],
            "waiting": [badge for badge in found if badge.state == "waiting"],
            "groups": [
                (_(GROUPS[group]), list(badges))
                for group, badges in groupby(still_open, lambda badge: badge.group)
            ],
            "waiting_in": read.waiting_for(principal),
            "chronicles": chronicles_of(principal)[:MOST_CHRONICLES],
        },
    )


@part
@require_GET
def honours(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    principal = principal_of(request)
    chronicle = chronicle_seen_by(principal, chronicle_id)
    decides = bool(rights.can(principal, "chronicle.honour", chronicle))
    return show(
        request,
        "main/progress/honours.html",
        {
            "place": in_chronicle(principal, chronicle, "settings", _("Honours")),
            "chronicle": chronicle,
            "decides": decides,
            "waiting": list(_waiting(principal, chronicle)) if decides else [],
            "members": _others(principal, chronicle),
            "most": shapes.MAX_HELP,
            "key": new_key(),
        },
    )


def _waiting(principal: Principal, chronicle: Chronicle) -> Iterator[tuple[shapes.Honour, str]]:
    """What waits, each with the word on the button that gives it."""
    for row in read.waiting_in(principal, chronicle):
        yield translated(row), _("Approve") if row.kind == "badge" else _("Confirm")


def _others(principal: Principal, chronicle: Chronicle) -> list[tuple[UUID, str]]:
    rows = ServerMember.objects.filter(server_id=chronicle.server_id).exclude(user_id=principal.id)
    rows = rows.select_related("user").order_by("user__global_name", "pk")[:MOST_MEMBERS]
    return [(member.user_id, member.display_name) for member in rows]


report = posts(operations.REPORT_HELP, HERE, keep_empty=True)
confirm = posts(operations.CONFIRM_HONOUR, "/progress/badges/")
refuse = posts(operations.REFUSE_HONOUR, "/progress/badges/")
