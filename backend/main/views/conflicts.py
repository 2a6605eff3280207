"""Conflicts on the web: those of a chronicle, and one of them with who acts when and what its reader can do."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chronicle import rights
from chronicle.call import chronicle_seen_by
from chronicle.models import Chronicle, ServerChannel
from chronicle.principal import Principal
from conflicts import operations, selectors
from conflicts.serializers import conflict_for
from conflicts.services.common import find
from contract.labels import translated
from contract.notices import Notice, StoredNotice
from contract.translation import N_, _
from haven.selectors import alive
from main import conflict_fields
from main.conflict_table import says, table, times
from main.listening import LIVE, listening
from main.navigation import Link, Name, in_chronicle
from main.pages import PageRequest, show
from main.parts import new_key, part, principal_of, submit, submit_form
from main.read_only import read_only_notice
from rules.conflict.kinds import KINDS
from rules.conflict.state import TURNS, UNTIL
from rules.errors import Conflict

MOST_CHOICES = 300
# How long an effect lasts.
DURATIONS = UNTIL | {TURNS: N_("a number of turns")}
Row = dict[str, Any]


@part
@require_http_methods(["GET", "POST"])
def conflicts(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """GET is what runs and what ended; a POST begins one and leads there."""
    chronicle = chronicle_seen_by(principal_of(request), chronicle_id)
    if request.method != "POST":
        return _listed(request, chronicle)
    started = submit_form(request, operations.START, {"chronicle": str(chronicle_id)})
    return redirect("conflict", conflict_id=started.id)


def _listed(request: PageRequest, chronicle: Chronicle) -> HttpResponse:
    principal, closed = principal_of(request), read_only_notice(chronicle, "conflicts")
    setattr(request, LIVE, listening(principal, chronicle.id))
    conflicts = [
        _brief(translated(row).model_dump(mode="json")) for row in selectors.listed(principal, chronicle)
    ]
    channels = selectors.channels(principal, chronicle)
    context = {
        "place": in_chronicle(principal, chronicle, "conflicts", _("Conflicts")),
        "chronicle": chronicle,
        "running": [conflict for conflict in conflicts if conflict["open"]],
        "ended": [conflict for conflict in conflicts if not conflict["open"]],
        "names": {channel.discord_id: channel.name for channel in channels},
        "read_only": closed,
        "runs": not closed and bool(rights.can(principal, "conflict.run", chronicle)),
        "kinds": [(kind.slug, _(kind.label)) for kind in KINDS.values()],
        "channels": [(channel.discord_id, f"#{channel.name}") for channel in channels],
        "times": times(),
        "key": new_key(),
    }
    template = "main/parts/conflicts.html" if request.htmx else "main/conflicts.html"
    return show(request, template, context)


def _brief(conflict: Row) -> Row:
    now = [
        {"who": participant, "turn": conflict["current"]}
        for participant in conflict["participants"]
        if _is_now(conflict, participant)
    ]
    return conflict | {"says": says(conflict, next(iter(now), None))}


def _is_now(conflict: Row, participant: Row) -> bool:
    return conflict["current"] is not None and conflict["current"]["participant"] == participant["id"]


@part
@require_POST
def pass_time(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """The scene, the night or the session is over, in all conflicts of the chronicle."""
    fields = conflict_fields.read("time", request.POST)
    submit(request, operations.PASS_TIME, {**fields, "chronicle": str(chronicle_id)})
    return redirect("conflicts", chronicle_id=chronicle_id)


@part
@require_GET
def conflict(request: PageRequest, conflict_id: UUID) -> HttpResponse:
    return _shown(request, conflict_id)


@part
@require_POST
def do(request: PageRequest, conflict_id: UUID, verb: str) -> HttpResponse:
    """Carry out a step. When the conflict moved on meanwhile, its new state comes with the refusal."""
    try:
        notices = _done(request, conflict_id, verb)
    except Conflict as error:
        if not request.htmx:
            raise
        return _shown(request, conflict_id, problem=error.detail)
    if request.htmx:
        return _shown(request, conflict_id, notices=notices)
    return redirect("conflict", conflict_id=conflict_id)


def _done(request: PageRequest, conflict_id: UUID, name: str) -> list[StoredNotice]:
    """The notices of a step."""
    fields = conflict_fields.read(name, request.POST)
    if name == "time":
        chronicle = find(principal_of(request), conflict_id).chronicle_id
        passed = submit(request, operations.PASS_TIME, {**fields, "chronicle": str(chronicle)})
        return [Notice(code="effect_ended", data={"text": effect.text}) for effect in passed.ended]
    step = submit(request, operations.STEPS[name], {**fields, "conflict": str(conflict_id)})
    return step.conflict.notices


def _shown(
    request: PageRequest, conflict_id: UUID, problem: str = "", notices: list[StoredNotice] | None = None
) -> HttpResponse:
    principal = principal_of(request)
    chronicle = find(principal, conflict_id).chronicle
    # The page hears of whatever comes after this, so the conflict is read later.
    setattr(request, LIVE, listening(principal, chronicle.id))
    seen = conflict_for(find(principal, conflict_id), principal, notices or ())
    conflict = translated(seen).model_dump(mode="json")
    closed = read_only_notice(chronicle, "conflicts")
    drawn = table(conflict, plays=not closed)
    above = Link(_("Conflicts"), reverse("conflicts", args=[chronicle.id]))
    title = Name(conflict["title"]) if conflict["title"] else _("Conflict")
    context = {
        "place": in_chronicle(principal, chronicle, "conflicts", title, above),
        "conflict": conflict,
        "table": drawn,
        "chronicle": chronicle,
        "channel": _channel(principal, chronicle, conflict["channel_id"]),
        "read_only": closed,
        "who": _choices(principal, chronicle, conflict, drawn["runs"]) if drawn["enters"] else [],
        "until": [(until, _(label)) for until, label in DURATIONS.items()],
        "problem": problem,
        "key": new_key(),
    }
    template = "main/parts/conflict.html" if request.htmx else "main/conflict.html"
    return show(request, template, context)


def _channel(principal: Principal, chronicle: Chronicle, discord_id: str | None) -> str:
    """Its name, for those who see it."""
    if not discord_id:
        return ""
    channel = ServerChannel.objects.filter(server=chronicle.server_id, discord_id=discord_id).first()
    return channel.name if channel and rights.can(principal, "channel.view", channel) else ""


def _choices(principal: Principal, chronicle: Chronicle, conflict: Row, runs: bool) -> list[Row]:
    """Whom this reader can bring in: their own, the names they brought already, and for who runs it everybody's."""
    here = alive().filter(Q(chronicle=chronicle) | Q(chronicle=None, owner_id=principal.id)).order_by("name")
    candidates = list((here if runs else here.filter(owner_id=principal.id))[:MOST_CHOICES])
    inside = {str(known["character"]["id"]) for known in conflict["participants"] if known["character"]}
    names = [known for known in conflict["participants"] if known["yours"] and not known["character"]]
    mine = [_choice(str(row.id), row.name, inside) for row in candidates if row.owner_id == principal.id]
    mine.sort(key=lambda choice: choice["inside"])
    groups = {
        _("Yours"): mine + [_choice(known["name"], known["name"], {known["name"]}) for known in names],
        _("Others’"): [
            _choice(str(row.id), row.name, inside) for row in candidates if row.owner_id != principal.id
        ],
    }
    return [{"label": label, "choices": many} for label, many in groups.items() if many]


def _choice(value: str, name: str, inside: set[str]) -> Row:
    return {"value": value, "name": name, "inside": value in inside}
