"""The operation that explains a permission. It may be about a character or a roll, so it stands above their apps."""

from uuid import UUID

from chronicle.call import Call, person
from chronicle.models import Chronicle, Server, ServerChannel, ServerRole
from chronicle.permission_check import explain_permission, kind_of
from chronicle.services import find_channel, get_role
from contract import endpoints
from contract.permissions import ExplainPermission, PermissionExplained
from contract.translation import _
from haven import selectors as characters
from haven.models import Character
from haven.services.reference import Reference, find
from rolls import selectors as rolls
from rolls.models import Roll
from rules.errors import NotFound
from timeline.operations import Addresses, Operation

Thing = Character | ServerChannel | ServerRole | Roll


def _explain(call: Call, given: ExplainPermission) -> PermissionExplained:
    """Why a member may do something here, or may not."""
    server = call.server_for(given.server)
    user_id = person(given.user).pk if given.user else call.user.pk
    place = _place(call, server, given)
    thing = _thing(call, server, given, user_id)
    # A channel is the server's, whatever is played in it.
    if thing is not None and not isinstance(thing, ServerChannel) and thing.chronicle is not None:
        place = thing.chronicle
    return explain_permission(call.principal, place, user_id, given.action, thing)


def _place(call: Call, server: Server, given: ExplainPermission) -> Server | Chronicle:
    """In Discord what is played in the channel; on the web the server, where no chronicle is named."""
    if not given.chronicle and call.server is None:
        return server
    chronicle = call.chronicle_named(given.chronicle)
    if chronicle.server_id != server.pk:
        raise NotFound(_("There’s no such chronicle."))
    return chronicle


def _thing(call: Call, server: Server, given: ExplainPermission, user_id: UUID) -> Thing | None:
    """What the action is about; None where nothing of that kind is named. Raises NotFound."""
    kind = kind_of(given.action, given.character)
    if kind == "character" and given.character:
        owner_id = user_id if call.server and user_id != call.principal.id else None
        meant = Reference(given.character, server, owner_id, channel_id=call.bound_channel)
        return characters.get(call.principal, find(call.principal, meant).id)
    if kind == "channel" and given.channel:
        return find_channel(server, given.channel, call.principal)
    if kind == "role" and given.role:
        return get_role(server, given.role)
    if kind == "roll" and given.roll:
        return rolls.get(call.principal, given.roll)
    return None


EXPLAIN = Operation("permissions.explain", endpoints.EXPLAIN_PERMISSION, _explain, "server.why", reads=True)
REST: Addresses = {"servers/<uuid:server>/why/": {"GET": EXPLAIN}}
