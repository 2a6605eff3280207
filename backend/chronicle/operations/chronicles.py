"""What can be done with chronicles, by name, with its input, answer and right.

The bot API takes the changes of a chronicle as an object of their own (`changes`): that stands beside the flat one.
"""

from collections.abc import Callable
from uuid import UUID

from chronicle import selectors, services
from chronicle.call import Call, person
from chronicle.models import Chronicle
from chronicle.operations.servers import know_named_thread
from chronicle.serializers import brief, chronicle_for, member_of
from contract import chronicles, endpoints
from contract.endpoints import Shape
from timeline.keys import Kept
from timeline.operations import Addresses, InputT, Operation


def _chronicle(call: Call, row: Chronicle) -> chronicles.Chronicle:
    """As it is now; what the change may have given or taken from the caller counts."""
    call.principal.forget(row.server_id)
    return chronicle_for(Chronicle.objects.select_related("server").get(pk=row.pk), call.principal)


def _replay_chronicle(call: Call, kept: Kept) -> chronicles.Chronicle:
    return chronicle_for(call.chronicle_for(UUID(str(kept.body["id"]))), call.principal)


def _my_chronicles(call: Call, given: chronicles.MyChronicles) -> chronicles.Chronicles:
    """The chronicles of all servers that one is a member of."""
    rows = selectors.chronicles_of(call.principal)
    return chronicles.Chronicles(results=[brief(row, call.principal) for row in rows])


def _list_chronicles(call: Call, given: chronicles.ListChronicles) -> chronicles.ChroniclesHere:
    """The chronicles of a server."""
    rows = selectors.chronicles_in(call.server_for(given.server), archived=given.archived)
    return chronicles.ChroniclesHere(
        results=[brief(row, call.principal) for row in rows],
        here=call.chronicle.id if call.chronicle else None,
    )


def _get_chronicle(call: Call, given: chronicles.ChronicleInput) -> chronicles.Chronicle:
    """A chronicle with its house rules, tenets and people."""
    return chronicle_for(call.chronicle_named(given.chronicle), call.principal)


def _create_chronicle(call: Call, given: chronicles.CreateChronicle) -> chronicles.Chronicle:
    """Create a chronicle; its creator becomes its storyteller."""
    made = services.create_chronicle(
        call.server_for(given.server),
        given.name,
        description=given.description,
        edition=given.edition,
        principal=call.principal,
        cause=call.cause,
    )
    return _chronicle(call, made)


def _change_chronicle(call: Call, given: chronicles.ChangeChronicle) -> chronicles.Chronicle:
    """Change name, description, house rules and tenets; for who leads it also archive, restore, make it default."""
    return _with_changes(call, given, given)


def _change_chronicle_by(call: Call, given: chronicles.ChangeChronicleBy) -> chronicles.Chronicle:
    """Change what `changes` names."""
    return _with_changes(call, given, given.changes)


def _with_changes(
    call: Call, given: chronicles.ChronicleInput, changes: chronicles.ChronicleChanges
) -> chronicles.Chronicle:
    row = call.chronicle_named(given.chronicle)
    services.change_chronicle(row, changes, principal=call.principal, cause=call.cause)
    return _chronicle(call, row)


def _set_role(call: Call, given: chronicles.SetChronicleRole) -> chronicles.Chronicle:
    """Make a member storyteller, co-storyteller or observer; with null, none of these."""
    row, user = call.chronicle_named(given.chronicle), person(given.user)
    services.set_chronicle_role(row, user.pk, given.role, principal=call.principal, cause=call.cause)
    return _chronicle(call, row)


def _hand_over(call: Call, given: chronicles.HandOver) -> chronicles.Chronicle:
    """Another member leads from now on; who led becomes co-storyteller."""
    row, user = call.chronicle_named(given.chronicle), person(given.user)
    services.hand_over(row, user, principal=call.principal, cause=call.cause)
    return _chronicle(call, row)


