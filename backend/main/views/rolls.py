"""One roll with its follow-up actions, and the roll log of a chronicle."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from chronicle import rights
from chronicle.models import Chronicle, ServerMember
from chronicle.principal import Principal
from haven.selectors import alive
from haven.services import Reference
from main import option_fields
from main.pages import PageRequest, show
from main.parts import back, new_key, part, principal_of, sent_once
from main.views.chance import PERIODS
from main.views.dice import answered, roll_context
from rolls import selectors, services
from rolls.period import period
from rolls.services import requests
from rolls.systems import DEFAULT, SYSTEMS, options_to_ask
from rules.errors import Invalid, NotFound

PAGE = 30


@part
@require_GET
def one(request: PageRequest, roll_id: UUID) -> HttpResponse:
    template = "main/parts/roll.html" if request.htmx else "main/roll.html"
    return show(request, template, roll_context(principal_of(request), roll_id))


@part
@require_POST
def reroll(request: PageRequest, roll_id: UUID) -> HttpResponse:
    """Reroll by a strategy, or the ticked dice."""
    strategy = request.POST.get("strategy") or None
    picked = [
        int(position)
        for position in request.POST.getlist("die")
        if position.isdecimal() and len(position) < 4
    ]
    made = sent_once(
        request,
        lambda principal, cause: str(
            services.reroll(
                principal, roll_id, cause, strategy=strategy, dice=None if strategy else picked
            ).roll.id
        ),
    )
    return answered(request, made, None)


@part
@require_POST
def choose(request: PageRequest, roll_id: UUID) -> HttpResponse:
    choice = request.POST.get("choice", "")[:30]
    sent_once(
        request, lambda principal, cause: str(services.choose(principal, roll_id, choice, cause).roll.id)
    )
    return answered(request, str(roll_id), None)


@part
@require_POST
def reveal(request: PageRequest, roll_id: UUID) -> HttpResponse:
    sent_once(request, lambda principal, cause: str(services.reveal(principal, roll_id, cause).roll.id))
    return answered(request, str(roll_id), None)


@part
@require_POST
def strike(request: PageRequest, roll_id: UUID) -> HttpResponse:
    """Exclude a roll from the statistics with a reason, or include it again."""
    reason, undo = request.POST.get("reason", "").strip(), request.POST.get("undo") == "yes"
    sent_once(
        request,
        lambda principal, cause: str(services.strike(principal, roll_id, cause, reason, undo).roll.id),
    )
    return answered(request, str(roll_id), None)


def chronicle_for(request: PageRequest, chronicle_id: UUID) -> Chronicle:
    chronicle = Chronicle.objects.select_related("server").filter(id=chronicle_id).first()
    if chronicle is None:
        raise NotFound("There is no such chronicle.")
    rights.can(principal_of(request), "chronicle.view", chronicle).require()
    return chronicle


@part
@require_GET
def log(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """Show the newest rolls first; further ones load as parts."""
    principal, chronicle = principal_of(request), chronicle_for(request, chronicle_id)
    wanted = _filters(request)
    rolls = selectors.recent(principal, chronicle=chronicle, limit=PAGE, **wanted)
    context: dict[str, Any] = {
        "chronicle": chronicle,
        "answers": [{"roll": roll} for roll in rolls],
        "earlier": _earlier(request, rolls),
        "query": request.GET,
        "systems": SYSTEMS.values(),
        "key": new_key(),
    }
    if request.htmx:
        return show(request, "main/parts/rolls.html", context)
    return show(request, "main/rolls.html", context | _around(request, chronicle))


def _earlier(request: PageRequest, rolls: list[dict[str, Any]]) -> str:
    """Return the address of the next part with the same filters; empty if this was the last."""
    if len(rolls) < PAGE:
        return ""
    query = request.GET.copy()
    query["before"] = rolls[-1]["id"]
    return query.urlencode()


def _filters(request: PageRequest) -> dict[str, Any]:
    """Read filters from the query string; an invalid id is ignored."""
    wanted: dict[str, Any] = {}
    before, character = request.GET.get("before", ""), request.GET.get("character", "")
    try:
        if before:
            wanted["before"] = UUID(before)
        if character:
            wanted["character"] = alive().get(id=UUID(character))
    except (ValueError, alive().model.DoesNotExist):
        return {}
    return wanted | {"narrow": _narrow(request)}


def _narrow(request: PageRequest) -> selectors.Narrow:
    query, days = request.GET, request.GET.get("days", "")
    since, _ = period(days if days in PERIODS else "", None, None)
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


def _around(request: PageRequest, chronicle: Chronicle) -> dict[str, Any]:
    principal = principal_of(request)
    members = ServerMember.objects.filter(server_id=chronicle.server_id).select_related("user")
    tells = bool(rights.can(principal, "roll.request", chronicle))
    return {
        "characters": list(alive().filter(chronicle=chronicle).order_by("name")[:300]),
        "members": list(members.order_by("user__global_name", "pk")[:300]),
        "periods": PERIODS.items(),
        "narrowed": any(request.GET.get(name) for name in ("player", "system", "kind", "state", "days")),
        "tells": tells,
        "fields": option_fields.roll_fields(options_to_ask(), sheet=False),
        "requests": requests.listed(principal, chronicle)[:10],
        "live": {"splats": [], "user": str(principal.id)},
    } | _answering(principal, chronicle)


@part
@require_POST
def ask(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """RollInput players for a roll, as a storyteller."""
    chronicle = chronicle_for(request, chronicle_id)
    wanted = _wanted(request, chronicle)
    made = sent_once(
        request, lambda principal, cause: str(requests.ask(principal, chronicle, wanted, cause).id)
    )
    return _request(request, made, chronicle_id)


def _wanted(request: PageRequest, chronicle: Chronicle) -> requests.Wanted:
    players = request.POST.getlist("player")
    members = ServerMember.objects.filter(server_id=chronicle.server_id).select_related("user")
    chosen = [member.user for member in members if str(member.user_id) in players]
    if not chosen:
        raise Invalid.field("player", "Name at least one player.")
    minutes = request.POST.get("minutes", "")
    system = request.POST.get("system") or None
    options = option_fields.read_asked(request.POST)
    if options and not system:
        system = DEFAULT[chronicle.edition]
    return requests.Wanted(
        players=chosen,
        pool=request.POST.get("pool", "").strip() or None,
        system=system,
        options=options,
        text=request.POST.get("text", "").strip(),
        hide_difficulty=request.POST.get("hide_difficulty") == "yes",
        minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 7 else 60,
    )


@part
@require_GET
def request_now(request: PageRequest, request_id: UUID) -> HttpResponse:
    return _request(request, str(request_id), None)


@part
@require_POST
def answer_request(request: PageRequest, request_id: UUID) -> HttpResponse:
    """Answer a request with its pool, or with the one that was typed."""
    principal = principal_of(request)
    row = requests.find(principal, request_id)
    pool = request.POST.get("pool", "").strip()
    character = request.POST.get("character")
    asked = services.RollInput(
        # Who plays nobody here rolls the dice of the edition.
        system=None if character else DEFAULT[row.chronicle.edition],
        pool=int(pool) if pool.isdecimal() and len(pool) < 4 else pool or None,
        reference=Reference(character) if character else None,
        chronicle=row.chronicle,
    )
    sent_once(
        request, lambda principal, cause: str(requests.answer(principal, request_id, asked, cause)[0].roll.id)
    )
    return _request(request, str(request_id), row.chronicle_id)


def _answering(principal: Principal, chronicle: Chronicle) -> dict[str, Any]:
    """Return the reader's id and the characters that they play here."""
    mine = alive().filter(chronicle=chronicle, owner_id=principal.id).order_by("name")
    return {"me": str(principal.id), "playing": list(mine[:50])}


@part
@require_POST
def close_request(request: PageRequest, request_id: UUID) -> HttpResponse:
    sent_once(request, lambda principal, cause: str(requests.close(principal, request_id, cause).id))
    return _request(request, str(request_id), None)


def _request(request: PageRequest, request_id: str, chronicle_id: UUID | None) -> HttpResponse:
    principal = principal_of(request)
    row = requests.find(principal, request_id)
    if not request.htmx:
        return back(request, f"/chronicles/{row.chronicle_id}/rolls/", f"#request-{request_id}")
    context = {"one": requests.as_json(row, principal), "key": new_key()} | _answering(
        principal, row.chronicle
    )
    return show(request, "main/parts/request.html", context)
