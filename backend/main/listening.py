"""What a page hears of: the streams of its reader and of the place that it shows, and the entities that change it."""

from uuid import UUID

from django.http import HttpRequest

from chronicle.principal import Principal
from haven.selectors import chronicles_of
from timeline.services import heads

# Below what one socket may follow.
MOST = 40
# The attribute of a request that holds `listen`.
LIVE = "live"
# By this header `js/refresh.js` asks for the `main` of a page alone.
ALONE = "X-Alone"
# Pages that fetch themselves again when something of these entities happens (`js/refresh.js`), by the name of
# their address. The sheet, its history, the tray and the log of rolls draw their news themselves.
FOLLOWS = {
    "sessions": "episode chronicle server",
    "session": "episode chronicle server character",
    "desk": "submission note chronicle server character",
    "proposals": "submission",
    "exams": "exam",
    "exam": "exam",
    "sitting": "exam",
    "chronicle-exams": "exam chronicle server",
    "luck": "roll",
    "badges": "reward",
    "honours": "reward helpful_act server chronicle",
    "roll": "roll",
    "server": "server chronicle",
    "setup": "server chronicle character roll",
    "members": "server",
    "progress": "points",
    "points": "points",
    "boards": "points server",
    "all-boards": "points",
    "channels": "server chronicle",
    "channel": "server chronicle",
    "producer": "campaign overlay character values roll episode chronicle server",
    "overlays": "overlay campaign chronicle server",
    "why": "server",
    "practice": "practice",
    "chronicle": "server chronicle",
    "move": "chronicle server",
}

# Pages of what no event tells: so many seconds between two looks, while somebody has them open in front.
LOOKS_EVERY = {"status": 15, "all-boards": 60, "producer": 10}


def listening(
    principal: Principal, chronicle_id: UUID | None = None, server_id: UUID | None = None
) -> dict[str, object]:
    """Return `streams`: name → last event, so that no snapshot is needed; the page’s own places too."""
    seen = chronicles_of(principal)[:MOST]
    places = dict.fromkeys([chronicle_id] if chronicle_id else [])
    places |= dict.fromkeys(chronicle.id for chronicle in seen)
    if chronicle_id and not server_id:
        server_id = next((known.server_id for known in seen if known.id == chronicle_id), None)
    names = {str(place): f"chronicle:{place}" for place in places}
    names |= {str(server_id): f"server:{server_id}"} if server_id else {}
    names |= {str(principal.id): f"user:{principal.id}"}
    return {
        "user": str(principal.id),
        "streams": {names[stream]: seq for stream, seq in heads(names).items()},
    }


def listen(request: HttpRequest) -> dict[str, object] | None:
    """Read the streams' last events before the page reads what it shows: what happens in between is news then."""
    if not request.user.is_authenticated:
        return None
    place = request.resolver_match.kwargs if request.resolver_match else {}
    return listening(Principal.for_user(request.user), place.get("chronicle_id"), place.get("server_id"))


def asks_for_main(request: HttpRequest) -> bool:
    """Whether a page that stands already looks again: it listens, and has all that surrounds what changes."""
    return request.headers.get(ALONE) == "main"


def follows(request: HttpRequest) -> str:
    match = request.resolver_match
    return FOLLOWS.get(match.url_name or "", "") if match else ""


def looks_every(request: HttpRequest) -> int | None:
    match = request.resolver_match
    return LOOKS_EVERY.get(match.url_name or "") if match else None


def live(request: HttpRequest, **more: object) -> dict[str, object]:
    """Return the page's data for its scripts: its reader, its streams and what else it needs."""
    heard = getattr(request, LIVE, None) or {"user": str(request.user.pk), "streams": {}}
    return {**heard, **more}
