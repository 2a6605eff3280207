"""Boards and seasons, by name, with their input, answer and right."""

from uuid import UUID

from chronicle.call import Call
from contract import endpoints
from contract import points as shapes
from contract.endpoints import Shape
from progress.models import Season
from progress.selectors import boards
from progress.services import seasons
from timeline.keys import Kept
from timeline.operations import Addresses, Operation


def _show(call: Call, given: shapes.ShowBoard) -> shapes.ShownBoard:
    """A page of a board, with one's own place and its neighbours. Who opted out is on none."""
    return boards.shown_board(call, given)


def _list(call: Call, given: shapes.ListBoards) -> shapes.Boards:
    """The boards that one can look at: everybody's, and those of one's servers that have them switched on."""
    return shapes.Boards(results=boards.boards_for(call.principal))


def _list_seasons(call: Call, given: shapes.ListSeasons) -> shapes.Seasons:
    """The seasons of a server, the newest first."""
    server = call.server_for(given.server)
    return shapes.Seasons(results=[boards.shown_season(row) for row in boards.seasons_of(server)])


def _begin(call: Call, given: shapes.BeginSeason) -> shapes.Season:
    """Begin a season of a server: points count on its board from that day on."""
    return boards.shown_season(seasons.begin(call, given))


def _end(call: Call, given: shapes.EndSeason) -> shapes.Season:
    """End a season; its board stays."""
    return boards.shown_season(seasons.end(call, given.season))


def _replay(call: Call, kept: Kept) -> shapes.Season:
    return boards.shown_season(Season.objects.get(pk=UUID(str(kept.body["id"]))))


SHOW = Operation("progress.show_board", endpoints.SHOW_BOARD, _show, "server.view", reads=True)
LIST = Operation("progress.list_boards", endpoints.LIST_BOARDS, _list, reads=True)
LIST_SEASONS = Operation(
    "progress.list_seasons",
    Shape(shapes.ListSeasons, shapes.Seasons),
    _list_seasons,
    "server.view",
    reads=True,
)
BEGIN_SEASON = Operation(
    "progress.begin_season",
    Shape(shapes.BeginSeason, shapes.Season),
    _begin,
    "server.manage",
    status=201,
    replay=_replay,
)
END_SEASON = Operation(
    "progress.end_season", Shape(shapes.EndSeason, shapes.Season), _end, "server.manage", replay=_replay
)
REST: Addresses = {
    "boards/": {"GET": LIST},
    "boards/show/": {"GET": SHOW},
    "servers/<uuid:server>/seasons/": {"GET": LIST_SEASONS, "POST": BEGIN_SEASON},
    "seasons/<uuid:season>/end/": {"POST": END_SEASON},
}
