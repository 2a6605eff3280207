"""What somebody asks for who subscribes to a stream, and what they get."""

from collections.abc import Sequence
from typing import NamedTuple

from delivery.wire import Out
from gateway.access import Access
from gateway.credentials import Identity
from gateway.frames import Ref


class SubscribeRequest(NamedTuple):
    """Somebody subscribes to a stream, from its present state or after the event `since`."""

    identity: Identity
    name: str
    since: int | None = None
    ref: Ref = None


class SubscribeResult(NamedTuple):
    """The frames of `missed` events, or else the `parts` of a snapshot, true at `seq`."""

    access: Access
    seq: int
    missed: list[str] | None = None
    parts: Sequence[Out] = ()
