"""Episodes of a chronicle on the web: its schedule, what is planned and played, who came, the award and the recap."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chronicle import episodes as reading
from chronicle import tracker
from chronicle.call import chronicle_seen_by
from chronicle.models import Chronicle, Episode, ServerMember
from chronicle.operations import episodes as operations
from chronicle.principal import Principal
from chronicle.services.channels import visible_channels
from chronicle.services.episode_settings import settings_for, settings_of
from chronicle.services.schedules import clock_of, schedule_of
from chronicle.services.servers import TEXT_CHANNELS
from companion.selectors.campaigns import rows as public_campaigns
from contract.episodes import ANSWERS, RHYTHMS, STATES, WEEKDAYS, EpisodeInput, ListEpisodes
from contract.timecodes import timecode
from contract.translation import _
from contract.zones import zones
from haven.selectors import alive
from main.navigation import Link, Name, in_chronicle
from main.pages import PageRequest, show
from main.parts import back, call_of, new_key, part, posts, principal_of, submit, submit_form
from main.read_only import read_only_notice
from main.templatetags.words import session_name
from progress.operations import sessions
from progress.services.sessions import POINTS
from progress.services.table_streaks import streaks_for

HERE, ONE = "/chronicles/{chronicle}/sessions/", "/chronicles/{chronicle}/sessions/{episode}/"
MOST_MEMBERS = 300
Row = dict[str, Any]


@part
@require_http_methods(["GET", "POST"])
def listed(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """GET is the schedule, what is planned, and what was played; a POST plans a session."""
    principal = principal_of(request)
    chronicle = chronicle_seen_by(principal, chronicle_id)
    if request.method == "POST":
        planned = submit_form(request, operations.PLAN, {"chronicle": str(chronicle_id)})
        return redirect("session", chronicle_id=chronicle_id, episode_id=planned.id)
    asked = ListEpisodes(before=_uuid(request.GET.get("before", "")))
    found = reading.listed(principal, chronicle, asked)
    rows = found.model_dump(mode="json")["results"]
    return show(
        request,
        "main/sessions.html",
        {
            "place": in_chronicle(principal, chronicle, "sessions", _("Episodes")),
            "chronicle": chronicle,
            "ahead": [_with_names(row, principal.id) for row in rows if row["status"] in ("live", "planned")],
            "over": [row for row in rows if row["status"] in ("done", "cancelled")],
            "further": found.next,
            "upcoming": found.upcoming,
            "runs": found.rights.run,
            "closed": read_only_notice(chronicle, "sessions"),
            "zone": str(clock_of(schedule_of(chronicle), principal)),
            "streaks": streaks_for(principal, chronicle),
            "own": settings_for(settings_of(principal.user, chronicle)) if principal.user else None,
            **_schedule_choices(found.schedule),
            **_channels(chronicle, principal, found.rights.run),
            "key": new_key(),
        },
    )


def _channels(chronicle: Chronicle, principal: Principal, runs: bool) -> Row:
    """Where episodes are announced, to choose from; nothing where the server is not on Discord."""
    if not runs or not chronicle.server.discord_id:
        return {}
    rows = visible_channels(chronicle.server, principal)
    choices = [
        (row.discord_id, f"#{row.name}") for row in rows if row.discord_id and row.kind in TEXT_CHANNELS
    ]
    return {"channels": choices, "announced_in": tracker.episode_channel(chronicle.settings)}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _schedule_choices(schedule: Any) -> Row:
    return {
        "schedule": schedule,
        "in_words": _in_words(schedule) if schedule else "",
        "chosen": schedule or {"weekday": "", "time": "", "rhythm": "weekly", "minutes": 240},
        "weekdays": [(day, _(label)) for day, label in WEEKDAYS.items()],
        "rhythms": [(name, _(label)) for name, label in RHYTHMS.items()],
        "zones": list(zones()),
    }


def _in_words(schedule: Any) -> str:
    day, clock, zone = _(WEEKDAYS[schedule.weekday]), schedule.time, schedule.timezone
    if schedule.rhythm == "weekly":
        return _("Every {weekday} at {time} ({zone})", weekday=day, time=clock, zone=zone)
    return _("Every second {weekday} at {time} ({zone})", weekday=day, time=clock, zone=zone)


def _with_names(row: Row, reader: UUID | None) -> Row:
    """A session with who answered what, and what its reader answered."""
    attendance = row["attendance"]
    names = {
        **{answer: _names(attendance, "coming", answer, ticked=False) for answer in ANSWERS},
        **{state: _names(attendance, "state", state, ticked=True) for state in STATES},
    }
    mine = next((who["coming"] for who in attendance if who["id"] == str(reader)), None)
    return row | {"names": names, "mine": mine}


def _names(attendance: list[Row], field: str, value: str, *, ticked: bool) -> list[str]:
    """Who answered or was ticked so. An answer counts until a tick says how it was."""
    return [who["name"] for who in attendance if who[field] == value and bool(who["state"]) is ticked]


@part
@require_GET
def one(request: PageRequest, chronicle_id: UUID, episode_id: UUID) -> HttpResponse:
    principal = principal_of(request)
    chronicle = chronicle_seen_by(principal, chronicle_id)
    found = reading.find(chronicle, str(episode_id))
    row = _with_names(reading.episode_for(found, principal).model_dump(mode="json"), principal.id)
    runs, started = row["rights"]["run"], row["status"] in ("live", "done")
    title = session_name(row)
    above = Link(_("Episodes"), HERE.format(chronicle=chronicle.id))
    return show(
        request,
        "main/session.html",
        {
            "place": in_chronicle(
                principal, chronicle, "sessions", Name(title) if row["title"] else title, above
            ),
            "chronicle": chronicle,
            "session": row,
            "runs": runs,
            "ticks": runs and started,
            "roster": _roster(chronicle, row) if runs and started else [],
            "others": _others(chronicle, row) if runs and started else [],
            "states": [(state, _(label)) for state, label in STATES.items()],
            "points": POINTS,
            "awarded": [who for who in row["attendance"] if who["experience"]] if runs else [],
            "zone": str(clock_of(schedule_of(chronicle), principal)),
            "planned_for": _on_the_clock(found, chronicle, principal),
            "started": started,
            "recording_begins": timecode(found.stream_offset) if found.stream_offset else "",
            "tells": runs and started,
            "is_public": runs and public_campaigns().filter(chronicle=chronicle).exists(),
            "recap": _draft(request, chronicle, found) if runs and started else "",
            "closed": read_only_notice(chronicle, "sessions"),
            "key": new_key(),
        },
    )


def _draft(request: PageRequest, chronicle: Chronicle, found: Episode) -> str:
    """What stands in the field of the recap: what is written, or the draft that somebody asked for."""
    if "draft" not in request.GET:
        return found.recap
    named = EpisodeInput(chronicle=str(chronicle.pk), episode=str(found.pk))
    return sessions.DRAFT_RECAP.run(call_of(request), named).draft


def _on_the_clock(found: Any, chronicle: Chronicle, principal: Any) -> str:
    """As a field for date and time takes it."""
    clock = clock_of(schedule_of(chronicle), principal)
    return f"{found.planned_for.astimezone(clock):%Y-%m-%dT%H:%M}"


def _roster(chronicle: Chronicle, session: Row) -> list[Row]:
    """Everybody who plays in the chronicle, answered or was ticked, with their characters here."""
    known = {who["id"]: who for who in session["attendance"]}
    people: dict[str, Row] = {
        pk: {"id": pk, "name": who["name"], "characters": []} for pk, who in known.items()
    }
    active = alive().filter(chronicle=chronicle, status="active").order_by("name", "pk")
    for character in active[:MOST_MEMBERS]:
        pk = str(character.owner_id)
        person = people.setdefault(pk, {"id": pk, "name": character.owner.display_name, "characters": []})
        person["characters"].append((str(character.pk), character.name))
    for pk, person in people.items():
        who = known.get(pk, {})
        person["state"] = who.get("state") or ""
        person["character"] = who.get("character") or ""
        person["hint"] = _("Said they’d come.") if who.get("coming") == "yes" else ""
        person |= {"control": f"state-{pk}", "plays": f"character-{pk}"}
        person["label"] = _("Was {name} there?", name=person["name"])
        person["played_label"] = _("Character of {name}", name=person["name"])
    return sorted(people.values(), key=lambda person: str(person["name"]).casefold())


def _others(chronicle: Chronicle, session: Row) -> list[tuple[UUID, str]]:
    """Members who can be ticked beside the roster: a guest plays no character here."""
    inside = {who["id"] for who in session["attendance"]}
    rows = ServerMember.objects.filter(server_id=chronicle.server_id).select_related("user")
    members = rows.order_by("user__global_name", "pk")[:MOST_MEMBERS]
    return [(row.user_id, row.display_name) for row in members if str(row.user_id) not in inside]


@part
@require_POST
def attendance(request: PageRequest, chronicle_id: UUID, episode_id: UUID) -> HttpResponse:
    """Tick what was changed in the list, so that two who tick at once do not undo each other's."""
    form = request.POST
    ticks = [tick for user in form.getlist("user") if (tick := _tick(form, user))]
    if form.get("other"):
        ticks.append({"user": form["other"], "state": "came"})
    if ticks:
        named = {"chronicle": str(chronicle_id), "episode": str(episode_id)}
        submit(request, sessions.TICK, {**named, "ticks": ticks}, text=False)
    return back(request, ONE.format(chronicle=chronicle_id, episode=episode_id), "#attendance")


