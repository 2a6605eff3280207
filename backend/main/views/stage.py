"""Overlays of a chronicle, and the panel of its producer: what is on air, and what is taken off."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chronicle import rights
from chronicle.call import chronicle_seen_by
from chronicle.models import Chronicle, ServerMember
from companion.drawing.parts import VERDICTS
from companion.models import Campaign
from companion.operations import overlays as operations
from companion.selectors.producing import panel
from companion.services import overlays
from contract import overlays as shapes
from contract.translation import LANGUAGES, _, n_
from discordauth.models import CustomUser
from haven.selectors import alive
from main.listening import live
from main.navigation import Link, in_chronicle
from main.pages import PageRequest, show
from main.parts import back, new_key, part, posts, principal_of, submit, submit_form

HERE = "/chronicles/{chronicle}/stage/"
LISTED = "/chronicles/{chronicle}/overlays/"
MOST_MEMBERS = 300


# Overlays


@part
@require_http_methods(["GET", "POST"])
def listed(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """GET lists them with their addresses; a POST makes one."""
    principal = principal_of(request)
    chronicle = chronicle_seen_by(principal, chronicle_id)
    if request.method == "POST":
        made = submit_form(
            request, operations.CREATE, _named(request, chronicle=chronicle_id), keep_empty=True
        )
        return back(request, LISTED.format(chronicle=chronicle_id), f"#overlay-{made.id}")
    rows = overlays.overlays_of(principal, chronicle)
    return show(
        request,
        "main/overlays.html",
        {
            "place": in_chronicle(principal, chronicle, "stage", _("Overlays"), _producing(chronicle)),
            "chronicle": chronicle,
            "is_public": is_public(chronicle),
            "overlays": [_shown(operations.shown(row)) for row in rows],
            "new": shapes.CreateOverlay(name=_("Overlay")).model_dump(),
            "characters": list(
                alive().filter(chronicle=chronicle).order_by("name").values_list("id", "name")
            ),
            **_choices(),
            "key": new_key(),
            "live": live(request),
        },
    )


def _shown(row: shapes.Overlay) -> dict[str, object]:
    delay = n_("{count} second later", "{count} seconds later", row.delay) if row.delay else ""
    facts = (_(shapes.KINDS[row.kind]), _(shapes.THEMES[row.theme]), _(shapes.TIER_LABELS[row.tier]), delay)
    return row.model_dump() | {"facts": [fact for fact in facts if fact], "key": str(row.id)}


def _choices() -> dict[str, object]:
    lists = {
        "kinds": shapes.KINDS,
        "themes": shapes.THEMES,
        "tiers": shapes.TIER_LABELS,
        "motions": shapes.MOTIONS,
        "languages": LANGUAGES,
    }
    return {name: [(value, _(label)) for value, label in words.items()] for name, words in lists.items()}


def _named(request: PageRequest, **named: object) -> dict[str, object]:
    return {name: str(value) for name, value in named.items()} | {"subjects": request.POST.getlist("subject")}


@part
@require_POST
def change(request: PageRequest, overlay_id: UUID) -> HttpResponse:
    answer = submit_form(request, operations.CHANGE, _named(request, overlay=overlay_id), keep_empty=True)
    return back(request, "/", f"#overlay-{answer.id}")


renew = posts(operations.RENEW, "/", "#overlays")
remove = posts(operations.REMOVE, "/", "#overlays")


# The producer


@part
@require_GET
def producer(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """Whoever produces sees it, on a phone; a storyteller also whom it is handed to."""
    principal = principal_of(request)
    chronicle = chronicle_seen_by(principal, chronicle_id)
    runs = bool(rights.can(principal, "campaign.run", chronicle))
    context = {
        "place": in_chronicle(principal, chronicle, "stage", _("On air")),
        "chronicle": chronicle,
        "runs": runs,
        "key": new_key(),
        "live": live(request),
    }
    if not is_public(chronicle):
        rights.can(principal, "campaign.run", chronicle).require()
        return show(request, "main/stage.html", context)
    found = panel(principal, chronicle, timezone.now())
    return show(
        request,
        "main/stage.html",
        context
        | {
            "is_public": True,
            "decided": found.decided,
            "cast": [(each, found.is_hidden(each.id)) for each in found.scene.characters],
            "roster": found.scene.roster,
            "rolls": [(each, _(VERDICTS[each.moment.kind])) for each in found.rolls],
            "episode": found.scene.episode,
            "producers": found.producers,
            "members": _members(chronicle, found.producers) if runs else [],
        },
    )


def _members(chronicle: Chronicle, without: list[CustomUser]) -> list[tuple[UUID, str]]:
    rows = ServerMember.objects.filter(server=chronicle.server_id).exclude(user__in=without)
    return [(row.user_id, row.display_name) for row in rows.select_related("user")[:MOST_MEMBERS]]


def is_public(chronicle: Chronicle) -> bool:
    return Campaign.objects.filter(chronicle=chronicle, is_public=True).exists()


def _producing(chronicle: Chronicle) -> Link:
    return Link(_("On air"), HERE.format(chronicle=chronicle.pk))


@part
@require_POST
def title(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """Show the card that was typed, or with the other button take it off."""
    words = ("title", "text") if request.POST.get("do") != "remove" else ()
    fields = {name: request.POST.get(name, "").strip() for name in words}
    submit(request, operations.TITLE, {"chronicle": str(chronicle_id), **fields}, text=False)
    return back(request, HERE.format(chronicle=chronicle_id), "#title-card")


VERBS = {
    "blackout": posts(operations.BLACKOUT, HERE),
    "hide": posts(operations.HIDE, HERE, "#cast"),
    "veto": posts(operations.VETO, HERE, "#rolls"),
    "again": posts(operations.AGAIN, HERE, "#rolls"),
    "title": title,
    "undo": posts(operations.UNDO, HERE),
    "producer": posts(operations.PRODUCER, HERE, "#producers"),
}
