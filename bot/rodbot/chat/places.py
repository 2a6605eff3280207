"""Which channels and threads are bridged, as the backend tells, and how far each was heard."""

import asyncio
from dataclasses import dataclass, field

import discord

from contract.bridge_frames import BridgedPlace, BridgedPlaces
from rodbot.chat.hearing import PUBLIC_THREADS


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class Place:
    """A bridged channel or thread. `position`: Discord's last message that the backend was told of. `is_watched`:
    what is said there is heard. `caught_up`: what was there before this process came was looked through; what of it is
    ours and was never reported waits in `orphans`. `reported`: the backend knows where the last message stands that
    was posted here.
    """

    guild_id: int
    channel_id: int
    thread_id: int | None
    position: int
    is_watched: bool = False
    caught_up: asyncio.Event = field(default_factory=asyncio.Event)
    orphans: list[discord.Message] = field(default_factory=list)
    reported: asyncio.Event = field(default_factory=_set)

    @property
    def id(self) -> int:
        return self.thread_id or self.channel_id


class Places:
    def __init__(self) -> None:
        self._known: dict[int, Place] = {}

    def know(self, frame: BridgedPlaces) -> list[Place]:
        """Take over what the backend tells; returns the places that are new."""
        given = {int(key): place for key, place in frame.places.items()}
        if frame.all:
            self._forget(self._known.keys() - given.keys())
        self._forget({key for key, place in given.items() if place is None})
        new = [_place(key, place) for key, place in given.items() if place and key not in self._known]
        self._known |= {place.id: place for place in new}
        return new

    def _forget(self, ids: set[int]) -> None:
        """Also the threads of a channel. Who waits for one waits no longer."""
        for place in [place for place in self._known.values() if {place.id, place.channel_id} & ids]:
            self._known.pop(place.id).caught_up.set()

    def of_channel(self, channel: object) -> Place | None:
        """Where this is, if it is bridged; a public thread of a bridged channel is so from its beginning."""
        if isinstance(channel, discord.Thread):
            return self._of_thread(channel)
        return self._known.get(channel.id) if isinstance(channel, discord.abc.GuildChannel) else None

    def _of_thread(self, thread: discord.Thread) -> Place | None:
        parent = self._known.get(thread.parent_id)
        if parent is None or thread.type not in PUBLIC_THREADS:
            return None
        if thread.id not in self._known:
            # What was written in it before the channel was bridged stays there.
            position = max(thread.id - 1, parent.position)
            self._known[thread.id] = Place(parent.guild_id, parent.channel_id, thread.id, position)
        return self._known[thread.id]

    def get(self, place_id: int) -> Place | None:
        return self._known.get(place_id)

    def in_guild(self, guild_id: int) -> list[Place]:
        return [place for place in self._known.values() if place.guild_id == guild_id]


def _place(key: int, given: BridgedPlace) -> Place:
    parent = int(given.parent) if given.parent else None
    return Place(int(given.guild_id), parent or key, key if parent else None, int(given.position))
