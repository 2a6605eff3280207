"""What can be done with roll requests, by name, with its input, answer and right."""

from chronicle.call import Call
from contract import endpoints
from contract import roll_requests as shapes
from contract.endpoints import Shape
from contract.roll_requests import OneRequest, RequestAnswered
from contract.rolls import RollAnswer
from rolls.answers import roll_answer
from rolls.models import RollRequest
from rolls.operations.rolls import replay, roll_input
from rolls.services import requests
from timeline.keys import Kept
from timeline.operations import Addresses, Operation


def _request(call: Call, row: RollRequest) -> OneRequest:
    return OneRequest(request=_shown(call, row))


def _shown(call: Call, row: RollRequest) -> shapes.RollRequest:
    """In Discord the message of a request is read by its whole channel."""
    return (
        requests.as_the_table_sees_it(row) if call.in_discord else requests.request_for(row, call.principal)
    )


def _ask(call: Call, given: shapes.AskForRoll) -> OneRequest:
    """Ask named players for a roll, as a storyteller, until a deadline."""
    return _request(call, requests.ask(call, given))


def _get_request(call: Call, given: shapes.NamedRequest) -> OneRequest:
    """A request with its answers so far."""
    return _request(call, requests.find(call.principal, given.request))


def _list_requests(call: Call, given: shapes.ListRequests) -> shapes.Requests:
    """The newest requests of a chronicle with their answers, open ones first."""
    place = call.chronicle_for(given.chronicle)
    return shapes.Requests(results=requests.listed(call.principal, place))


def _close_request(call: Call, given: shapes.NamedRequest) -> OneRequest:
    """Take no more answers."""
    return _request(call, requests.close(call.principal, given.request, call.cause))


def _replay_request(call: Call, kept: Kept) -> OneRequest:
    return _request(call, requests.find(call.principal, kept.event().entity_id))


def _answer_request(call: Call, given: shapes.AnswerRequest) -> RequestAnswered:
    """Roll what was asked for, once."""
    done = requests.answer(call.principal, given.request, roll_input(call, given), call.cause)
    return _answered(call, roll_answer(call, done))


def _answered(call: Call, answer: RollAnswer) -> RequestAnswered:
    if answer.roll.request is None:
        raise ValueError("this roll answers no request")
    row = requests.find(call.principal, answer.roll.request)
    return RequestAnswered(**dict(answer), request=_shown(call, row))


LIST_REQUESTS = Operation(
    "roll_requests.list",
    Shape(shapes.ListRequests, shapes.Requests),
    _list_requests,
    "chronicle.view",
    reads=True,
)
GET_REQUEST = Operation(
    "roll_requests.get",
    endpoints.GET_REQUEST,
    _get_request,
    "chronicle.view",
    reads=True,
)
ASK = Operation(
    "roll_requests.ask",
    endpoints.ASK_FOR_ROLL,
    _ask,
    "roll.request",
    status=201,
    replay=_replay_request,
)
ANSWER_REQUEST = Operation(
    "roll_requests.answer",
    endpoints.ANSWER_REQUEST,
    _answer_request,
    "roll.make",
    status=201,
    replay=lambda call, kept: _answered(call, replay(call, kept)),
)
CLOSE_REQUEST = Operation(
    "roll_requests.close",
    endpoints.CLOSE_REQUEST,
    _close_request,
    "roll.request",
    replay=_replay_request,
)
REST: Addresses = {
    "roll-requests/": {"GET": LIST_REQUESTS, "POST": ASK},
    "roll-requests/<uuid:request_>/": {"GET": GET_REQUEST},
    "roll-requests/<uuid:request_>/answer/": {"POST": ANSWER_REQUEST},
    "roll-requests/<uuid:request_>/close/": {"POST": CLOSE_REQUEST},
}