def _step_down(call: Call, given: chronicles.ChronicleInput) -> chronicles.Chronicle:
    """Give up one's own role in a chronicle."""
    row = call.chronicle_named(given.chronicle)
    services.step_down(row, principal=call.principal, cause=call.cause)
    return _chronicle(call, row)


def _bind_here(call: Call, given: chronicles.BindHere) -> chronicles.Chronicle:
    """Commands in the channel mean this chronicle; with `bound` false, the default one again."""
    row = call.chronicle_named(given.chronicle)
    know_named_thread(call, row.server, given.channel)
    services.bind_channel(
        row.server,
        given.channel,
        row if given.bound else None,
        principal=call.principal,
        cause=call.cause,
    )
    return _chronicle(call, row)


def _list_members(call: Call, given: chronicles.ListMembers) -> chronicles.ChronicleMembers:
    """The members with their roles, by when they joined."""
    row = call.chronicle_named(given.chronicle)
    found = [member_of(member) for member in selectors.members(row.server_id, given.after, given.limit)]
    return chronicles.ChronicleMembers(results=found, next=found[-1].id if found else None)


def _on_chronicle(
    name: str,
    given: type[InputT],
    run: Callable[[Call, InputT], chronicles.Chronicle],
    right: str = "",
    status: int = 200,
) -> Operation[Call, InputT, chronicles.Chronicle]:
    """An operation that answers with the chronicle after it."""
    shape = Shape(given, chronicles.Chronicle)
    return Operation(f"chronicles.{name}", shape, run, right, status=status, replay=_replay_chronicle)


MY_CHRONICLES = Operation(
    "chronicles.mine", Shape(chronicles.MyChronicles, chronicles.Chronicles), _my_chronicles, reads=True
)
LIST_CHRONICLES = Operation(
    "chronicles.list",
    endpoints.LIST_CHRONICLES,
    _list_chronicles,
    "server.view",
    reads=True,
)
GET_CHRONICLE = Operation(
    "chronicles.get",
    Shape(chronicles.ChronicleInput, chronicles.Chronicle),
    _get_chronicle,
    "chronicle.view",
    reads=True,
)
CREATE_CHRONICLE = _on_chronicle(
    "create", chronicles.CreateChronicle, _create_chronicle, "chronicle.create", 201
)
CHANGE_CHRONICLE = _on_chronicle("change", chronicles.ChangeChronicle, _change_chronicle, "chronicle.manage")
CHANGE_CHRONICLE_BY = _on_chronicle(
    "change", chronicles.ChangeChronicleBy, _change_chronicle_by, "chronicle.manage"
)
SET_CHRONICLE_ROLE = _on_chronicle("set_role", chronicles.SetChronicleRole, _set_role, "chronicle.lead")
HAND_OVER = _on_chronicle("hand_over", chronicles.HandOver, _hand_over, "chronicle.lead")
STEP_DOWN = _on_chronicle("step_down", chronicles.ChronicleInput, _step_down)
BIND_HERE = _on_chronicle("bind", chronicles.BindHere, _bind_here, "chronicle.lead")
LIST_MEMBERS = Operation(
    "chronicles.members",
    Shape(chronicles.ListMembers, chronicles.ChronicleMembers),
    _list_members,
    "chronicle.view",
    reads=True,
)
REST: Addresses = {
    "chronicles/": {"GET": MY_CHRONICLES},
    "chronicles/<uuid:chronicle>/": {"GET": GET_CHRONICLE, "PATCH": CHANGE_CHRONICLE},
    "chronicles/<uuid:chronicle>/members/": {"GET": LIST_MEMBERS},
    "chronicles/<uuid:chronicle>/people/": {"PUT": SET_CHRONICLE_ROLE},
    "chronicles/<uuid:chronicle>/handover/": {"POST": HAND_OVER},
    "chronicles/<uuid:chronicle>/leave/": {"POST": STEP_DOWN},
    "servers/<uuid:server>/chronicles/": {"POST": CREATE_CHRONICLE},
}
