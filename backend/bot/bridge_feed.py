"""What the Discord process is told of bridged rooms on one connection: which there are, and what is to be posted.

A message is offered until the process says that it stands on Discord. What it said last is where a new connection
goes on, so nothing is lost; that nothing is posted twice is the process's part.
"""

from uuid import UUID

from bot.feed_frames import encode
from chat.bridges import outgoing, places
from chat.bridges.outgoing import Target
from contract.bridge_frames import BridgedPlace, BridgedPlaces
from contract.shards import ALL, Shards
from delivery.database import Database
from delivery.outbox import Outbox
from delivery.streams import stream_id
from delivery.wire import out

# Of a `bridges` frame.
PLACES = 500


class BridgeFeed:
    """The bridged rooms of one connection."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox
        self._shards = ALL
        # Room → the number up to which it was offered here.
        self._offered: dict[UUID, int] = {}
        self._announced: dict[str, BridgedPlace] = {}
        self._nudged: set[UUID] = set()
        self._switched = False

    def nudge(self, stream: str) -> None:
        """Something was said in a room, or changed in a server."""
        if stream.startswith("room:"):
            self._nudged.add(UUID(stream_id(stream)))
        else:
            self._switched = True

    @property
    def waits(self) -> bool:
        """Whether it was nudged since it looked last."""
        return bool(self._nudged) or self._switched

    async def start(self, shards: Shards) -> None:
        self._shards = shards
        await self._tell_places(everything=True)
        await self._offer(None)

    async def update(self, *, everything: bool) -> None:
        """Offer what is new in the rooms it was nudged about, or in all. A nudge is free where nothing is bridged."""
        nudged, self._nudged = self._nudged, set()
        switched, self._switched = self._switched, False
        if everything or switched:
            await self._tell_places(everything=False)
            await self._offer(None)
        elif nudged and self._announced and await self._offer(nudged):
            await self._tell_places(everything=False)

    async def _tell_places(self, *, everything: bool) -> None:
        """Tell which channels and threads are bridged, where that is otherwise than was told."""
        found = await self._database.run(_places, self._shards)
        gone: dict[str, BridgedPlace | None] = dict.fromkeys(self._announced.keys() - found.keys())
        # How far a place is, the process itself knows best from here on.
        changed = gone | {
            key: place for key, place in found.items() if _room(self._announced.get(key)) != place.room
        }
        self._announced = found
        if everything or changed:
            listed = list(changed.items())
            for start in range(0, max(len(listed), 1), PLACES):
                part = dict(listed[start : start + PLACES])
                frame = BridgedPlaces(type="bridges", all=everything and not start, places=part)
                await self._push(encode(frame.model_dump(mode="json")))

    async def _offer(self, rooms: set[UUID] | None) -> bool:
        """Return whether one of them was not known here: a thread that has just begun."""
        found = await self._database.run(outgoing.targets, rooms, self._shards)
        new = found.keys() - self._offered.keys()
        for room in new:
            self._offered[room] = await self._database.run(outgoing.start_of, found[room])
        for room, target in found.items():
            # What was said while it was switched off stays here.
            self._offered[room] = max(self._offered[room], target.position)
            while self._offered[room] < target.head and await self._offer_next(room, target):
                pass
        return bool(new)

    async def _offer_next(self, room: UUID, target: Target) -> bool:
        after = self._offered[room]
        number, frames = await self._database.run(outgoing.frames, target, after)
        for frame in frames:
            await self._push(encode(frame.model_dump(mode="json")))
        if not frames:
            await self._database.run(outgoing.advance, target, after, number)
        self._offered[room] = number
        return number > after

    async def _push(self, text: str) -> None:
        self._outbox.push(out(text))
        await self._outbox.room()


def _places(shards: Shards) -> dict[str, BridgedPlace]:
    """By Discord's id, those that are there: a thread of ours may not be yet."""
    rows = [row for row in places.bridged() if shards.serves(int(row.server.discord_id or 0))]
    return {row.discord_id: outgoing.place(row) for row in rows if row.discord_id}


def _room(place: BridgedPlace | None) -> UUID | None:
    return place.room if place else None
