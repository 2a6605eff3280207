"""One roll with its follow-up actions, and the roll log of a chronicle."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from chronicle import rights
from chronicle.call import chronicle_seen_by
from chronicle.models import Chronicle, ServerMember
from chronicle.principal import Principal
from contract.labels import translated
from contract.roll_requests import AskForRoll, NamedRequest, RollRequest
from contract.rolls import GetRoll, Roll, RollAnswer
from contract.translation import N_, _
from haven.models import Character
from haven.selectors import alive
from main import option_fields
from main.form_errors import errors_on_field
from main.navigation import Link, Place, in_chronicle
from main.pages import PageRequest, show
from main.parts import (
    address_without_blanks,
    back,
    call_of,
    new_key,
    part,
    posts,
    principal_of,
    submit,
    submit_form,
)
from main.views.chance import PERIODS, periods
from main.views.dice import answered
from rolls import selectors
from rolls.operations import requests as request_operations
from rolls.operations import rolls as operations
from rolls.period import period
from rolls.services import requests
from rolls.systems import DEFAULT, SYSTEMS, options_to_ask

PAGE = 30
KINDS = {"roll": N_("Rolls"), "check": N_("Checks")}
STATES = {"hidden": N_("Hidden"), "rerolled": N_("Rerolled"), "struck": N_("Excluded")}


@part
@require_GET
def one(request: PageRequest, roll_id: UUID) -> HttpResponse:
    answer = translated(operations.GET.run(call_of(request), GetRoll(roll=roll_id)))
    if request.htmx:
        return show(request, "main/parts/roll.html", {"answer": answer, "key": new_key()})
    context = {"place": _place_of(principal_of(request), answer.roll), "answer": answer, "key": new_key()}
    return show(request, "main/roll.html", context)


def _place_of(principal: Principal, roll: Roll) -> Place:
    chronicle = (
        Chronicle.objects.select_related("server").filter(pk=roll.chronicle.id).first()
        if roll.chronicle
        else None
    )
    if chronicle is None or not rights.can(principal, "chronicle.view", chronicle):
        return Place(_("A roll"))
    above = Link(_("Rolls"), reverse("rolls", args=[chronicle.id]))
    return in_chronicle(principal, chronicle, "rolls", _("A roll"), above)


@part
@require_POST
def reroll(request: PageRequest, roll_id: UUID) -> HttpResponse:
    """Reroll by a strategy, or the ticked dice."""
    strategy = request.POST.get("strategy", "")
    picked = {} if strategy else {"dice": request.POST.getlist("die")}
    made = submit(request, operations.REROLL, {"roll": roll_id, "strategy": strategy} | picked)
    return _answered(request, made)


def _answered(request: PageRequest, answer: RollAnswer) -> HttpResponse:
    return answered(request, answer, None)


choose = posts(operations.CHOOSE, _answered)
reveal = posts(operations.REVEAL, _answered)
strike = posts(operations.STRIKE, _answered)


@part
@require_GET
def log(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """Show the newest rolls first; further ones load as parts."""
    principal = principal_of(request)
    chronicle = chronicle_seen_by(principal, chronicle_id)
    before, character, narrow = _filters(request)
    rolls = selectors.recent(
        principal, chronicle=chronicle, character=character, before=before, narrow=narrow, limit=PAGE
    )
    context: dict[str, object] = {
        "place": in_chronicle(principal, chronicle, "rolls", _("Rolls")),
        "chronicle": chronicle,
        "answers": [{"roll": translated(roll)} for roll in rolls],
        "earlier": _earlier(request, rolls),
        "query": request.GET,
        "systems": [(system.slug, _(system.label)) for system in SYSTEMS.values()],
        "key": new_key(),
    }
    if request.htmx:
        return show(request, "main/parts/rolls.html", context)
    if clean := address_without_blanks(request):
        return redirect(clean)
    return show(request, "main/rolls.html", context | _around(request, chronicle))


def _earlier(request: PageRequest, rolls: list[Roll]) -> str:
    """Return the address of the next part with the same filters; empty if this was the last."""
    if len(rolls) < PAGE:
        return ""
    query = request.GET.copy()
    query["before"] = str(rolls[-1].id)
    return query.urlencode()


def _filters(request: PageRequest) -> tuple[UUID | None, Character | None, selectors.Narrow | None]:
    """Read filters from the query string; with an invalid id there are none."""
    before, character = request.GET.get("before", ""), request.GET.get("character", "")
    try:
        return (
            UUID(before) if before else None,
            alive().get(id=UUID(character)) if character else None,
            _narrow(request),
        )
    except (ValueError, Character.DoesNotExist):
        return None, None, None


def _narrow(request: PageRequest) -> selectors.Narrow:
    query, days = request.GET, request.GET.get("days", "")
    since, _ = period(int(days) if days and days in PERIODS else None)
    system = query.get("system", "")
    try:
        player = UUID(query["player"]) if query.get("player") else None
    except ValueError:
        player = None
    return selectors.Narrow(
        player=player,
        system=system if system in SYSTEMS else "",
        kind=query.get("kind", ""),
        state=query.get("state", ""),
        since=since,
    )


def _around(request: PageRequest, chronicle: Chronicle) -> dict[str, object]:
    principal = principal_of(request)
    members = ServerMember.objects.filter(server_id=chronicle.server_id).select_related("user")
    tells = bool(rights.can(principal, "roll.request", chronicle))
    return {
        "characters": list(
            alive().filter(chronicle=chronicle).order_by("name").values_list("id", "name")[:300]
        ),
        "members": [
            (member.user_id, member.display_name)
            for member in members.order_by("user__global_name", "pk")[:300]
        ],
        "periods": periods(),
        "kinds": [(kind, _(label)) for kind, label in KINDS.items()],
        "states": [(state, _(label)) for state, label in STATES.items()],
        "filtered": any(request.GET.values()),
        "narrowed": any(request.GET.get(name) for name in ("player", "system", "kind", "state", "days")),
        "tells": tells,
        "fields": option_fields.roll_fields(options_to_ask(), sheet=False),
        "requests": [translated(asked) for asked in requests.listed(principal, chronicle)[:10]],
    } | _answering(principal, chronicle.id)


@part
@require_POST
def ask(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """Ask players for a roll, as a storyteller."""
    form = request.POST
    options, system, players = option_fields.read_asked(form), form.get("system", ""), form.getlist("player")
    if options and not system:
        chronicle = chronicle_seen_by(principal_of(request), chronicle_id)
        system = DEFAULT[chronicle.edition]
    said = {"chronicle": str(chronicle_id), "system": system, "options": options, "players": players}
    elsewhere = AskForRoll.model_fields.keys() - {"players", "options"}
    with errors_on_field("player", *elsewhere, *options):
        made = submit_form(request, request_operations.ASK, said)
    return _request(request, made.request)


@part
@require_GET
def request_now(request: PageRequest, request_id: UUID) -> HttpResponse:
    found = translated(request_operations.GET_REQUEST.run(call_of(request), NamedRequest(request=request_id)))
    return _request(request, found.request)


@part
@require_POST
def answer_request(request: PageRequest, request_id: UUID) -> HttpResponse:
    """Answer a request with its pool, or with the one that was typed."""
    said = {"request": str(request_id)}
    if not request.POST.get("character"):  # who plays nobody here rolls the dice of the edition
        row = requests.find(principal_of(request), request_id)
        said["system"] = DEFAULT[row.chronicle.edition]
    return _request(request, submit_form(request, request_operations.ANSWER_REQUEST, said).request)


def _answering(principal: Principal, chronicle_id: UUID) -> dict[str, object]:
    """Return the reader's id and the characters that they play here."""
    mine = alive().filter(chronicle=chronicle_id, owner_id=principal.id).order_by("name")
    return {"me": principal.id, "playing": list(mine[:50])}


close_request = posts(
    request_operations.CLOSE_REQUEST, lambda request, closed: _request(request, closed.request)
)


def _request(request: PageRequest, shown: RollRequest) -> HttpResponse:
    if not request.htmx:
        return back(request, f"/chronicles/{shown.chronicle.id}/rolls/", f"#request-{shown.id}")
    principal = principal_of(request)
    context = {"roll_request": shown, "key": new_key()} | _answering(principal, shown.chronicle.id)
    return show(request, "main/parts/request.html", context)
