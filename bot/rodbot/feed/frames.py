"""The frames of the backend's feed: changes, rolls and digests for tracker channels, and notifications."""

from collections.abc import Callable
from dataclasses import dataclass

from rodbot.characters.models import Card
from rodbot.core.models import Event, Json
from rodbot.dice.rolls import Roll
from rodbot.feed.digest import Digest


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a character with its card. `missed` counts the changes it stands for after the bot was away."""

    character: str
    event: Event
    card: Card
    missed: int = 1

    @classmethod
    def read(cls, data: Json) -> "Change":
        return cls(
            character=str(data["character"]["id"]),
            event=Event.read(data["event"]),
            card=Card.read(data["card"]),
            missed=int(data.get("missed", 1)),
        )


READERS: dict[str, Callable[[Json], Change | Roll | Digest]] = {
    "tracker": Change.read,
    "roll": lambda data: Roll.read(data["roll"]),
    "digest": lambda data: Digest.read(data["digest"]),
}


@dataclass(frozen=True, slots=True)
class Post:
    """Something to post in one channel: a change of a character, a roll, or the digest of a day."""

    guild_id: int
    channel_id: int
    stream: str
    seq: int
    content: Change | Roll | Digest

    @classmethod
    def read(cls, data: Json) -> "Post":
        return cls(
            guild_id=int(data["guild_id"]),
            channel_id=int(data["channel_id"]),
            stream=str(data["stream"]),
            seq=int(data["seq"]),
            content=READERS[data["type"]](data),
        )

    @property
    def group(self) -> str:
        """Posts of one group share a message: changes of one character, rolls, each digest alone."""
        if isinstance(self.content, Digest):
            return f"digest {self.seq}"
        return self.content.character if isinstance(self.content, Change) else ""


@dataclass(frozen=True, slots=True)
class Notification:
    """A direct message that waits for a process to claim it; `body` is what it says."""

    id: str
    guild_id: int
    user_id: int
    body: Json

    @classmethod
    def read(cls, data: Json) -> "Notification":
        return cls(str(data["id"]), int(data["guild_id"]), int(data["user_id"]), dict(data["letter"]))
