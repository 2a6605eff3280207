"""What its reader has earned, with every reason; how they show themselves; and the pages of players."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from chronicle.door import parse
from contract import points as shapes
from contract.labels import translated
from contract.translation import N_, _
from main.navigation import Name, Place, in_progress
from main.pages import PageRequest, page, show
from main.parts import back, call_of, new_key, part, submit
from main.views.account import LABELS
from progress.charts import weeks_svg
from progress.operations import players, points

SWITCHES = {
    "is_public": (N_("Public page"), N_("Anyone with the link can open it, signed in or not.")),
    "shows_level": (N_("Level and points"), ""),
    "shows_streak": (N_("Streak"), ""),
    "shows_badges": (N_("Badges"), ""),
    "shows_certificates": (N_("Certificates"), ""),
}
ON_BOARDS = (
    N_("On leaderboards"),
    N_("When this is off, nobody else sees you on any of them, and you don’t count in anyone’s rank."),
)
# What the log of an account calls its fields, beside the switches here and on the account's page.
FIELDS = {
    "timezone": N_("Time zone"),
    "language": N_("Language"),
    "bio": N_("About me"),
    "status_message": N_("Status message"),
    "avatar_url": N_("Picture"),
    "home_server": N_("Home server"),
    "username": N_("User name"),
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "email": N_("E-mail"),
    "role": N_("Role"),
    "is_active": N_("Active"),
    "is_staff": N_("Staff"),
    "is_superuser": N_("Platform admin"),
}

NAMES = {name: label for table in (SWITCHES, LABELS) for name, (label, _says) in table.items()}
NAMES |= FIELDS | {"on_boards": ON_BOARDS[0]}


@part
@require_GET
def overview(request: PageRequest) -> HttpResponse:
    """Points, level, streak and badges, and how the points came."""
    found = translated(points.GET.run(call_of(request), shapes.GetProgress()))
    level = found.level
    return show(
        request,
        "main/progress/overview.html",
        {
            "place": in_progress("progress", _("Progress")),
            "progress": found,
            "into": found.points - level.begins,
            "span": level.next - level.begins,
            "to_go": level.next - found.points,
            "chart": weeks_svg(found.weeks) if any(week.points for week in found.weeks) else "",
        },
    )


@part
@require_GET
def entries(request: PageRequest) -> HttpResponse:
    """Every point with its reason, the newest first."""
    given = parse(shapes.ListPoints, {"before": request.GET.get("before", "")}, text=True)
    found = translated(points.LIST_POINTS.run(call_of(request), given))
    context = {"place": in_progress("progress", _("Your points")), "points": found, "before": given.before}
    return show(request, "main/progress/points.html", context)


@part
@require_http_methods(["GET", "POST"])
def profile(request: PageRequest) -> HttpResponse:
    """GET shows what others see of its reader; a POST switches the ticked things on and the others off."""
    if request.method == "POST":
        fields = {name: name in request.POST for name in (*SWITCHES, "on_boards")}
        submit(
            request,
            players.SET_PROFILE,
            fields | {"home_server": request.POST.get("home_server") or None},
            text=False,
        )
        return back(request, "/progress/profile/", "?saved=1")
    call = call_of(request)
    shown = players.GET_PROFILE.run(call, shapes.GetPlayerProfile())
    asked = parse(shapes.ListAccountChanges, {"before": request.GET.get("before", "")}, text=True)
    log = players.LIST_CHANGES.run(call, asked)
    return show(
        request,
        "main/progress/profile.html",
        {
            "place": in_progress("profile", _("Profile")),
            "profile": shown,
            "switches": [
                (name, _(label), says and _(says), getattr(shown, name))
                for name, (label, says) in SWITCHES.items()
            ],
            "on_boards": [_(word) for word in ON_BOARDS],
            "servers": [(server.id, server.name) for server in shown.servers],
            "log": [(change, list(_lines(change))) for change in log.results],
            "next": log.next,
            "before": asked.before,
            "saved": "saved" in request.GET,
            "key": new_key(),
        },
    )


def _lines(change: shapes.AccountChange) -> Iterator[tuple[str, str, str]]:
    """What was changed, from what, to what."""
    for name, (before, after) in change.changes.items():
        yield _(NAMES.get(name, name)), _word(before), _word(after)


def _word(value: str | bool | None) -> str:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return value or "–"


@page
@require_safe
def player(request: PageRequest, public_id: str) -> HttpResponse:
    """A player's page, for everybody: what they switched on, and nothing else."""
    given = parse(shapes.GetPlayer, {"public_id": public_id})
    found = translated(players.GET_PLAYER.run(call_of(request), given))
    context = {"place": Place(Name(found.name)), "player": found, "is_mine": _is_mine(request, public_id)}
    return show(request, "main/progress/player.html", context)


def _is_mine(request: PageRequest, public_id: str) -> bool:
    if not request.user.is_authenticated:
        return False
    profile = getattr(request.user, "profile", None)
    return profile is not None and profile.public_id == public_id
