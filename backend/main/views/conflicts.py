"""Conflicts on the web: those of a chronicle, and one of them with who acts when and what its reader can do."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chronicle import features, read_only, rights
from chronicle.models import Chronicle, ServerChannel
from chronicle.principal import Principal
from conflicts import selectors, verbs
from conflicts.serializers import conflict_json
from conflicts.services.common import Call, find
from haven.selectors import alive
from main import conflict_fields
from main.conflict_table import TIMES, says, table
from main.listening import listening
from main.pages import PageRequest, show
from main.parts import new_key, part, principal_of, sent_once
from main.views.rolls import chronicle_for
from rules.conflict.kinds import KINDS
from rules.conflict.state import UNTIL
from rules.errors import Conflict, Invalid, NotAllowed
from timeline.services import Cause

MOST_CHOICES = 300
Row = dict[str, Any]


def shut(chronicle: Chronicle) -> str:
    """Why nothing can be done here, for nobody; empty where it can."""
    try:
        features.require(chronicle.server, "conflicts")
    except NotAllowed as error:
        return error.detail
    closed = read_only.read_only_reason(chronicle)
    return closed[1] if closed else ""


@part
@require_http_methods(["GET", "POST"])
def conflicts(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """GET is what runs and what ended; a POST begins one and leads there."""
    chronicle = chronicle_for(request, chronicle_id)
    if request.method != "POST":
        return _listed(request, chronicle)
    made = sent_once(request, lambda who, cause: _begin(request, chronicle, who, cause))
    return redirect("conflict", conflict_id=made)


def _begin(request: PageRequest, chronicle: Chronicle, who: Principal, cause: Cause) -> str:
    form, chosen = request.POST, request.POST.get("channel", "")
    if chosen and chosen not in [channel.discord_id for channel in selectors.channels(who, chronicle)]:
        raise Invalid.field("channel", "There is no such channel here.")
    body = {name: form.get(name, "").strip() for name in ("kind", "title", "replace")}
    return str(verbs.start(Call(who, cause, chronicle, chosen), body)["conflict"]["id"])


def _listed(request: PageRequest, chronicle: Chronicle) -> HttpResponse:
    who, closed = principal_of(request), shut(chronicle)
    live = listening(who, chronicle.id)
    found = [_brief(conflict) for conflict in selectors.listed(who, chronicle)]
    channels = selectors.channels(who, chronicle)
    context = {
        "chronicle": chronicle,
        "running": [conflict for conflict in found if conflict["open"]],
        "ended": [conflict for conflict in found if not conflict["open"]],
        "names": {channel.discord_id: channel.name for channel in channels},
        "shut": closed,
        "runs": not closed and bool(rights.can(who, "conflict.run", chronicle)),
        "sees_all": bool(rights.can(who, "chronicle.characters", chronicle)),
        "kinds": KINDS.values(),
        "channels": channels,
        "times": TIMES,
        "key": new_key(),
        "live": live,
    }
    template = "main/parts/conflicts.html" if request.htmx else "main/conflicts.html"
    return show(request, template, context)


def _brief(conflict: Row) -> Row:
    now = [
        {"who": who, "turn": conflict["current"]}
        for who in conflict["participants"]
        if _is_now(conflict, who)
    ]
    return conflict | {"says": says(conflict, next(iter(now), None))}


def _is_now(conflict: Row, who: Row) -> bool:
    return conflict["current"] is not None and conflict["current"]["participant"] == who["id"]


@part
@require_POST
def pass_time(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """The scene, the night or the session is over, in all conflicts of the chronicle."""
    chronicle, body = chronicle_for(request, chronicle_id), conflict_fields.read("time", request.POST)

    def work(who: Principal, cause: Cause) -> str:
        verbs.time(Call(who, cause, chronicle), body)
        return str(chronicle.id)

    sent_once(request, work)
    return redirect("conflicts", chronicle_id=chronicle_id)


@part
@require_GET
def conflict(request: PageRequest, conflict_id: UUID) -> HttpResponse:
    return _shown(request, conflict_id)


@part
@require_POST
def do(request: PageRequest, conflict_id: UUID, verb: str) -> HttpResponse:
    """One of the verbs. Where the world moved on meanwhile, how it stands now comes with the refusal."""
    try:
        told = _done(request, conflict_id, verb)
    except Conflict as error:
        if not request.htmx:
            raise
        return _shown(request, conflict_id, problem=error.detail)
    if request.htmx:
        return _shown(request, conflict_id, told=told)
    return redirect("conflict", conflict_id=conflict_id)


def _done(request: PageRequest, conflict_id: UUID, verb: str) -> list[str]:
    """What people should know now; of a form that was done before, nothing."""
    told: list[str] = []

    def work(who: Principal, cause: Cause) -> str:
        call = Call(who, cause, verbs.in_chronicle_of(who, conflict_id))
        body = conflict_fields.read(verb, request.POST)
        if verb == "time":
            ended = verbs.time(call, body)["ended"]
            told.extend(f"“{effect['text']}” has ended." for effect in ended)
        else:
            told.extend(verbs.do(verb, call, conflict_id, body)["conflict"]["notices"])
        return str(conflict_id)

    sent_once(request, work)
    return told


def _shown(
    request: PageRequest, conflict_id: UUID, problem: str = "", told: list[str] | None = None
) -> HttpResponse:
    who = principal_of(request)
    chronicle = verbs.in_chronicle_of(who, conflict_id)
    # What comes after this, the page hears of; so the conflict is read later.
    live = listening(who, chronicle.id)
    conflict, closed = conflict_json(find(who, conflict_id), who, told or ()), shut(chronicle)
    drawn = table(conflict, plays=not closed)
    context = {
        "one": conflict,
        "table": drawn,
        "chronicle": chronicle,
        "channel": _channel(who, chronicle, conflict["channel_id"]),
        "shut": closed,
        "who": _choices(who, chronicle, conflict, drawn["runs"]) if drawn["enters"] else [],
        "until": UNTIL.items(),
        "problem": problem,
        "key": new_key(),
        "live": live,
    }
    template = "main/parts/conflict.html" if request.htmx else "main/conflict.html"
    return show(request, template, context)


def _channel(who: Principal, chronicle: Chronicle, discord_id: str | None) -> str:
    """Its name, for those who see it."""
    if not discord_id:
        return ""
    found = ServerChannel.objects.filter(server=chronicle.server_id, discord_id=discord_id).first()
    return found.name if found and rights.can(who, "channel.view", found) else ""


def _choices(who: Principal, chronicle: Chronicle, conflict: Row, runs: bool) -> list[Row]:
    """Whom this reader can bring in: their own, the names they brought already, and for who runs it everybody's."""
    here = alive().filter(Q(chronicle=chronicle) | Q(chronicle=None, owner_id=who.id)).order_by("name")
    found = list((here if runs else here.filter(owner_id=who.id))[:MOST_CHOICES])
    inside = {known["character"]["id"] for known in conflict["participants"] if known["character"]}
    names = [known for known in conflict["participants"] if known["yours"] and not known["character"]]
    mine = [_choice(str(row.id), row.name, inside) for row in found if row.owner_id == who.id]
    mine.sort(key=lambda choice: choice["inside"])
    groups = {
        "Yours": mine + [_choice(known["name"], known["name"], {known["name"]}) for known in names],
        "Others’": [_choice(str(row.id), row.name, inside) for row in found if row.owner_id != who.id],
    }
    return [{"label": label, "choices": many} for label, many in groups.items() if many]


def _choice(value: str, name: str, inside: set[str]) -> Row:
    return {"value": value, "name": name, "inside": value in inside}
