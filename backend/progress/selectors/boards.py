"""Boards: which there are for a reader, and what stands on one."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from chronicle import features
from chronicle.call import Call
from chronicle.models import Chronicle, Server
from chronicle.principal import Principal
from contract import points as shapes
from contract.base import Named
from contract.translation import _
from discordauth.models import CustomUser
from haven.selectors import chronicles_of
from progress.models import NOWHERE, ArchivedWeek, Board, Season, Standing
from progress.selectors.ladder import Ladder, RankedRow
from progress.services.seasons import FEATURE, season_seen_by
from rules.errors import NotFound
from rules.streaks import DAY, day_of, week_of

# Those who are on boards. As a list of one: Django would write `NOT hidden`, for which no index can be used.
SHOWN = Q(hidden__in=[False])


@dataclass(frozen=True)
class Place:
    """A board: its kind, the id of what it belongs to, what it is called, and its server, where it has one."""

    board: Board
    id: UUID
    name: str
    server: Server | None = None


def place_of(call: Call, board: str | None, place: UUID | None) -> Place:
    """The board that is named, if its reader may look at it; else that of the server where they are.

    Raises NotFound, NotAllowed (`feature_off`), Unprocessable (`server_only`).
    """
    if board is None:
        board = Board.SERVER if call.server and features.is_on(call.server, FEATURE) else Board.ALL
    if board == Board.ALL:
        return Place(Board.ALL, NOWHERE, _(shapes.BOARDS["all"]))
    found = _PLACES[Board(board)](call, place)
    if found.server is not None:
        features.require(found.server, FEATURE)
    return found


def _server(call: Call, place: UUID | None) -> Place:
    server = call.server_for(place)
    return Place(Board.SERVER, server.id, server.name, server)


def _chronicle(call: Call, place: UUID | None) -> Place:
    chronicle = call.chronicle_for(place)
    return Place(Board.CHRONICLE, chronicle.id, chronicle.name, chronicle.server)


def _season(call: Call, place: UUID | None) -> Place:
    season = season_seen_by(call.principal, place) if place else running_season(call.server_for(None))
    if season is None:
        raise NotFound(_("No season is running here."))
    return Place(Board.SEASON, season.id, season.name, season.server)


_PLACES = {Board.SERVER: _server, Board.CHRONICLE: _chronicle, Board.SEASON: _season}


def seasons_of(server: Server) -> list[Season]:
    """The newest first."""
    return list(Season.objects.filter(server=server).select_related("server").order_by("-starts", "-pk")[:50])


def shown_season(season: Season) -> shapes.Season:
    return shapes.Season(
        id=season.pk,
        server=season.server_id,
        name=season.name,
        starts=season.starts,
        ends=season.ends - DAY if season.ends else None,
        running=is_running(season, timezone.now().date()),
    )


def running_season(server: Server) -> Season | None:
    today = timezone.now().date()
    return next((season for season in seasons_of(server) if is_running(season, today)), None)


def is_running(season: Season, today: date) -> bool:
    return season.starts <= today and (season.ends is None or today < season.ends)


def boards_for(principal: Principal) -> list[shapes.BoardBrief]:
    """Everybody's, then those of the reader's servers that have them switched on, with their chronicles and season."""
    chronicles = [row for row in chronicles_of(principal) if features.is_on(row.server, FEATURE)]
    servers = {row.server_id: row.server for row in chronicles}
    running: dict[UUID, list[Season]] = {}
    today = timezone.now().date()
    for season in Season.objects.filter(server__in=servers).select_related("server").order_by("-starts"):
        if is_running(season, today):
            running.setdefault(season.server_id, []).append(season)
    found = [shapes.BoardBrief(board="all", place=None, name=_(shapes.BOARDS["all"]), server=None)]
    for server in servers.values():
        found.append(_brief(Board.SERVER, server, server))
        found += [_brief(Board.CHRONICLE, row, server) for row in chronicles if row.server_id == server.id]
        found += [_brief(Board.SEASON, season, server) for season in running.get(server.id, ())]
    return found


def _brief(board: Board, place: Server | Chronicle | Season, server: Server) -> shapes.BoardBrief:
    named = Named(id=server.id, name=server.name)
    return shapes.BoardBrief.model_validate(
        {"board": board.value, "place": place.pk, "name": place.name, "server": named}
    )


def ladder_of(place: Place, week: date | None, this_week: date) -> "Ladder[Any]":
    """The ladder of a board: in total, or of a week; nobody who opted out is on it."""
    here = Q(board=place.board, board_id=place.id)
    if week is None:
        return Ladder(_with_people(Standing, "total_points"), here & SHOWN, "total_points")
    here &= Q(week=week)
    if week < this_week:
        return Ladder(_with_people(ArchivedWeek, "points"), here & Q(user__profile__on_boards=True), "points")
    return Ladder(_with_people(Standing, "weekly_points"), here & SHOWN, "weekly_points")


def shown_board(call: Call, given: shapes.ShowBoard) -> shapes.ShownBoard:
    place = place_of(call, given.board, given.place)
    user = call.user
    this_week = week_of(day_of(timezone.now(), user.zone))
    week = week_of(given.week) if given.week else this_week if given.weekly else None
    ladder = ladder_of(place, week, this_week)
    rows, more = ladder.page(given.page)
    mine = next((pair for pair in rows if pair[1].user_id == user.pk), None)
    around: list[RankedRow[Any]] = []
    if mine is None:
        mine, around = ladder.around(user.pk) if given.page == 1 else (ladder.place_of(user.pk), [])
    hidden = None if mine else _hidden(place, user, ladder, week)
    own = mine or hidden
    ranked = partial(_ranked, column=ladder.column, reader=user, in_server=place.server is not None)
    return shapes.ShownBoard.model_validate(
        {
            "board": place.board.value,
            "place": None if place.board == Board.ALL else place.id,
            "name": place.name,
            "weekly": week is not None,
            "week": week,
            "page": given.page,
            "more": more and given.page < shapes.MAX_PAGE,
            "results": list(map(ranked, rows)),
            "mine": ranked(own) if own else None,
            "around": list(map(ranked, around)),
            "hidden": hidden is not None,
            "url": address(place),
        }
    )


def _with_people(model: type[Standing | ArchivedWeek], column: str) -> "QuerySet[Any]":
    """The rows of all boards, with what is shown of each person."""
    of_user = [f"user__{name}" for name in CustomUser.TOLD]
    of_profile = [f"user__profile__{name}" for name in ("public_id", "is_public", "level")]
    ranks = ["rank"] if model is ArchivedWeek else ["rank", "weekly_rank"]
    rows: QuerySet[Any] = model._default_manager.select_related("user__profile")
    return rows.only(column, *ranks, *of_user, *of_profile)


def address(place: Place) -> str:
    """The page of a board."""
    if place.server is None:
        return f"{settings.SITE_URL}/progress/boards/"
    inside = "" if place.board == Board.SERVER else f"?board={place.board.value}&place={place.id}"
    return f"{settings.SITE_URL}/servers/{place.server.id}/boards/{inside}"


def _hidden(
    place: Place, user: CustomUser, ladder: "Ladder[Any]", week: date | None
) -> "RankedRow[Standing] | None":
    """The place that somebody would have who opted out; they alone see it."""
    rows = Standing.objects.filter(board=place.board, board_id=place.id, user=user, hidden=True)
    if ladder.column == "points" or (row := rows.select_related("user__profile").first()) is None:
        return None
    points = row.total_points if week is None else row.weekly_points if row.week == week else 0
    return (ladder.rank_of(points), row) if points > 0 else None


def _ranked(pair: "RankedRow[Any]", *, column: str, reader: CustomUser, in_server: bool) -> shapes.Ranked:
    rank, row = pair
    user, profile = row.user, row.user.profile
    was = {"total_points": "rank", "weekly_points": "weekly_rank"}.get(column)
    return shapes.Ranked(
        user=user.pk if in_server else None,
        rank=rank,
        name=user.display_name,
        avatar_url=user.picture_url,
        public_id=profile.public_id if profile.is_public else None,
        level=profile.level,
        points=getattr(row, column),
        was=getattr(row, was) if was else None,
        me=user.pk == reader.pk,
    )
