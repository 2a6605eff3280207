"""Boards: everybody's, and those of a server with its seasons."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from chronicle import rights
from chronicle.door import parse
from chronicle.models import Chronicle, Server
from contract import points as shapes
from contract.translation import _
from main.navigation import in_progress, in_server
from main.pages import PageRequest, show
from main.parts import call_of, new_key, part, posts, principal_of
from main.views.servers import server_for
from progress.operations import boards
from rules.streaks import DAY, day_of, week_of

PAST_WEEKS = 8


@part
@require_GET
def everybodys(request: PageRequest) -> HttpResponse:
    """The board of everybody who is on boards; and the way to those of one's servers."""
    call = call_of(request)
    listed = boards.LIST.run(call, shapes.ListBoards()).results
    servers = [(row.name, reverse("boards", args=[row.place])) for row in listed if row.board == "server"]
    context = {"place": in_progress("boards", _("Leaderboard")), "servers": servers}
    return show(request, "main/progress/boards.html", context | _board(request, {"board": "all"}))


@part
@require_GET
def of_server(request: PageRequest, server_id: UUID) -> HttpResponse:
    """A server's board, or that of one of its chronicles or seasons."""
    server = server_for(request, server_id)
    asked = {name: request.GET.get(name, "") for name in ("board", "place")}
    asked = asked if asked["place"] else {"board": "server", "place": str(server_id)}
    principal = principal_of(request)
    seasons = boards.LIST_SEASONS.run(call_of(request), shapes.ListSeasons(server=server_id)).results
    return show(
        request,
        "main/progress/boards.html",
        {
            "place": in_server(principal, server, "boards", _("Leaderboard")),
            "server": server,
            "places": _places(server, seasons),
            "here": asked["place"],
            "seasons": seasons,
            "manages": bool(rights.can(principal, "server.manage", server)),
            "today": timezone.now().date().isoformat(),
            "key": new_key(),
            **_board(request, asked),
        },
    )


def _places(server: Server, seasons: list[shapes.Season]) -> list[tuple[str, str, str]]:
    """Name, address and id of each board of the server."""
    address = reverse("boards", args=[server.pk])
    chronicles = Chronicle.objects.filter(server=server, archived_at=None).order_by("pk")
    inside = [("chronicle", row.pk, row.name) for row in chronicles]
    # One that was called off, or has not begun, has nothing to show.
    today = timezone.now().date()
    inside += [
        ("season", row.id, row.name)
        for row in seasons
        if row.starts <= today and row.ends != row.starts - DAY
    ]
    return [
        (_("The whole server"), address, str(server.pk)),
        *((name, f"{address}?board={board}&place={pk}", str(pk)) for board, pk, name in inside),
    ]


def _board(request: PageRequest, asked: dict[str, str]) -> dict[str, object]:
    """The board with what its links need: `address` is everything but the page."""
    query = request.GET
    weekly = query.get("weekly") == "yes"
    fields = asked | {
        "weekly": "true" if weekly else "",
        "week": query.get("week", ""),
        "page": query.get("page", ""),
    }
    call = call_of(request)
    board = boards.SHOW.run(call, parse(shapes.ShowBoard, fields, text=True))
    this_week = week_of(day_of(timezone.now(), call.user.zone))
    weeks = [this_week - 7 * DAY * number for number in range(1, PAST_WEEKS + 1)]
    within = {
        name: value for name, value in asked.items() if value and asked["board"] not in ("all", "server")
    }
    return {
        "board": board,
        "within": within,
        "this_week": this_week,
        "weeks": [(week.isoformat(), week) for week in weeks],
        "is_past": bool(board.week and board.week < this_week),
        "address": _query(within, board, this_week),
    }


def _query(within: dict[str, str], board: shapes.ShownBoard, this_week: date) -> str:
    parts = [f"{name}={value}" for name, value in within.items()]
    if board.week is not None:
        parts.append("weekly=yes" if board.week == this_week else f"week={board.week.isoformat()}")
    return "&".join([*parts, ""])


begin_season = posts(boards.BEGIN_SEASON, "/servers/{server}/boards/", "#seasons")
end_season = posts(boards.END_SEASON, "/servers/{answer.server}/boards/", "#seasons")
