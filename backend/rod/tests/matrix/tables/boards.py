"""Points, boards, seasons and profiles of players."""

from rod.tests.matrix.entries import EVERYONE, MANAGERS, MEMBERS, SIGNED_IN, Body, Entry
from rod.tests.matrix.people import Scene


def board(kind: str, place: str) -> Body:
    return lambda scene: {"board": kind, "place": str(getattr(scene, place).pk)}


def new_season(scene: Scene) -> dict[str, object]:
    # After the one that runs, which would have to end first.
    return {"name": "Winter", "starts": "2190-01-01"}


API = [
    Entry("GET", "api/users/me/progress/", SIGNED_IN),
    Entry("GET", "api/users/me/points/", SIGNED_IN),
    Entry("GET", "api/users/me/player/", SIGNED_IN),
    Entry("PATCH", "api/users/me/player/", SIGNED_IN, lambda scene: {"shows_streak": True}),
    Entry("GET", "api/users/me/changes/", SIGNED_IN),
    Entry("GET", "api/players/<str:public_id>/", SIGNED_IN),
    Entry("GET", "api/boards/", SIGNED_IN),
    Entry("GET", "api/boards/show/", SIGNED_IN),
    Entry("GET", "api/boards/show/", MEMBERS, board("server", "server")),
    Entry("GET", "api/boards/show/", MEMBERS, board("chronicle", "chronicle")),
    Entry("GET", "api/boards/show/", MEMBERS, board("season", "season")),
    Entry("GET", "api/servers/<uuid:server>/seasons/", MEMBERS),
    Entry("POST", "api/servers/<uuid:server>/seasons/", MANAGERS, new_season),
    Entry("POST", "api/seasons/<uuid:season>/end/", MANAGERS),
]
PAGES = [
    Entry("GET", "progress/", SIGNED_IN),
    Entry("GET", "progress/points/", SIGNED_IN),
    Entry("GET", "progress/profile/", SIGNED_IN),
    Entry("POST", "progress/profile/", SIGNED_IN, lambda scene: {"is_public": "yes"}),
    Entry("GET", "progress/boards/", SIGNED_IN),
    Entry("GET", "players/<str:public_id>/", EVERYONE),
    Entry("GET", "servers/<uuid:server_id>/boards/", MEMBERS),
    Entry("POST", "servers/<uuid:server_id>/seasons/", MANAGERS, new_season),
    Entry("POST", "seasons/<uuid:season_id>/end/", MANAGERS),
]
BOT = [
    Entry("POST", "bot/progress", SIGNED_IN),
    Entry("POST", "bot/progress/points", SIGNED_IN),
    Entry("POST", "bot/progress/boards/list", SIGNED_IN),
    Entry("POST", "bot/progress/boards", MEMBERS, board("server", "server")),
    Entry("PATCH", "bot/progress/profile", SIGNED_IN, lambda scene: {"shows_level": True}),
]
