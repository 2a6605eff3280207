"""The feed of the Discord process, as the gateway knows it. What is in it is handed over in `rod/asgi.py`."""

from collections.abc import Callable, Mapping
from typing import Protocol

from contract.shards import Shards
from delivery.database import Database
from delivery.hub import AnyHub
from delivery.options import Options
from delivery.outbox import Outbox


class Feed(Protocol):
    """The feed of one connection."""

    async def start(self, since: Mapping[str, int], shards: Shards) -> None:
        """Begin to send what is for servers on these shards: stream → the seq after which it goes on."""
        ...

    def nudge(self, stream: str, event_type: str) -> None:
        """There is something new in this stream, an event of this type."""
        ...

    async def save_posted(self, posted: Mapping[str, int]) -> None:
        """Keep what the Discord process says is in its channels."""
        ...

    def stop(self) -> None: ...


MakeFeed = Callable[[AnyHub, Database, Options, Outbox], Feed]