def _tick(form: Mapping[str, str], user: str) -> Row | None:
    """The tick of one row of the list; None where nothing was changed. A character that is gone by now is not named."""
    state, character = form.get(f"state-{user}", ""), form.get(f"character-{user}", "")
    before = form.get(f"was-{user}", ""), form.get(f"played-{user}", "")
    if (state, character) == before:
        return None
    changed = character if character != before[1] else ""
    return {"user": user, "state": state or None, "character": changed or None}


@part
@require_POST
def settings(request: PageRequest, chronicle_id: UUID) -> HttpResponse:
    """One’s own reminders, or what becomes of the address of one’s calendar."""
    form, wanted = request.POST, Row(chronicle=str(chronicle_id))
    if verb := form.get("calendar"):
        submit(request, operations.SET_SETTINGS, wanted | {"calendar": verb}, text=False)
        return back(request, HERE.format(chronicle=chronicle_id), "#calendar")
    ticks = {name: name in form for name in ("remind_day", "remind_hour")}
    submit(request, operations.SET_SETTINGS, {**wanted, **ticks}, text=False)
    return back(request, HERE.format(chronicle=chronicle_id), "#reminders")


set_channel = posts(operations.SET_CHANNEL, HERE, "#channel", keep_empty=True)
set_schedule = posts(operations.SET_SCHEDULE, HERE, "#schedule")
remove_schedule = posts(operations.REMOVE_SCHEDULE, HERE, "#schedule")
VERBS: dict[str, Callable[..., HttpResponse]] = {
    "edit": posts(operations.CHANGE, ONE, keep_empty=True),
    "start": posts(operations.START, ONE),
    "end": posts(sessions.END, ONE),
    "cancel": posts(operations.CANCEL, HERE),
    "answer": posts(operations.ANSWER, ONE),
    "attendance": attendance,
    "recap": posts(operations.WRITE_RECAP, ONE, "#recap", keep_empty=True),
    "award": posts(sessions.AWARD, ONE, "#award"),
}
