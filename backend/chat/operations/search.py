"""Search in messages, by name, with its input, answer and right."""

from chat.search.find import find
from chronicle.call import Call
from contract.chat_search import SearchMessages, SearchResults
from contract.endpoints import Shape
from timeline.operations import Addresses, Operation


def _search(call: Call, given: SearchMessages) -> SearchResults:
    """Messages with these words, the newest first: of a room, a server, or everywhere that one may read."""
    return find(call.principal, given)


SEARCH = Operation("chat.search", Shape(SearchMessages, SearchResults), _search, "channel.view", reads=True)
REST: Addresses = {"chat/search/": {"GET": SEARCH}}
