"""Messages in Discord that follow something here: which there are, and what they show."""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from chronicle import episodes
from chronicle.call import Call, chronicle_seen_by
from chronicle.principal import Principal
from conflicts.serializers import as_the_table_sees_it
from conflicts.services import common as conflicts
from contract import endpoints
from contract import messages as shapes
from contract.base import JsonObject
from contract.translation import _
from rolls.services import requests
from rules.errors import NotFound
from timeline import message_links
from timeline.operations import PROCESS_ALONE, Door, Operation


class Followed(Protocol):
    """Something that a message can follow, to those whom it concerns."""

    def chronicle_of(self, principal: Principal, pk: UUID) -> UUID:
        """The chronicle in which it is played. Raises NotFound."""

    def shown(self, pk: UUID) -> JsonObject:
        """What its message shows of it."""


class _Conflict:
    def chronicle_of(self, principal: Principal, pk: UUID) -> UUID:
        return conflicts.find(principal, pk).chronicle_id

    def shown(self, pk: UUID) -> JsonObject:
        return as_the_table_sees_it(conflicts.find(Principal.system(), pk)).model_dump(mode="json")


class _RollRequest:
    def chronicle_of(self, principal: Principal, pk: UUID) -> UUID:
        return requests.find(principal, pk).chronicle_id

    def shown(self, pk: UUID) -> JsonObject:
        return requests.as_the_table_sees_it(requests.find(Principal.system(), pk)).model_dump(mode="json")


class _Episode:
    def chronicle_of(self, principal: Principal, pk: UUID) -> UUID:
        chronicle_id = episodes.chronicle_of(str(pk))
        if chronicle_id is None:
            raise NotFound(_("There’s no such episode here."), code="no_session")
        return chronicle_seen_by(principal, chronicle_id).pk

    def shown(self, pk: UUID) -> JsonObject:
        return episodes.shown_at_the_table(pk).model_dump(mode="json")


FOLLOWED: Mapping[str, Followed] = {
    "conflict": _Conflict(),
    "roll_request": _RollRequest(),
    "episode": _Episode(),
}


def _link(call: Call, given: shapes.LinkMessage) -> shapes.MessageLinked:
    """Say where the message of a thing stands: from now on the feed reports each of its changes."""
    chronicle_id = FOLLOWED[given.kind].chronicle_of(call.principal, given.id)
    old = message_links.save(given.kind, given.id, chronicle_id, given.channel, given.message)
    replaced = shapes.OldMessage(channel=old.channel_id, message=old.message_id) if old else None
    return shapes.MessageLinked(kind=given.kind, id=given.id, replaced=replaced)


def _link_posted(call: Call, given: shapes.LinkMessage) -> shapes.MessageLinked:
    """Say where the process has posted a thing of its own accord."""
    return _link(call, given)


def _with_what_it_shows(answer: shapes.MessageLinked) -> shapes.MessageLinked:
    """Read after the commit: what changes later comes through the feed, so nothing falls in between."""
    return answer.model_copy(update={"shows": FOLLOWED[answer.kind].shown(answer.id)})


def _unlink(call: Call, given: shapes.UnlinkMessage) -> shapes.MessageUnlinked:
    """Forget a message that is gone from Discord."""
    message_links.delete(given.kind, given.message)
    return shapes.MessageUnlinked()


LINK = Operation(
    "messages.link",
    endpoints.LINK_MESSAGE,
    _link,
    "chronicle.view",
    frozenset({Door.BOT}),
    finish=_with_what_it_shows,
)
LINK_POSTED = Operation(
    "messages.link_posted",
    endpoints.LINK_POSTED,
    _link_posted,
    doors=PROCESS_ALONE,
    finish=_with_what_it_shows,
)
UNLINK = Operation(
    "messages.unlink",
    endpoints.UNLINK_MESSAGE,
    _unlink,
    doors=PROCESS_ALONE,
)
