"""What players can see of what they earned, by name, with its input and answer."""

from chronicle.call import Call
from contract import endpoints
from contract import points as shapes
from progress import rank_card
from progress.selectors import points
from timeline.operations import Addresses, Operation


def _get(call: Call, given: shapes.GetProgress) -> shapes.Progress:
    """One's own points, level, streak and badges; with the rank card as a picture where it is asked for."""
    found = points.progress_of(call.user)
    return found.model_copy(update={"card": rank_card.card(call.user, found)}) if given.card else found


def _list(call: Call, given: shapes.ListPoints) -> shapes.Points:
    """Every point of one's own with its reason, the newest first."""
    return points.listed(call.user, given.before, given.limit)


GET = Operation("progress.get", endpoints.GET_PROGRESS, _get, reads=True)
LIST_POINTS = Operation("progress.list_points", endpoints.LIST_POINTS, _list, reads=True)
REST: Addresses = {
    "users/me/progress/": {"GET": GET},
    "users/me/points/": {"GET": LIST_POINTS},
}
