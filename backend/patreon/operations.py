"""What people can do about their support, by name, with its input and answer."""

from contract import endpoints
from contract import people as shapes
from contract.endpoints import Shape
from discordauth.operations import OwnCall
from patreon import services
from patreon.selectors import supporter
from timeline.operations import Addresses, Operation


def _get(call: OwnCall, given: shapes.GetSupporter) -> shapes.Supporter:
    """One's own level as a supporter, and what it allows."""
    return supporter(call.user)


def _unlink(call: OwnCall, given: shapes.UnlinkPatreon) -> shapes.Supporter:
    """Unlink one's Patreon account. Nothing that was made with it goes away."""
    services.unlink(call.user)
    return supporter(call.user)


GET_SUPPORTER = Operation("people.get_supporter", endpoints.GET_SUPPORTER, _get, reads=True)
UNLINK_PATREON = Operation("people.unlink_patreon", Shape(shapes.UnlinkPatreon, shapes.Supporter), _unlink)
REST: Addresses = {"users/me/supporter/": {"GET": GET_SUPPORTER, "DELETE": UNLINK_PATREON}}
